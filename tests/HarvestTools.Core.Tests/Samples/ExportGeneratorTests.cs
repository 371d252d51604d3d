using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Samples;

public sealed class ExportGeneratorTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string, string, string> Shapes()
    {
        var data = new TheoryData<string, string, string>();
        foreach (SampleKind kind in Enum.GetValues<SampleKind>())
        {
            foreach (ExportStyle style in Enum.GetValues<ExportStyle>())
            {
                foreach (KeyOrder order in Enum.GetValues<KeyOrder>())
                {
                    data.Add(kind.ToString(), style.ToString(), order.ToString());
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_it_tells_is_what_stands_in_the_file(string kind, string style, string order)
    {
        ExportPlan plan = Rich(Enum.Parse<SampleKind>(kind), 200) with
        {
            Style = Enum.Parse<ExportStyle>(style),
            KeyOrder = Enum.Parse<KeyOrder>(order),
        };

        byte[] export = Write(plan, out ExportFacts facts);
        ExportCount count = ExportCount.Of(export);

        Assert.Equal(export.Length, facts.Bytes);
        Assert.Equal(200, count.Tasks);
        Assert.Equal(count.Tasks, facts.Tasks);
        Assert.Equal(count.Unlabeled, facts.Unlabeled);
        Assert.Equal(count.TwoAnnotators, facts.TwoAnnotators);
        Assert.Equal(count.Annotations, facts.Annotations);
        Assert.Equal(count.Cancelled, facts.Cancelled);
        Assert.Equal(count.Empty, facts.Empty);
        Assert.Equal(count.GroundTruth, facts.GroundTruth);
        Assert.Equal(count.Drafts, facts.Drafts);
        Assert.Equal(count.Predictions, facts.Predictions);
        Assert.Equal(count.PredictionCopies, facts.PredictionCopies);
        Assert.Equal(count.DeletedPredictedRegions, facts.DeletedPredictedRegions);
        Assert.Equal(count.RegionTypes, facts.RegionTypes);
        Assert.Equal(count.Origins, facts.Origins);

        // The plan is rich enough for every case to occur, else the comparison above would show little.
        Assert.All(
            [facts.Unlabeled, facts.TwoAnnotators, facts.Cancelled, facts.Empty, facts.GroundTruth, facts.Drafts, facts.DeletedPredictedRegions],
            static number => Assert.True(number > 0));
        Assert.Equal(["manual", "prediction", "prediction-changed"], facts.Origins.Keys);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Style_key_order_and_a_later_export_change_bytes_but_no_label(string kind, string style, string order)
    {
        ExportPlan plan = Rich(Enum.Parse<SampleKind>(kind), 100);
        ExportPlan later = plan.ReExported() with
        {
            Style = Enum.Parse<ExportStyle>(style),
            KeyOrder = Enum.Parse<KeyOrder>(order),
            AnnotatorObjects = true,
            PredictionCopies = false,
            NewerKeys = true,
        };

        byte[] before = Write(plan, out _);
        byte[] after = Write(later, out _);

        Assert.False(before.AsSpan().SequenceEqual(after));
        Assert.Equal(ExportCount.Of(before).Labels, ExportCount.Of(after).Labels);
    }

    [Fact]
    public void A_later_export_of_equal_length_still_differs_in_ages_and_counters()
    {
        ExportPlan plan = Rich(SampleKind.Hands, 300);

        string before = Encoding.UTF8.GetString(Write(plan, out _));
        string after = Encoding.UTF8.GetString(Write(plan with { ExportRound = 1 }, out _));

        Assert.NotEqual(Values(before, "created_ago"), Values(after, "created_ago"));
        Assert.NotEqual(Values(before, "comment_count"), Values(after, "comment_count"));
        Assert.Equal(Values(before, "lead_time"), Values(after, "lead_time"));
        Assert.Contains("\"created_ago\":\"8\u00a0hours, ", after, StringComparison.Ordinal);
        Assert.Contains("\u00a0minutes\",", before, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_order_is_a_permutation()
    {
        ExportPlan plan = Rich(SampleKind.Body, 200);

        List<long> first = ExportCount.Of(Write(plan with { OrderSeed = 5 }, out _)).TaskOrder;
        List<long> second = ExportCount.Of(Write(plan with { OrderSeed = 6 }, out _)).TaskOrder;

        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(1, 200).Select(static i => (long)i), first.Order());
        Assert.Equal(first.Order(), second.Order());
    }

    [Fact]
    public void Only_the_named_tasks_are_relabelled()
    {
        foreach (SampleKind kind in Enum.GetValues<SampleKind>())
        {
            ExportPlan plan = Rich(kind, 150);
            long[] all = [.. Enumerable.Range(1, 150).Select(static i => (long)i)];
            long[] edited = [3, 40, 41, 149];

            SortedDictionary<long, string> before = ExportCount.Of(Write(plan, out _)).Labels;
            SortedDictionary<long, string> after = ExportCount.Of(Write(plan with { Relabelled = edited }, out _)).Labels;
            SortedDictionary<long, string> again =
                ExportCount.Of(Write(plan with { Relabelled = edited, RelabelRound = 2 }, out ExportFacts facts)).Labels;
            ExportCount everything = ExportCount.Of(Write(plan with { Relabelled = all }, out _));

            Assert.Equal(edited, after.Keys.Union(before.Keys).Where(id => after.GetValueOrDefault(id) != before.GetValueOrDefault(id)).Order());
            Assert.Equal(edited, after.Keys.Where(id => after[id] != again[id]));
            Assert.Equal(150, everything.Labels.Count);
            Assert.Equal(0, everything.Unlabeled);
            Assert.DoesNotContain(everything.Labels, pair => before.GetValueOrDefault(pair.Key) == pair.Value);
            Assert.Equal(ExportCount.Of(Write(plan with { Relabelled = edited, RelabelRound = 2 }, out _)).DeletedPredictedRegions, facts.DeletedPredictedRegions);
        }
    }

    [Fact]
    public void A_further_week_leaves_earlier_tasks_as_they_were()
    {
        EpisodeBatch first = new() { Episodes = 6, PredictedShare = 0.5 };
        EpisodeBatch second = new()
        {
            Episodes = 3,
            TaskSubdirs = ["pour_water"],
            ModelVersion = "v2",
            PredictedShare = 0.9,
            ImportedAt = first.ImportedAt.AddDays(7),
        };
        ExportPlan week1 = new() { Kind = SampleKind.Hands, Batches = [first], FramesPerEpisode = 10 };
        ExportPlan week2 = week1 with { Batches = [first, second] };

        SortedDictionary<long, string> before = ExportCount.Of(Write(week1, out ExportFacts facts1)).Labels;
        SortedDictionary<long, string> after = ExportCount.Of(Write(week2, out ExportFacts facts2)).Labels;

        Assert.Equal(60, facts1.Tasks);
        Assert.Equal(90, facts2.Tasks);
        Assert.Equal(before, after.Where(static pair => pair.Key <= 60).ToDictionary());
        Assert.All(after.Where(static pair => pair.Key > 60), static pair => Assert.Contains("task_subdir:'pour_water'", pair.Value, StringComparison.Ordinal));
        Assert.Contains(after, static pair => pair.Key > 60);
    }

    [Fact]
    public void Episodes_lie_in_the_same_subdir_in_every_project()
    {
        var batch = new EpisodeBatch { Episodes = 40 };
        Dictionary<string, string>[] projects =
        [
            .. Enum.GetValues<SampleKind>().Select(kind =>
            {
                var plan = new ExportPlan { Kind = kind, Batches = [batch], ProjectId = 20 + (int)kind, FramesPerEpisode = 2 };
                using JsonDocument document = JsonDocument.Parse(Write(plan, out _));
                return document.RootElement.EnumerateArray().Select(static t => t.GetProperty("data"))
                    .DistinctBy(static d => d.GetProperty("episode").GetString())
                    .ToDictionary(static d => d.GetProperty("episode").GetString()!, static d => d.GetProperty("task_subdir").GetString()!);
            }),
        ];

        Assert.Equal(40, projects[0].Count);
        Assert.Equal(projects[0], projects[1]);
        Assert.Equal(projects[0], projects[2]);
        Assert.Equal(6, projects[0].Values.Distinct().Count());
    }

    [Fact]
    public void Keys_and_their_order_are_those_of_a_real_export()
    {
        using JsonDocument real = JsonDocument.Parse(File.ReadAllBytes(SharedExports.Require("real/rect_rotated_1329tasks.json")));
        ExportPlan plan = Rich(SampleKind.Hands, 300) with { Predictions = PredictionForm.Ids, PredictionCopies = false };
        using JsonDocument made = JsonDocument.Parse(Write(plan, out _));

        Assert.Equal(Keys(Tasks(real)), Keys(Tasks(made)));
        Assert.Equal(Keys(Annotations(real)), Keys(Annotations(made)));
        Assert.Equal(Keys(Tasks(real).SelectMany(static t => t.GetProperty("drafts").EnumerateArray())),
            Keys(Tasks(made).SelectMany(static t => t.GetProperty("drafts").EnumerateArray())));
        Assert.Equal(Keys(Rectangles(real)), Keys(Rectangles(made).Where(static r => !r.TryGetProperty("score", out _))));
        Assert.Equal(Keys(Rectangles(real).Select(static r => r.GetProperty("value"))),
            Keys(Rectangles(made).Select(static r => r.GetProperty("value"))));
    }

    [Fact]
    public void Spacing_is_that_of_the_export_button()
    {
        byte[] real = File.ReadAllBytes(SharedExports.Require("real/textarea_origin_mix.json"));
        string start = Encoding.UTF8.GetString(real);
        string made = Encoding.UTF8.GetString(Write(ExportPlan.ForTasks(SampleKind.Body, 3) with { UnlabeledShare = 0 }, out _));

        // Both begin alike up to the first id, and end alike from the last task's authors on.
        Assert.StartsWith("[{\"id\":", start, StringComparison.Ordinal);
        Assert.StartsWith("[{\"id\":1,\"annotations\":[{\"id\":1,\"completed_by\":", made, StringComparison.Ordinal);
        Assert.EndsWith("\"comment_authors\":[]}]", start.TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("\"comment_authors\":[]}]", made, StringComparison.Ordinal);
        Assert.Contains("\\/data\\/local-files\\/?d=", made, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_has_spaces_and_plain_slashes()
    {
        string made = Encoding.UTF8.GetString(Write(ExportPlan.ForTasks(SampleKind.Hands, 2) with { Style = ExportStyle.Snapshot, UnlabeledShare = 0 }, out _));

        Assert.StartsWith("[{\"id\": 1, \"annotations\": [{\"id\": 1, \"completed_by\": ", made, StringComparison.Ordinal);
        Assert.Contains("\"data\": {\"image\": \"/data/local-files/?d=", made, StringComparison.Ordinal);
        Assert.DoesNotContain("\\/", made, StringComparison.Ordinal);
    }

    [Fact]
    public void Indented_style_is_what_an_indenting_writer_makes()
    {
        byte[] made = Write(Rich(SampleKind.Hands, 60) with { Style = ExportStyle.Indented }, out _);

        using JsonDocument document = JsonDocument.Parse(made);
        string expected = JsonSerializer.Serialize(document.RootElement, Indented).Replace("\\u00A0", "\u00a0", StringComparison.Ordinal);

        Assert.Equal(expected + "\n", Encoding.UTF8.GetString(made).Replace("\\/", "/", StringComparison.Ordinal));
    }

    private static ExportPlan Rich(SampleKind kind, int tasks) => ExportPlan.ForTasks(kind, tasks, predictedShare: 0.6) with
    {
        SecondAnnotatorShare = 0.3,
        CancelledShare = 0.1,
        DraftShare = 0.1,
        EmptyShare = 0.05,
        GroundTruthShare = 0.05,
        Predictions = PredictionForm.Objects,
        PredictionCopies = true,
    };

    private static byte[] Write(ExportPlan plan, out ExportFacts facts)
    {
        using var stream = new MemoryStream();
        facts = ExportGenerator.Write(stream, plan);
        return stream.ToArray();
    }

    private static JsonElement.ArrayEnumerator Tasks(JsonDocument export) => export.RootElement.EnumerateArray();

    private static IEnumerable<JsonElement> Annotations(JsonDocument export) =>
        Tasks(export).SelectMany(static t => t.GetProperty("annotations").EnumerateArray());

    private static IEnumerable<JsonElement> Rectangles(JsonDocument export) =>
        Annotations(export).SelectMany(static a => a.GetProperty("result").EnumerateArray())
            .Where(static r => r.GetProperty("type").GetString() == "rectanglelabels");

    /// <summary>The distinct sequences of keys, sorted.</summary>
    private static string[] Keys(IEnumerable<JsonElement> objects) =>
        [.. objects.Select(static o => string.Join(' ', o.EnumerateObject().Select(static p => p.Name))).Distinct().Order(StringComparer.Ordinal)];

    private static List<string> Values(string export, string key)
    {
        var values = new List<string>();
        string mark = "\"" + key + "\":";
        for (int at = export.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = export.IndexOf(mark, at + 1, StringComparison.Ordinal))
        {
            int start = at + mark.Length;
            values.Add(export[start..export.IndexOfAny([',', '}'], start)]);
        }

        return values;
    }
}
