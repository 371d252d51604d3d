using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Newest exports, names of projects and lost labels through the program, its remedies followed as they are printed.</summary>
public sealed partial class ProjectCommandTests
{
    [Fact]
    public void An_older_export_that_is_archived_later_is_not_taken()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("week_4.json", Dated(4));
        scratch.Write("week_1.json", Dated(1));
        string week4 = scratch.Run("add", "week_4.json", "-p", "b", "--json").Exits(0).Document().GetProperty("exports")[0].GetProperty("sha256").GetString()!;
        HarvestResult late = scratch.Run("add", "week_1.json", "-p", "b").Exits(0);
        Assert.Contains("not the newest of project b: its labels end at 2026-05-01 12:00, those of week_4.json", late.Error, StringComparison.Ordinal);
        Assert.Equal(week4, Export(scratch, "v1"));

        // The remedy as it is printed.
        Follow(scratch, late.Error, AddNewest());
        Assert.NotEqual(week4, Export(scratch, "v2"));
        Assert.Equal("2026-05-01T12:00:00Z", scratch.Run("show", "v2", "--json").Exits(0).Document().GetProperty("slice").GetProperty("exports")[0].GetProperty("labels_through").GetString());
    }

    /// <summary>Of a hundred that are added at once all but one are not the newest: one warning says so, and the newest is the next slice's.</summary>
    [Fact]
    public void Several_exports_of_a_project_that_are_added_at_once_have_one_warning_together()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        foreach (int week in new[] { 4, 1, 2, 3 })
        {
            scratch.Write($"week_{week}.json", Dated(week));
        }

        HarvestResult added = scratch.Run("add", "week_4.json", "week_1.json", "week_2.json", "week_3.json", "-p", "b").Exits(0);

        Assert.Contains("3 exports of project b are archived and not the newest, which is week_4.json", added.Error, StringComparison.Ordinal);
        Assert.Single(added.Error.Split("warning:")[1..]);
        Assert.Contains("Next: harvest new", added.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void One_project_keeps_one_name_and_gets_another_by_the_remedy()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("again.json", SmallExport.Hands(tasks: 7));
        HarvestResult refused = scratch.Run("add", "again.json", "--project", "hands").Exits(2);
        Assert.Contains("Label Studio's project 12, whose exports are archived as project b, not hands", refused.Error, StringComparison.Ordinal);

        Follow(scratch, refused.Error, Rename());
        scratch.Run("add", "again.json", "--project", "hands").Exits(0);
        JsonElement project = scratch.Run("project", "--json").Exits(0).Document().GetProperty("projects")[1];
        Assert.Equal(("hands", "b", 12, 2), (
            project.GetProperty("project").GetString(),
            project.GetProperty("earlier_names")[0].GetString(),
            project.GetProperty("label_studio_ids")[0].GetInt32(),
            project.GetProperty("exports").GetInt32()));
        scratch.Run("new", "v2").Exits(0);
        scratch.Run("check").Exits(0);
        Assert.Contains("hands", scratch.Run("diff", "v1", "v2").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("keypoints", scratch.Run("diff", "v1", "v2").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_that_loses_labels_is_refused_and_a_smaller_loss_is_printed()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("less.json", SmallExport.Hands(tasks: 5));
        scratch.Run("add", "less.json", "--project", "b", "-q").Exits(0);

        HarvestResult refused = scratch.Run("new", "v2").Exits(3);
        Assert.Contains("Project b would lose 1 of 6 labelled tasks that slice v1 has: its export is now less.json (", refused.Error, StringComparison.Ordinal);
        Assert.Contains("harvest new v2 --allow-shrink", refused.Error, StringComparison.Ordinal);
        Assert.Contains("harvest project retire b", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Project b has 1 of 6 labelled tasks and 3 rows fewer than v1.", scratch.Run("new", "v2", "--allow-shrink").Exits(0).Out, StringComparison.Ordinal);

        scratch.Run("project", "retire", "b").Exits(0);
        JsonElement made = scratch.Run("new", "v3", "--json").Exits(0).Document();
        Assert.Equal("a", Assert.Single(made.GetProperty("slice").GetProperty("exports").EnumerateArray()).GetProperty("project").GetString());
        Assert.Equal("b", Assert.Single(made.GetProperty("retired").EnumerateArray()).GetString());
        Assert.Empty(made.GetProperty("losses").EnumerateArray());
    }

    [Fact]
    public void An_id_that_another_project_has_is_said_with_both_ways_out_and_they_work()
    {
        using ScratchFolder scratch = new ScratchFolder().WithExports();
        HarvestResult added = scratch.Run("project", "add-id", "a", "12").Exits(0);
        Assert.Contains("warning: Project b has Label Studio's id 12 too", added.Error, StringComparison.Ordinal);
        Assert.Contains("harvest project rename a b", added.Error, StringComparison.Ordinal);
        Assert.Contains("harvest project remove-id a 12", scratch.Run("new", "v1").Exits(2).Error, StringComparison.Ordinal);
        JsonElement again = scratch.Run("project", "add-id", "a", "12", "--json").Exits(0).Document().GetProperty("projects")[0];
        Assert.Equal(["ProjectIdKnown", "ProjectIdOfAnother"], again.GetProperty("warnings").EnumerateArray().Select(static warning => warning.GetProperty("id").GetString()));

        Follow(scratch, added.Error, RemoveId());
        scratch.Run("new", "v1").Exits(0);
        HarvestResult gone = scratch.Run("project", "remove-id", "a", "12").Exits(2);
        Assert.Contains("Project a has no id 12 in Label Studio: its exports are of 11, and no further id was added to it.", gone.Error, StringComparison.Ordinal);
        Assert.Contains("whole numbers from 1", scratch.Run("project", "add-id", "a", "0").Exits(2).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("label_studio_ids", File.ReadAllText(scratch["harvest.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_do_not_fit_the_action_are_refused()
    {
        using ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Run("project", "rename", "b").Exits(2);
        Assert.Contains(
            "'renam' is not one of list, rename, retire, unretire, add-id and remove-id. Did you mean 'rename'?",
            scratch.Run("project", "renam", "b", "hands").Exits(2).Error,
            StringComparison.Ordinal);
        scratch.Run("project", "retire").Exits(2);
        scratch.Run("project", "list", "b").Exits(2);
        scratch.Run("project", "add-id", "b", "twelve").Exits(2);
        scratch.Run("project", "drop", "b").Exits(2);
        Assert.Contains("'ba'", scratch.Run("project", "retire", "ba").Exits(3).Error, StringComparison.Ordinal);
    }

    private static string Export(ScratchFolder scratch, string version) =>
        scratch.Run("new", version, "--json").Exits(0).Document().GetProperty("slice").GetProperty("exports")[0].GetProperty("sha256").GetString()!;

    /// <summary>Runs the command that a message proposes, split as a shell splits these.</summary>
    private static void Follow(ScratchFolder scratch, string message, Regex command)
    {
        Match match = command.Match(message.ReplaceLineEndings(" "));
        Assert.True(match.Success, message);
        string[] words = [.. Word().Matches(match.Value).Select(static word => word.Value.Trim('"'))];
        scratch.Run(words[1..]).Exits(0);
    }

    [GeneratedRegex(@"harvest add ""[^""]*week_1\.json"" --project b --newest")]
    private static partial Regex AddNewest();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"harvest project remove-id a 12")]
    private static partial Regex RemoveId();

    [GeneratedRegex(@"harvest project rename b hands")]
    private static partial Regex Rename();

    private static string Dated(int day) => $$$"""
        [{"id":1,"data":{"image":"task_01/episode_1/frame_{{{day}}}.jpg"},"project":12,"annotations":[{"id":{{{day}}},"completed_by":1,"updated_at":"2026-05-0{{{day}}}T12:00:00Z","result":[
        {"id":"r","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,"value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]}]
        """;
}
