using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A command that meets several faults goes on after each and exits with the highest code of them, in whatever order they come.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(3, "good.json", "notes.json")]
    [InlineData(3, "notes.json", "good.json")]
    [InlineData(3, "gone.json", "notes.json", "good.json")]
    [InlineData(0, "good.json")]
    public void Files_that_are_fine_do_not_hide_one_at_fault(int exit, params string[] files)
    {
        using var scratch = new ScratchFolder().WithExports();
        scratch.Write("good.json", SmallExport.Hands(tasks: 3));
        scratch.Write("notes.json", "{\"notes\": 1}");
        HarvestResult result = scratch.Run(["add", .. files, "--project", "b", "--json"]).Exits(exit);

        Assert.Equal(files.Count(static file => file != "good.json"), result.ErrorIds().Count());
        Assert.Single(result.Document().GetProperty("exports").EnumerateArray());
    }

    [Theory]
    [InlineData("v1", "v9")]
    [InlineData("v9", "v1")]
    public void Drift_of_one_slice_does_not_hide_that_another_is_missing(string one, string other)
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, label: "palm"));

        HarvestResult result = scratch.Run("check", one, other, "--json").Exits(3);
        Assert.Equal("Drifted", result.Document().GetProperty("slices")[0].GetProperty("status").GetString());
        Assert.Equal(["SliceNotFound"], result.ErrorIds());
        scratch.Run("check", "v1", "-q").Exits(1);
        scratch.Run("check", "v9", "-q").Exits(3);
    }

    /// <summary>A script that asked for JSON gets its document whatever is wrong with the rest of the line.</summary>
    [Theory]
    [InlineData(0, "slices", "slices", "--json")]
    [InlineData(2, "slices", "slices", "--nonsense", "--json")]
    [InlineData(2, null, "--json")]
    [InlineData(2, null, "--json", "nonsense")]
    public void A_document_has_the_command_and_the_exit_code(int exit, string? command, params string[] line)
    {
        using var scratch = new ScratchFolder().WithExports();
        HarvestResult result = scratch.Run(line).Exits(exit);
        Assert.Equal(command, result.Document().GetProperty("command").GetString());
        Assert.Equal(exit != 0, result.ErrorIds().Any());
    }

    [Fact]
    public void What_comes_after_two_dashes_is_no_option()
    {
        using var scratch = new ScratchFolder().WithExports();
        Assert.Empty(scratch.Run("slices", "--nonsense", "--", "--json").Exits(2).Out);
        Assert.Contains("Show one slice", scratch.Run("show", "--help", "--json").Exits(0).Document().GetProperty("help").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(scratch.Run("--version", "--json").Exits(0).Document().GetProperty("version").GetString()!);
    }
}
