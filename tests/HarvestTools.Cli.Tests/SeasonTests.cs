using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>
/// A season of a team: three projects over ten weeks in a git repository, with a branch, a colleague's clone, exports again and
/// over, a renamed project, a model overwritten, and annotators who join. At the end every slice, check and decision is what a
/// careful person would have written by hand.
/// </summary>
public sealed class SeasonTests
{
    private static readonly string[] s_projects = ["arms", "cups", "hands"];

    [Fact]
    public void Every_slice_check_and_decision_is_what_a_careful_person_would_have_written()
    {
        ProgramOnPath.Require("git");
        using var team = new ScratchFolder();
        team.Run("init", "-q").Exits(0);
        Git(team, "init", "-q", "-b", "main");

        // Four weeks, a slice a week; three tasks more in each project and week.
        for (int week = 1; week <= 4; week++)
        {
            Week(team, week);
            Assert.Equal($"v{week}", Cut(team, $"week {week}").GetProperty("slice").GetProperty("slice_version").GetString());
            Commit(team, $"week {week}");
        }

        Assert.All(Rows(team, "v4"), row => Assert.Equal(12, row.Value));

        // The same labels exported again: other bytes, nothing else.
        team.Write("label_studio/week_04/cups_again.json", Export("cups", 4) + "\n");
        Assert.Contains("no label moved", team.Run("add", "label_studio/week_04/cups_again.json").Exits(0).Out, StringComparison.Ordinal);

        // One file name every night: each is archived, and the check of what was made of the earlier ones stays green.
        for (int week = 5; week <= 6; week++)
        {
            Week(team, week, file: "current");
            Cut(team, $"week {week}");
            HarvestResult check = team.Run("check").Exits(0);
            Assert.DoesNotContain("DRIFTED", check.Out, StringComparison.Ordinal);
        }

        Assert.Contains("ExportSucceeded", team.Run("check", "v5").Exits(0).Out, StringComparison.Ordinal);
        Commit(team, "weeks 5 and 6");

        // A branch tries another rule while main goes on: both versions are free of each other, so the merge is one of new files.
        Git(team, "checkout", "-q", "-b", "strict");
        Assert.Equal("v7", Cut(team, "stricter", "--set", "min_pixel_agreement=2").GetProperty("slice").GetProperty("slice_version").GetString());
        Commit(team, "stricter agreement");
        Git(team, "checkout", "-q", "main");
        Week(team, 7);
        Assert.Equal("v8", Cut(team, "week 7").GetProperty("slice").GetProperty("slice_version").GetString());
        Commit(team, "week 7");
        Git(team, "merge", "-q", "--no-edit", "strict");
        team.Run("check").Exits(0);

        // A model is registered, and its file overwritten by the next training.
        team.Write("models/grasp.pt", "weights of v8");
        team.Run("register", "v8", "grasp-v8", "models/grasp.pt", "--metric", "pck=0.91").Exits(0);
        Assert.Contains("arms", team.Run("source", "--model", "models/grasp.pt").Exits(0).Out, StringComparison.Ordinal);
        team.Write("models/grasp.pt", "weights of v9");
        Assert.Equal(["ModelOverwritten"], team.Run("source", "--model", "models/grasp.pt", "--json").Exits(3).ErrorIds());
        Assert.Contains("ModelChanged", team.Run("check", "v8").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("arms", team.Run("source", "--model", "grasp-v8").Exits(0).Out, StringComparison.Ordinal);

        // A colleague's clone has no archive: it says all that slice.json holds, and what it lacks.
        Commit(team, "a model");
        using var colleague = new ScratchFolder();
        Git(colleague, "clone", "-q", team.Path, ".");
        Assert.Contains("v8", colleague.Run("log").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("grasp-v8", colleague.Run("show", "v8").Exits(0).Out, StringComparison.Ordinal);
        Directory.Delete(colleague["label_studio"], recursive: true);
        Assert.Equal(["StoreAbsent", "ModelChanged"], Kinds(colleague.Run("check", "--json").Exits(1)).Distinct());
        Assert.Equal(["StateNotReadable"], colleague.Run("decide", "--json").Exits(3).ErrorIds());

        // The exports are brought in the order in which they are found, the newest first: the next slice is still of the newest.
        Git(colleague, "checkout", "--", "label_studio");
        foreach (int week in new[] { 7, 1, 4, 3, 2 })
        {
            string[] files = [.. s_projects.Select(project => $"label_studio/week_{week:00}/{project}.json")];
            colleague.Run(["add", .. files, "-q"]).Exits(0);
        }

        JsonElement again = Cut(colleague, "from the clone");
        Assert.Equal(Exports(team, "v8"), again.GetProperty("slice").GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("sha256").GetString()));
        Assert.StartsWith($"{again.GetProperty("slice").GetProperty("slice_version").GetString()} is v8 again", again.GetProperty("unchanged").GetString()!, StringComparison.Ordinal);

        // A project gets another name, and two annotators join.
        team.Run("project", "rename", "cups", "vessels").Exits(0);
        Week(team, 9, annotators: [1, 2, 3]);
        JsonElement ninth = Cut(team, "week 9");
        Assert.Equal(["arms", "hands", "vessels"], ninth.GetProperty("slice").GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("project").GetString()!));
        Assert.Empty(ninth.GetProperty("losses").EnumerateArray());

        // The wrong file of week ten would have lost half of a project.
        team.Write("label_studio/week_10/hands.json", Export("hands", 10, most: 12));
        team.Run("add", "label_studio/week_10/hands.json", "-q").Exits(0);
        Assert.Equal(["ProjectShrinks"], team.Run("new", "--json").Exits(3).ErrorIds());
        Week(team, 10, annotators: [1, 2, 3], later: true);
        Cut(team, "week 10");

        // What the decision counts: all episodes of week 9 and 10 that v8, which was trained, did not have or has otherwise.
        JsonElement decision = team.Run("decide", "--json").Exits(0).Document().GetProperty("decision");
        Assert.Equal("v8", decision.GetProperty("trained_slice").GetString());
        Assert.True(decision.GetProperty("corrected_episodes").GetInt32() > 0, decision.ToString());
        HarvestResult last = team.Run("check").Exits(0);
        Assert.DoesNotContain("DRIFTED", last.Out, StringComparison.Ordinal);
        team.Run("fsck").Exits(0);
    }

