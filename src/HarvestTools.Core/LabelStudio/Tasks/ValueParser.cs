using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads a region's value: labels, coordinates, and what videos have (<see cref="VideoParser"/>).</summary>
internal static class ValueParser
{
    /// <summary>Of a polygon: as many pairs of doubles as a cell of a Parquet file can hold. Said here, where its place in the file is known.</summary>
    internal const int VerticesMost = 4 * 1024 * 1024;

    public static void Read(ref TaskReader reader, Region into, ref LabelLists lists, ref DeferredFault fault)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.Value = reader.Raw();
            return;
        }

        int start = reader.Json.TokenStart;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            ReadMember(ref reader, Members.OfValue(key), into, ref lists, ref fault);
        }

        into.Value = reader.Since(start);
    }

    /// <summary>Reads an object whose members' places are known.</summary>
    /// <param name="reader">At its opening brace; left at its closing one.</param>
    /// <param name="opening">Place of the region's opening brace.</param>
    /// <param name="plan">Where the members are.</param>
    /// <param name="into">The region.</param>
    /// <param name="lists">Which lists of labels it has.</param>
    /// <param name="fault">The first fault.</param>
    public static void ReadPlanned(ref TaskReader reader, int opening, MemberPlan plan, Region into, ref LabelLists lists, ref DeferredFault fault)
    {
        int start = reader.Json.TokenStart;
        int closing = reader.Json.Closing;
        foreach (MemberSlot slot in plan.Slots)
        {
            reader.Json.GoTo(opening + slot.Token);
            ReadMember(ref reader, (ValueMember)slot.Member, into, ref lists, ref fault);
        }

        reader.Json.GoTo(closing);
        into.Value = reader.Since(start);
    }

    /// <summary>Reads a coordinate that is a number; false for anything else.</summary>
    public static bool TryReadConstant(ref TaskReader reader, ValueMember member, Region into)
    {
        if (member is not (ValueMember.X or ValueMember.Y or ValueMember.Width or ValueMember.Height or ValueMember.Rotation)
            || reader.Json.TokenType != JsonTokenType.Number || !CanonicalNumber.TryParse(reader.Json.ValueSpan, out _))
        {
            return false;
        }

        var lists = default(LabelLists);
        var none = default(DeferredFault);
        ReadMember(ref reader, member, into, ref lists, ref none);
        return true;
    }

    private static void ReadMember(ref TaskReader reader, ValueMember member, Region into, ref LabelLists lists, ref DeferredFault fault)
    {
        switch (member)
        {
            case ValueMember.X:
                into.X = Number(ref reader, Members.X, ref fault);
                break;
            case ValueMember.Y:
                into.Y = Number(ref reader, Members.Y, ref fault);
                break;
            case ValueMember.Width:
                into.Width = Number(ref reader, Members.Width, ref fault);
                break;
            case ValueMember.Height:
                into.Height = Number(ref reader, Members.Height, ref fault);
                break;
            case ValueMember.Rotation:
                into.Rotation = Number(ref reader, Members.Rotation, ref fault);
                break;
            case ValueMember.KeypointLabels:
                lists.Read(ref reader, LabelList.Keypoint, into);
                break;
            case ValueMember.RectangleLabels:
                lists.Read(ref reader, LabelList.Rectangle, into);
                break;
            case ValueMember.TimelineLabels:
                lists.Read(ref reader, LabelList.Timeline, into);
                break;
            case ValueMember.PolygonLabels:
                lists.Read(ref reader, LabelList.Polygon, into);
                break;
            case ValueMember.Points:
                ReadPoints(ref reader, into, ref fault);
                break;
            case ValueMember.Closed:
                into.Closed = VideoParser.Flag(ref reader, Members.Closed, ref fault);
                break;
            case ValueMember.Labels:
                lists.Read(ref reader, LabelList.Plain, into);
                break;
            case ValueMember.Sequence:
                VideoParser.ReadSequence(ref reader, into, ref fault);
                break;
            case ValueMember.Ranges:
                VideoParser.ReadRanges(ref reader, into, ref fault);
                break;
            case ValueMember.FramesCount:
                into.FramesCount = Frame(ref reader, Members.FramesCount, ref fault);
                break;
            case ValueMember.Duration:
                into.Duration = Number(ref reader, Members.Duration, ref fault);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    /// <summary>Reads the vertices of a polygon, each a list of two numbers.</summary>
    private static void ReadPoints(ref TaskReader reader, Region into, ref DeferredFault fault)
    {
        into.Points.Clear();
        if (reader.Json.TokenType != JsonTokenType.StartArray)
        {
            if (reader.Json.TokenType != JsonTokenType.Null)
            {
                fault.Note(reader, Members.Points, "must be an array");
                reader.Skip();
            }

            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartArray)
            {
                fault.Note(reader, Members.Points, "must have lists of two numbers");
                reader.Skip();
                continue;
            }

            int start = reader.Json.TokenStart;
            int numbers = 0;
            while (reader.NextElement())
            {
                if (Number(ref reader, Members.Points, ref fault) is { } number)
                {
                    into.Points.Add(number + 0.0);
                    numbers++;
                }
            }

            if (numbers != 2)
            {
                fault.Note(start, Members.Points, "must have lists of two numbers");
            }
            else if (into.Points.Count > 2 * VerticesMost)
            {
                fault.Note(start, Members.Points, "has more than 4,194,304 vertices, which no cell of a table can hold");
            }
        }
    }

    /// <summary>A number, null for null; anything else is noted as a fault.</summary>
    public static double? Number(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        if (reader.Json.TokenType == JsonTokenType.Number)
        {
            if (reader.Json.TryReadNumber(out double value))
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
    public static long? Frame(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        if (reader.Json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.Json.TokenType == JsonTokenType.Number && JsonInteger.TryParse(reader.Json.ValueSpan, out long value))
        {
            return value;
        }

        fault.Note(reader, name, reader.Json.TokenType == JsonTokenType.Number && CanonicalNumber.IsInteger(reader.Json.ValueSpan) ? "is beyond the range of a 64-bit integer" : "must be a whole number");
        reader.Skip();
        return null;
    }
}

/// <summary>The first fault in a value, thrown only where the value is of a kind that needs it right.</summary>
internal ref struct DeferredFault
{
    private string? _what;
    private long _position;

    public void Note(in TaskReader reader, string name, string what) => Note(reader.Json.TokenStart, name, what);

    /// <param name="position">Where the value starts, from the task's opening brace.</param>
    /// <param name="name">The member's.</param>
    /// <param name="what">What is wrong with it.</param>
    public void Note(long position, string name, string what)
    {
        if (_what is null)
        {
            _what = $"\"{name}\" {what}";
            _position = position;
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
