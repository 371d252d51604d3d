using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// The derivation against one in SQL: every row of every table, and every item of the export found once. Doubles are
/// compared bit for bit first; where that fails, within eight units in the last place, because a mean, a corner or an
/// interpolation may take the same few operations in another order.
/// </summary>
public class SqlDerivationTests
{
    private static readonly HarvestRules Strict = new()
    {
        RequireTwoAnnotators = true, AcceptUntouched = false, PreferGroundTruth = false, InterpolateTracks = false, BoundaryFrames = 1, BoundaryWeight = 0.25,
    };

    [Fact]
    public void Made_exports_of_one_annotator_have_the_rows_of_sql_bit_for_bit()
    {
        using var sql = new SqlDerivation();
        foreach (SampleKind kind in Enum.GetValues<SampleKind>())
        {
            ExportPlan plan = ExportPlan.ForTasks(kind, 60, predictedShare: 0.6) with
            {
                SecondAnnotatorShare = 0,
                CancelledShare = 0.15,
                EmptyShare = 0.1,
                DraftShare = 0.1,
                GroundTruthShare = 0.2,
                UnlabeledShare = 0.1,
            };
            ExportPlan snapshot = plan with
            {
                Seed = 2,
                Style = ExportStyle.Snapshot,
                KeyOrder = KeyOrder.Postgres,
                Predictions = PredictionForm.Objects,
                PredictionCopies = true,
                AnnotatorObjects = true,
                OrderSeed = 3,
            };
            sql.Add($"{kind}", plan);
            sql.Add($"{kind}, snapshot", snapshot, new HarvestRules { AcceptUntouched = false, BoundaryFrames = 5 });
            sql.Add($"{kind}, indented", plan with { Seed = 3, Style = ExportStyle.Indented, NewerKeys = true }, Strict);
        }

        IReadOnlyList<SqlOutcome> outcomes = sql.RequireEqual();

        Assert.All(outcomes.SelectMany(static outcome => outcome.Tables.Values), static table => Assert.Equal(table.Rows, table.Exact));
        Assert.True(outcomes.Sum(static outcome => outcome.Tables.Values.Sum(static table => table.Rows)) > 50_000);
    }

    [Fact]
    public void Made_exports_of_two_annotators_have_the_rows_of_sql()
    {
        using var sql = new SqlDerivation();
        foreach (SampleKind kind in Enum.GetValues<SampleKind>())
        {
            ExportPlan plan = ExportPlan.ForTasks(kind, 60, predictedShare: 0.6) with
            {
                Seed = 5,
                SecondAnnotatorShare = 0.8,
                DisagreementShare = 0.2,
                GroundTruthShare = 0.1,
            };
            sql.Add($"{kind}, mean", plan);
            sql.Add($"{kind}, first", plan with { Seed = 6, OrderSeed = 1 }, new HarvestRules { Consensus = Consensus.First, PreferGroundTruth = false });
            sql.Add($"{kind}, narrow", plan with { Seed = 7 }, new HarvestRules { RequireTwoAnnotators = true, MinPixelAgreement = 1.5, MinFrameAgreement = 1 });
        }

        IReadOnlyList<SqlOutcome> outcomes = sql.RequireEqual();

        Assert.All(outcomes, static outcome => Assert.True(outcome.Account.Merged > 0));
    }

    [Fact]
    public void Real_and_official_results_have_the_rows_of_sql()
    {
        using var sql = new SqlDerivation();
        var together = new JsonArray();
        foreach ((string name, byte[] export) in SharedResults.Read())
        {
            sql.Add(name, export);
            foreach (JsonNode? task in JsonNode.Parse(export)!.AsArray().Take(200))
            {
                JsonNode another = task!.DeepClone();
                another["id"] = together.Count + 1;
                together.Add(another);
            }
        }

        sql.Add("all together, strict rules", Encoding.UTF8.GetBytes(together.ToJsonString()), Strict);
        IReadOnlyList<SqlOutcome> outcomes = sql.RequireEqual();

        Assert.True(outcomes.Count > 20);
        Assert.True(outcomes.Single(static outcome => outcome.Name.StartsWith("results", StringComparison.Ordinal)).Account.Items > 250);
        Assert.Equal(3094, outcomes.Single(static outcome => outcome.Name == "real/rect_rotated_1329tasks.json").Tables["boxes"].Exact);
        Assert.Equal(19, outcomes.Single(static outcome => outcome.Name == "official/evalme_multi_annotator_bbox.json").Account.Merged);
    }

