using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>harvest.local.json is of one machine: git is kept from it, and says so where it has it.</summary>
public sealed class LocalSettingsTests
{
    [Fact]
    public void Init_in_a_git_checkout_has_git_pass_over_it()
    {
        using var scratch = new ScratchFolder();
        scratch.Git("init", "--quiet");
        scratch.Write(".gitignore", "*.tmp\r\n*.log");
        scratch.Run("init", "-q").Exits(0);
        Assert.Equal("*.tmp\r\n*.log\r\n/harvest.local.json\r\n", File.ReadAllText(scratch[".gitignore"]));

        scratch.Write("harvest.local.json", "{}");
        scratch.Git("add", "--all");
        Assert.DoesNotContain("harvest.local.json", scratch.RunWithProgram("git", "-C", scratch.Path, "ls-files").Exits(0).Out, StringComparison.Ordinal);

        // The line of the checkout's own folder, and one that somebody wrote.
        scratch.Run("init", "inner", "-q").Exits(0);
        Assert.Equal("/harvest.local.json\n", File.ReadAllText(scratch["inner/.gitignore"]));
        scratch.Write("other/.gitignore", "harvest.local.json\n");
        scratch.Run("init", "other", "-q").Exits(0);
        Assert.Equal("harvest.local.json\n", File.ReadAllText(scratch["other/.gitignore"]));
    }

    [Fact]
    public void Init_elsewhere_writes_no_gitignore()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Assert.False(File.Exists(scratch[".gitignore"]));
    }

    [Fact]
    public void One_that_is_committed_is_warned_of()
    {
        using var remote = new SharedRemote();
        ScratchFolder here = remote.Here;
        here.Git("init", "--quiet");
        here.Write("harvest.local.json", """{ "remote": "origin" }""");
        here.Git("add", "harvest.json", "slices");
        here.Git("commit", "--quiet", "--message", "v1");
        Assert.DoesNotContain("harvest.local.json", here.Run("remote").Exits(0).Error, StringComparison.Ordinal);

        here.Git("add", "--force", "harvest.local.json");
        here.Git("commit", "--quiet", "--message", "mine");

        foreach (string[] command in new[] { new[] { "check" }, ["remote"] })
        {
            Assert.Contains("warning: harvest.local.json is committed", here.Run(command).Exits(0).Error, StringComparison.Ordinal);
        }
    }
}
