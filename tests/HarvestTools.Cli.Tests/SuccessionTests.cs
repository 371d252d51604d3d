using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>check where exports are written over the same file name every night, and where the archive is not on this machine.</summary>
public sealed class SuccessionTests
{
    private const string File = "exports/hands.json";

    [Theory]
    [InlineData]
    [InlineData("--quick")]
    public void A_later_archived_export_at_the_path_is_a_note_said_once(params string[] options)
    {
        using ScratchFolder scratch = Nights(2);

        HarvestResult text = scratch.Run(["check", .. options]).Exits(0);
        JsonElement slices = scratch.Run(["check", "--json", .. options]).Exits(0).Document().GetProperty("slices");

        Assert.Equal(2, text.Out.Split("ExportSucceeded").Length);
        Assert.Contains("ExportSucceeded (note): The file at exports/hands.json is a later export of project b", text.Out, StringComparison.Ordinal);
        Assert.Contains("v1 and v2 were made of earlier ones", text.Out, StringComparison.Ordinal);
        Assert.Contains("v2  clean: ", text.Out, StringComparison.Ordinal);
        JsonElement[] findings = [.. slices.EnumerateArray().SelectMany(static slice => slice.GetProperty("findings").EnumerateArray())];
        Assert.Equal(2, findings.Length);
        Assert.All(findings, static finding =>
        {
            Assert.Equal("ExportSucceeded", finding.GetProperty("kind").GetString());
            Assert.Equal("Note", finding.GetProperty("severity").GetString());
            Assert.Equal("Data", finding.GetProperty("cause").GetString());
            Assert.Equal(["v1", "v2"], finding.GetProperty("slices").EnumerateArray().Select(static version => version.GetString()!));
        });
        Assert.Equal(JsonValueKind.Null, findings[0].GetProperty("reported_under").ValueKind);
        Assert.Equal("v1", findings[1].GetProperty("reported_under").GetString());
    }

    /// <summary>Two machines that both archive: what one of them has not seen yet is not taken back by its next slice.</summary>
    [Fact]
    public void A_machine_that_lacks_the_newest_slices_export_makes_no_slice_of_an_older_one()
    {
        using var one = new ScratchFolder();
        one.Run("init", "-q").Exits(0);
        one.Write("w1.json", CorrectedExport.Make([3]).ToJsonString());
        one.Write("w2.json", CorrectedExport.Make([3, 3]).ToJsonString());
        one.Run("add", "w1.json", "--project", "p", "-q").Exits(0);
        one.Run("new", "v1", "--trained-at", "2026-01-12", "-q").Exits(0);
        using var other = new ScratchFolder();
        other.Write("w1.json", System.IO.File.ReadAllText(one["w1.json"]));
        Copy(one, other, "harvest.json", "slices/v1/slice.json", "slices/v1/definition.json");
        other.Run("add", "w1.json", "--project", "p", "-q").Exits(0);

        one.Run("add", "w2.json", "--project", "p", "-q").Exits(0);
        one.Run("new", "v2", "-q").Exits(0);
        Copy(one, other, "slices/v2/slice.json", "slices/v2/definition.json");

        HarvestResult refused = other.Run("new", "--next").Exits(3);
        Assert.Contains("Slice v2 names export", refused.Error, StringComparison.Ordinal);
        Assert.Contains("harvest add w2.json --project p", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["NewerExportNotHere"], other.Run("new", "--next", "--if-changed", "--json").Exits(3).ErrorIds());
        Assert.Equal(["StateNotReadable"], other.Run("decide", "--json").Exits(3).ErrorIds());

        Copy(one, other, "w2.json");
        Assert.Equal(20, other.Run("decide", "--json").Exits(0).Document().GetProperty("state").GetProperty("corrected_episodes").GetInt32());
        other.RunCommand("harvest add w2.json --project p").Exits(0);
        Assert.False(other.Run("new", "--next", "--if-changed", "--json").Exits(0).Document().GetProperty("made").GetBoolean());
    }