    [Fact]
    public void Random_exports_have_the_rows_of_sql()
    {
        HarvestRules[] variants =
        [
            HarvestRules.Default,
            new() { Consensus = Consensus.First, MinPixelAgreement = 20, MinFrameAgreement = 6 },
            new() { RequireTwoAnnotators = true, MinPixelAgreement = 12, InterpolateTracks = false },
            Strict,
        ];
        int[] rows = new int[TableSchemas.All.Count];
        Gen.Select(RandomExport.Any(uniqueIds: true, repeats: true).Array[1, 50], Gen.OneOf(variants)).Sample(
            made =>
            {
                (JsonArray[] exports, HarvestRules rules) = made;
                using var sql = new SqlDerivation();
                sql.Add("random", Encoding.UTF8.GetBytes(Together(exports).ToJsonString()), rules);
                SqlOutcome outcome = Assert.Single(sql.RequireEqual());
                for (int i = 0; i < rows.Length; i++)
                {
                    Interlocked.Add(ref rows[i], (int)outcome.Tables[TableSchemas.All[i].Table].Rows);
                }
            },
            iter: 8,
            threads: 1,
            print: static made => $"{made.Item2.ToJson().ToJsonString()}\n{Together(made.Item1).ToJsonString()}");

        Assert.All(rows, static count => Assert.True(count > 0));
    }

    /// <summary>The tasks of several exports as those of one, every ninth of which is there twice.</summary>
    private static JsonArray Together(JsonArray[] exports)
    {
        var together = new JsonArray();
        foreach (JsonNode? task in exports.SelectMany(static export => export))
        {
            JsonNode another = task!.DeepClone();
            another["id"] = together.Count + 1;
            together.Add(another);
            if (together.Count % 9 == 1)
            {
                together.Add(another.DeepClone());
            }
        }

        return together;
    }

