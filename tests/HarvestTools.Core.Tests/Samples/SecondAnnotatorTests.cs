using System.Text.Json;
using HarvestTools.Samples;

namespace HarvestTools.Tests.Samples;

/// <summary>How far a second labeler lies from the first: what agreement rules will see.</summary>
public sealed class SecondAnnotatorTests
{
    [Fact]
    public void Points_lie_within_or_clearly_beyond_five_pixels()
    {
        List<double> distances = Distances(SampleKind.Body, "keypointlabels", static (value, width, height) =>
            [(Number(value, "x") * width / 100, Number(value, "y") * height / 100)]);

        AssertTwoGroups(distances, within: 3.0, beyond: 6.5, limit: 45);
    }

    [Fact]
    public void Boxes_lie_within_or_clearly_beyond_five_pixels()
    {
        List<double> distances = Distances(SampleKind.Hands, "rectanglelabels", static (value, width, height) =>
        [
            (Number(value, "x") * width / 100, Number(value, "y") * height / 100),
            ((Number(value, "x") + Number(value, "width")) * width / 100, (Number(value, "y") + Number(value, "height")) * height / 100),
        ]);

        AssertTwoGroups(distances, within: 3.0, beyond: 6.5, limit: 45);
    }

    [Fact]
    public void Segments_lie_within_or_clearly_beyond_three_frames()
    {
        List<double> distances = Distances(SampleKind.Actions, "timelinelabels", static (value, _, _) =>
        [
            (Number(value.GetProperty("ranges")[0], "start"), 0),
            (Number(value.GetProperty("ranges")[0], "end"), 0),
        ]);

        AssertTwoGroups(distances, within: 2, beyond: 5, limit: 16);
    }

    private static void AssertTwoGroups(List<double> distances, double within, double beyond, double limit)
    {
        Assert.True(distances.Count > 1000, $"{distances.Count} pairs");
        Assert.All(distances, distance => Assert.True(distance <= within || (distance >= beyond && distance <= limit), $"{distance}"));
        Assert.InRange((double)distances.Count(distance => distance >= beyond) / distances.Count, 0.16, 0.24);
    }

    /// <summary>
    /// The largest distance of corresponding corners or ends. No prediction and nothing absent before the labelers:
    /// regions of the two keep their order, and label by label they pair up unless the second labeler left one out.
    /// </summary>
    private static List<double> Distances(SampleKind kind, string type, Func<JsonElement, double, double, (double X, double Y)[]> corners)
    {
        ExportPlan plan = ExportPlan.ForTasks(kind, 800) with
        {
            SecondAnnotatorShare = 1,
            DisagreementShare = 0.2,
            CancelledShare = 0,
            EmptyShare = 0,
            UnlabeledShare = 0,
        };
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, plan);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        var distances = new List<double>();
        foreach (JsonElement task in document.RootElement.EnumerateArray())
        {
            JsonElement annotations = task.GetProperty("annotations");
            Assert.NotEqual(annotations[0].GetProperty("completed_by").GetInt32(), annotations[1].GetProperty("completed_by").GetInt32());
            JsonElement[] first = Regions(annotations[0], type);
            JsonElement[] second = Regions(annotations[1], type);
            if (first.Length != second.Length)
            {
                continue;
            }

            Assert.Empty(first.Select(Id).Intersect(second.Select(Id)));
            for (int i = 0; i < first.Length; i++)
            {
                distances.Add(Distance(first[i], second[i], corners));
            }
        }

        return distances;
    }

    private static double Distance(JsonElement one, JsonElement other, Func<JsonElement, double, double, (double X, double Y)[]> corners)
    {
        double width = one.TryGetProperty("original_width", out JsonElement w) ? w.GetDouble() : 0;
        double height = one.TryGetProperty("original_height", out JsonElement h) ? h.GetDouble() : 0;
        return corners(one.GetProperty("value"), width, height).Zip(corners(other.GetProperty("value"), width, height))
            .Max(static pair => Math.Sqrt(Math.Pow(pair.First.X - pair.Second.X, 2) + Math.Pow(pair.First.Y - pair.Second.Y, 2)));
    }

    private static JsonElement[] Regions(JsonElement annotation, string type) =>
        [.. annotation.GetProperty("result").EnumerateArray().Where(r => r.GetProperty("type").GetString() == type)];

    private static string? Id(JsonElement region) => region.GetProperty("id").GetString();

    private static double Number(JsonElement element, string key) => element.GetProperty(key).GetDouble();
}
