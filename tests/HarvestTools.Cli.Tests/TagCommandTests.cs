using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A slice that is shipped under a tag of git.</summary>
public sealed class TagCommandTests
{
    [Fact]
    public void A_tag_holds_what_the_slice_is_and_the_check_compares_with_it()
    {
        using ScratchFolder scratch = Committed();

        JsonElement tag = scratch.Run("tag", "v1", "--json").Exits(0).Document().GetProperty("tag");

        Assert.Equal("slice/v1", tag.GetProperty("tag").GetString());
        Assert.Equal("tag", scratch.RunWithProgram("git", "-C", scratch.Path, "cat-file", "-t", "slice/v1").Exits(0).Out.Trim());
        string message = scratch.RunWithProgram("git", "-C", scratch.Path, "cat-file", "tag", "slice/v1").Exits(0).Out;
        Assert.Contains($"slice-key {tag.GetProperty("key").GetString()}\n", message, StringComparison.Ordinal);
        Assert.Contains($"dataset-sha256 {tag.GetProperty("dataset_sha256").GetString()}\n", message, StringComparison.Ordinal);
        JsonNode slice = JsonNode.Parse(File.ReadAllText(scratch["slices/v1/slice.json"]))!;
        Assert.All(slice["exports"]!.AsArray(), export => Assert.Contains($"export {export!["project"]} {export["sha256"]}\n", message, StringComparison.Ordinal));
        Assert.All(slice["outputs"]!.AsArray(), output => Assert.Contains($" {output!["rows"]} {output["sha256"]}\n", message, StringComparison.Ordinal));

        // A model is no part of what was shipped; the number of rows is.
        scratch.Run("register", "v1", "hand", "s3://m/1.pt", "-q").Exits(0);
        Assert.DoesNotContain("TagDiffers", scratch.Run("check", "--quick").Exits(0).Out, StringComparison.Ordinal);
        slice["outputs"]![0]!["rows"] = 1;
        File.WriteAllText(scratch["slices/v1/slice.json"], slice.ToJsonString());
        Assert.Contains("TagDiffers", scratch.Run("check", "--quick").Exits(1).Out, StringComparison.Ordinal);
        scratch.Run("remove", "v1", "--yes", "-q").Exits(2);
    }

    [Fact]
    public void What_is_not_committed_as_it_is_is_not_tagged_and_no_tag_is_moved()
    {
        using ScratchFolder scratch = Committed();
        scratch.Run("register", "v1", "hand", "s3://m/1.pt", "-q").Exits(0);

        HarvestResult refused = scratch.Run("tag", "v1", "--json").Exits(3);
        Assert.Equal(["SliceNotCommitted"], refused.ErrorIds());

        // As the message says.
        scratch.Git("add", "slices/v1/slice.json");
        scratch.Git("commit", "-q", "-m", "two");
        scratch.Run("tag", "v1", "-q").Exits(0);
        Assert.Equal(["TagTaken"], scratch.Run("tag", "v1", "--json").Exits(2).ErrorIds());
        Assert.Equal(["SliceNotFound"], scratch.Run("tag", "v9", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Without_git_there_is_no_tag()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();

        Assert.Equal(["GitMissing"], scratch.Run("tag", "v1", "--json").Exits(4).ErrorIds());
    }

    private static ScratchFolder Committed()
    {
        ProgramOnPath.Require("git");
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Git("init", "-q");
        scratch.Git("config", "user.name", "t");
        scratch.Git("config", "user.email", "t@example.org");
        scratch.Git("add", "-A");
        scratch.Git("commit", "-q", "-m", "one");
        return scratch;
    }
}