    /// <summary>Writes the exports of a week and archives them; an export goes where its project's other exports are.</summary>
    private static void Week(ScratchFolder team, int week, string? file = null, int[]? annotators = null, bool later = false)
    {
        foreach (string project in s_projects)
        {
            string path = file is null ? $"label_studio/week_{week:00}/{(later ? "late_" : "")}{project}.json" : $"label_studio/{file}/{project}.json";
            team.Write(path, Export(project, week, annotators, later: later));
            string[] named = week == 1 ? ["--project", project] : [];
            team.Run(["add", path, "-q", .. named]).Exits(0);
        }
    }

    private static JsonElement Cut(ScratchFolder team, string reason, params string[] more) =>
        team.Run(["new", "--next", "--reason", reason, "--json", .. more]).Exits(0).Document();

    private static IEnumerable<string?> Exports(ScratchFolder team, string version) =>
        [.. team.Run("show", version, "--json").Exits(0).Document().GetProperty("slice").GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("sha256").GetString())];

    private static Dictionary<string, long> Rows(ScratchFolder team, string version) =>
        team.Run("show", version, "--json").Exits(0).Document().GetProperty("slice").GetProperty("outputs").EnumerateArray()
            .ToDictionary(static output => $"{output.GetProperty("table")} {output.GetProperty("export")}", static output => output.GetProperty("rows").GetInt64());

    private static IEnumerable<string> Kinds(HarvestResult check) =>
        [.. check.Document().GetProperty("slices").EnumerateArray().SelectMany(static slice => slice.GetProperty("findings").EnumerateArray()).Select(static finding => finding.GetProperty("kind").GetString()!)];

    private static void Commit(ScratchFolder team, string message)
    {
        Git(team, "add", "-A");
        Git(team, "-c", "user.name=Team", "-c", "user.email=team@example.org", "commit", "-q", "-m", message);
    }

    private static void Git(ScratchFolder team, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = team.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in new[] { ("GIT_AUTHOR_NAME", "Team"), ("GIT_AUTHOR_EMAIL", "team@example.org"), ("GIT_COMMITTER_NAME", "Team"), ("GIT_COMMITTER_EMAIL", "team@example.org") })
        {
            start.Environment[name] = value;
        }

        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        string errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}\n{output}{errors}");
    }

    /// <summary>Three labelled tasks a week, dated; a box each, in an episode a week.</summary>
    private static string Export(string project, int week, int[]? annotators = null, int most = int.MaxValue, bool later = false)
    {
        int number = 11 + Array.IndexOf(s_projects, project);
        int count = Math.Min(3 * week, most);
        return "[" + string.Join(",", Enumerable.Range(1, count).Select(task =>
        {
            int id = (1000 * number) + task;
            int by = annotators is null ? 1 : annotators[task % annotators.Length];
            var date = new DateTime(2026, 3, 2, later ? 18 : 12, 0, 0, DateTimeKind.Utc);
            string at = date.AddDays(7 * ((task - 1) / 3)).AddDays(task == count ? 7 * (week - 1) - (7 * ((task - 1) / 3)) : 0).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            string x = (5 + (task % 40)).ToString(CultureInfo.InvariantCulture);
            return $$$"""
                {"id":{{{id}}},"project":{{{number}}},"data":{"image":"/data/{{{project}}}/episode_{{{(task - 1) / 3}}}/{{{task}}}.jpg"},"annotations":[{"id":{{{id}}},"completed_by":{{{by}}},"was_cancelled":false,"ground_truth":false,"updated_at":"{{{at}}}",
                "result":[{"id":"r{{{id}}}","type":"rectanglelabels","from_name":"l","to_name":"image","origin":"manual","original_width":640,"original_height":480,"value":{"x":{{{x}}},"y":10,"width":20,"height":20,"rotation":0,"rectanglelabels":["thing"]}}]}]}
                """;
        })) + "]";
    }
}
