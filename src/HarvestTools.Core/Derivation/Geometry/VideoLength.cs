using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>How many frames a task's video has, as far as the export tells.</summary>
internal static class VideoLength
{
    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = 1024 };

    /// <summary>
    /// The largest <c>framesCount</c> of any region on the same medium, else <c>framesCount</c>, <c>frames_count</c>,
    /// <c>frame_count</c> or <c>total_frames</c> of its data; null where nothing tells.
    /// </summary>
    public static long? Of(LabelTask task, Region like)
    {
        long? largest = null;
        foreach (Annotation annotation in task.Annotations)
        {
            foreach (Region region in annotation.Regions)
            {
                if (region.FramesCount is > 0 && !(region.FramesCount <= largest) && region.IsOnMediumOf(like))
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
                if (JsonInteger.TryParse(reader.ValueSpan, out long number) && number > 0 && !(number <= largest))
                {
                    largest = number;
                }
            }

            reader.Skip();
        }

        return largest;
    }
}
