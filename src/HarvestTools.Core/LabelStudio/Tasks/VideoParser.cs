using System.Text.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads what videos have in a value: key frames and segments.</summary>
internal static class VideoParser
{
    /// <summary>Reads <c>sequence</c>; null is an empty one.</summary>
    public static void ReadSequence(ref TaskReader reader, Region into, ref DeferredFault fault)
    {
        into.KeyFrames.Clear();
        if (!Start(ref reader, "sequence", ref fault))
        {
            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                fault.Note(reader, "sequence", "must have objects");
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
        if (!Start(ref reader, "ranges", ref fault))
        {
            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                fault.Note(reader, "ranges", "must have objects");
                reader.Skip();
                continue;
            }

            long? start = null;
            long? end = null;
            while (reader.NextMember(out ReadOnlySpan<byte> key))
            {
                if (key.SequenceEqual("start"u8))
                {
                    start = RegionParser.Frame(ref reader, "start", ref fault);
                }
                else if (key.SequenceEqual("end"u8))
                {
                    end = RegionParser.Frame(ref reader, "end", ref fault);
                }
                else
                {
                    reader.Skip();
                }
            }

            into.Ranges.Add(new FrameRange(start, end));
        }
    }

    private static void ReadKeyFrame(ref TaskReader reader, Region into, ref DeferredFault fault)
    {
        long? frame = null;
        bool? enabled = null;
        double? x = null;
        double? y = null;
        double? width = null;
        double? height = null;
        double? rotation = null;
        double? time = null;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            switch (key)
            {
                case [(byte)'x']:
                    x = RegionParser.Number(ref reader, "x", ref fault);
                    break;
                case [(byte)'y']:
                    y = RegionParser.Number(ref reader, "y", ref fault);
                    break;
                case var _ when key.SequenceEqual("width"u8):
                    width = RegionParser.Number(ref reader, "width", ref fault);
                    break;
                case var _ when key.SequenceEqual("height"u8):
                    height = RegionParser.Number(ref reader, "height", ref fault);
                    break;
                case var _ when key.SequenceEqual("rotation"u8):
                    rotation = RegionParser.Number(ref reader, "rotation", ref fault);
                    break;
                case var _ when key.SequenceEqual("time"u8):
                    time = RegionParser.Number(ref reader, "time", ref fault);
                    break;
                case var _ when key.SequenceEqual("frame"u8):
                    frame = RegionParser.Frame(ref reader, "frame", ref fault);
                    break;
                case var _ when key.SequenceEqual("enabled"u8):
                    enabled = Enabled(ref reader, ref fault);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (frame is null)
        {
            fault.Note(reader, "frame", "is missing in a key frame that ends here");
            return;
        }

        into.KeyFrames.Add(new KeyFrame(frame.Value, enabled, x, y, width, height, rotation, time));
    }

    private static bool? Enabled(ref TaskReader reader, ref DeferredFault fault)
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
                fault.Note(reader, "enabled", "must be true or false");
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
