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
    public void What_is_said_of_a_shipped_slice_and_is_changed_and_committed_since_is_a_warning()
    {
        using ScratchFolder scratch = Committed();
        scratch.Run("register", "v1", "hand", "s3://m/1.pt", "--metric", "pck=0.5", "-q").Exits(0);
        scratch.Git("commit", "-qam", "two");
        scratch.Run("tag", "v1", "-q").Exits(0);
        scratch.Run("register", "v1", "hand", "--metric", "loss=2", "-q").Exits(0);
        scratch.Git("commit", "-qam", "more of the same model");
        Assert.DoesNotContain("TagDiffers", scratch.Run("check", "--quick").Exits(0).Out, StringComparison.Ordinal);

        foreach ((string field, Action<JsonNode> edit) in new (string, Action<JsonNode>)[]
        {
            ("runs", static slice => slice["runs"]![0]!["metrics"]!["pck"] = 0.9),
            ("reason", static slice => slice["reason"] = "another"),
            ("created_at", static slice => slice["created_at"] = "2020-01-01T00:00:00Z"),
            ("parents", static slice => slice["parents"] = new JsonArray("v0")),
            ("exports", static slice => slice["exports"]![0]!["path"] = "elsewhere.json"),
        })
        {
            byte[] before = File.ReadAllBytes(scratch["slices/v1/slice.json"]);
            JsonNode slice = JsonNode.Parse(before)!;
            edit(slice);
            File.WriteAllText(scratch["slices/v1/slice.json"], slice.ToJsonString());
            scratch.Git("commit", "-qam", "an edit");

            JsonElement found = Assert.Single(
                scratch.Run("check", "--quick", "--json").Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray(),
                static one => one.GetProperty("kind").GetString() == "TagDiffers");
            Assert.Equal(("Warning", field), (found.GetProperty("severity").GetString(), found.GetProperty("subject").GetString()));

            // As the remedy says.
            Assert.Equal("git checkout slice/v1 -- slices/v1/slice.json", found.GetProperty("command").GetString());
            File.WriteAllBytes(scratch["slices/v1/slice.json"], before);
            scratch.Git("commit", "-qam", "back");
        }
    }

    [Fact]
    public void A_shipped_slice_that_is_gone_is_said_where_its_history_is()
    {
        using ScratchFolder scratch = Committed();
        scratch.Git("branch", "before");
        scratch.Run("new", "v2", "--reason", "second", "-q").Exits(0);
        scratch.Git("add", "-A");
        scratch.Git("commit", "-qm", "two");
        scratch.Run("tag", "v2", "-q").Exits(0);
        Assert.Empty(Warnings());

        Directory.Delete(scratch["slices/v2"], recursive: true);
        scratch.Git("commit", "-qam", "gone");

        Assert.Contains("Slice v2 is not in this checkout, and the tag slice/v2", Warnings(), StringComparison.Ordinal);
        Assert.Contains("git checkout slice/v2 -- slices/v2", Warnings(), StringComparison.Ordinal);

        // Of named slices it is no matter, and on a branch that never had it neither.
        Assert.Empty(scratch.Run("check", "v1", "--quick").Exits(0).Error);
        scratch.Git("checkout", "-q", "before");
        Assert.Empty(Warnings());
        scratch.Git("checkout", "-q", "-");
        scratch.Git("checkout", "slice/v2", "--", "slices/v2");
        Assert.Empty(Warnings());

        string Warnings() => scratch.Run("check", "--quick").Exits(0).Error;
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
