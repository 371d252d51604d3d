using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The script for schedulers, run as a scheduler runs it: night after night, and two at once.</summary>
public sealed partial class ScheduledScriptTests
{
    private static readonly string s_script =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "scheduled", "update-training-slice.sh"));

    [Fact]
    public void The_first_run_cuts_a_slice_and_the_second_none_until_a_label_changes()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/2026-05-11.json", SmallExport.Hands(tasks: 6));
        Assert.Contains("Cut v1: labels changed in b.", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("archived already", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["v1"], Versions(scratch));

        // Exported again with nothing but a space more: other bytes, the same labels.
        scratch.Write("night/b/2026-05-12.json", SmallExport.Hands(tasks: 6) + " ");
        HarvestResult same = Run(scratch).Exits(0);
        Assert.Contains("The newest slice has the labels of the newest exports: nothing was cut.", same.Out, StringComparison.Ordinal);
        Assert.Equal(["v1"], Versions(scratch));

        scratch.Write("night/b/2026-05-13.json", SmallExport.Hands(tasks: 6, moved: 1));
        scratch.Write("night/plain.json", SmallExport.Actions(tasks: 4));
        Assert.Contains("Cut v2: labels changed in b, project-11.", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("nothing was cut", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["v1", "v2"], Versions(scratch));

        string summary = File.ReadAllText(scratch["summary.md"]);
        Assert.Equal(["## Exports", "## Slice", "## Check", "## Retraining"], summary.Split('\n').Where(static line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.Contains("- v2: Clean", summary, StringComparison.Ordinal);
        Assert.Contains("Nothing was started", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rename_cuts_nothing_an_older_export_is_named_and_no_summary_of_another_night_is_left()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/2026-05-11.json", Dated(SmallExport.Hands(tasks: 6), "2026-05-11"));
        Run(scratch).Exits(0);
        string project = Assert.Single(scratch.Run("project", "--json").Exits(0).Document().GetProperty("projects").EnumerateArray()).GetProperty("project").GetString()!;
        scratch.Run("project", "rename", project, "hands").Exits(0);
        Assert.Contains("nothing was cut", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["v1"], Versions(scratch));

        // The newest annotations were deleted, and the script is not told that this is meant.
        scratch.Write("night/2026-05-12.json", Dated(SmallExport.Hands(tasks: 3), "2026-05-02"));
        for (int night = 0; night < 2; night++)
        {
            Run(scratch).Exits(0);
            Assert.Contains("a newer export of the project is archived", File.ReadAllText(scratch["summary.md"]), StringComparison.Ordinal);
        }

        scratch.Remove("night");
        Run(scratch).Exits(3);
        string summary = File.ReadAllText(scratch["summary.md"]);
        Assert.Contains("There is no folder", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("## Check", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_slice_has_less_than_the_one_before_is_in_the_summary()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/1.json", SmallExport.Hands(tasks: 30));
        Run(scratch).Exits(0);
        scratch.Write("night/b/2.json", SmallExport.Hands(tasks: 29));
        Assert.Contains("- Project b has 1 of 30 labelled tasks and ", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("fewer than v1.", File.ReadAllText(scratch["summary.md"]), StringComparison.Ordinal);
    }

    private const string Unknown = "- Not archived in this run: 1 of the exports. The decision does not know their labels.";

    [Fact]
    public void A_broken_export_stops_the_slice_and_tells_in_the_exit_code()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/whole.json", SmallExport.Hands(tasks: 6));
        scratch.Write("night/b/broken.json", SmallExport.Hands(tasks: 6)[..200]);
        HarvestResult run = Run(scratch).Exits(3);
        Assert.Contains("No slice was cut", run.Out, StringComparison.Ordinal);
        string summary = File.ReadAllText(scratch["summary.md"]);
        Assert.Contains("**ExportTruncated**", summary, StringComparison.Ordinal);
        Assert.Contains(Unknown, summary[summary.IndexOf("## Retraining", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Empty(Versions(scratch));

        File.Delete(scratch["night/b/broken.json"]);
        Run(scratch).Exits(0);
        Assert.DoesNotContain("does not know", File.ReadAllText(scratch["summary.md"]), StringComparison.Ordinal);
        Assert.Equal(["v1"], Versions(scratch));
    }

    [Fact]
    public void Drift_tells_in_the_exit_code_and_in_the_summary()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/one.json", SmallExport.Hands(tasks: 6));
        Run(scratch).Exits(0);
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));
        Run(scratch).Exits(1);
        Assert.Contains("HarvestRedefined", File.ReadAllText(scratch["summary.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_slices_share_is_told_at_the_first_of_them()
    {
        using ScratchFolder scratch = Shared();
        Run(scratch).Exits(1);
        string[] findings = [.. File.ReadLines(scratch["summary.md"]).Where(static line => line.Contains("HarvestRedefined:", StringComparison.Ordinal))];
        Assert.Equal(2, findings.Length);
        Assert.Contains("Set harvest.version", findings[0], StringComparison.Ordinal);
        Assert.Equal("  - HarvestRedefined: harvest@v1.0.0, as reported under v1.", findings[1]);
    }

    /// <summary>Each slice used another export at the path, and of all of them the same is to be said.</summary>
    [Fact]
    public void An_export_that_a_later_one_followed_is_explained_once_for_all_slices_before()
    {
        using ScratchFolder scratch = Prepared();
        for (int night = 0; night < 3; night++)
        {
            scratch.Write("kept/hands.json", SmallExport.Hands(tasks: 6, moved: night));
            scratch.Run("add", "kept/hands.json", "--project", "b", "-q").Exits(0);
            scratch.Run("new", "-q").Exits(0);
        }

        Directory.CreateDirectory(scratch["night/b"]);
        Run(scratch).Exits(0);

        string[] findings = [.. File.ReadLines(scratch["summary.md"]).Where(static line => line.Contains("ExportSucceeded:", StringComparison.Ordinal))];
        Assert.Equal(2, findings.Length);
        Assert.EndsWith(", as reported under v1.", findings[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("github-actions.yml")]
    [InlineData("azure-pipelines.yml")]
    public void Builds_tell_it_once_too(string file)
    {
        using ScratchFolder scratch = Shared();
        string steps = File.ReadAllText(Path.Combine(Path.GetDirectoryName(s_script)!, "..", "ci", file));
        string filter = JqFilter().Match(steps).Groups[1].Value;
        scratch.Write("drift.json", scratch.Run("check", "--json").Exits(1).Out);
        string[] lines = scratch.RunWithProgram("jq", "-r", filter, scratch["drift.json"]).Exits(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(lines, static line => line.Contains("v1 HarvestRedefined: harvest.json now defines", StringComparison.Ordinal));
        Assert.Equal("v2 HarvestRedefined: harvest@v1.0.0, as reported under v1.", lines[^1].TrimStart('-', ' '));
    }

    /// <summary>Two slices of rules that harvest.json has redefined since.</summary>
    private static ScratchFolder Shared()
    {
        ScratchFolder scratch = Prepared();
        scratch.Write("night/b/one.json", SmallExport.Hands(tasks: 6));
        scratch.Run("add", "night/b/one.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));
        return scratch;
    }

    [Fact]
    public void Outside_of_a_repository_it_fails()
    {
        ProgramOnPath.Require("bash");
        ProgramOnPath.Require("jq");
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["night"]);
        Run(scratch).Exits(4);
        Assert.Contains("**NotARepository**", File.ReadAllText(scratch["summary.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_at_once_cut_one_slice()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/one.json", SmallExport.Hands(tasks: 6));
        scratch.Write("night/a/one.json", SmallExport.Actions(tasks: 4));
        Process[] both = [Start(scratch, "one.md"), Start(scratch, "two.md")];
        foreach (Process process in both)
        {
            using (process)
            {
                HarvestProgram.Finish(process, "update-training-slice.sh").Exits(0);
            }
        }

        Assert.Equal(["v1"], Versions(scratch));
    }

    [Fact]
    public void A_version_that_a_branch_has_is_passed_over_and_the_summary_says_where_it_is()
    {
        ProgramOnPath.Require("git");
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/one.json", SmallExport.Hands(tasks: 6));
        Run(scratch).Exits(0);
        scratch.CommitSecondSliceOnABranch();

        scratch.Write("night/b/one.json", SmallExport.Hands(tasks: 6, moved: 1));
        HarvestResult run = Run(scratch).Exits(0);
        Assert.Contains("Cut v3: labels changed in b.", run.Out, StringComparison.Ordinal);
        Assert.Contains("- v2 is taken on branch weekly.", File.ReadAllText(scratch["summary.md"]), StringComparison.Ordinal);
        Assert.Contains("nothing was cut", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["v1", "v3"], Versions(scratch));

        // Where no branch has it any more, none is named.
        scratch.Git("checkout", "--quiet", "weekly");
        scratch.Git("rm", "--quiet", "-r", "slices/v2");
        scratch.Git("commit", "--quiet", "--message", "v2 was a mistake");
        scratch.Git("checkout", "--quiet", "main");
        scratch.Remove("slices/v3");
        Assert.Contains("v2 is taken in git's history", scratch.Run("new", "--next").Exits(0).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_inbox_is_fine_the_second_time_too(bool sameName)
    {
        using ScratchFolder scratch = Prepared();
        for (int night = 1; night <= 3; night++)
        {
            scratch.Write(sameName ? "night/b/latest.json" : $"night/b/night-{night}.json", Dated(SmallExport.Hands(tasks: 6, moved: night - 1), $"2026-05-1{night}"));
            Assert.Contains($"Cut v{night}: labels changed in b.", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
            Assert.Contains("nothing was cut", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        }

        // A broken file stops the night, twice alike, and leaves what was cut.
        scratch.Write("night/b/broken.json", "[{\"id\":1,");
        Assert.Contains("No slice was cut", Run(scratch).Exits(3).Out, StringComparison.Ordinal);
        Assert.Contains("No slice was cut", Run(scratch).Exits(3).Out, StringComparison.Ordinal);
        scratch.Remove("night/b");
        Assert.Contains("nothing was cut", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("nothing was cut", Run(scratch).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["v1", "v2", "v3"], Versions(scratch));
    }

    [Fact]
    public void Of_many_at_once_one_cuts_the_slice_and_the_others_end_well()
    {
        using ScratchFolder scratch = Prepared();
        scratch.Write("night/b/one.json", SmallExport.Hands(tasks: 6));
        Run(scratch).Exits(0);
        scratch.Write("night/b/two.json", SmallExport.Hands(tasks: 6, moved: 1));
        Process[] all = [.. Enumerable.Range(0, 4).Select(i => Start(scratch, $"{i}.md"))];
        foreach (Process process in all)
        {
            using (process)
            {
                HarvestProgram.Finish(process, "update-training-slice.sh").Exits(0);
            }
        }

        Assert.Equal(["v1", "v2"], Versions(scratch));
        Assert.Single(Enumerable.Range(0, 4), i => File.ReadAllText(scratch[$"{i}.md"]).Contains("Cut v2", StringComparison.Ordinal));
        Assert.DoesNotContain(Enumerable.Range(0, 4), i => File.ReadAllText(scratch[$"{i}.md"]).Contains("SliceExists", StringComparison.Ordinal));
    }

    private static ScratchFolder Prepared()
    {
        ProgramOnPath.Require("bash");
        ProgramOnPath.Require("jq");
        var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        return scratch;
    }

    private static HarvestResult Run(ScratchFolder scratch)
    {
        using Process process = Start(scratch, "summary.md");
        return HarvestProgram.Finish(process, "update-training-slice.sh");
    }

    private static Process Start(ScratchFolder scratch, string summary) =>
        scratch.StartWithProgram("bash", s_script, "-C", scratch.Path, "-s", scratch[summary], scratch["night"]);

    private static string Dated(string export, string day) =>
        export.Replace("\"lead_time\"", $"\"updated_at\":\"{day}T08:00:00Z\",\"lead_time\"", StringComparison.Ordinal);

    private static string[] Versions(ScratchFolder scratch) =>
        [.. scratch.Run("slices", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray().Select(static slice => slice.GetProperty("slice_version").GetString()!)];

    [GeneratedRegex("jq -r '([^']+)'")]
    private static partial Regex JqFilter();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
