using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>new, slices, show and build.</summary>
public sealed class SliceCommandTests
{
    [Fact]
    public void New_derives_the_tables_and_tells_what_was_kept_and_dropped()
    {
        using var scratch = new ScratchFolder().WithExports();
        HarvestResult made = scratch.Run("new", "v1", "--reason", "erste Auswahl, für Ärmel").Exits(0);
        Assert.Empty(made.Error);

        // Six hand tasks, one of them cancelled: five boxes and ten points; four segments of ten frames.
        Assert.Contains("  kept     19 regions in 55 rows: 10 keypoints, 5 boxes, 40 action frames", made.Out, StringComparison.Ordinal);
        Assert.Contains("  dropped  1 cancelled", made.Out, StringComparison.Ordinal);
        Assert.InRange(made.Out.Split('\n').Length, 10, 40);
        Assert.Contains("\"reason\": \"erste Auswahl, für Ärmel\"", File.ReadAllText(scratch["slices/v1/slice.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_times_are_those_of_SOURCE_DATE_EPOCH()
    {
        using var scratch = new ScratchFolder().WithExports();
        var environment = new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = "1778509920" };

        JsonElement slice = HarvestProgram.Run(scratch.Path, environment, "new", "v1", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal("2026-05-11T14:32:00Z", slice.GetProperty("created_at").GetString());

        environment["SOURCE_DATE_EPOCH"] = "yesterday";
        Assert.Equal(["SourceDateInvalid"], HarvestProgram.Run(scratch.Path, environment, "new", "v2", "--json").Exits(2).ErrorIds());
        Assert.False(Directory.Exists(scratch["slices/v2"]));
    }

    [Fact]
    public void New_as_json_holds_the_manifest_the_tables_and_the_whole_tally()
    {
        using var scratch = new ScratchFolder().WithExports();
        JsonElement made = scratch.Run("new", "v1", "--json").Exits(0).Document();
        Assert.Equal(scratch["slices/v1/slice.json"], made.GetProperty("manifest").GetString());
        Assert.Equal(
            JsonSerializer.Serialize(JsonDocument.Parse(File.ReadAllBytes(scratch["slices/v1/slice.json"]))),
            JsonSerializer.Serialize(made.GetProperty("slice")));

        JsonElement built = made.GetProperty("built");
        JsonElement[] tables = [.. built.GetProperty("tables").EnumerateArray()];
        Assert.Equal(12, tables.Length);
        Assert.All(tables, static table => Assert.Equal(table.GetProperty("sha256").GetString(), ScratchFolder.Sha256(table.GetProperty("path").GetString()!)));
        Assert.Equal(10, tables.Where(static table => table.GetProperty("table").GetString() == "keypoints").Sum(static table => table.GetProperty("rows").GetInt64()));

        JsonElement tally = built.GetProperty("tally");
        Assert.Equal(55, tally.GetProperty("rows").GetInt64());
        Assert.Equal(1, tally.GetProperty("total").GetProperty("dropped").GetProperty("cancelled").GetInt64());
        Assert.Equal(5, tally.GetProperty("by_label").GetProperty("wrist").GetProperty("kept").GetInt64());
        Assert.Equal(15, tally.GetProperty("by_annotator").GetProperty("7").GetProperty("kept").GetInt64());
        Assert.Equal(19, tally.GetProperty("by_task_subdir").GetProperty("pour").GetProperty("kept").GetInt64());
    }

    [Fact]
    public void New_takes_exports_rules_models_parent_time_and_eval_set()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("eval/set.json", "[]");
        string hands = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        Directory.CreateDirectory(scratch["deeper"]);
        JsonElement slice = HarvestProgram.Run(
            scratch["deeper"],
            "new", "v2", "-e", hands[..8], "-e", "../exports/actions.json", "--parent", "v1", "-m", "why", "--set", "min_pixel_agreement=8.0",
            "--set", "consensus=first", "--model", "hand_keypoint=models/hand kp/v2.pt", "--trained-at", "2026-05-11T16:32:00+02:00",
            "--eval-set", "../eval/set.json", "--no-build", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal(["a", "b"], slice.GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("project").GetString()!));
        Assert.Equal(["v1"], slice.GetProperty("parents").EnumerateArray().Select(static parent => parent.GetString()));
        Assert.Equal("why", slice.GetProperty("reason").GetString());
        Assert.Equal("8.0", slice.GetProperty("filter_overrides").GetProperty("min_pixel_agreement").GetRawText());
        Assert.Equal("first", slice.GetProperty("filter_overrides").GetProperty("consensus").GetString());
        Assert.Equal("models/hand kp/v2.pt", slice.GetProperty("model_outputs").GetProperty("hand_keypoint").GetString());
        Assert.Equal("2026-05-11T14:32:00Z", slice.GetProperty("trained_at").GetString());
        Assert.Equal("eval/set.json", slice.GetProperty("eval_set").GetProperty("path").GetString());
        Assert.False(slice.TryGetProperty("outputs", out _));
    }

    [Theory]
    [InlineData("UnknownKey", "--set", "min_pixel_agreemnt=8")]
    [InlineData("FieldInvalid", "--set", "boundary_weight=2")]
    [InlineData("PairInvalid", "--set", "boundary_weight")]
    [InlineData("PairRepeated", "--model", "a=1", "--model", "a=2")]
    [InlineData("TimeInvalid", "--trained-at", "yesterday")]
    [InlineData("SliceVersionInvalid", "--no-build", "--", "../v2")]
    public void New_refuses_what_cannot_be_as_wrong_usage_and_writes_nothing(string id, params string[] arguments)
    {
        using var scratch = new ScratchFolder().WithExports();
        string[] version = arguments.Contains("--") ? [] : ["v2"];
        Assert.Equal([id], scratch.Run(["--json", "new", .. version, .. arguments]).Exits(2).ErrorIds());
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch["slices"]));
    }

    [Fact]
    public void A_version_is_made_once()
    {
        using var scratch = new ScratchFolder().WithSlice();
        byte[] before = File.ReadAllBytes(scratch["slices/v1/slice.json"]);
        Assert.Equal(["SliceExists"], scratch.Run("new", "v1", "--json").Exits(2).ErrorIds());
        Assert.Equal(before, File.ReadAllBytes(scratch["slices/v1/slice.json"]));
    }

    [Fact]
    public void An_unknown_export_and_an_empty_archive_are_told()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Assert.Equal(["NothingToSlice"], scratch.Run("new", "v1", "--json").Exits(3).ErrorIds());
        scratch.AddExports();
        Assert.Equal(["ObjectNotFound"], scratch.Run("new", "v1", "--export", "0123456789", "--json").Exits(3).ErrorIds());
    }