    /// <summary>Both machines cut a version of v1: the later labels are those of the slice that was made first.</summary>
    [Fact]
    public void A_later_export_counts_whichever_of_two_slices_names_it()
    {
        using var one = new ScratchFolder();
        one.Run("init", "-q").Exits(0);
        one.Write("w.json", CorrectedExport.Make([3]).ToJsonString());
        one.Run("add", "w.json", "--project", "p", "-q").Exits(0);
        one.Run("new", "v1", "--trained-at", "2026-01-12", "-q").Exits(0);
        using var other = new ScratchFolder();
        Copy(one, other, "harvest.json", "slices/v1/slice.json", "slices/v1/definition.json", "w.json");
        other.Run("add", "w.json", "--project", "p", "-q").Exits(0);

        // Each exports to one name, so that the file there is each machine's own.
        one.Write("w.json", CorrectedExport.Make([3, 3]).ToJsonString());
        one.Run("add", "w.json", "--project", "p", "-q").Exits(0);
        one.Run("new", "v2", "-q").Exits(0);
        other.Run("new", "v3", "--set", "min_pixel_agreement=9", "-q").Exits(0);
        Copy(one, other, "slices/v2/slice.json", "slices/v2/definition.json");

        HarvestResult refused = other.Run("new", "--next").Exits(3);
        Assert.Contains("Slice v2 names export", refused.Error, StringComparison.Ordinal);
        Assert.Contains("which is not the file at w.json here, with 'harvest add", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("harvest add w.json", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["StateNotReadable"], other.Run("decide", "--json").Exits(3).ErrorIds());

        // Where v2 has been followed, what its line did since counts.
        other.Write("later.json", CorrectedExport.Make([3, 3, 3]).ToJsonString());
        other.Run("add", "later.json", "--project", "p", "-q").Exits(0);
        other.Run("new", "--next", "-q").Exits(0);
    }

    private static void Copy(ScratchFolder from, ScratchFolder to, params string[] files)
    {
        foreach (string file in files)
        {
            to.Write(file, System.IO.File.ReadAllText(from[file]));
        }
    }

    [Fact]
    public void What_the_remedy_of_a_rewritten_export_says_makes_the_next_check_clean()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write(File, SmallExport.Hands(tasks: 6, label: "palm"));
        JsonElement finding = Finding(scratch.Run("check", "--json").Exits(1));
        Assert.Equal("ExportRewritten", finding.GetProperty("kind").GetString());

        scratch.RunCommand(finding.GetProperty("command").GetString()!).Exits(0);

        Assert.Equal("ExportSucceeded", Finding(scratch.Run("check", "--json").Exits(0)).GetProperty("kind").GetString());
    }

