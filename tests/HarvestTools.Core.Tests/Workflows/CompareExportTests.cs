using System.Text.Json.Nodes;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Differences of exports, against plans that say what differs and against a naive reading of both files.</summary>
public sealed class CompareExportTests : IDisposable
{
    private static readonly ExportPlan s_plan = ExportPlan.ForTasks(SampleKind.Hands, 80, predictedShare: 0.5) with
    {
        DraftShare = 0.3,
        SecondAnnotatorShare = 0.3,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-compare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_later_export_gives_exactly_the_tasks_that_were_relabelled(int threads)
    {
        string before = Write("a.json", s_plan);
        string after = Write("b.json", s_plan.ReExported() with { Relabelled = [3, 7, 21, 80] });

        (ExportComparison comparison, List<TaskChange> tasks) = Compare(before, after, threads);

        Assert.Equal([3, 7, 21, 80], tasks.Where(static task => task.Change == TaskChangeKind.Relabelled).Select(static task => task.TaskId!.Value));
        List<long> changed = [.. Naive(before, after)];
        Assert.Equal(changed.Except([3, 7, 21, 80]), tasks.Where(static task => task.Change == TaskChangeKind.VolatileOnly).Select(static task => task.TaskId!.Value));
        Assert.True(comparison.VolatileOnly > 0);
        Assert.Equal((0L, 0L, 4L), (comparison.Added, comparison.Removed, comparison.Relabelled));
        Assert.Equal(80, comparison.Identical + comparison.VolatileOnly + comparison.Relabelled);
        Assert.Contains("drafts.created_ago", comparison.VolatileFields.Keys);
        Assert.False(comparison.SameLabels);
        Assert.All(tasks.Where(static task => task.Change == TaskChangeKind.Relabelled), static task => Assert.NotEmpty(task.Edits));
    }

    [Fact]
    public void Another_spelling_of_the_same_export_is_identical()
    {
        string before = Write("a.json", s_plan);
        string after = Write("b.json", s_plan with { Style = ExportStyle.Snapshot, KeyOrder = KeyOrder.Postgres, OrderSeed = 9 });

        (ExportComparison comparison, List<TaskChange> tasks) = Compare(before, after);

        Assert.Equal(80, comparison.Identical);
        Assert.Empty(tasks);
        Assert.True(comparison.SameLabels);
    }

    [Fact]
    public void Keys_of_a_newer_release_are_volatile()
    {
        (ExportComparison comparison, _) = Compare(Write("a.json", s_plan), Write("b.json", s_plan with { NewerKeys = true }));

        Assert.Equal((80L, 0L), (comparison.VolatileOnly, comparison.Relabelled));
        Assert.Equal(80, comparison.VolatileFields["allow_skip"]);
        Assert.True(comparison.SameLabels);
    }

    [Fact]
    public void Tasks_that_come_and_go_are_added_and_removed()
    {
        string before = Write("a.json", s_plan with { TaskLimit = 78 });
        string after = Write("b.json", s_plan with { OrderSeed = 4 });

        (ExportComparison forth, List<TaskChange> tasks) = Compare(before, after);
        (ExportComparison back, _) = Compare(after, before);

        // Ids of drafts depend on how many annotations there are, so some tasks differ in those.
        Assert.Equal([79, 80], tasks.Where(static task => task.Change != TaskChangeKind.VolatileOnly).Select(static task => task.TaskId!.Value));
        Assert.All(forth.VolatileFields.Keys, static field => Assert.StartsWith("drafts", field, StringComparison.Ordinal));
        Assert.Equal((2L, 0L, 0L), (forth.Added, forth.Removed, forth.Relabelled));
        Assert.Equal((0L, 2L), (back.Added, back.Removed));
    }

    [Fact]
    public void Every_edit_is_told_with_who_what_and_how_far()
    {
        const string Before = """
            [{"id":5,"data":{"image":"/a.png"},"annotations":[
              {"id":50,"completed_by":1,"was_cancelled":false,"result":[
                {"id":"p","type":"keypointlabels","from_name":"k","to_name":"i","original_width":200,"original_height":100,
                 "value":{"x":10,"y":10,"width":1,"keypointlabels":["wrist"]}},
                {"id":"b","type":"rectanglelabels","from_name":"b","to_name":"i","original_width":200,"original_height":100,
                 "value":{"x":10,"y":10,"width":10,"height":10,"rotation":0,"rectanglelabels":["cup"]}},
                {"id":"n","type":"rectanglelabels","from_name":"b","to_name":"i",
                 "value":{"x":10,"y":10,"width":10,"height":10,"rotation":0,"rectanglelabels":["jar"]}},
                {"id":"t","type":"timelinelabels","from_name":"t","to_name":"v","value":{"ranges":[{"start":5,"end":9}],"timelinelabels":["grasp"]}},
                {"id":"gone","type":"keypointlabels","value":{"x":1,"y":1,"keypointlabels":["nose"]}}]},
              {"id":51,"completed_by":{"id":2},"result":[]}]},
             {"id":6,"data":{"image":"/b.png","frame":1},"annotations":[{"id":60,"completed_by":1,"result":[]}]}]
            """;
        const string After = """
            [{"id":6,"data":{"image":"/b.png","frame":2},"annotations":[{"id":60,"completed_by":1,"result":[]}]},
             {"id":5,"data":{"image":"/a.png"},"annotations":[
              {"id":52,"completed_by":9,"result":[{"id":"z","type":"keypointlabels","value":{"x":1,"y":1,"keypointlabels":["nose"]}}]},
              {"id":50,"completed_by":3,"was_cancelled":true,"result":[
                {"id":"b","type":"rectanglelabels","from_name":"b","to_name":"i","original_width":200,"original_height":100,"origin":"manual",
                 "value":{"x":10,"y":10,"width":10,"height":16,"rotation":0,"rectanglelabels":["jug"]}},
                {"id":"p","type":"keypointlabels","from_name":"k","to_name":"i","original_width":200,"original_height":100,
                 "value":{"x":11.5,"y":14,"width":1,"keypointlabels":["wrist"]}},
                {"id":"n","type":"rectanglelabels","from_name":"b","to_name":"i",
                 "value":{"x":12,"y":10,"width":10,"height":10,"rotation":0,"rectanglelabels":["jar"]}},
                {"id":"t","type":"timelinelabels","from_name":"t","to_name":"v","value":{"ranges":[{"start":5,"end":12}],"timelinelabels":["grasp"]}},
                {"id":"new","type":"keypointlabels","value":{"x":1,"y":1,"keypointlabels":["ear"]}}]}]}]
            """;

        (_, List<TaskChange> tasks) = Compare(WriteText("a.json", Before), WriteText("b.json", After));

        Assert.Equal([5, 6], tasks.Select(static task => task.TaskId!.Value));
        Assert.Equal(
            [
                "annotation 50: annotator 1 → 3",
                "annotation 50 by 3: submitted → cancelled",
                "annotation 50 by 3, region b on i, b (rectanglelabels): label cup → jug",
                "annotation 50 by 3, region b on i, b (rectanglelabels), jug: moved by 6 px",
                "annotation 50 by 3, region b on i, b (rectanglelabels), jug: changed in origin",
                "annotation 50 by 3, region gone, nose: region removed",
                "annotation 50 by 3, region n on i, b (rectanglelabels), jar: moved by 2 %",
                "annotation 50 by 3, region new, ear: region added",
                "annotation 50 by 3, region p on i, k (keypointlabels), wrist: moved by 5 px",
                "annotation 50 by 3, region t on v, t (timelinelabels), grasp: moved by 3 frames",
                "annotation 51 by 2: removed (0 regions)",
                "annotation 52 by 9: added (1 region)",
            ],
            tasks[0].Edits.Select(static edit => edit.ToString()));
        Assert.Equal(["data changed in data.frame"], tasks[1].Edits.Select(static edit => edit.ToString()));
    }

    [Fact]
    public void A_task_that_a_file_holds_twice_is_compared_once_if_both_have_the_same_labels()
    {
        const string One = """{"id":1,"data":{},"annotations":[{"id":1,"completed_by":1,"result":[]}]}""";
        const string OneLater = """{"id":1,"data":{},"annotations":[{"id":1,"completed_by":1,"updated_at":"x","result":[]}]}""";
        const string Other = """{"id":1,"data":{},"annotations":[{"id":2,"completed_by":1,"result":[]}]}""";

        (ExportComparison same, _) = Compare(WriteText("a.json", $"[{One},{One}]"), WriteText("b.json", $"[{One}]"));
        (ExportComparison later, _) = Compare(WriteText("a.json", $"[{One}]"), WriteText("b.json", $"[{OneLater},{OneLater}]"));
        HarvestException error = Assert.Throws<HarvestException>(() => Compare(WriteText("c.json", $"[{One},\n{Other}]"), WriteText("d.json", $"[{One}]")));

        Assert.Equal((1L, 0L), (same.Identical, same.Added + same.Removed + same.Relabelled + same.VolatileOnly));
        Assert.Equal((1L, 0L), (later.VolatileOnly, later.Added + later.Removed + later.Relabelled + later.Identical));
        Assert.Equal("ExportTaskRepeated", error.ErrorId);
        Assert.Contains($"at line 1, byte 1 and at line 2, byte {One.Length + 3}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_export_differs_from_itself_in_nothing_but_what_is_edited()
    {
        string path = SharedExports.Require("real/rect_rotated_1329tasks.json");
        JsonArray tasks = JsonNode.Parse(File.ReadAllBytes(path))!.AsArray();
        var edited = new JsonArray([.. tasks.Reverse().Select(static task => task!.DeepClone())]);
        JsonNode region = edited[100]!["annotations"]![0]!["result"]![0]!;
        region["value"]!["x"] = region["value"]!["x"]!.GetValue<double>() + 1;
        edited[200]!["updated_at"] = "2031-01-01T00:00:00Z";

        (ExportComparison comparison, List<TaskChange> changes) = Compare(path, WriteText("b.json", edited.ToJsonString()));

        Assert.Equal((1327L, 1L, 1L), (comparison.Identical, comparison.VolatileOnly, comparison.Relabelled));
        LabelEdit edit = Assert.Single(changes.Single(static task => task.Change == TaskChangeKind.Relabelled).Edits);
        Assert.Equal((LabelEditKind.RegionMoved, "px"), (edit.Kind, edit.Unit));
        Assert.Equal(region["original_width"]!.GetValue<double>() / 100, edit.Distance!.Value, 9);
    }

    [Fact]
    public void A_file_that_is_no_export_is_told()
    {
        string good = Write("a.json", s_plan);

        Assert.Equal("ExportNotFound", Assert.Throws<HarvestException>(() => Compare(good, Path.Combine(_folder, "none.json"))).ErrorId);
        Assert.Throws<HarvestException>(() => Compare(WriteText("c.json", "{}"), good));
    }

    private static (ExportComparison Comparison, List<TaskChange> Tasks) Compare(string before, string after, int threads = 2)
    {
        var tasks = new List<TaskChange>();
        return (CompareExport.Run(ComparedExport.OfFile(before), ComparedExport.OfFile(after), tasks.Add, WorkContext.Default with { Threads = threads }), tasks);
    }

    /// <summary>Ids of the tasks that differ in anything, by whole documents in memory.</summary>
    private static IEnumerable<long> Naive(string before, string after)
    {
        Dictionary<long, JsonNode> left = ById(before);
        return ById(after).Where(task => !JsonNode.DeepEquals(task.Value, left[task.Key])).Select(static task => task.Key).Order();
    }

    private static Dictionary<long, JsonNode> ById(string path) =>
        JsonNode.Parse(File.ReadAllBytes(path))!.AsArray().ToDictionary(static task => task!["id"]!.GetValue<long>(), static task => task!);

    private string Write(string name, ExportPlan plan)
    {
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        ExportGenerator.Write(file, plan);
        return path;
    }

    private string WriteText(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