    [Theory]
    [InlineData("qqq", "'qqq' is neither a project, nor the hash of an archived export, nor a file.")]
    [InlineData("bb", "nor a file. Did you mean 'b'?")]
    public void A_mistyped_project_is_answered_with_those_that_there_are(string export, string message)
    {
        using var scratch = new ScratchFolder().WithExports();

        string error = scratch.Run("new", "v1", "-e", export).Exits(3).Error;

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("The projects are a and b. 'harvest exports' lists what is archived.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["slices/v1"]));
    }

    [Fact]
    public void Slices_lists_versions_in_their_natural_order_and_goes_on_after_a_broken_one()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.Contains("There is no slice 'v2'", scratch.Run("show", "v2").Exits(3).Error, StringComparison.Ordinal);
        scratch.Run("new", "v10", "--no-build", "-q").Exits(0);
        scratch.Run("new", "v2", "--no-build", "-q").Exits(0);
        string[] lines = scratch.Run("slices").Exits(0).Out.TrimEnd().Split('\n');
        Assert.Equal(["version", "v1", "v2", "v10"], lines.Select(static line => line.Split(' ')[0]));
        Assert.Contains(" 55 ", lines[1], StringComparison.Ordinal);

        scratch.Write("slices/v2/slice.json", "{ \"slice_version\": \"v2\", }");
        HarvestResult broken = scratch.Run("slices", "--json").Exits(3);
        Assert.Equal(["v1", "v10"], broken.Document().GetProperty("slices").EnumerateArray().Select(static slice => slice.GetProperty("slice_version").GetString()!));
        Assert.Single(broken.ErrorIds());
    }

