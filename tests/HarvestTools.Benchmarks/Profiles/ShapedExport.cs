using System.Buffers;
using System.Text;

namespace HarvestTools.Benchmarks.Profiles;

/// <summary>What the regions of a shaped export are.</summary>
internal enum RegionShape
{
    /// <summary>One point each.</summary>
    Keypoint,

    /// <summary>One box each, some of them turned.</summary>
    Box,

    /// <summary>One track of a video each, with a key frame every five frames.</summary>
    Track,
}

/// <summary>
/// Exports of shapes that the project's generator does not make, as the export button writes them: equal settings give equal bytes.
/// </summary>
/// <param name="Region">What a region is.</param>
/// <param name="Regions">Regions of one annotation, at least 1.</param>
internal sealed record ShapedExport(RegionShape Region, int Regions)
{
    private const int KeyFrameStep = 5;
    private const int Episodes = 200;

    /// <summary>People who label the same task.</summary>
    public int Annotators { get; init; } = 1;

    /// <summary>Images of a task; a region says by <c>item_index</c> which one it is on.</summary>
    public int Media { get; init; } = 1;

    /// <summary>Key frames of a track.</summary>
    public int KeyFrames { get; init; } = 200;

    /// <summary>Share of a later person's regions that are far from the first one's, 0 to 1.</summary>
    public double Disagreement { get; init; } = 0.1;

    /// <summary>What labels are called, in order of use.</summary>
    public string[] Labels { get; init; } = ["hand", "cup", "screwdriver", "person", "bottle"];

    /// <summary>Beginning of an episode's name.</summary>
    public string Episode { get; init; } = "episode_";

    /// <summary>A text that somebody wrote to each region (<c>meta.text</c>); null for none.</summary>
    public string? Remark { get; init; }

    /// <summary>Writes tasks until the export has so many bytes.</summary>
    /// <returns>How many tasks there are.</returns>
    public int Write(Stream stream, long bytes, int seed)
    {
        var text = new ArrayBufferWriter<byte>(1 << 20);
        var random = new Random(seed);
        long written = 0;
        int task = 0;
        do
        {
            Append(text, task == 0 ? "[" : ",");
            Task(text, ++task, random);
            stream.Write(text.WrittenSpan);
            written += text.WrittenCount;
            text.ResetWrittenCount();
        }
        while (written < bytes);

        stream.Write("]"u8);
        return task;
    }

