using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A check of the archive where the remote, which may have what is missing, cannot be asked.</summary>
public sealed class FsckRemoteTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_else_is_reported_though_the_remote_cannot_be_asked(bool repair)
    {
        using var remote = new SharedRemote();
        ScratchFolder here = remote.Here;
        string[] objects = [.. SharedRemote.ObjectsOf(here[".harvest/archive"]).OrderByDescending(static one => new FileInfo(one.Value).Length).Select(static one => one.Value)];
        SharedRemote.Flip(objects[0]);
        ScratchFolder.Unlock(objects[1]);
        File.Delete(objects[1]);
        foreach (string export in Directory.GetFiles(here["exports"]))
        {
            File.Delete(export);
        }

        here.Write("slices/v9/slice.json", "{");
        here.Write(".harvest/cache/.tmp-1-0", "half");
        SharedRemote.SetRemotes(here, new JsonObject { ["origin"] = here["not-mounted"] });

        HarvestResult check = here.Run(["fsck", "--json", .. repair ? ["--repair"] : Array.Empty<string>()]).Exits(1);

        JsonElement[] findings = [.. check.Document().GetProperty("findings").EnumerateArray()];
        string[] kinds = [.. findings.Select(static finding => finding.GetProperty("kind").GetString()!).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["Damaged", "Missing", "RemoteUnasked", "Stale", "Unreadable", "Writable"], kinds);
        JsonElement missing = findings.Single(static finding => finding.GetProperty("kind").GetString() == "Missing");
        Assert.Contains(Path.GetFileName(objects[1]), missing.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("whether the remote has it is not known", missing.GetProperty("message").GetString(), StringComparison.Ordinal);
        JsonElement unasked = findings.Single(static finding => finding.GetProperty("kind").GetString() == "RemoteUnasked");
        Assert.Contains("not-mounted", unasked.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("harvest.json", unasked.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clone_says_that_it_has_no_archive_and_that_the_remote_could_not_be_asked()
    {
        using var remote = new SharedRemote();
        using ScratchFolder clone = remote.Clone();
        SharedRemote.SetRemotes(clone, new JsonObject { ["origin"] = clone["not-mounted"] });

        JsonElement check = clone.Run("fsck", "--json").Exits(1).Document();

        Assert.Equal(
            ["StoreAbsent", "RemoteUnasked"],
            check.GetProperty("findings").EnumerateArray().Select(static finding => finding.GetProperty("kind").GetString()));
    }

    [Fact]
    public void A_remote_that_answers_is_not_mentioned()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        string gone = SharedRemote.ObjectsOf(remote.Here[".harvest/archive"]).First().Value;
        ScratchFolder.Unlock(gone);
        File.Delete(gone);

        Assert.Empty(remote.Here.Run("fsck", "--json").Exits(0).Document().GetProperty("findings").EnumerateArray());
    }
}
