using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Samples;
using HarvestTools.Tests.Derivation;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>
/// The label hash sees every label, and rows see nothing that it does not: whatever is changed in an export either is
/// covered and changes the hash, or changes neither hash nor rows.
/// </summary>
public sealed class LabelBlindnessTests
{
    /// <summary>Every covered member, and at every level members that are not covered, known ones and others.</summary>
    private const string Rich = """
        [{"id":1,"project":4,"inner_id":3,"overlap":1,"created_at":"2026-01-01","file_upload":"u.json","meta":{"of":"the task"},
          "data":{"task_subdir":"t","episode":"e","frame":7,"image":"/a/f_7.jpg","framesCount":90,"note":"n"},
          "drafts":[{"id":5,"result":[{"id":"k","type":"keypointlabels","value":{"x":1,"y":1,"keypointlabels":["d"]}}],"created_ago":"1 day"}],
          "predictions":[{"id":6,"model_version":"m1","score":0.5,"result":[{"id":"k","type":"keypointlabels","value":{"x":9,"y":9,"keypointlabels":["wrist"]}}]}],
          "annotations":[
            {"id":11,"completed_by":3,"was_cancelled":false,"ground_truth":false,"project":4,"lead_time":3.5,"updated_at":"2026-01-02","unique_id":"u",
             "parent_prediction":6,"prediction":{"id":6,"model_version":"m1","result":[{"id":"k"}]},"result_count":5,
             "result":[
               {"id":"k","type":"keypointlabels","from_name":"kp","to_name":"img","origin":"prediction-changed","parentID":"b","score":0.9,
                "original_width":200,"original_height":100,"image_rotation":0,"readonly":true,
                "value":{"x":10,"y":20,"width":1,"keypointlabels":["wrist"]},"meta":{"text":["m"]}},
               {"id":"k","type":"choices","from_name":"hidden","to_name":"img","value":{"choices":["occluded"]}},
               {"id":"b","type":"rectanglelabels","from_name":"box","to_name":"img","origin":"manual","original_width":200,"original_height":100,
                "value":{"x":1,"y":2,"width":30,"height":40,"rotation":5,"rectanglelabels":["hand"]}},
               {"id":"s","type":"timelinelabels","from_name":"tl","to_name":"vid","value":{"ranges":[{"start":2,"end":9}],"timelinelabels":["pour"]}},
               {"id":"v","type":"videorectangle","from_name":"vr","to_name":"vid","item_index":1,"origin":"manual","original_width":200,"original_height":100,
                "value":{"framesCount":12,"duration":4,"labels":["cup"],"sequence":[
                  {"frame":1,"enabled":true,"x":1,"y":1,"width":5,"height":5,"rotation":0,"time":0.1},{"frame":4,"enabled":false,"x":2,"y":2,"width":5,"height":5,"rotation":0,"time":0.4}]}},
               {"type":"relation","from_id":"k","to_id":"b","direction":"right"},
               {"id":"p","type":"polygonlabels","from_name":"pg","to_name":"img","value":{"points":[[1,2],[3,4]],"closed":true,"polygonlabels":["leaf"]}},
               {"id":"q","type":"choices","from_name":"quality","to_name":"img","origin":"manual","value":{"choices":["good","fair"]}}]},
            {"id":12,"completed_by":{"id":8,"email":"a@example.com"},"was_cancelled":true,"ground_truth":false,"last_action":"skipped","result":[]}]},
         {"id":2,"annotations":[],"data":{"image":"/a/f_8.jpg"},"drafts":[{"id":9}],"total_annotations":0}]
        """;

    private static readonly string[] s_regionMembers =
        ["id", "parentID", "type", "from_name", "to_name", "item_index", "origin", "original_width", "original_height", "value", "meta"];