    [Fact]
    public void Show_reads_a_manifest_of_the_least_fields_and_keeps_unknown_ones()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("slices/v3/slice.json", $$"""
            {
              "slice_version": "v3",
              "trained_at": "2026-05-11T14:32:00Z",
              "exports": [{ "project": "a", "sha256": "{{new string('a', 64)}}", "path": "label_studio/a.json" }],
              "harvest_version": "harvest@v1.4.2",
              "filter_overrides": { "min_pixel_agreement": 5, "boundary_weight": 0.5 },
              "model_outputs": { "hand_keypoint": "models/hand_kp/v3.pt" },
              "ours": 1
            }
            """);
        string text = scratch.Run("show", "v3").Exits(0).Out;
        Assert.Contains("trained     2026-05-11 14:32 UTC", text, StringComparison.Ordinal);
        Assert.Contains("overrides   min_pixel_agreement = 5, boundary_weight = 0.5", text, StringComparison.Ordinal);
        Assert.Contains("model       hand_keypoint  models/hand_kp/v3.pt", text, StringComparison.Ordinal);
        Assert.Contains("No tables are recorded.", text, StringComparison.Ordinal);
        JsonElement slice = scratch.Run("show", "v3", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal(1, slice.GetProperty("ours").GetInt32());
    }

    [Fact]
    public void Build_tells_a_hit_a_shared_part_and_a_regeneration()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.Equal(["hit"], Statuses(scratch.Run("build", "v1", "--json")));

        // Another slice over one of the same exports finds its part in the cache.
        Assert.Equal(["shared"], scratch.Run("new", "v2", "--export", "b", "--json").Exits(0).Document()
            .GetProperty("built").GetProperty("tables").EnumerateArray().Select(static table => table.GetProperty("status").GetString()!).Distinct());

        SortedDictionary<string, string> before = scratch.CachedTables();
        Directory.Delete(scratch[".harvest/cache"], recursive: true);
        HarvestResult again = scratch.Run("build", "v1", "v2", "--json");
        Assert.Equal(["regenerated", "shared"], Statuses(again).Order(StringComparer.Ordinal));
        Assert.Equal(before, scratch.CachedTables());
        Assert.Contains("v1  12 files: 12 hit", scratch.Run("build", "v1").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_goes_on_after_a_slice_that_is_not_there()
    {
        using var scratch = new ScratchFolder().WithSlice();
        HarvestResult result = scratch.Run("build", "v0", "v1", "--json").Exits(3);
        Assert.Equal(["SliceNotFound"], result.ErrorIds());
        Assert.Equal("v1", Assert.Single(result.Document().GetProperty("slices").EnumerateArray()).GetProperty("version").GetString());
    }

    [Fact]
    public void One_thread_or_many_give_the_same_bytes()
    {
        using var one = new ScratchFolder().WithExports();
        using var many = new ScratchFolder().WithExports();
        one.Run("new", "v1", "--threads", "1", "-q").Exits(0);
        many.Run("new", "v1", "--threads", "7", "-q").Exits(0);
        Assert.NotEmpty(one.CachedTables());
        Assert.Equal(one.CachedTables(), many.CachedTables());
    }

    private static IEnumerable<string> Statuses(HarvestResult result) => result.Exits(0).Document().GetProperty("slices")
        .EnumerateArray()
        .SelectMany(static slice => slice.GetProperty("tables").EnumerateArray())
        .Select(static table => table.GetProperty("status").GetString()!)
        .Distinct();
}
