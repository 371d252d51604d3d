using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A fresh clone: git has harvest.json and slices, the archive is on another machine.</summary>
public sealed class WithoutStoreTests
{
    [Fact]
    public void Decide_reads_the_exports_at_their_recorded_paths()
    {
        using ScratchFolder scratch = Trained();
        JsonElement before = State(scratch.Run("decide", "--json").Exits(0));
        scratch.Remove(".harvest");

        JsonElement state = State(scratch.Run("decide", "--json").Exits(0));

        Assert.Equal(5, state.GetProperty("corpus").GetInt32());
        Assert.Equal(0, state.GetProperty("corrected_episodes").GetInt32());
        Assert.Equal(before.GetProperty("candidate_exports").ToString(), state.GetProperty("candidate_exports").ToString());
    }

    [Fact]
    public void Decide_knows_a_renamed_project_without_the_archive()
    {
        using ScratchFolder scratch = Trained();
        scratch.Run("project", "rename", "a", "actions", "-q").Exits(0);
        scratch.Remove(".harvest");

        JsonElement state = State(scratch.Run("decide", "--json").Exits(0));

        Assert.Equal((5, 0), (state.GetProperty("corpus").GetInt32(), state.GetProperty("corrected_episodes").GetInt32()));
    }

    [Fact]
    public void Decide_takes_the_newest_slice_for_the_candidate_and_says_what_cannot_be_read()
    {
        using ScratchFolder scratch = Trained();
        scratch.Write("exports/actions2.json", SmallExport.Actions(tasks: 14));
        scratch.Run("add", "exports/actions2.json", "--project", "a", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Remove(".harvest");

        JsonElement state = State(scratch.Run("decide", "--json").Exits(0));
        Assert.Equal((5, 10), (state.GetProperty("corpus").GetInt32(), state.GetProperty("corrected_episodes").GetInt32()));

        scratch.Remove(".harvest");
        File.Delete(scratch["exports/actions.json"]);
        JsonElement error = scratch.Run("decide", "--json").Exits(3).Document().GetProperty("errors")[0];
        Assert.Equal("StateNotReadable", error.GetProperty("id").GetString());
        Assert.Contains("of project a (exports/actions.json)", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("exports/hands.json", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_takes_a_file_at_a_recorded_path_that_no_slice_names_for_a_later_export()
    {
        using ScratchFolder scratch = Trained();
        scratch.Write("exports/actions2.json", SmallExport.Actions(tasks: 9));
        scratch.Run("add", "exports/actions2.json", "--project", "a", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Remove(".harvest");
        scratch.Write("exports/actions2.json", SmallExport.Actions(tasks: 14));

        JsonElement state = State(scratch.Run("decide", "--json").Exits(0));

        Assert.Equal((5, 10), (state.GetProperty("corpus").GetInt32(), state.GetProperty("corrected_episodes").GetInt32()));
        Assert.Contains("is taken for a later one of project a", state.GetProperty("candidate_warnings").ToString(), StringComparison.Ordinal);

        // Of another project, whose id is known from the slices.
        scratch.Write("exports/actions2.json", SmallExport.Hands(tasks: 3));
        File.Delete(scratch["exports/hands.json"]);
        JsonElement other = scratch.Run("decide", "--json").Exits(3).Document().GetProperty("errors")[0];
        Assert.Contains("of project a (exports/actions2.json)", other.GetProperty("message").GetString(), StringComparison.Ordinal);
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6));

        // Back to what the trained slice has, which is no later one: v2's export itself is nowhere.
        scratch.Write("exports/actions2.json", SmallExport.Actions(tasks: 4));
        JsonElement error = scratch.Run("decide", "--json").Exits(3).Document().GetProperty("errors")[0];
        Assert.Contains("of project a (exports/actions2.json)", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_says_no_corpus_only_where_no_slice_was_trained()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Remove(".harvest");
        Assert.Contains("no corpus yet", scratch.Run("decide").Exits(0).Out, StringComparison.Ordinal);

        // What was derived before is in the cache, and read from there.
        scratch.Remove("exports");
        scratch.Run("decide").Exits(0);
        scratch.Remove(".harvest");
        Assert.Equal(["StateNotReadable"], scratch.Run("decide", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void A_slice_of_an_export_that_yields_to_another_is_verified_at_the_recorded_paths()
    {
        using ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Write("exports/hands2.json", SmallExport.Hands(tasks: 8, moved: 1));
        scratch.Run("add", "exports/hands2.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v1", "-e", "exports/hands.json", "-e", "exports/hands2.json", "--prefer", "newest", "-q").Exits(0);
        Assert.Contains("superseded_by", File.ReadAllText(scratch["slices/v1/slice.json"]), StringComparison.Ordinal);
        scratch.Remove(".harvest");
        scratch.Run("check").Exits(0);
    }

    [Fact]
    public void A_labeling_configuration_that_only_the_archive_had_makes_its_slice_unverifiable()
    {
        using ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Write("config.xml", "<View><Image name=\"image\" value=\"$image\"/><KeyPointLabels name=\"kp\" toName=\"image\"><Label value=\"wrist\"/></KeyPointLabels></View>");
        scratch.Run("add", "exports/hands.json", "--project", "b", "--label-config", "config.xml", "-q").Exits(0);
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Remove(".harvest");

        JsonElement report = scratch.Run("check", "--json", "--allow-unverified").Exits(0).Document().GetProperty("slices")[0];

        Assert.Equal("Unverifiable", report.GetProperty("status").GetString());
        JsonElement finding = Assert.Single(report.GetProperty("findings").EnumerateArray());
        Assert.Equal("StoreAbsent", finding.GetProperty("kind").GetString());
        Assert.Contains("with its labeling configuration", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_reads_what_this_machine_has_archived_since()
    {
        using ScratchFolder scratch = Trained();
        scratch.Remove(".harvest");
        string trained = File.ReadAllText(scratch["exports/actions.json"]);
        scratch.Write("exports/actions.json", SmallExport.Actions(tasks: 14));
        Assert.Equal(["StateNotReadable"], scratch.Run("decide", "--json").Exits(3).ErrorIds());

        // The trained slice's export may be anywhere; the archive of this machine has it once it is added.
        scratch.Write("old.json", trained);
        scratch.Run("add", "old.json", "--project", "a", "-q").Exits(0);
        scratch.Run("add", "exports/actions.json", "--project", "a", "-q").Exits(0);
        JsonElement state = State(scratch.Run("decide", "--json").Exits(0));
        Assert.Equal((5, 10), (state.GetProperty("corpus").GetInt32(), state.GetProperty("corrected_episodes").GetInt32()));
    }

    [Fact]
    public void Decide_never_says_no_corpus_where_slices_cannot_be_read()
    {
        using ScratchFolder scratch = Trained();
        scratch.Remove(".harvest");
        scratch.Remove("exports");

        HarvestResult text = scratch.Run("decide").Exits(3);

        Assert.DoesNotContain("no corpus", text.Out + text.Error, StringComparison.Ordinal);
        Assert.Contains("neither the archive (.harvest/archive) nor a recorded path has", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_gives_what_slice_json_has_and_says_what_is_not_known()
    {
        using ScratchFolder scratch = Trained();
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "-q").Exits(0);
        JsonElement before = Sources(scratch.Run("source", "v1", "--json").Exits(0))[0];
        scratch.Remove(".harvest");
        scratch.Remove("exports");

        JsonElement[] sources = Sources(scratch.Run("source", "v1", "--json").Exits(0));
        HarvestResult text = scratch.Run("source", "--model", "hand_keypoint").Exits(0);

        Assert.Equal(2, sources.Length);
        foreach (string member in (string[])["version", "project", "sha256", "path", "rows"])
        {
            Assert.Equal(before.GetProperty(member).ToString(), sources[0].GetProperty(member).ToString());
        }

        foreach (string member in (string[])["episodes", "corrected_episodes", "corrected_rows", "task_subdirs"])
        {
            Assert.Equal(JsonValueKind.Null, sources[0].GetProperty(member).ValueKind);
        }

        Assert.Equal("hand_keypoint", sources[0].GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Contains("is not known here", text.Out, StringComparison.Ordinal);
        const string Remedy = "Copy .harvest/archive from a machine that has it, or put the exports at their recorded paths.";
        Assert.All(sources, static source => Assert.Equal(Remedy, source.GetProperty("remedy").GetString()));
        Assert.Equal(2, text.Out.Split(Remedy).Length);
        Assert.Equal(2, scratch.Run("source", "v1", "--corrections").Exits(0).Out.Split(Remedy).Length);
        Assert.Equal(JsonValueKind.Null, before.GetProperty("remedy").ValueKind);
        Assert.Equal(["SourceNotTraceable"], scratch.Run("source", "--episode", "ep1", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Diff_gives_exports_rules_and_recorded_rows_and_only_the_rows_themselves_fail()
    {
        using ScratchFolder scratch = Trained();
        scratch.Write("exports/actions2.json", SmallExport.Actions(tasks: 14));
        scratch.Run("add", "exports/actions2.json", "--project", "a", "-q").Exits(0);
        scratch.Run("new", "v2", "--set", "boundary_weight=0.25", "-q").Exits(0);
        scratch.Remove(".harvest");
        scratch.Remove("exports");

        JsonElement comparison = scratch.Run("diff", "v1", "v2", "--json").Exits(0).Document().GetProperty("comparison");
        HarvestResult text = scratch.Run("diff", "v1", "v2").Exits(0);

        Assert.Equal(JsonValueKind.Null, comparison.GetProperty("row_changes").ValueKind);
        Assert.Single(comparison.GetProperty("exports").EnumerateArray());
        Assert.Equal("boundary_weight", comparison.GetProperty("rules")[0].GetProperty("name").GetString());
        JsonElement actions = comparison.GetProperty("tables").EnumerateArray().Single(static table => table.GetProperty("table").GetString() == "actions");
        Assert.Equal((40, 140), (actions.GetProperty("reference").GetInt64(), actions.GetProperty("difference").GetInt64()));
        Assert.Contains("table actions  40 rows to 140 rows", text.Out, StringComparison.Ordinal);
        Assert.Contains("Which rows differ is not known here", text.Out, StringComparison.Ordinal);
        Assert.Contains("from a machine that has it, or put the exports at their recorded paths.", text.Out, StringComparison.Ordinal);
        Assert.Contains("put the exports at their recorded paths", comparison.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal(["ExportNotAvailable"], scratch.Run("diff", "v1", "v2", "--rows", "--json").Exits(3).ErrorIds());
    }

    [Theory]
    [InlineData("show v1")]
    [InlineData("log")]
    [InlineData("slices")]
    [InlineData("report page.html")]
    [InlineData("bisect --metric pck")]
    public void What_slice_json_holds_is_shown(string command)
    {
        using ScratchFolder scratch = Trained();
        scratch.Write("exports/actions2.json", SmallExport.Actions(tasks: 14));
        scratch.Run("add", "exports/actions2.json", "--project", "a", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("register", "v1", "m", "s3://bucket/v1.pt", "--metric", "pck=0.9", "-q").Exits(0);
        scratch.Run("register", "v2", "m", "s3://bucket/v2.pt", "--metric", "pck=0.8", "-q").Exits(0);
        string before = scratch.Run(command.Split(' ')).Exits(0).Out;
        scratch.Remove(".harvest");
        scratch.Remove("exports");

        string after = scratch.Run(command.Split(' ')).Exits(0).Out;

        // Only which tasks and rows of an export changed needs the export, and in the page the rows by label and annotator.
        if (!command.StartsWith("bisect", StringComparison.Ordinal))
        {
            Assert.Equal(WithoutSize(before), WithoutSize(after));
        }

        Assert.NotEmpty(after);
    }

    private static string WithoutSize(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"[0-9.]+ KB", "KB");

    [Fact]
    public void Fsck_says_once_that_there_is_no_archive_and_its_repair_takes_what_is_at_recorded_paths()
    {
        using ScratchFolder scratch = Trained();
        scratch.Remove(".harvest");

        HarvestResult plain = scratch.Run("fsck").Exits(1);
        Assert.Contains("2 exports are named by slice v1", plain.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("0 objects", plain.Out, StringComparison.Ordinal);
        Assert.Equal("StoreAbsent", Assert.Single(scratch.Run("fsck", "--json").Exits(1).Document().GetProperty("findings").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Contains("slice v1 names 2 exports", scratch.Run("exports").Exits(0).Error, StringComparison.Ordinal);
        Assert.Equal(
            [("a", 0), ("b", 0)],
            scratch.Run("project", "--json").Exits(0).Document().GetProperty("projects").EnumerateArray()
                .Select(static project => (project.GetProperty("project").GetString()!, project.GetProperty("exports").GetInt32())));

        // The definition comes from beside the slice, also where harvest.json has another one since.
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));
        HarvestResult repaired = scratch.Run("fsck", "--repair").Exits(0);
        Assert.Contains("3 objects", repaired.Out, StringComparison.Ordinal);
        Assert.Contains("2 exports are archived and recorded again", repaired.Out, StringComparison.Ordinal);
        HarvestResult exports = scratch.Run("exports").Exits(0);
        Assert.Contains("hands.json", exports.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("No export has a record here", exports.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_repair_of_a_clone_records_exports_as_they_were()
    {
        using ScratchFolder scratch = Trained();
        JsonElement[] before = Archived(scratch);
        string made = scratch.Run("log", "--json").Exits(0).Document().GetProperty("slices")[0].GetProperty("created_at").GetString()!;
        scratch.Remove(".harvest");
        scratch.Run("fsck", "--repair").Exits(0);

        JsonElement[] after = Archived(scratch);
        Assert.Equal(2, after.Length);
        Assert.All(before.Zip(after), pair =>
        {
            foreach (string field in (string[])["project", "sha256", "label_sha256", "path", "bytes", "tasks", "annotations", "labels_through"])
            {
                Assert.Equal(pair.First.GetProperty(field).ToString(), pair.Second.GetProperty(field).ToString());
            }

            Assert.Equal(made, pair.Second.GetProperty("added_at").GetString());
        });
        scratch.Run("fsck").Exits(0);
        scratch.Run("check").Exits(0);
        File.Delete(scratch["exports/hands.json"]);
        scratch.Run("restore", "b", "-q").Exits(0);
        Assert.True(File.Exists(scratch["exports/hands.json"]));
        scratch.Write("exports/actions.json", SmallExport.Actions(tasks: 14));
        scratch.Run("add", "exports/actions.json", "--project", "a", "-q").Exits(0);
        scratch.Run("new", "--next", "-q").Exits(0);
        Assert.Equal(2, scratch.Run("source", "v2", "--json").Exits(0).Document().GetProperty("sources").GetArrayLength());
    }

    [Fact]
    public void The_repair_of_a_clone_keeps_the_export_that_was_said_to_be_the_newest()
    {
        using ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Write("exports/full.json", Dated(day: 9));
        scratch.Write("exports/deleted.json", Dated(day: 8));
        scratch.Run("add", "exports/full.json", "--project", "c", "-q").Exits(0);
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Run("add", "exports/deleted.json", "--project", "c", "--newest", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Remove(".harvest");

        HarvestResult repaired = scratch.Run("fsck", "--repair").Exits(0);
        scratch.Run("new", "v3", "-q").Exits(0);

        Assert.Contains("of project c counts as newer than", repaired.Out, StringComparison.Ordinal);
        Assert.Equal(
            "exports/deleted.json",
            Sources(scratch.Run("source", "v3", "--json").Exits(0)).Single(static source => source.GetProperty("project").GetString() == "c").GetProperty("path").GetString());
    }

    [Fact]
    public void Without_the_archive_new_restore_and_diff_say_what_slices_know()
    {
        using ScratchFolder scratch = Trained();
        scratch.Run("new", "v2", "--parent", "v1", "-q").Exits(0);
        scratch.Remove(".harvest");
        scratch.Remove("exports");

        HarvestResult made = scratch.Run("new", "--next").Exits(3);
        Assert.Contains("Slice v2 names 2 exports, and the archive", made.Error, StringComparison.Ordinal);
        Assert.Contains("harvest fsck --repair", made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no exports yet", made.Error, StringComparison.Ordinal);

        HarvestResult restored = scratch.Run("restore", "b").Exits(3);
        Assert.Contains("Slice v2 names export", restored.Error, StringComparison.Ordinal);
        Assert.Contains("of project b (exports/hands.json)", restored.Error, StringComparison.Ordinal);
        Assert.Equal(["RestoreUnknown"], scratch.Run("restore", "zz", "--json").Exits(3).ErrorIds());

        foreach (string other in (string[])["v1", "v2"])
        {
            Assert.DoesNotContain("not known here", scratch.Run("diff", "v1", other).Exits(0).Out, StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Object, scratch.Run("diff", "v1", other, "--json").Exits(0).Document().GetProperty("comparison").GetProperty("row_changes").ValueKind);
        }
    }

    [Fact]
    public void A_later_repair_records_an_export_whose_file_came_back()
    {
        using ScratchFolder scratch = Trained();
        scratch.Remove(".harvest");
        byte[] hands = File.ReadAllBytes(scratch["exports/hands.json"]);
        File.Delete(scratch["exports/hands.json"]);
        HarvestResult first = scratch.Run("fsck", "--repair").Exits(1);
        Assert.DoesNotContain("fsck --repair", first.Out, StringComparison.Ordinal);
        Assert.Equal("a", Assert.Single(Archived(scratch)).GetProperty("project").GetString());

        File.WriteAllBytes(scratch["exports/hands.json"], hands);
        HarvestResult second = scratch.Run("fsck", "--repair").Exits(0);
        Assert.Contains("It was recorded again", second.Out, StringComparison.Ordinal);
        Assert.Contains("3 objects", second.Out, StringComparison.Ordinal);
        Assert.Equal(2, Archived(scratch).Length);
    }

    [Fact]
    public void An_export_from_outside_has_no_path_to_be_put_at_and_all_that_is_missing_is_named()
    {
        using var outside = new ScratchFolder();
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        outside.Write("hands.json", SmallExport.Hands(tasks: 6));
        scratch.Write("exports/actions.json", SmallExport.Actions(tasks: 4));
        scratch.Run("add", outside["hands.json"], "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v1", "--trained-at", "2026-05-11T14:32:00Z", "-q").Exits(0);
        scratch.Remove(".harvest");

        HarvestResult alone = scratch.Run("decide").Exits(3);
        Assert.Contains("hands.json, from outside the repository", alone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("at their paths", alone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("recorded paths.", scratch.Run("check").Exits(1).Out, StringComparison.Ordinal);

        scratch.Run("add", outside["hands.json"], "exports/actions.json", "-q").Exits(0);
        scratch.Run("new", "v2", "--parent", "v1", "-q").Exits(0);
        scratch.Remove(".harvest");
        scratch.Remove("exports");
        string message = scratch.Run("check", "v2", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings")[0].GetProperty("message").GetString()!;
        Assert.Contains("(exports/actions.json)", message, StringComparison.Ordinal);
        Assert.Contains("(hands.json, from outside the repository)", message, StringComparison.Ordinal);
    }

    private static ScratchFolder Trained()
    {
        ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Run("new", "v1", "--trained-at", "2026-05-11T14:32:00Z", "-q").Exits(0);
        return scratch;
    }

    private static string Dated(int day) => $$$"""
        [{"id":1,"data":{"image":"pour/ep1/f1.jpg"},"project":40,"annotations":[{"id":{{{day}}},"completed_by":1,"updated_at":"2026-05-0{{{day}}}T12:00:00Z",
        "result":[{"id":"r","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,
        "value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]}]
        """;

    private static JsonElement[] Archived(ScratchFolder scratch) =>
        [.. scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray().OrderBy(static export => export.GetProperty("project").GetString(), StringComparer.Ordinal)];

    private static JsonElement State(HarvestResult decide) => decide.Document().GetProperty("state");

    private static JsonElement[] Sources(HarvestResult source) => [.. source.Document().GetProperty("sources").EnumerateArray()];
}
