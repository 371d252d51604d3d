using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A repository that has a program among its files: no command runs it.</summary>
public sealed class PlantedProgramTests
{
    [Fact]
    public void A_git_among_a_repositorys_files_is_never_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a script cannot have the name of a program there");
        using var scratch = new ScratchFolder().WithSlice();
        Directory.CreateDirectory(scratch[".git/objects"]);
        Directory.CreateDirectory(scratch[".git/refs"]);
        File.WriteAllText(scratch[".git/HEAD"], "ref: refs/heads/main\n");
        string ran = scratch["ran.txt"];
        File.WriteAllText(scratch["git"], $"#!/bin/sh\necho \"$@\" >> '{ran}'\n");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(scratch["git"], UnixFileMode.UserRead | UnixFileMode.UserExecute);

        scratch.Run("check", "-q").Exits(0);
        scratch.Run("new", "-q").Exits(0);
        scratch.Run("fsck", "-q").Exits(0);

        Assert.False(File.Exists(ran), File.Exists(ran) ? File.ReadAllText(ran) : "");
    }
}
