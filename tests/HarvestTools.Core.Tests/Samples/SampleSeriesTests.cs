using System.Text.Json;
using HarvestTools.Samples;

namespace HarvestTools.Tests.Samples;

public sealed class SampleSeriesTests
{
    [Fact]
    public void Every_week_holds_the_earlier_ones_with_the_same_labels()
    {
        for (int project = 0; project < 3; project++)
        {
            SortedDictionary<long, string> last = [];
            for (int week = 1; week <= 4; week++)
            {
                SampleExport export = SampleSeries.FourWeeks.Week(week)[project];
                SortedDictionary<long, string> labels = ExportCount.Of(Write(export.Plan)).Labels;

                Assert.True(labels.Count > last.Count);
                Assert.All(last, earlier => Assert.Equal(earlier.Value, labels[earlier.Key]));
                last = labels;
            }
        }
    }

    [Fact]
    public void The_projects_label_the_same_episodes_and_share_no_id()
    {
        IReadOnlyList<SampleExport> exports = SampleSeries.FourWeeks.Week(4);
        HashSet<string>[] episodes = [.. exports.Select(export => Episodes(Write(export.Plan)))];
        long[] ids = [.. exports.SelectMany(export => ExportCount.Of(Write(export.Plan)).TaskOrder)];

        Assert.Equal(["a", "b", "c"], exports.Select(static export => export.Project));
        Assert.Equal(100, episodes[0].Count);
        Assert.Equal(episodes[0].Order(), episodes[1].Order());
        Assert.Equal(episodes[0].Order(), episodes[2].Order());
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void The_third_week_comes_from_one_subdir_and_tells_its_model()
    {
        byte[] second = Write(SampleSeries.FourWeeks.Week(2)[1].Plan);
        byte[] third = Write(SampleSeries.FourWeeks.Week(3)[1].Plan);
        string[] added = [.. Episodes(third).Except(Episodes(second))];

        using JsonDocument document = JsonDocument.Parse(third);
        string[] models =
        [
            .. document.RootElement.EnumerateArray()
                .Where(task => added.Contains(Episode(task)))
                .SelectMany(static task => task.GetProperty("annotations").EnumerateArray())
                .Select(static a => a.GetProperty("prediction")).Where(static p => p.EnumerateObject().Any())
                .Select(static p => p.GetProperty("model_version").GetString()!).Distinct(),
        ];

        Assert.Equal(12, added.Length);
        Assert.All(added, static episode => Assert.StartsWith("pour_water/", episode, StringComparison.Ordinal));
        Assert.Equal(["v1"], models);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void There_is_no_week_outside_the_series(int week) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSeries.FourWeeks.Week(week));

    private static HashSet<string> Episodes(byte[] export)
    {
        using JsonDocument document = JsonDocument.Parse(export);
        return [.. document.RootElement.EnumerateArray().Select(Episode)];
    }

    private static string Episode(JsonElement task)
    {
        JsonElement data = task.GetProperty("data");
        return data.GetProperty("task_subdir").GetString() + "/" + data.GetProperty("episode").GetString();
    }

    private static byte[] Write(ExportPlan plan)
    {
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, plan);
        return stream.ToArray();
    }
}
