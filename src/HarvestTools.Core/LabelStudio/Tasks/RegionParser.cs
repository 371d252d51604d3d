using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads one item of <c>result[]</c> and tells what it is.</summary>
internal static class RegionParser
{
    /// <summary>Reads where the item's members are; their values are passed over.</summary>
    public static void ReadPlaces(ref TaskReader reader, RegionItem into)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.ItemPlace = reader.ItemPlace;
            reader.Skip();
            return;
        }

        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            RegionMember member = Members.OfRegion(key);
            if (member != RegionMember.None)
            {
                into.SetPlace(member, reader.ValuePlace);
            }

            reader.Skip();
        }
    }

    /// <summary>Reads the item; one that is no object (seen in aggregates of old files) stays of unsupported kind.</summary>
    /// <exception cref="HarvestException">A coordinate of a keypoint, rectangle, track or segment is no number.</exception>
    public static void Read(ref TaskReader reader, Region into, bool tolerant)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.ItemPlace = reader.ItemPlace;
            into.Value = reader.Raw();
            return;
        }

        var lists = default(LabelLists);
        var sizeFault = default(DeferredFault);
        var valueFault = default(DeferredFault);
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            RegionMember member = Members.OfRegion(key);
            if (member == RegionMember.None)
            {
                reader.Skip();
                continue;
            }

            bool again = into.PlaceOf(member) != 0;
            into.SetPlace(member, reader.ValuePlace);
            if (member == RegionMember.Value)
            {
                if (again)
                {
                    // Of a repeated key the last counts.
                    into.ClearValue();
                    lists = default;
                    valueFault = default;
                }

                ValueParser.Read(ref reader, into, ref lists, ref valueFault);
            }
            else
            {
                ReadMember(ref reader, member, into, ref sizeFault);
            }
        }

        into.Kind = KindOf(into.Type, lists);
        lists.Settle(ref reader, into);
        if (into.IsShape && !tolerant)
        {
            // Only now is known whether these numbers mean anything: an HTML region has text where a box has coordinates.
            sizeFault.ThrowIfAny(reader);
            valueFault.ThrowIfAny(reader);
        }
    }

    /// <summary>Reads a value of which only the raw JSON was kept; what is odd in it is passed over.</summary>
    /// <param name="reader">Of the task.</param>
    /// <param name="value">The raw value.</param>
    /// <param name="into">Has its type already.</param>
    public static void ReadValue(scoped in TaskReader reader, Utf8Text value, Region into)
    {
        TaskReader own = reader.Over(value);
        own.Json.Read();
        var lists = default(LabelLists);
        var fault = default(DeferredFault);
        ValueParser.Read(ref own, into, ref lists, ref fault);
        into.Kind = KindOf(into.Type, lists);
        lists.Settle(ref own, into);
    }

    private static void ReadMember(ref TaskReader reader, RegionMember member, Region into, ref DeferredFault fault)
    {
        switch (member)
        {
            case RegionMember.Id:
                into.Id = reader.Text();
                break;
            case RegionMember.Type:
                into.Type = reader.Text();
                break;
            case RegionMember.OriginalWidth:
                into.OriginalWidth = ReadSize(ref reader, Members.OriginalWidth, ref fault);
                break;
            case RegionMember.OriginalHeight:
                into.OriginalHeight = ReadSize(ref reader, Members.OriginalHeight, ref fault);
                break;
            case RegionMember.Origin:
                into.Origin = reader.Text();
                break;
            case RegionMember.FromName:
                into.FromName = reader.Text();
                break;
            case RegionMember.ToName:
                into.ToName = reader.Text();
                break;
            case RegionMember.ItemIndex:
                into.ItemIndex = ReadItemIndex(ref reader, ref fault);
                break;
            case RegionMember.ParentId:
                into.ParentId = reader.Text();
                break;
            default:
                // Covered by the hash; no row needs it.
                reader.Skip();
                break;
        }
    }

    /// <summary>The size of an image in pixels, which a column of whole numbers must be able to hold; one of less than half a pixel is none.</summary>
    private static double? ReadSize(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        int start = reader.Json.TokenStart;
        double? size = ValueParser.Number(ref reader, name, ref fault);
        if (size > int.MaxValue)
        {
            fault.Note(start, name, "must be a number of pixels up to 2147483647");
            return null;
        }

        return size < 0.5 ? 0 : size;
    }

    private static int? ReadItemIndex(ref TaskReader reader, ref DeferredFault fault)
    {
        int start = reader.Json.TokenStart;
        long? index = ValueParser.Frame(ref reader, Members.ItemIndex, ref fault);
        if (index is < 0 or > int.MaxValue)
        {
            fault.Note(start, Members.ItemIndex, "must be a number from 0 to 2147483647");
            return null;
        }

        return (int?)index;
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
                : lists.Has(LabelList.Polygon) ? RegionKind.Polygon
                : RegionKind.Unsupported;
        }

        ReadOnlySpan<byte> name = type.Span;
        return name switch
        {
            _ when name.SequenceEqual("keypointlabels"u8) || name.SequenceEqual("keypoint"u8) => RegionKind.Keypoint,
            _ when name.SequenceEqual("rectanglelabels"u8) || name.SequenceEqual("rectangle"u8) => RegionKind.Rectangle,
            _ when name.SequenceEqual("polygonlabels"u8) || name.SequenceEqual("polygon"u8) => RegionKind.Polygon,
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
}
