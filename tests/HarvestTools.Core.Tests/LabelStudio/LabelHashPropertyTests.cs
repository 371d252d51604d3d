using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Samples;
using HarvestTools.Tests.Derivation;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>What the label hash must not see, and what it must.</summary>
public sealed class LabelHashPropertyTests
{
    private const string Base = """
        [{"id":1,"annotations":[
            {"id":11,"completed_by":3,"was_cancelled":false,"ground_truth":false,"result":[
              {"id":"a","type":"keypointlabels","from_name":"k","to_name":"i","origin":"manual","parentID":"b","original_width":100,"original_height":50,"value":{"x":12.5,"y":0.1,"keypointlabels":["tip"]},"meta":{"text":["n"]}},
              {"id":"b","type":"rectanglelabels","from_name":"r","to_name":"i","origin":"prediction","original_width":100,"original_height":50,"value":{"x":1,"y":2,"width":3,"height":4,"rotation":0,"rectanglelabels":["hand/left"]}}]},
            {"id":12,"completed_by":4,"was_cancelled":true,"ground_truth":false,"result":[]}],
          "data":{"image":"/a/1.jpg","episode":"e1"},"drafts":[],"predictions":[]},
         {"id":2,"annotations":[{"id":13,"completed_by":3,"was_cancelled":false,"ground_truth":true,"result":[]}],"data":{"image":"é.jpg"}},
         {"id":3,"annotations":[],"data":{"image":"unlabelled.jpg"},"drafts":[]}]
        """;

    /// <summary>The definition pinned by a value computed once with Python from the text of <see cref="LabelHash"/>.</summary>
    [Fact]
    public void The_definition_does_not_move() =>
        Assert.Equal(PinnedHash, Hash(Base));

    private const string PinnedHash = "78732bca2112ee97a34b0f5676acc1a1786ff47a2002e3cfd0934f92b0feab6d";

    [Theory]
    [InlineData("\"x\":12.5,\"y\":0.1", "\"y\":1e-1,\"x\":1.250E1")]
    [InlineData("\"original_width\":100", "\"original_width\":1.0e2")]
    [InlineData("\"rotation\":0", "\"rotation\":-0.0")]
    [InlineData("hand/left", "hand\\/l\\u0065ft")]
    [InlineData("\"image\"", "\"im\\u0061ge\"")]
    [InlineData("é.jpg", "\\u00e9.jpg")]
    [InlineData("{\"id\":1,", "{\"id\":\"1\",")]
    [InlineData("{\"id\":1,", "{\"id\":99,\"id\":1.0,")]
    [InlineData("\"completed_by\":3", "\"completed_by\":{\"email\":\"x\",\"id\":3}")]
    [InlineData("\"was_cancelled\":false,\"ground_truth\":false,", "")]
    [InlineData("\"was_cancelled\":true", "\"was_cancelled\":1")]
    [InlineData("\"result\":[]}],", "\"result\":null}],")]
    [InlineData("\"parentID\":\"b\"", "\"parentID\":\"b\",\"score\":0.5,\"image_rotation\":0,\"readonly\":true")]
    [InlineData("\"origin\":\"prediction\"", "\"origin\":\"prediction\",\"parentID\":null,\"meta\":null")]
    [InlineData("\"drafts\":[],\"predictions\":[]", "\"drafts\":[{\"result\":[{\"id\":\"a\"}],\"created_ago\":\"1 minute\"}],\"predictions\":[{\"id\":1,\"result\":[]}],\"agreement\":0.5,\"project\":9,\"meta\":{\"a\":1}")]
    [InlineData("{\"id\":\"a\"", "{\"id\":\"z\",\"type\":\"q\",\"id\":\"a\"")]
    [InlineData("\"from_name\":\"k\"", "\"from_n\\u0061me\":\"k\"")]
    [InlineData("{\"id\":12,", "{\"id\":12,\"created_at\":\"2026\",\"lead_time\":3.5,\"prediction\":{\"id\":1},\"unique_id\":\"u\",\"updated_at\":null,\"result_count\":0,\"draft_created_at\":null,\"reviews\":[],")]
    [InlineData("{\"id\":3,\"annotations\":[],", "{\"id\":4,\"annotations\":null,")]
    [InlineData("unlabelled.jpg", "other.jpg")]
    public void What_is_no_label_does_not_count(string was, string now) => Assert.Equal(Hash(Base), Hash(Changed(was, now)));

