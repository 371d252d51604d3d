using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>An export that was saved at the recorded path of another project: what check and add say of it.</summary>
public sealed class OtherProjectTests
{
    private const string File = "exports/hands.json";

    [Theory]
    [InlineData]
    [InlineData("--quick")]
    public void An_export_of_another_project_that_is_not_archived_is_known_by_its_id_and_moved_as_the_remedy_says(params string[] options)
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write(File, SmallExport.Actions(tasks: 9));

        JsonElement finding = Finding(scratch.Run(["check", "--json", .. options]).Exits(1));

        Assert.Equal("ExportRewritten", finding.GetProperty("kind").GetString());
        Assert.Contains("It is an export of project a that is not archived", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("harvest add FILE --project a", finding.GetProperty("command").GetString());
        string remedy = finding.GetProperty("remedy").GetString()!;
        Assert.StartsWith("Move the file to a path of its own", remedy, StringComparison.Ordinal);

        System.IO.File.Move(scratch[File], scratch["exports/actions9.json"]);
        WarnsOfNothing(scratch.Run("add", "exports/actions9.json", "--project", "a"));
        scratch.RunCommand(remedy.Split('\'')[3]).Exits(0);
        scratch.Run(["check", .. options]).Exits(0);
        Assert.Contains("\"exports/actions9.json\"", scratch.Run("new", "--next", "--json").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_of_a_project_that_nothing_here_is_of_is_never_offered_as_one_of_the_slice()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write(File, SmallExport.Actions(tasks: 9).Replace("\"project\":11", "\"project\":77", StringComparison.Ordinal));

        JsonElement finding = Finding(scratch.Run("check", "--json").Exits(1));

        Assert.Contains("It is an export of Label Studio's project 77, which no export of project b is of", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("harvest add FILE", finding.GetProperty("command").GetString());
        Assert.Contains("If Label Studio gave project b a new id, say so with 'harvest project add-id b 77' instead", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        scratch.Run("project", "add-id", "b", "77", "-q").Exits(0);
        Assert.Equal($"harvest add {File} --project b", Finding(scratch.Run("check", "--json").Exits(1)).GetProperty("command").GetString());
    }

    [Fact]
    public void Add_warns_where_the_path_is_the_recorded_one_of_another_project()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write(File, SmallExport.Actions(tasks: 9));

        HarvestResult added = scratch.Run("add", File, "--json").Exits(0);

        JsonElement warning = Assert.Single(added.Document().GetProperty("exports")[0].GetProperty("warnings").EnumerateArray());
        Assert.Equal("PathOfOtherProject", warning.GetProperty("id").GetString());
        Assert.Contains($"{File} is the recorded path of project b", warning.GetProperty("message").GetString(), StringComparison.Ordinal);
        string[] remedy = warning.GetProperty("remedy").GetString()!.Split('\'');
        Assert.Equal("harvest add FILE --project a", remedy[1]);

        // Done as it says, nothing is warned of any more.
        System.IO.File.Move(scratch[File], scratch["exports/actions9.json"]);
        WarnsOfNothing(scratch.RunCommand(remedy[1].Replace("FILE", "exports/actions9.json", StringComparison.Ordinal)));
        scratch.RunCommand(remedy[3]).Exits(0);
        scratch.Run("check").Exits(0);
        WarnsOfNothing(scratch.Run("add", File));
    }

    [Fact]
    public void The_project_that_had_the_path_first_is_not_warned_of_the_other_one()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string hands = System.IO.File.ReadAllText(scratch[File]);
        scratch.Write(File, SmallExport.Actions(tasks: 9));
        Assert.Contains("is the recorded path of project b", scratch.Run("add", File).Exits(0).Error, StringComparison.Ordinal);
        Assert.Contains("is the recorded path of project b", scratch.Run("add", File).Exits(0).Error, StringComparison.Ordinal);

        foreach (string export in (string[])[hands, SmallExport.Hands(tasks: 6, moved: 1)])
        {
            scratch.Write(File, export);
            WarnsOfNothing(scratch.Run("add", File));
        }
    }

    [Fact]
    public void In_a_clone_slices_say_whose_file_is_at_a_path_and_whose_path_it_is()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Remove(".harvest");
        scratch.Write(File, SmallExport.Actions(tasks: 9));

        JsonElement[] findings = [.. scratch.Run("check", "v1", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray()];
        HarvestResult added = scratch.Run("add", File).Exits(0);

        JsonElement rewritten = findings.Single(static finding => finding.GetProperty("kind").GetString() == "ExportRewritten");
        Assert.Contains("It is an export of project a that is not archived", rewritten.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"then put the export of project b back at {File}.", rewritten.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains($"{File} is the recorded path of project b", added.Error, StringComparison.Ordinal);
        Assert.Contains("added  a", added.Out, StringComparison.Ordinal);
    }

    private static void WarnsOfNothing(HarvestResult added) => Assert.DoesNotContain("warning", added.Exits(0).Error, StringComparison.Ordinal);

    private static JsonElement Finding(HarvestResult check) =>
        Assert.Single(check.Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray());
}