    [Fact]
    public void An_earlier_archived_export_at_the_path_is_drift_until_the_right_one_is_back()
    {
        using ScratchFolder scratch = Nights(1);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Write(File, SmallExport.Hands(tasks: 6));

        JsonElement finding = Finding(scratch.Run("check", "v2", "--json").Exits(1));
        scratch.Run("check", "v1").Exits(0);

        Assert.Equal("ExportRewritten", finding.GetProperty("kind").GetString());
        Assert.Contains("It is an earlier export of project b", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        PutBack(scratch, finding);
        Assert.Equal("Clean", Status(scratch.Run("check", "v2", "--json").Exits(0)));
    }

    [Fact]
    public void An_export_of_another_project_at_the_path_is_drift_until_the_right_one_is_back()
    {
        using var scratch = new ScratchFolder().WithSlice();
        System.IO.File.Copy(scratch["exports/actions.json"], scratch[File], overwrite: true);

        JsonElement finding = Finding(scratch.Run("check", "--json").Exits(1));

        Assert.Equal("ExportRewritten", finding.GetProperty("kind").GetString());
        Assert.Contains("It is an export of project a", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        PutBack(scratch, finding);
        scratch.Run("check").Exits(0);
    }

    [Fact]
    public void Two_projects_that_slices_recorded_at_one_path_are_a_warning_whichever_is_there()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string hands = System.IO.File.ReadAllText(scratch[File]);
        string actions = SmallExport.Actions(tasks: 9);
        scratch.Write(File, actions);
        scratch.Run("add", File, "--project", "a", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);

        foreach (string there in new[] { actions, hands })
        {
            scratch.Write(File, there);
            HarvestResult checks = scratch.Run("check", "--json").Exits(0);
            JsonElement[] found = [.. checks.Document().GetProperty("slices").EnumerateArray()
                .SelectMany(static slice => slice.GetProperty("findings").EnumerateArray())
                .Where(static finding => finding.GetProperty("kind").GetString() == "ExportRewritten")];
            Assert.NotEmpty(found);
            Assert.All(found, static finding => Assert.Equal("Warning", finding.GetProperty("severity").GetString()));
            Assert.All(found, static finding => Assert.StartsWith("Nothing need be done", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_rename_is_known_in_a_clone_without_a_store()
    {
        using ScratchFolder scratch = Nights(1);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("project", "rename", "b", "renamed", "-q").Exits(0);
        scratch.Run("check", "-q").Exits(0);
        scratch.Remove(".harvest");

        JsonElement slices = scratch.Run("check", "--json").Exits(0).Document().GetProperty("slices");

        Assert.Contains("ExportSucceeded", slices[0].GetProperty("findings").EnumerateArray().Select(static finding => finding.GetProperty("kind").GetString()!));
        Assert.DoesNotContain("--project b", slices.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_store_the_slice_whose_exports_are_at_their_paths_is_verified_and_the_one_before_is_not()
    {
        using ScratchFolder scratch = Nights(1);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Remove(".harvest");

        HarvestResult text = scratch.Run("check").Exits(0);
        JsonElement slices = scratch.Run("check", "--json").Exits(0).Document().GetProperty("slices");

        Assert.Equal(["Unverifiable", "Clean"], slices.EnumerateArray().Select(static slice => slice.GetProperty("status").GetString()!));
        Assert.Equal(
            ["StoreAbsent", "ExportSucceeded"],
            slices[0].GetProperty("findings").EnumerateArray().Select(static finding => finding.GetProperty("kind").GetString()!));
        Assert.Contains("a later export belongs there", text.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("read from the archive", text.Out, StringComparison.Ordinal);
        Assert.Contains("2 slices: 1 clean, 0 drifted, 1 unverifiable.", text.Out, StringComparison.Ordinal);
        scratch.Run("check", "v1").Exits(1);
    }

    [Fact]
    public void Without_a_store_and_without_exports_nothing_can_be_verified_and_that_is_said_once()
    {
        using ScratchFolder scratch = Nights(1);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Remove(".harvest");
        scratch.Remove("exports");

        HarvestResult text = scratch.Run("check").Exits(1);

        Assert.Equal(2, text.Out.Split("StoreAbsent").Length);
        Assert.Contains("This machine has no archive (.harvest/archive)", text.Out, StringComparison.Ordinal);
        Assert.Contains("v2  cannot be verified: no archive, as reported under v1", text.Out, StringComparison.Ordinal);
        Assert.Contains("No slice could be verified", text.Out, StringComparison.Ordinal);
        scratch.Run("check", "--allow-unverified", "--quick").Exits(0);
        JsonElement finding = Finding(scratch.Run("check", "v2", "--json").Exits(1));
        Assert.Equal("StoreAbsent", finding.GetProperty("kind").GetString());
        Assert.Equal("Store", finding.GetProperty("cause").GetString());
    }

    [Fact]
    public void Without_a_store_a_changed_file_that_no_slice_names_is_drift_and_the_same_labels_are_not()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Remove(".harvest");
        scratch.Write(File, SmallExport.Hands(tasks: 6).Replace("\\/", "/", StringComparison.Ordinal));
        Assert.Contains("No label differs", scratch.Run("check", "--allow-unverified").Exits(0).Out, StringComparison.Ordinal);

        scratch.Write(File, SmallExport.Hands(tasks: 6, label: "palm"));
        Assert.Contains("DRIFTED", scratch.Run("check").Exits(1).Out, StringComparison.Ordinal);
        scratch.Write(File, SmallExport.Hands(tasks: 6));
        scratch.Run("check").Exits(0);
    }

    [Fact]
    public void An_archive_that_lacks_one_export_is_there_and_the_export_is_missing()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string sha256 = ScratchFolder.Sha256(scratch[File]);
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        System.IO.File.Delete(stored);
        System.IO.File.Delete(scratch[File]);

        Assert.Equal("ExportMissing", Finding(scratch.Run("check", "--json").Exits(1)).GetProperty("kind").GetString());
    }

    /// <summary>Slice v1 and nights after it: each exports over the same path and archives that, and each but the last makes a slice of it.</summary>
    private static ScratchFolder Nights(int nights)
    {
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        for (int night = 1; night <= nights; night++)
        {
            scratch.Write(File, SmallExport.Hands(tasks: 6, moved: night));
            scratch.Run("add", File, "--project", "b", "-q").Exits(0);
            if (night < nights)
            {
                scratch.Run("new", $"v{night + 1}", "-q").Exits(0);
            }
        }

        return scratch;
    }

    /// <summary>Runs the command that the remedy is.</summary>
    private static void PutBack(ScratchFolder scratch, JsonElement finding)
    {
        string command = finding.GetProperty("command").GetString()!;
        Assert.StartsWith("harvest restore ", command, StringComparison.Ordinal);
        scratch.RunCommand(command).Exits(0);
    }

    private static string Status(HarvestResult check) => check.Document().GetProperty("slices")[0].GetProperty("status").GetString()!;

    private static JsonElement Finding(HarvestResult check) =>
        Assert.Single(check.Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray());
}
