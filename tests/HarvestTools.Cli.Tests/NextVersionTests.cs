using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>new: the version that it takes, and the version of the rules that it insists on.</summary>
public sealed class NextVersionTests
{
    [Fact]
    public void Without_a_version_the_next_free_one_is_taken_and_said()
    {
        using var scratch = new ScratchFolder().WithExports();
        Assert.StartsWith("v1 is the next free version.", scratch.Run("new").Exits(0).Out, StringComparison.Ordinal);
        Assert.StartsWith("v2 is the next free version after v1.", scratch.Run("new", "--next").Exits(0).Out, StringComparison.Ordinal);

        // Of another branch only the folder may be there.
        Directory.CreateDirectory(scratch["slices/v3"]);
        JsonElement slice = scratch.Run("new", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal(("v4", "v2"), (slice.GetProperty("slice_version").GetString(), slice.GetProperty("parents")[0].GetString()));
        Directory.CreateDirectory(scratch["slices/v5"]);
        Assert.StartsWith("v6 is the next free version after v4: v5 is taken by the folder slices/v5.", scratch.Run("new").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal("v7", scratch.Run("new", "--parent", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("slice_version").GetString());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("new", "v9", "--next", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void A_version_that_a_branch_has_is_made_when_it_is_asked_for_and_that_is_said()
    {
        ProgramOnPath.Require("git");
        using var scratch = new ScratchFolder().WithSlice();
        scratch.CommitSecondSliceOnABranch();

        HarvestResult made = scratch.Run("new", "v2").Exits(0);
        Assert.Contains("v2 is taken on branch weekly, and v2 was made here too: merging the two will conflict.", made.Error, StringComparison.Ordinal);
        Assert.Contains("harvest remove v2", made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("taken", scratch.Run("new", "v3").Exits(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_if_changed_no_slice_is_made_of_the_same_labels()
    {
        using var scratch = new ScratchFolder().WithExports();
        Assert.True(scratch.Run("new", "--next", "--if-changed", "--json").Exits(0).Document().GetProperty("made").GetBoolean());

        // Other bytes, the same labels.
        scratch.Write("exports/hands.json", File.ReadAllText(scratch["exports/hands.json"]) + " ");
        scratch.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        Assert.Equal("No slice was made: v1 has the same labels under the same rules.", scratch.Run("new", "--next", "--if-changed").Exits(0).Out.Trim());
        JsonElement same = scratch.Run("new", "--next", "--if-changed", "--json").Exits(0).Document();
        Assert.Equal((false, "v1"), (same.GetProperty("made").GetBoolean(), same.GetProperty("slice").GetProperty("slice_version").GetString()));

        // A rule of this slice alone is a change; so is a label.
        Assert.StartsWith("v2 is", scratch.Run("new", "--next", "--if-changed", "--set", "boundary_weight=0.25").Exits(0).Out, StringComparison.Ordinal);
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, moved: 1));
        scratch.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        Assert.StartsWith("v3 is", scratch.Run("new", "--next", "--if-changed").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_exists_is_refused_with_the_next_free_one_which_works()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "-q").Exits(0);

        JsonElement error = Error(scratch.Run("new", "v1", "--json").Exits(2));

        Assert.Equal("SliceExists", error.GetProperty("id").GetString());
        Assert.Contains("'harvest new v3'", error.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        scratch.RunCommand("harvest new v3").Exits(0);
    }

    [Fact]
    public void Rules_changed_under_their_version_are_refused_until_harvest_json_has_the_proposed_one()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Replace(scratch, "\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25");

        JsonElement error = Error(scratch.Run("new", "v2", "--json").Exits(3));

        Assert.Equal("HarvestRedefined", error.GetProperty("id").GetString());
        Assert.Contains("boundary_weight 0.5 → 0.25", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Set harvest.version to \"v1.1.0\" in harvest.json", error.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["slices/v2"]));
        Replace(scratch, "\"v1.0.0\"", "\"v1.1.0\"");
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("check").Exits(0);
    }

    [Fact]
    public void Without_the_archive_the_definition_beside_the_slice_names_the_rules()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Remove(".harvest");
        scratch.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        Replace(scratch, "\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25");

        JsonElement error = Error(scratch.Run("new", "v2", "--json").Exits(3));

        Assert.Contains("boundary_weight 0.5 → 0.25", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_that_an_older_build_made_under_a_shared_version_is_a_warning_until_it_has_a_successor()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string original = File.ReadAllText(scratch["harvest.json"]);
        Replace(scratch, "\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25");
        string changed = File.ReadAllText(scratch["harvest.json"]);

        // What an older build let happen: both slices say v1.0.0. The second is made while the first is out of the way.
        Directory.Move(scratch["slices/v1"], scratch["aside"]);
        scratch.Run("new", "v2", "-q").Exits(0);
        Directory.Move(scratch["aside"], scratch["slices/v1"]);
        Assert.NotEqual(original, changed);

        JsonElement slices = scratch.Run("check", "--json").Exits(1).Document().GetProperty("slices");
        Assert.Equal(("Drifted", "Clean"), (slices[0].GetProperty("status").GetString(), slices[1].GetProperty("status").GetString()));
        JsonElement shared = Assert.Single(slices[1].GetProperty("findings").EnumerateArray());
        Assert.Equal(("HarvestRedefined", "Warning"), (shared.GetProperty("kind").GetString(), shared.GetProperty("severity").GetString()));
        Assert.StartsWith("Set harvest.version to \"v1.1.0\" in harvest.json", shared.GetProperty("remedy").GetString(), StringComparison.Ordinal);

        Replace(scratch, "\"v1.0.0\"", "\"v1.1.0\"");
        JsonElement later = Assert.Single(scratch.Run("check", "v2", "--quick", "--json").Exits(0).Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray());
        Assert.Contains("under harvest@v1.1.0 with 'harvest new VERSION --parent v2'", later.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        scratch.Run("check", "v1", "v2").Exits(0);
        scratch.Run("new", "v3", "--parent", "v2", "-q").Exits(0);
        HarvestResult clean = scratch.Run("check", "--json").Exits(0);
        Assert.All(clean.Document().GetProperty("slices").EnumerateArray(), static slice => Assert.Empty(slice.GetProperty("findings").EnumerateArray()));
    }

    private static JsonElement Error(HarvestResult result) => result.Document().GetProperty("errors")[0];

    private static void Replace(ScratchFolder scratch, string old, string by)
    {
        string text = File.ReadAllText(scratch["harvest.json"]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        scratch.Write("harvest.json", text.Replace(old, by, StringComparison.Ordinal));
    }
}