    /// <summary>For each property of the labels an edit of <see cref="Rich"/> that changes it.</summary>
    private static readonly Dictionary<string, (string Was, string Now)> s_edits = new()
    {
        ["LabelTask.Id"] = ("[{\"id\":1", "[{\"id\":3"),
        ["LabelTask.Data"] = ("\"episode\":\"e\"", "\"episode\":\"f\""),
        ["LabelTask.Annotations"] = ("{\"id\":12,", "{\"id\":13},{\"id\":12,"),
        ["Annotation.Id"] = ("{\"id\":11", "{\"id\":10"),
        ["Annotation.AnnotatorId"] = ("\"completed_by\":3", "\"completed_by\":4"),
        ["Annotation.WasCancelled"] = ("\"was_cancelled\":false", "\"was_cancelled\":true"),
        ["Annotation.GroundTruth"] = ("\"ground_truth\":false", "\"ground_truth\":true"),
        ["Annotation.Regions"] = ("{\"type\":\"relation\"", "{\"id\":\"more\"},{\"type\":\"relation\""),
        ["Annotation.Items"] = ("{\"type\":\"relation\"", "{\"id\":\"more\"},{\"type\":\"relation\""),
        ["Region.ItemPlace"] = ("{\"id\":\"p\",", "[],{\"id\":\"p\","),
        ["Region.Kind"] = ("\"type\":\"polygonlabels\"", "\"type\":\"rectangle\""),
        ["Region.Id"] = ("{\"id\":\"s\"", "{\"id\":\"t\""),
        ["Region.ParentId"] = ("\"parentID\":\"b\"", "\"parentID\":\"c\""),
        ["Region.Type"] = ("\"type\":\"polygonlabels\"", "\"type\":\"brushlabels\""),
        ["Region.FromName"] = ("\"from_name\":\"tl\"", "\"from_name\":\"line\""),
        ["Region.ToName"] = ("\"to_name\":\"vid\"", "\"to_name\":\"other\""),
        ["Region.ItemIndex"] = ("\"item_index\":1", "\"item_index\":2"),
        ["Region.HasMedium"] = ("\"type\":\"polygonlabels\"", "\"type\":\"ellipse\""),
        ["Region.IsShape"] = ("\"type\":\"polygonlabels\"", "\"type\":\"ellipse\""),
        ["Region.Points"] = ("[3,4]", "[3,5]"),
        ["Region.Closed"] = ("\"closed\":true", "\"closed\":false"),
        ["Region.Origin"] = ("\"origin\":\"prediction-changed\"", "\"origin\":\"prediction\""),
        ["Region.OriginalWidth"] = ("\"original_width\":200", "\"original_width\":201"),
        ["Region.OriginalHeight"] = ("\"original_height\":100", "\"original_height\":101"),
        ["Region.HasLabelList"] = ("\"keypointlabels\":[\"wrist\"]},\"meta\"", "\"a\":1},\"meta\""),
        ["Region.Labels"] = ("\"timelinelabels\":[\"pour\"]", "\"timelinelabels\":[\"pour\",\"stir\"]"),
        ["Region.X"] = ("\"x\":10", "\"x\":11"),
        ["Region.Y"] = ("\"y\":20", "\"y\":21"),
        ["Region.Width"] = ("\"width\":30", "\"width\":31"),
        ["Region.Height"] = ("\"height\":40", "\"height\":41"),
        ["Region.Rotation"] = ("\"rotation\":5", "\"rotation\":6"),
        ["Region.Ranges"] = ("\"end\":9", "\"end\":10"),
        ["Region.KeyFrames"] = ("{\"frame\":4", "{\"frame\":5"),
        ["Region.HasGeometryList"] = ("\"ranges\":", "\"lengths\":"),
        ["Region.FramesCount"] = ("\"framesCount\":12", "\"framesCount\":13"),
        ["Region.Duration"] = ("\"duration\":4", "\"duration\":5"),
        ["Region.Value"] = ("\"choices\":[\"occluded\"]", "\"choices\":[\"visible\"]"),
    };

    public static TheoryData<string> Properties =>
    [
        .. new[] { typeof(LabelTask), typeof(Annotation), typeof(Region) }
            .SelectMany(static type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(property => $"{type.Name}.{property.Name}")),
    ];