    [Theory]
    [InlineData("\"x\":12.5", "\"x\":12.500000000000002")]
    [InlineData("\"tip\"", "\"tap\"")]
    [InlineData("[\"tip\"]", "[\"tip\",\"tip\"]")]
    [InlineData("[\"tip\"]", "[]")]
    [InlineData("{\"id\":\"a\"", "{\"id\":\"c\"")]
    [InlineData("\"parentID\":\"b\",", "")]
    [InlineData("\"type\":\"keypointlabels\"", "\"type\":\"keypoint\"")]
    [InlineData("\"from_name\":\"k\"", "\"from_name\":\"q\"")]
    [InlineData("\"to_name\":\"i\"", "\"to_name\":\"j\"")]
    [InlineData("\"origin\":\"prediction\"", "\"origin\":\"prediction-changed\"")]
    [InlineData("\"origin\":\"prediction\",", "")]
    [InlineData("\"original_width\":100", "\"original_width\":101")]
    [InlineData("\"original_height\":50", "\"original_height\":null")]
    [InlineData("\"meta\":{\"text\":[\"n\"]}", "\"meta\":{\"text\":[\"m\"]}")]
    [InlineData("\"completed_by\":4", "\"completed_by\":5")]
    [InlineData("\"completed_by\":4", "\"completed_by\":null")]
    [InlineData("\"was_cancelled\":true", "\"was_cancelled\":false")]
    [InlineData("\"ground_truth\":true", "\"ground_truth\":false")]
    [InlineData("{\"id\":13", "{\"id\":14")]
    [InlineData("{\"id\":2,", "{\"id\":5,")]
    [InlineData("\"episode\":\"e1\"", "\"episode\":\"e2\"")]
    [InlineData("\"episode\":\"e1\"", "\"episode\":null")]
    [InlineData("{\"id\":3,\"annotations\":[],", "{\"id\":3,\"annotations\":[{\"id\":9}],")]
    public void Every_label_counts(string was, string now) => Assert.NotEqual(Hash(Base), Hash(Changed(was, now)));

    [Fact]
    public void A_repeated_region_counts_twice_and_a_repeated_annotation_or_task_once()
    {
        JsonArray Repeat(Func<JsonArray, JsonNode> of)
        {
            JsonArray tasks = JsonNode.Parse(Base)!.AsArray();
            JsonNode repeated = of(tasks);
            repeated.Parent!.AsArray().Add(repeated.DeepClone());
            return tasks;
        }

        string[] hashes =
        [
            Hash(Base),
            Hash(Repeat(static tasks => tasks[1]!).ToJsonString()),
            Hash(Repeat(static tasks => tasks[1]!["annotations"]![0]!).ToJsonString()),
            Hash(Repeat(static tasks => tasks[0]!["annotations"]![0]!["result"]![0]!).ToJsonString()),
        ];

        Assert.Equal([hashes[0], hashes[0], hashes[0]], hashes[..3]);
        Assert.NotEqual(hashes[0], hashes[3]);
        Assert.Equal(Hash(Base), Hash(Repeat(static tasks => tasks[2]!).ToJsonString()));
    }

    [Theory]
    [InlineData("official/evalme_multi_annotator_bbox.json")]
    [InlineData("official/sdk/test_export_yolo/data_keypoints.json")]
    [InlineData("real/choices_multiturn.json")]
    public void Order_and_spacing_do_not_count(string file)
    {
        string json = File.ReadAllText(SharedExports.Require(file));
        string expected = Hash(json);
        for (int seed = 0; seed < 10; seed++)
        {
            JsonArray shuffled = Permutation.Of(JsonNode.Parse(json)!.AsArray(), new Random(seed));
            var options = new JsonSerializerOptions { WriteIndented = seed % 2 == 0 };

            string again = shuffled.ToJsonString(options);

            Assert.NotEqual(json, again);
            Assert.Equal(expected, Hash(again, threads: 1 + (seed % 3)));
        }
    }

