using System.Text.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads what videos have in a value: key frames and segments.</summary>
internal static class VideoParser
{
    /// <summary>Reads <c>sequence</c>; null is an empty one.</summary>
    public static void ReadSequence(ref TaskReader reader, Region into, ref DeferredFault fault)
    {
        into.KeyFrames.Clear();
        if (!Start(ref reader, Members.Sequence, ref fault))
        {
            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                fault.Note(reader, Members.Sequence, "must have objects");
                reader.Skip();
                continue;
            }

            ReadKeyFrame(ref reader, into, ref fault);
        }
    }

    /// <summary>Reads <c>ranges</c>; null is an empty list.</summary>
    public static void ReadRanges(ref TaskReader reader, Region into, ref DeferredFault fault)
    {
        into.Ranges.Clear();
        if (!Start(ref reader, Members.Ranges, ref fault))
        {
            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                fault.Note(reader, Members.Ranges, "must have objects");
                reader.Skip();
                continue;
            }

            long? start = null;
            long? end = null;
            while (reader.NextMember(out ReadOnlySpan<byte> key))
            {
                switch (Members.OfValue(key))
                {
                    case ValueMember.Start:
                        start = ValueParser.Frame(ref reader, Members.Start, ref fault);
                        break;
                    case ValueMember.End:
                        end = ValueParser.Frame(ref reader, Members.End, ref fault);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            into.Ranges.Add(new FrameRange(start, end));
        }
    }

    private static void ReadKeyFrame(ref TaskReader reader, Region into, ref DeferredFault fault)
    {
        long? frame = null;
        var key = default(KeyFrame);
        if (reader.Json.Shape is { } shape)
        {
            int opening = reader.Json.Place;
            int closing = reader.Json.Closing;
            foreach (MemberSlot slot in reader.Plans.OfKeyFrame(shape, reader).Slots)
            {
                reader.Json.GoTo(opening + slot.Token);
                ReadMember(ref reader, (ValueMember)slot.Member, ref key, ref frame, ref fault);
            }

            reader.Json.GoTo(closing);
        }
        else
        {
            while (reader.NextMember(out ReadOnlySpan<byte> name))
            {
                ReadMember(ref reader, Members.OfValue(name), ref key, ref frame, ref fault);
            }
        }

        if (frame is null)
        {
            fault.Note(reader, Members.Frame, "is missing in a key frame that ends here");
            return;
        }

        key.Frame = frame.Value;
        into.KeyFrames.Add(key);
    }

    private static void ReadMember(ref TaskReader reader, ValueMember member, ref KeyFrame key, ref long? frame, ref DeferredFault fault)
    {
        switch (member)
        {
            case ValueMember.X:
                key.X = ValueParser.Number(ref reader, Members.X, ref fault);
                break;
            case ValueMember.Y:
                key.Y = ValueParser.Number(ref reader, Members.Y, ref fault);
                break;
            case ValueMember.Width:
                key.Width = ValueParser.Number(ref reader, Members.Width, ref fault);
                break;
            case ValueMember.Height:
                key.Height = ValueParser.Number(ref reader, Members.Height, ref fault);
                break;
            case ValueMember.Rotation:
                key.Rotation = ValueParser.Number(ref reader, Members.Rotation, ref fault);
                break;
            case ValueMember.Time:
                key.Time = ValueParser.Number(ref reader, Members.Time, ref fault);
                break;
            case ValueMember.Frame:
                frame = ValueParser.Frame(ref reader, Members.Frame, ref fault);
                break;
            case ValueMember.Enabled:
                key.Enabled = Flag(ref reader, Members.Enabled, ref fault);
                break;
            case ValueMember.Auto:
                key.Auto = Flag(ref reader, Members.Auto, ref fault) ?? false;
                break;
            default:
                reader.Skip();
                break;
        }
    }

    /// <summary>true or false, null for null; anything else is noted as a fault.</summary>
    public static bool? Flag(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        switch (reader.Json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                fault.Note(reader, name, "must be true or false");
                reader.Skip();
                return null;
        }
    }

    private static bool Start(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        if (reader.Json.TokenType == JsonTokenType.StartArray)
        {
            return true;
        }

        if (reader.Json.TokenType != JsonTokenType.Null)
        {
            fault.Note(reader, name, "must be an array");
            reader.Skip();
        }

        return false;
    }
}
