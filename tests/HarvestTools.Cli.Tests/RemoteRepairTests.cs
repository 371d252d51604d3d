using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What is damaged in a remote beside objects is named too, and what the message says to do mends it.</summary>
public sealed class RemoteRepairTests : IDisposable
{
    private readonly SharedRemote _remote = new();

    private ScratchFolder Here => _remote.Here;

    public void Dispose() => _remote.Dispose();

    [Theory]
    [InlineData("keypoints.parquet")]
    [InlineData("rejected.parquet")]
    [InlineData("part.json")]
    public void A_flipped_byte_of_tables_is_named_and_the_push_that_the_message_names_mends_it(string file)
    {
        Here.Run("push", "--tables", "-q").Exits(0);
        string path = Directory.EnumerateFiles(Path.Combine(_remote.Folder, "parts"), file, SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        string whole = ScratchFolder.Sha256(path);
        SharedRemote.Flip(path);

        JsonElement report = Here.Run("remote", "--verify", "--deep", "--json").Exits(1).Document();

        Assert.Equal([Path.GetFileName(Path.GetDirectoryName(path))], Damaged(report));
        Assert.Contains("harvest push --deep --tables", report.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        JsonElement mended = Here.Run("push", "--deep", "--tables", "--json").Exits(0).Document();
        Assert.Single(mended.GetProperty("items").EnumerateArray(), static item => item.GetProperty("outcome").GetString() == "Replaced");
        Assert.Equal(whole, ScratchFolder.Sha256(path));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_remote.Folder, "quarantine")));
        Here.Run("remote", "--verify", "--deep", "-q").Exits(0);
    }

    [Fact]
    public void Tables_that_a_pull_refused_are_replaced_by_the_next_push_of_tables()
    {
        Here.Run("push", "--tables", "-q").Exits(0);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(_remote.Folder, "parts"), "*.parquet", SearchOption.AllDirectories))
        {
            SharedRemote.Flip(path);
        }

        using ScratchFolder clone = _remote.Clone();
        HarvestResult refused = clone.Run("pull", "--tables", "--json").Exits(3);

        Assert.All(refused.Document().GetProperty("errors").EnumerateArray(), static error =>
            Assert.Contains("'harvest push --tables'", error.GetProperty("remedy").GetString(), StringComparison.Ordinal));
        Here.Run("push", "--tables", "-q").Exits(0);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_remote.Folder, "damaged")));
        clone.Run("pull", "--tables", "-q").Exits(0);
        clone.Run("check", "-q").Exits(0);
    }

    [Fact]
    public void A_flipped_byte_of_a_record_is_named_and_mended_by_a_push_that_reads()
    {
        Here.Run("push", "-q").Exits(0);
        string path = Directory.EnumerateFiles(Path.Combine(_remote.Folder, "exports")).Order(StringComparer.Ordinal).First();
        string whole = ScratchFolder.Sha256(path);
        SharedRemote.Flip(path);

        JsonElement report = Here.Run("remote", "--verify", "--deep", "--json").Exits(1).Document();

        Assert.Equal([Path.GetFileNameWithoutExtension(path)[^64..]], Damaged(report));
        Here.Run("push", "--deep", "-q").Exits(0);
        Assert.Equal(whole, ScratchFolder.Sha256(path));
        Here.Run("remote", "--verify", "--deep", "-q").Exits(0);
    }

    [Fact]
    public void What_would_move_of_tables_has_its_size()
    {
        Assert.All(Sizes(Here.Run("push", "--tables", "--dry-run", "--json")), static bytes => Assert.NotEqual(0, bytes));
        Here.Run("push", "--tables", "-q").Exits(0);
        Assert.All(Sizes(Here.Run("push", "--tables", "--json")), static bytes => Assert.NotEqual(0, bytes));
        using ScratchFolder clone = _remote.Clone();
        Assert.All(Sizes(clone.Run("pull", "--tables", "--dry-run", "--json")), static bytes => Assert.NotEqual(0, bytes));
    }

    [Fact]
    public void Parameters_in_an_address_of_rclone_are_not_printed()
    {
        SharedRemote.SetRemotes(Here, new JsonObject { ["origin"] = "rclone::s3,endpoint=secret:bucket/labels" });

        foreach (HarvestResult listed in new[] { Here.Run("remote").Exits(0), Here.Run("remote", "--json").Exits(0) })
        {
            Assert.DoesNotContain("secret", listed.Out + listed.Error, StringComparison.Ordinal);
            Assert.Contains("bucket/labels", listed.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_clone_finds_exports_by_hash_and_project_that_only_the_remote_has()
    {
        Here.Run("push", "-q").Exits(0);
        string sha256 = JsonNode.Parse(File.ReadAllText(Here["slices/v1/slice.json"]))!["exports"]![0]!["sha256"]!.GetValue<string>();
        using ScratchFolder clone = _remote.Clone();
        using ScratchFolder other = _remote.Clone();

        clone.Run("restore", sha256[..12], "-q").Exits(0);
        other.Run("restore", "a", "-q").Exits(0);
        using ScratchFolder third = _remote.Clone();
        third.Run("diff-export", sha256[..12], sha256[..12], "-q").Exits(0);
        Assert.Equal(["ObjectNotFound"], third.Run("diff-export", "0000000000", sha256[..12], "--json").Exits(3).ErrorIds());
    }

    private static IEnumerable<string?> Damaged(JsonElement report) => report.GetProperty("objects").EnumerateArray()
        .Where(static one => one.GetProperty("state").GetString() == "Damaged").Select(static one => one.GetProperty("sha256").GetString());

    private static long[] Sizes(HarvestResult result)
    {
        long[] sizes = [.. result.Exits(0).Document().GetProperty("items").EnumerateArray()
            .Where(static item => item.GetProperty("what").GetString()!.StartsWith("tables", StringComparison.Ordinal)).Select(static item => item.GetProperty("bytes").GetInt64())];
        Assert.Equal(2, sizes.Length);
        return sizes;
    }
}