    /// <summary>Every property there is, by reflection: one that is added without an edit here fails too.</summary>
    [Theory]
    [MemberData(nameof(Properties))]
    public void Whatever_the_labels_hold_the_hash_sees(string property)
    {
        Assert.True(s_edits.TryGetValue(property, out (string Was, string Now) edit), $"{property} has no edit that changes it");
        Assert.Contains(edit.Was, Rich, StringComparison.Ordinal);
        int at = Rich.IndexOf(edit.Was, StringComparison.Ordinal);
        string edited = Rich[..at] + edit.Now + Rich[(at + edit.Was.Length)..];

        Assert.NotEqual(Values(Rich, property), Values(edited, property));
        Assert.NotEqual(Hash(Rich), Hash(edited));
    }

    [Fact]
    public void Every_single_value_is_covered_or_reaches_no_row()
    {
        Outcome expected = OutcomeOf(Rich);
        Assert.NotEmpty(expected.Rows);
        int covered = 0;
        int blind = 0;
        foreach (string path in JsonPaths.Leaves(JsonNode.Parse(Rich)!))
        {
            JsonNode changed = JsonNode.Parse(Rich)!;
            JsonPaths.Change(changed, path);
            bool isCovered = Check(expected, changed, path);
            covered += isCovered ? 1 : 0;
            blind += isCovered ? 0 : 1;
        }

        Assert.Equal((98, 42), (covered, blind));
    }

    [Fact]
    public void A_member_that_nobody_knows_reaches_no_row_wherever_it_is_added()
    {
        Outcome expected = OutcomeOf(Rich);
        int added = 0;
        foreach (string path in JsonPaths.Objects(JsonNode.Parse(Rich)!))
        {
            JsonNode changed = JsonNode.Parse(Rich)!;
            JsonPaths.At(changed, path).AsObject()["brand_new"] = new JsonObject { ["id"] = 1, ["result"] = new JsonArray("x") };
            Check(expected, changed, $"{path}/brand_new");
            added++;
        }

        Assert.Equal(36, added);
    }

    [Theory]
    [InlineData(nameof(SampleKind.Hands))]
    [InlineData(nameof(SampleKind.Body))]
    [InlineData(nameof(SampleKind.Actions))]
    public void So_it_is_in_made_exports(string kind)
    {
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, ExportPlan.ForTasks(Enum.Parse<SampleKind>(kind), 12, predictedShare: 0.7) with
        {
            SecondAnnotatorShare = 0.5,
            DraftShare = 0.4,
            GroundTruthShare = 0.2,
            Predictions = PredictionForm.Objects,
            PredictionCopies = true,
            AnnotatorObjects = kind == nameof(SampleKind.Body),
        });
        string json = Encoding.UTF8.GetString(stream.ToArray());
        Outcome expected = OutcomeOf(json);
        string[] paths = [.. JsonPaths.Leaves(JsonNode.Parse(json)!)];
        var random = new Random(11);
        bool[] covered = new bool[300];
        for (int i = 0; i < covered.Length; i++)
        {
            // A few kinds of paths make nearly all leaves: draw the kind first, so that rare members are met too.
            string[] kinds = [.. paths.Select(JsonPaths.KindOf).Distinct()];
            string[] ofKind = [.. paths.Where(path => JsonPaths.KindOf(path) == kinds[i % kinds.Length])];
            string path = ofKind[random.Next(ofKind.Length)];
            JsonNode changed = JsonNode.Parse(json)!;
            JsonPaths.Change(changed, path);
            covered[i] = Check(expected, changed, path);
        }