    private void Task(ArrayBufferWriter<byte> text, int id, Random random)
    {
        Append(text, $"{{\"id\":{id},\"annotations\":[");
        double[] drawn = [.. Enumerable.Range(0, Regions * 4).Select(_ => random.NextDouble())];
        for (int person = 0; person < Annotators; person++)
        {
            Append(text, $"{(person == 0 ? "" : ",")}{{\"id\":{(id * 10L) + person},\"completed_by\":{person + 1},\"result\":[");
            for (int i = 0; i < Regions; i++)
            {
                Append(text, i == 0 ? "" : ",");
                One(text, id, person, i, drawn.AsSpan(4 * i, 4), random);
            }

            Append(text, $"],\"was_cancelled\":false,\"ground_truth\":false,\"created_at\":\"2026-03-0{1 + (id % 9)}T10:00:00.000000Z\",\"updated_at\":\"2026-03-0{1 + (id % 9)}T10:{person + 10}:00.000000Z\",\"draft_created_at\":null,\"lead_time\":{10 + (id % 50)}.5,\"prediction\":{{}},\"result_count\":{Regions},\"unique_id\":\"00000000-0000-4000-8000-{(id * 10L) + person:D12}\",\"import_id\":null,\"last_action\":null,\"task\":{id},\"project\":7,\"updated_by\":1,\"parent_prediction\":null,\"parent_annotation\":null,\"last_created_by\":null}}");
        }

        string place = $"kitchen\\/{Episode}{id % Episodes}";
        string data = Region == RegionShape.Track
            ? $"\"video\":\"\\/data\\/local-files\\/?d={place}\\/clip_{id}.mp4\""
            : Media == 1
                ? $"\"image\":\"\\/data\\/local-files\\/?d={place}\\/frame_{id:D6}.jpg\""
                : $"\"image\":[{string.Join(',', Enumerable.Range(0, Media).Select(i => $"\"\\/data\\/local-files\\/?d={place}\\/camera_{i}\\/frame_{id:D6}.jpg\""))}]";
        Append(text, $"],\"file_upload\":null,\"drafts\":[],\"predictions\":[],\"data\":{{{data},\"task_subdir\":\"kitchen\",\"episode\":\"{Episode}{id % Episodes}\",\"frame\":{id / Episodes}}},\"meta\":{{}},\"created_at\":\"2026-03-01T08:00:00.000000Z\",\"updated_at\":\"2026-03-09T08:00:00.000000Z\",\"inner_id\":{id},\"total_annotations\":{Annotators},\"cancelled_annotations\":0,\"total_predictions\":0,\"comment_count\":0,\"unresolved_comment_count\":0,\"last_comment_updated_at\":null,\"project\":7,\"updated_by\":1,\"comment_authors\":[]}}");
    }

    private void One(ArrayBufferWriter<byte> text, int task, int person, int i, ReadOnlySpan<double> drawn, Random random)
    {
        bool far = person > 0 && random.NextDouble() < Disagreement;
        double moved = person == 0 ? 0 : far ? 20 : 0.05;
        double x = (drawn[0] * 75) + (moved * random.NextDouble());
        double y = (drawn[1] * 75) + (moved * random.NextDouble());
        double width = 1 + (drawn[2] * 4);
        double height = 1 + (drawn[3] * 4);
        string label = Labels[i % Labels.Length];
        string remark = Remark is null ? "" : $"\"meta\":{{\"text\":[\"{Remark}\"]}},";
        string medium = Media == 1 ? "" : $"\"item_index\":{i % Media},";
        string id = $"r{task:x}_{person}_{i:x}";
        switch (Region)
        {
            case RegionShape.Track:
                Append(text, $"{{\"value\":{{\"framesCount\":{KeyFrames * KeyFrameStep},\"duration\":{KeyFrames * KeyFrameStep / 25.0},\"sequence\":[");
                for (int key = 0; key < KeyFrames; key++)
                {
                    int frame = 1 + (key * KeyFrameStep);
                    Append(text, $"{(key == 0 ? "" : ",")}{{\"frame\":{frame},\"enabled\":true,\"rotation\":0,\"x\":{Number(x + (key * 0.05))},\"y\":{Number(y + (key * 0.03))},\"width\":{Number(width)},\"height\":{Number(height)},\"time\":{Number(frame / 25.0)}}}");
                }

                Append(text, $"],\"labels\":[\"{label}\"]}},{remark}\"id\":\"{id}\",\"from_name\":\"box\",\"to_name\":\"video\",\"type\":\"videorectangle\",\"origin\":\"manual\"}}");
                break;
            case RegionShape.Box:
                Append(text, $"{{\"original_width\":1920,\"original_height\":1080,\"image_rotation\":0,{medium}\"value\":{{\"x\":{Number(x)},\"y\":{Number(y)},\"width\":{Number(width)},\"height\":{Number(height)},\"rotation\":{(i % 20 == 0 ? "12.5" : "0")},\"rectanglelabels\":[\"{label}\"]}},{remark}\"id\":\"{id}\",\"from_name\":\"boxes\",\"to_name\":\"image\",\"type\":\"rectanglelabels\",\"origin\":\"manual\"}}");
                break;
            default:
                Append(text, $"{{\"original_width\":1920,\"original_height\":1080,\"image_rotation\":0,{medium}\"value\":{{\"x\":{Number(x)},\"y\":{Number(y)},\"width\":0.26,\"keypointlabels\":[\"{label}\"]}},{remark}\"id\":\"{id}\",\"from_name\":\"points\",\"to_name\":\"image\",\"type\":\"keypointlabels\",\"origin\":\"manual\"}}");
                break;
        }
    }

    /// <summary>A number as the labeling editor writes it, with all its digits.</summary>
    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static void Append(ArrayBufferWriter<byte> text, string value)
    {
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        text.Advance(Encoding.UTF8.GetBytes(value, text.GetSpan(most)));
    }
}
