using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Temporary files that pushes which were killed leave in a remote.</summary>
public sealed class RemoteLeftoverTests
{
    [Fact]
    public void They_are_counted_by_a_look_and_removed_by_the_next_push_that_moves_something()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "v1", "-q").Exits(0);
        string old = Leave(remote, "sha256/ab", TimeSpan.FromHours(25));
        string young = Leave(remote, "exports", TimeSpan.FromHours(23));
        string foreign = Leave(remote, "notes", TimeSpan.FromHours(25));

        HarvestResult look = remote.Here.Run("remote", "--verify").Exits(0);
        Assert.Contains("2 temporary files of uploads are there too", look.Out, StringComparison.Ordinal);
        Assert.Equal(2, remote.Here.Run("remote", "--verify", "--json").Exits(0).Document().GetProperty("leftovers").GetInt32());
        Assert.Equal(0, Removed(remote));
        Assert.True(File.Exists(old));

        remote.Here.Write("exports/hands.json", SmallExport.Hands(tasks: 640));
        remote.Here.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        remote.Here.Run("new", "v2", "--allow-shrink", "-q").Exits(0);

        Assert.Equal(1, Removed(remote));
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
        Assert.True(File.Exists(foreign));
    }

    private static int Removed(SharedRemote remote)
    {
        JsonElement pushed = remote.Here.Run("push", "--json").Exits(0).Document();
        return pushed.GetProperty("leftovers_removed").GetInt32();
    }

    // Of no process in particular, as rclone's temporary files are: only its age says that nobody writes it.
    private static string Leave(SharedRemote remote, string folder, TimeSpan age)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(remote.Folder, folder)).FullName, ".tmp-0123456789abcdef");
        File.WriteAllText(path, "half");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
        return path;
    }
}
