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
}
