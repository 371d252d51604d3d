using System.Globalization;
using System.Text.Json;

namespace HarvestTools.Tests.Samples;

/// <summary>Counts and labels of an export as System.Text.Json sees them, without the generator's knowledge.</summary>
internal sealed class ExportCount
{
    public long Tasks { get; private set; }

    public long Unlabeled { get; private set; }

    public long TwoAnnotators { get; private set; }

    public long Annotations { get; private set; }

    public long Cancelled { get; private set; }

    public long Empty { get; private set; }

    public long GroundTruth { get; private set; }

    public long Drafts { get; private set; }

    public long Predictions { get; private set; }

    public long PredictionCopies { get; private set; }

    public long DeletedPredictedRegions { get; private set; }

    public SortedDictionary<string, long> RegionTypes { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Origins { get; } = new(StringComparer.Ordinal);

    /// <summary>By task id, the labels in one normal form; tasks without annotations are left out.</summary>
    public SortedDictionary<long, string> Labels { get; } = [];

    public List<long> TaskOrder { get; } = [];

    public static ExportCount Of(byte[] export)
    {
        using JsonDocument document = JsonDocument.Parse(export);
        var count = new ExportCount();
        foreach (JsonElement task in document.RootElement.EnumerateArray())
        {
            count.Add(task);
        }

        return count;
    }

    private void Add(JsonElement task)
    {
        Tasks++;
        long id = task.GetProperty("id").GetInt64();
        TaskOrder.Add(id);
        JsonElement[] annotations = [.. task.GetProperty("annotations").EnumerateArray()];
        JsonElement[] predictions = [.. task.GetProperty("predictions").EnumerateArray()];
        Unlabeled += annotations.Length == 0 ? 1 : 0;
        Drafts += task.GetProperty("drafts").GetArrayLength();
        Predictions += predictions.Length;
        int submitted = annotations.Count(static a => !a.GetProperty("was_cancelled").GetBoolean());
        TwoAnnotators += submitted == 2 ? 1 : 0;
        Assert.Equal(submitted, task.GetProperty("total_annotations").GetInt32());
        Assert.Equal(annotations.Length - submitted, task.GetProperty("cancelled_annotations").GetInt32());
        Assert.Equal(predictions.Length, task.GetProperty("total_predictions").GetInt32());
        foreach (JsonElement annotation in annotations)
        {
            Add(annotation, predictions);
        }

        if (annotations.Length > 0)
        {
            Labels.Add(id, Normal(task.GetProperty("data")) + string.Join('\n', annotations.Select(Labelled).Order(StringComparer.Ordinal)));
        }
    }

    private void Add(JsonElement annotation, JsonElement[] predictions)
    {
        JsonElement[] result = [.. annotation.GetProperty("result").EnumerateArray()];
        bool cancelled = annotation.GetProperty("was_cancelled").GetBoolean();
        Annotations++;
        Cancelled += cancelled ? 1 : 0;
        Empty += !cancelled && result.Length == 0 ? 1 : 0;
        GroundTruth += annotation.GetProperty("ground_truth").GetBoolean() ? 1 : 0;
        PredictionCopies += annotation.GetProperty("prediction").EnumerateObject().Any() ? 1 : 0;
        foreach (JsonElement region in result)
        {
            Count(RegionTypes, region.GetProperty("type").GetString()!);
            Count(Origins, region.GetProperty("origin").GetString()!);
        }

        if (!cancelled && predictions.Length > 0 && predictions[0].ValueKind == JsonValueKind.Object)
        {
            HashSet<string> kept = [.. result.Select(static r => r.GetProperty("id").GetString()!)];
            DeletedPredictedRegions += predictions[0].GetProperty("result").EnumerateArray()
                .Count(r => !kept.Contains(r.GetProperty("id").GetString()!));
        }
    }

    private static string Labelled(JsonElement annotation)
    {
        JsonElement by = annotation.GetProperty("completed_by");
        JsonElement annotator = by.ValueKind == JsonValueKind.Object ? by.GetProperty("id") : by;
        string[] regions =
        [
            .. annotation.GetProperty("result").EnumerateArray()
                .Select(static r => string.Join(',', r.EnumerateObject().Where(static p => p.Name != "score" && p.Name != "image_rotation")
                    .OrderBy(static p => p.Name, StringComparer.Ordinal).Select(static p => p.Name + Normal(p.Value))))
                .Order(StringComparer.Ordinal),
        ];
        return $"{annotation.GetProperty("id")} {annotator} {annotation.GetProperty("was_cancelled")} " +
            $"{annotation.GetProperty("ground_truth")} {string.Join(';', regions)}";
    }

    private static string Normal(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject()
            .OrderBy(static p => p.Name, StringComparer.Ordinal).Select(static p => p.Name + ":" + Normal(p.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Normal)) + "]",
        JsonValueKind.Number => element.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.String => "'" + element.GetString() + "'",
        _ => element.GetRawText(),
    };

    private static void Count(SortedDictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
