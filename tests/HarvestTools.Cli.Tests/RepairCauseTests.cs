using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A repair that fails says why: on a disk that is really full, and on one that is really read-only.</summary>
public sealed class RepairCauseTests
{
    [Fact]
    public void A_full_disk_is_the_cause_and_the_exit_code() => Repair(
        "mount -t tmpfs -o size=512k none .harvest/archive && cp -a kept/. .harvest/archive/ && (cat /dev/zero > .harvest/archive/filler; true)",
        "DiskFull",
        "the disk is full");

    [Fact]
    public void A_disk_that_refuses_writing_is_the_cause_and_the_exit_code() => Repair(
        "mount --bind .harvest/archive .harvest/archive && mount -o remount,bind,ro .harvest/archive",
        "AccessDenied",
        "access is denied");

    /// <summary>Loses an object whose export is still there, and repairs in a name space of its own where mounts need no rights.</summary>
    private static void Repair(string mount, string id, string why)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts of one process are Linux's");
        Assert.SkipUnless(SpecialFile.Run("unshare", "-rm", "true") == 0, "this account may not mount");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        File.Delete(stored);
        Assert.Equal(0, SpecialFile.Run("cp", "-a", scratch[".harvest/archive"], scratch["kept"]));
        string script = $"cd '{scratch.Path}' && {{ {mount}; }} 2>/dev/null; dotnet '{HarvestProgram.AssemblyPath}' fsck --repair --json > out.json 2> err.txt; echo $? > code.txt";
        Assert.Equal(0, SpecialFile.Run("unshare", "-rm", "sh", "-c", script));

        Assert.Equal("4", File.ReadAllText(scratch["code.txt"]).Trim());
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(scratch["out.json"]));
        Assert.Equal(id, Assert.Single(document.RootElement.GetProperty("errors").EnumerateArray()).GetProperty("id").GetString());
        JsonElement finding = document.RootElement.GetProperty("findings").EnumerateArray().Single(static one => one.GetProperty("kind").GetString() == "Missing");
        Assert.False(finding.GetProperty("repaired").GetBoolean());
        Assert.Contains("The repair failed: ", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(why, finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(why, File.ReadAllText(scratch["err.txt"]), StringComparison.Ordinal);

        // Once there is room, the same command mends it.
        scratch.Run("fsck", "--repair").Exits(0);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
    }
}
