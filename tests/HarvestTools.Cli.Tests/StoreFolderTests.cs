using System.Diagnostics;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The folders of a repository: never git's own, cleared of what killed processes left, and made again where deleted.</summary>
public sealed class StoreFolderTests
{
    // No system gives processes such numbers.
    private const string Dead = ".tmp-2147483646-0123456789ab";

    [Theory]
    [InlineData("slices", ".git/refs", "slices")]
    [InlineData("slices", ".GIT", "new", "v2")]
    [InlineData("cache", ".git", "build")]
    [InlineData("eval_set", ".git/index", "decide")]
    public void A_setting_in_gits_folder_is_refused(string setting, string path, params string[] command)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write(".git/index", "of git");
        scratch.Write("harvest.json", $"{{\n  \"{setting}\": \"{path}\"\n}}\n");
        HarvestResult text = scratch.Run(command).Exits(3);
        Assert.Contains($"harvest.json', line 2, byte", text.Error, StringComparison.Ordinal);
        Assert.Contains($"\"{setting}\": The path '{path}' is in git's own folder", text.Error, StringComparison.Ordinal);
        Assert.Equal(["PathInGit"], scratch.Run([.. command, "--json"]).Exits(3).ErrorIds());
        Assert.Equal(["index"], Directory.GetFileSystemEntries(scratch[".git"]).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_killed_process_left_goes_with_the_next_command_that_writes_there()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string[] left =
        [
            scratch.Write($".harvest/archive/sha256/{Dead}", "half"),
            scratch.Write($".harvest/archive/exports/{Dead}", "half"),
            scratch.Write($".harvest/cache/spill/{Dead}", "half"),
            scratch.Write($".harvest/cache/spill/{Dead}cdef.rows", "half"),
            scratch.Write($"slices/v2/{Dead}", "half"),
        ];
        string own = scratch.Write(".harvest/archive/sha256/.tmp-notes", "of the user");

        scratch.Run("slices").Exits(0);
        Assert.All(left, static file => Assert.True(File.Exists(file), file));

        scratch.Write("x.json", SmallExport.Hands(tasks: 8));
        scratch.Run("add", "x.json", "--project", "b").Exits(0);
        scratch.Run("new", "v2").Exits(0);
        Assert.All(left, static file => Assert.False(File.Exists(file), file));
        Assert.True(File.Exists(own));
    }

    [Fact]
    public void A_cache_that_is_deleted_under_a_command_is_made_again_or_named()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("big.json", SmallExport.Hands(tasks: 4000));
        scratch.Run("add", "big.json", "--project", "b").Exits(0);
        foreach (string[] command in new string[][] { ["new", "v2"], ["decide"], ["check", "v1"], ["build", "v1"] })
        {
            using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), command);
            while (!process.HasExited)
            {
                Delete(scratch[".harvest/cache"]);
                Thread.Sleep(5);
            }

            HarvestResult result = HarvestProgram.Finish(process, command);
            Assert.True(result.Exit is 0 or 3, $"{command[0]}: {result.Exit}\n{result.Error}");
            if (result.Exit == 3)
            {
                Assert.Contains("there is no such file or folder", result.Error, StringComparison.Ordinal);
            }

            scratch.Run("fsck", "-q").Exits(0);
        }

        scratch.Run("build").Exits(0);
        scratch.Run("check").Exits(0);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception meanwhile) when (meanwhile is IOException or UnauthorizedAccessException)
        {
            // The command is at work in it.
        }
    }
}