    [Theory]
    [InlineData(nameof(SampleKind.Hands))]
    [InlineData(nameof(SampleKind.Body))]
    [InlineData(nameof(SampleKind.Actions))]
    public void Label_Studios_own_ways_of_writing_do_not_count(string kind)
    {
        ExportPlan plan = ExportPlan.ForTasks(Enum.Parse<SampleKind>(kind), 60, predictedShare: 0.5);
        ExportFingerprint expected = Fingerprint(plan);
        Assert.True(expected.Annotations > 10);

        ExportPlan[] others =
        [
            plan with { Style = ExportStyle.Snapshot },
            plan with { Style = ExportStyle.Indented, OrderSeed = 4 },
            plan with { KeyOrder = KeyOrder.Postgres, OrderSeed = 5 },
            plan with { Predictions = PredictionForm.Objects, PredictionCopies = true, AnnotatorObjects = true },
        ];
        foreach (ExportPlan other in others)
        {
            ExportFingerprint found = Fingerprint(other);
            Assert.NotEqual(expected.Sha256, found.Sha256);
            Assert.Equal(expected.LabelSha256, found.LabelSha256);
            Assert.Equal(expected.RegionTypes, found.RegionTypes);
            Assert.Equal((expected.Tasks, expected.Annotations, expected.Cancelled, expected.Drafts), (found.Tasks, found.Annotations, found.Cancelled, found.Drafts));
        }
    }

    [Fact]
    public void Changes_between_exports_are_counted_by_task()
    {
        ExportFingerprint before = FingerprintOf("""[{"id":1,"annotations":[{"id":1}]},{"id":2,"annotations":[{"id":2}]},{"id":3,"annotations":[{"id":3}]},{"id":3,"annotations":[{"id":3}]},{"id":4,"annotations":[{"id":4}]},{"annotations":[{"id":4}]}]""", 1);
        ExportFingerprint after = FingerprintOf("""[{"id":5,"annotations":[{"id":9}]},{"id":3,"annotations":[{"id":3}]},{"id":2,"annotations":[{"id":7}]},{"id":1,"annotations":[{"id":1}]},{"annotations":[{"id":5}]}]""", 2);

        Assert.Equal(new LabelChanges(Added: 2, Removed: 2, Relabelled: 1, Unchanged: 2), before.ChangesTo(after));
        Assert.Equal(new LabelChanges(0, 0, 0, 5), before.ChangesTo(before));
    }

    [Fact]
    public void The_facts_tell_what_the_export_holds()
    {
        ExportFingerprint found = FingerprintOf(
            """[{"id":1,"project":8,"drafts":[{},{}],"annotations":[{"id":1,"project":7,"was_cancelled":true,"result":[{"type":"b"},{"type":"\u0061"},{"type":"b"},{}]}]},{"id":2,"annotations":[{"id":2,"project":5}]},{"data":{}}]""",
            2);

        Assert.Equal((3, 2, 1, 2), (found.Tasks, found.Annotations, found.Cancelled, found.Drafts));
        Assert.Equal([KeyValuePair.Create("a", 1L), KeyValuePair.Create("b", 2L), KeyValuePair.Create("untyped", 1L)], found.RegionTypes!);
        Assert.Equal([5L, 8L], found.ProjectIds!);
    }

    [Fact]
    public void Without_labels_only_the_bytes_are_hashed()
    {
        using var stream = new MemoryStream("no export at all"u8.ToArray());

        ExportFingerprint found = ExportFingerprint.Compute(stream, "a.txt", null, withLabels: false);

        Assert.Equal(16, found.Bytes);
        Assert.Null(found.LabelSha256);
        Assert.Null(found.Tasks);
    }

    private static string Changed(string was, string now)
    {
        Assert.Contains(was, Base, StringComparison.Ordinal);
        int at = Base.IndexOf(was, StringComparison.Ordinal);
        return Base[..at] + now + Base[(at + was.Length)..];
    }

    private static string Hash(string json, int threads = 1) => FingerprintOf(json, threads).LabelSha256!;

    private static ExportFingerprint FingerprintOf(string json, int threads)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, threads);
    }

    private static ExportFingerprint Fingerprint(ExportPlan plan)
    {
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, plan);
        stream.Position = 0;
        return ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, 2);
    }
}
