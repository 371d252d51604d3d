using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads one item of <c>result[]</c> and tells what it is.</summary>
internal static class RegionParser
{
    /// <summary>Reads the item; one that is no object (seen in aggregates of old files) stays of unsupported kind.</summary>
    /// <exception cref="HarvestException">A coordinate of a keypoint, rectangle, track or segment is no number.</exception>
    public static void Read(ref TaskReader reader, Region into)
    {
        into.ByteOffset = reader.ByteOffset;
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.Value = reader.Raw();
            return;
        }

        var lists = default(LabelLists);
        var sizeFault = default(DeferredFault);
        var valueFault = default(DeferredFault);
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("value"u8))
            {
                into.ClearValue();
                lists = default;
                valueFault = default;
                ReadValue(ref reader, into, ref lists, ref valueFault);
            }
            else if (key.SequenceEqual("id"u8))
            {
                into.Id = reader.Text();
            }
            else if (key.SequenceEqual("type"u8))
            {
                into.Type = reader.Text();
            }
            else if (key.SequenceEqual("original_width"u8))
            {
                into.OriginalWidth = Number(ref reader, "original_width", ref sizeFault);
            }
            else if (key.SequenceEqual("original_height"u8))
            {
                into.OriginalHeight = Number(ref reader, "original_height", ref sizeFault);
            }
            else if (key.SequenceEqual("origin"u8))
            {
                into.Origin = reader.Text();
            }
            else if (key.SequenceEqual("from_name"u8))
            {
                into.FromName = reader.Text();
            }
            else if (key.SequenceEqual("to_name"u8))
            {
                into.ToName = reader.Text();
            }
            else if (key.SequenceEqual("parentID"u8))
            {
                into.ParentId = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        into.Kind = KindOf(into.Type, lists);
        lists.Settle(ref reader, into);
        if (into.Kind is RegionKind.Keypoint or RegionKind.Rectangle or RegionKind.Timeline or RegionKind.Track)
        {
            // Only now is known whether these numbers mean anything: an HTML region has text where a box has coordinates.
            sizeFault.ThrowIfAny(reader);
            valueFault.ThrowIfAny(reader);
        }
    }

    private static RegionKind KindOf(Utf8Text type, in LabelLists lists)
    {
        if (type.Is("relation"u8))
        {
            return RegionKind.Relation;
        }

        if (lists.Has(LabelList.Timeline))
        {
            return RegionKind.Timeline;
        }

        if (type.IsAbsent)
        {
            return lists.Has(LabelList.Keypoint) ? RegionKind.Keypoint
                : lists.Has(LabelList.Rectangle) ? RegionKind.Rectangle
                : RegionKind.Unsupported;
        }

        ReadOnlySpan<byte> name = type.Span;
        return name switch
        {
            _ when name.SequenceEqual("keypointlabels"u8) || name.SequenceEqual("keypoint"u8) => RegionKind.Keypoint,
            _ when name.SequenceEqual("rectanglelabels"u8) || name.SequenceEqual("rectangle"u8) => RegionKind.Rectangle,
            _ when name.SequenceEqual("choices"u8)
                || name.SequenceEqual("textarea"u8)
                || name.SequenceEqual("number"u8)
                || name.SequenceEqual("rating"u8)
                || name.SequenceEqual("datetime"u8)
                || name.SequenceEqual("taxonomy"u8) => RegionKind.Attribute,
            _ when name.SequenceEqual("videorectangle"u8) => RegionKind.Track,
            _ when name.SequenceEqual("timelinelabels"u8) => RegionKind.Timeline,
            _ when name.SequenceEqual("labels"u8) => RegionKind.Labels,
            _ => RegionKind.Unsupported,
        };
    }

    private static void ReadValue(ref TaskReader reader, Region into, ref LabelLists lists, ref DeferredFault fault)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.Value = reader.Raw();
            return;
        }

        int start = reader.Json.TokenStart;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (key.Length == 1 && key[0] == 'x')
            {
                into.X = Number(ref reader, "x", ref fault);
            }
            else if (key.Length == 1 && key[0] == 'y')
            {
                into.Y = Number(ref reader, "y", ref fault);
            }
            else if (key.SequenceEqual("width"u8))
            {
                into.Width = Number(ref reader, "width", ref fault);
            }
            else if (key.SequenceEqual("height"u8))
            {
                into.Height = Number(ref reader, "height", ref fault);
            }
            else if (key.SequenceEqual("rotation"u8))
            {
                into.Rotation = Number(ref reader, "rotation", ref fault);
            }
            else if (LabelLists.ListOf(key) is var list && list != LabelList.None)
            {
                lists.Read(ref reader, list, into);
            }
            else if (key.SequenceEqual("sequence"u8))
            {
                VideoParser.ReadSequence(ref reader, into, ref fault);
            }
            else if (key.SequenceEqual("ranges"u8))
            {
                VideoParser.ReadRanges(ref reader, into, ref fault);
            }
            else if (key.SequenceEqual("framesCount"u8))
            {
                into.FramesCount = Frame(ref reader, "framesCount", ref fault);
            }
            else if (key.SequenceEqual("duration"u8))
            {
                into.Duration = Number(ref reader, "duration", ref fault);
            }
            else
            {
                reader.Skip();
            }
        }

        into.Value = reader.Since(start);
    }

    /// <summary>A number, null for null; anything else is noted as a fault.</summary>
    internal static double? Number(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        if (reader.Json.TokenType == JsonTokenType.Number)
        {
            if (CanonicalNumber.TryParse(reader.Json.ValueSpan, out double value))
            {
                return value;
            }

            fault.Note(reader, name, "is beyond the range of a 64-bit float");
        }
        else if (reader.Json.TokenType != JsonTokenType.Null)
        {
            fault.Note(reader, name, "must be a number");
            reader.Skip();
        }

        return null;
    }

    /// <summary>A frame number, null for null; anything else is noted as a fault.</summary>
    internal static long? Frame(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        if (reader.Json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.Json.TokenType == JsonTokenType.Number && JsonInteger.TryParse(reader.Json.ValueSpan, out long value))
        {
            return value;
        }

        fault.Note(reader, name, "must be a whole number");
        reader.Skip();
        return null;
    }
}

/// <summary>The first fault in a value, thrown only where the value is of a kind that needs it right.</summary>
internal ref struct DeferredFault
{
    private string? _what;
    private long _position;

    public void Note(in TaskReader reader, string name, string what)
    {
        if (_what is null)
        {
            _what = $"\"{name}\" {what}";
            _position = reader.Json.TokenStart;
        }
    }

    public readonly void ThrowIfAny(in TaskReader reader)
    {
        if (_what is not null)
        {
            throw reader.Fault(_what, _position);
        }
    }
}
