using System.Diagnostics;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Device nodes inside the store and the repository: reading one may never end, and opening one may do something. They need root to make.</summary>
public sealed class DeviceNodeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly string[] s_places =
    [
        ".harvest/archive/sha256/node", ".harvest/archive/exports/node.json", ".harvest/archive/sha256/.tmp-1-abc", ".harvest/cache/parts/node",
        ".harvest/locks/node", "slices/v1/node",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_the_store_they_are_found_and_left_and_no_command_waits_for_them(bool block)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/more.json", SmallExport.Hands(tasks: 8));
        Make(scratch, block);
        foreach (string command in new[] { "fsck --json", "fsck --repair --json" })
        {
            JsonElement[] findings = [.. Findings(Run(scratch, command).Exits(0)).Where(static finding => Text(finding, "kind") == "NotAFile")];
            Assert.Equal(
                s_places.Select(path => scratch[path]).Order(StringComparer.Ordinal),
                findings.Select(static finding => Text(finding, "path")).Order(StringComparer.Ordinal));
            Assert.All(findings, static finding => Assert.Contains("a device", Text(finding, "message"), StringComparison.Ordinal));
            Assert.All(findings, static finding => Assert.False(finding.GetProperty("repaired").GetBoolean()));
        }

        foreach (string command in new[] { "check", "add exports/more.json -p b", "new v2", "check", "build v2", "restore b --to restored.json" })
        {
            Run(scratch, command).Exits(0);
        }

        Assert.Equal(ScratchFolder.Sha256(scratch["exports/more.json"]), ScratchFolder.Sha256(scratch["restored.json"]));
        Assert.All(s_places, place => Assert.True(IsDevice(scratch[place], block)));
    }

    /// <summary>As the system itself saw it: what was only asked about was not opened.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void None_is_ever_opened(bool block)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is a program of Linux");
        ProgramOnPath.Require("strace");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        Make(scratch, block);
        string log = scratch["trace.txt"];
        foreach (string command in new[] { "fsck --repair -q", "check -q", "new v2 -q" })
        {
            scratch.RunWithProgram("strace", ["-f", "-qq", "-s", "4096", "-e", "trace=open,openat,openat2,stat,lstat,newfstatat,statx", "-o", log, "dotnet", HarvestProgram.AssemblyPath, .. command.Split(' ')]).Exits(0);
            string[] calls = File.ReadAllLines(log);

            // The trace does see the store: without this, an empty one would pass.
            Assert.Contains(calls, static call => call.Contains(" open", StringComparison.Ordinal) && call.Contains("slices/v1/slice.json", StringComparison.Ordinal));
            Assert.DoesNotContain(calls, call => call.Contains(" open", StringComparison.Ordinal) && s_places.Any(place => call.Contains(place + "\"", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(false, "slices/v1/slice.json", "NotAStoredFile")]
    [InlineData(true, "slices/v1/slice.json", "NotAStoredFile")]
    [InlineData(false, "harvest.json", "NotARegularFile")]
    [InlineData(true, "harvest.json", "NotARegularFile")]
    public void In_the_place_of_a_record_one_is_named_by_each_command(bool block, string file, string id)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        File.Delete(scratch[file]);
        SpecialFile.Device(scratch[file], block);
        foreach (string command in new[] { "check", "check --quick", "show v1", "build v1", "new v2", "restore --slice v1" })
        {
            HarvestResult result = Run(scratch, command + " --json").Exits(3);
            Assert.Contains(id, result.ErrorIds());
            Assert.Contains("it is a device", result.Error, StringComparison.Ordinal);
        }

        HarvestResult fsck = Run(scratch, "fsck --repair").Exits(file == "harvest.json" ? 3 : 1);
        Assert.Contains("a device", fsck.Out + fsck.Error, StringComparison.Ordinal);
        Assert.True(IsDevice(scratch[file], block));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_the_place_of_an_object_one_is_set_aside_and_the_object_restored(bool block)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        File.Delete(stored);
        SpecialFile.Device(stored, block);
        foreach (string command in new[] { "check", "check --quick", "restore b --to restored.json" })
        {
            Assert.Equal(["NotAStoredFile"], Run(scratch, command + " --json").Exits(3).ErrorIds());
        }

        // The tables are in the cache: nothing of the object is needed.
        Run(scratch, "new v2").Exits(0);
        Assert.True(IsDevice(stored, block));
        JsonElement obstacle = Findings(Run(scratch, "fsck --json").Exits(1)).Single(static finding => Text(finding, "kind") == "NotAFile");
        Assert.Contains("is a device, where an object belongs", Text(obstacle, "message"), StringComparison.Ordinal);
        Run(scratch, "fsck --repair").Exits(0);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        Assert.True(IsDevice(Assert.Single(Directory.GetFileSystemEntries(scratch[".harvest/archive/quarantine"])), block));

        // Adding the export again does the same.
        ScratchFolder.Unlock(stored);
        File.Delete(stored);
        SpecialFile.Device(stored, block);
        Run(scratch, "add exports/hands.json -p b").Exits(0);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        Assert.Equal(2, Directory.GetFileSystemEntries(scratch[".harvest/archive/quarantine"]).Count(path => IsDevice(path, block)));
    }

    private static void Make(ScratchFolder scratch, bool block)
    {
        foreach (string place in s_places)
        {
            SpecialFile.Device(scratch[place], block);
        }
    }

    private static HarvestResult Run(ScratchFolder scratch, string command)
    {
        string[] arguments = command.Split(' ');
        using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), arguments);
        return HarvestProgram.Finish(process, s_patience, arguments);
    }

    private static JsonElement[] Findings(HarvestResult result) => [.. result.Document().GetProperty("findings").EnumerateArray()];

    private static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString()!;

    private static bool IsDevice(string path, bool block) => SpecialFile.Run("test", block ? "-b" : "-c", path) == 0;
}
