using System.Text.Json;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>How many frames a task's video has, as far as the export tells.</summary>
internal static class VideoLength
{
    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = 1024 };

    /// <summary>
    /// The largest <c>framesCount</c> of any region of the task, else <c>framesCount</c>, <c>frames_count</c>,
    /// <c>frame_count</c> or <c>total_frames</c> of its data; null where nothing tells.
    /// </summary>
    public static long? Of(LabelTask task)
    {
        long? largest = null;
        foreach (Annotation annotation in task.Annotations)
        {
            foreach (Region region in annotation.Regions)
            {
                if (region.FramesCount is > 0 && !(region.FramesCount <= largest))
                {
                    largest = region.FramesCount;
                }
            }
        }

        return largest ?? FromData(task.Data.Span);
    }

    private static long? FromData(ReadOnlySpan<byte> data)
    {
        long? largest = null;
        if (data.IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(data, Lenient);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool named = reader.ValueTextEquals("framesCount"u8) || reader.ValueTextEquals("frames_count"u8)
                || reader.ValueTextEquals("frame_count"u8) || reader.ValueTextEquals("total_frames"u8);
            reader.Read();
            if (named && reader.TokenType == JsonTokenType.Number)
            {
                double number = reader.GetDouble();
                if (number is > 0 and <= 9007199254740992 && Math.Floor(number) == number && !((long)number <= largest))
                {
                    largest = (long)number;
                }
            }

            reader.Skip();
        }

        return largest;
    }
}