    [Fact]
    public void Odd_regions_have_the_rows_of_sql()
    {
        byte[] export = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "odd_regions.json"));
        using var sql = new SqlDerivation();
        sql.Add("odd", export);
        sql.Add("odd, strict", export, Strict);
        sql.Add("odd, first", export, new HarvestRules { Consensus = Consensus.First, MinPixelAgreement = 20 });

        sql.RequireEqual();
    }

    /// <summary>Each file is one kind of situation; the counts are those of their descriptions.</summary>
    [Fact]
    public void Situations_that_users_met_have_the_rows_of_sql()
    {
        string[] files =
        [
            "item_index", "item_index_moved", "pages_two_annotators", "two_videos", "two_timelines", "track_end_without_geometry",
            "track_exported_interpolated", "track_exported_key_frames", "timeline_null_ranges", "big_episode_number", "nanosecond_file_names",
            "nanosecond_frame_number", "repeated_task", "three_items_one_region", "same_names_two_uploads", "resolve_urls", "signed_urls_week_1",
            "signed_urls_week_2", "sizes_swapped", "label_empty_text",
        ];
        var together = new JsonArray();
        for (int i = 0; i < files.Length; i++)
        {
            foreach (JsonNode? task in JsonNode.Parse(File.ReadAllBytes(SharedExports.Require($"failing/{files[i]}.json")))!.AsArray())
            {
                JsonNode another = task!.DeepClone();
                another["id"] = (i * 1000) + another["id"]!.GetValue<int>();
                together.Add(another);
            }
        }

        using var sql = new SqlDerivation();
        sql.Add("together", Encoding.UTF8.GetBytes(together.ToJsonString()));
        SqlOutcome outcome = Assert.Single(sql.RequireEqual());

        Assert.Equal(
            [("actions", 7), ("boxes", 52), ("choices", 0), ("keypoints", 4), ("polygons", 0), ("rejected", 4)],
            outcome.Tables.OrderBy(static table => table.Key).Select(static table => (table.Key, table.Value.Rows)));
    }

    /// <summary>A mapping, a labeling configuration, the tag's own name, its number, the only medium: which goes before which.</summary>
    [Fact]
    public void Media_that_are_mapped_or_configured_have_the_rows_of_sql()
    {
        const string Config = """
            <View>
              <Image name="front" value="$side"/>
              <Image name="image_1" valueList="$views"/>
              <RectangleLabels name="box" toName="front"><Label value="cup"/></RectangleLabels>
            </View>
            """;
        JsonObject Box(string tag, int? index, double x) => new()
        {
            ["id"] = $"{tag}{index}", ["type"] = "rectanglelabels", ["from_name"] = "box", ["to_name"] = tag, ["item_index"] = index,
            ["value"] = new JsonObject { ["x"] = x, ["y"] = 2, ["width"] = 3, ["height"] = 4, ["rectanglelabels"] = new JsonArray("cup") },
        };
        JsonObject Task(int id, JsonObject data, params JsonNode[] boxes) => new()
        {
            ["id"] = id, ["data"] = data, ["annotations"] = new JsonArray(new JsonObject { ["id"] = id, ["result"] = new JsonArray(boxes) }),
        };
        JsonObject Data() => new()
        {
            ["front"] = "s/e1/001.jpg", ["side"] = "s/e2/002.jpg", ["views"] = new JsonArray("s/e3/003.jpg", "s/e4/004.jpg"),
        };
        byte[] export = Encoding.UTF8.GetBytes(new JsonArray(
            Task(1, Data(), Box("front", null, 1), Box("image_0", null, 1), Box("image_1", null, 1), Box("other", null, 1)),
            Task(2, Data(), Box("image_1", 0, 1), Box("image_1", 1, 2), Box("views", 1, 1)),
            Task(3, new JsonObject { ["views"] = new JsonArray("s/e3/003.jpg", "s/e4/004.jpg") }, Box("image_1", null, 1), Box("view", 1, 1), Box("front", null, 1)),

            // Most tasks lack what the mapping says of one tag; a place that none of them has would be refused.
            Task(4, new JsonObject { ["seldom"] = "s/e5/005.jpg", ["side"] = "s/e6/006.jpg" }, Box("other", null, 1))).ToJsonString());
        using var sql = new SqlDerivation();
        sql.Add("as it is", export);
        sql.Add("mapped", export, objects: new() { ["front"] = "data.side", ["image_1"] = "data.views", ["other"] = "data.seldom" });
        sql.Add("configured", export, config: (Config, new() { ["front"] = "data.side", ["image_1"] = "data.views" }));

        IReadOnlyList<SqlOutcome> outcomes = sql.RequireEqual();

        Assert.All(outcomes, static outcome => Assert.Equal(11, outcome.Tables["boxes"].Rows));
    }

    [Fact]
    public void Another_rule_is_noticed()
    {
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, ExportPlan.ForTasks(SampleKind.Hands, 30) with { SecondAnnotatorShare = 0.8 });
        using var sql = new SqlDerivation();
        sql.Add("another limit", stream.ToArray(), HarvestRules.Default, new HarvestRules { MinPixelAgreement = 1.5 });
        sql.Add("another consensus", stream.ToArray(), HarvestRules.Default, new HarvestRules { Consensus = Consensus.First });

        IReadOnlyList<SqlOutcome> outcomes = sql.Outcomes();

        Assert.True(outcomes[0].Tables["keypoints"].Differing > 0);
        Assert.True(outcomes[0].Tables["rejected"].Differing > 0);
        Assert.True(outcomes[1].Tables["keypoints"].Differing > 0);
        Assert.Equal(0, outcomes[1].Tables["rejected"].Differing);
        Assert.All(outcomes, static outcome => Assert.Contains("sql:", outcome.Tables["keypoints"].First[1], StringComparison.Ordinal));
    }
}