        Assert.Contains(true, covered);
        Assert.Contains(false, covered);
    }

    /// <summary>One value in two spellings is one label, also where a number stands for a text or a key stands twice.</summary>
    [Theory]
    [InlineData("\"x\":10", "\"x\":1.0e1")]
    [InlineData("\"start\":2", "\"start\":2.0")]
    [InlineData("\"frame\":7", "\"frame\":7.0")]
    [InlineData("\"episode\":\"e\"", "\"episode\":5,\"episode\":\"\\u0065\"")]
    [InlineData("\"image\":\"/a/f_7.jpg\"", "\"image\":\"/b/other/f_1.jpg\",\"image\":\"\\/a\\/f_7.jpg\"")]
    [InlineData("\"framesCount\":90", "\"framesCount\":900,\"framesCount\":9e1")]
    [InlineData("{\"id\":\"s\"", "{\"id\":\"q\",\"id\":\"\\u0073\"")]
    [InlineData("\"choices\":[\"occluded\"]", "\"choices\" : [ \"occl\\u0075ded\" ]")]
    public void Spelling_reaches_neither_hash_nor_rows(string was, string now)
    {
        Assert.Contains(was, Rich, StringComparison.Ordinal);

        Assert.Equal(OutcomeOf(Rich), OutcomeOf(Rich.Replace(was, now, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("1e1", "10.0")]
    [InlineData("5.50", "55e-1")]
    [InlineData("-0", "0")]
    [InlineData("{\"b\":1,\"a\":[2]}", "{ \"a\" : [2.0], \"b\" : 1 }")]
    public void A_text_that_is_written_as_something_else_is_told_by_its_value(string one, string other)
    {
        string Export(string text) => $$$"""
            [{"id":1,"data":{"image":"a.jpg"},"annotations":[{"id":1,"completed_by":1,"result":[
              {"id":{{{text}}},"type":"rectanglelabels","origin":{{{text}}},"from_name":{{{text}}},"original_width":10,"original_height":10,
               "value":{"x":1,"y":1,"width":1,"height":1,"rectanglelabels":[{{{text}}}]}},
              {"id":"z","type":{{{text}}},"value":{}}]}]}]
            """;

        Assert.Equal(OutcomeOf(Export(one)), OutcomeOf(Export(other)));
    }

    private static bool Check(Outcome expected, JsonNode changed, string path)
    {
        Outcome found = OutcomeOf(changed.ToJsonString());
        bool covered = IsCovered(path, changed);
        Assert.True(covered == (found.Hash != expected.Hash), $"{path}: {(covered ? "the hash is blind to a label" : "the hash sees what is no label")}");
        if (!covered)
        {
            Assert.Equal(expected.Rows, found.Rows);
        }

        return covered;
    }

    /// <summary>The definition of <see cref="LabelHash"/> once more, by paths, from nothing of the engine.</summary>
    private static bool IsCovered(string path, JsonNode export) => path.Split('/') switch
    {
        // Whatever is said of a task without annotations is no label.
        [string task, ..] when JsonPaths.At(export, task)["annotations"] is not JsonArray { Count: > 0 } => false,
        [_, "id"] or [_, "data", ..] => true,
        [_, "annotations", _, "id" or "was_cancelled" or "ground_truth" or "completed_by"] => true,
        [_, "annotations", _, "completed_by", "id"] => true,
        [_, "annotations", _, "result", _, string member, ..] => s_regionMembers.Contains(member),
        _ => false,
    };

    private static Outcome OutcomeOf(string json) =>
        new(Hash(json), string.Join('\n', ExportRows.Print(Encoding.UTF8.GetBytes(json))));

    private static string Hash(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, 1).LabelSha256!;
    }

    /// <summary>What a property is on all objects of its type in the first task.</summary>
    private static string Values(string json, string property)
    {
        var worker = new PropertyReader(property);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        ExportPipeline.Run(stream, "a.json", null, 1, _ => worker, null, CancellationToken.None);
        return worker.Found!;
    }

    private sealed record Outcome(string Hash, string Rows);

    private sealed class PropertyReader(string property) : ITaskWorker
    {
        public string? Found { get; private set; }

        public void Process(in RawTask task)
        {
            var parsed = new ExportTask();
            TaskParser.Parse(task, parsed);
            object[] objects = [parsed.Labels, .. parsed.Labels.Annotations, .. parsed.Labels.Annotations.SelectMany(static annotation => annotation.Regions)];
            Found ??= string.Join('|', objects
                .Where(item => property.StartsWith(item.GetType().Name + ".", StringComparison.Ordinal))
                .Select(item => Text(item.GetType().GetProperty(property.Split('.')[1])!.GetValue(item))));
        }

        private static string Text(object? value) => value switch
        {
            IEnumerable list and not string => string.Join(',', list.Cast<object>().Select(static item => item is RegionItem or Annotation ? "one" : item.ToString())),
            _ => $"{value}",
        };
    }
}
