using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The installed git and git-lfs, with the agent between them and a folder remote.</summary>
public sealed class GitLfsTests : IDisposable
{
    // A task of the export is a kilobyte.
    private static readonly int s_tasks = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 200_000 : 30_000;

    private readonly LfsTeam _team = new();

    [Fact]
    public void A_clone_reads_what_was_pushed_when_it_needs_it_and_the_other_way_round()
    {
        string large = _team.Work.Write("exports/hands.json", SmallExport.Hands(s_tasks));
        for (int i = 1; i <= 8; i++)
        {
            _team.Work.Write($"exports/actions {i}.json", SmallExport.Actions(tasks: i));
        }

        string oid = ScratchFolder.Sha256(large);
        LfsTeam.Commit(_team.Work);
        _team.Work.Git("push", "--quiet", "origin", "main");

        // Each file, and a name that keeps it there for good; nothing is left of what the transfers wrote on their way.
        Assert.Equal((9, 9, 18), (_team.Shared("sha256").Length, _team.Shared("lfs").Length, _team.Shared("").Length));
        Assert.Equal(oid, ScratchFolder.Sha256(_team.InShare(oid)));

        using ScratchFolder clone = _team.Clone();
        string pointer = File.ReadAllText(clone["exports/hands.json"]);
        Assert.StartsWith("version https://git-lfs", pointer, StringComparison.Ordinal);
        Assert.Equal(oid, Sha256(clone.Run("add", "--json", "exports/hands.json", "-p", "b").Exits(0)));
        clone.Run("new", "v1", "-q").Exits(0);
        clone.Run("check", "-q").Exits(0);
        Assert.Equal(pointer, File.ReadAllText(clone["exports/hands.json"]));
        Assert.Equal(oid, ScratchFolder.Sha256(clone[$".harvest/archive/sha256/{oid[..2]}/{oid}"]));

        clone.Git("lfs", "pull");
        Assert.Equal(oid, ScratchFolder.Sha256(clone["exports/hands.json"]));
        Assert.Equal(ScratchFolder.Sha256(_team.Work["exports/actions 8.json"]), ScratchFolder.Sha256(clone["exports/actions 8.json"]));
        clone.Git("lfs", "fsck");
        clone.Git("diff", "--exit-code", "--quiet");
        clone.Run("check", "-q").Exits(0);

        string later = ScratchFolder.Sha256(clone.Write("exports/hands.json", SmallExport.Hands(s_tasks, moved: 1)));
        LfsTeam.Commit(clone);
        clone.Git("push", "--quiet", "origin", "main");
        _team.Work.RunWithProgram("env", "GIT_LFS_SKIP_SMUDGE=1", "git", "-C", _team.Work.Path, "pull", "--quiet", "origin", "main").Exits(0);
        Assert.Equal(later, Sha256(_team.Work.Run("hash", "--labels", "--json", "exports/hands.json").Exits(0)));
        _team.Work.Git("lfs", "pull", "origin");
        Assert.Equal(later, ScratchFolder.Sha256(_team.Work["exports/hands.json"]));
    }

    [Fact]
    public void Damage_in_the_remote_is_refused_and_a_push_puts_it_right()
    {
        string oid = Pushed();
        using ScratchFolder clone = _team.Clone();
        byte[] bytes = File.ReadAllBytes(_team.InShare(oid));
        bytes[10] ^= 1;
        ScratchFolder.Unlock(_team.InShare(oid));
        File.WriteAllBytes(_team.InShare(oid), bytes);

        HarvestResult pulled = clone.RunWithProgram("git", "-C", clone.Path, "lfs", "pull");

        Assert.NotEqual(0, pulled.Exit);
        Assert.Contains("is damaged: its bytes have another SHA-256", pulled.Error, StringComparison.Ordinal);
        Assert.StartsWith("version https://git-lfs", File.ReadAllText(clone["exports/hands.json"]), StringComparison.Ordinal);
        Assert.False(File.Exists(clone[$".harvest/archive/sha256/{oid[..2]}/{oid}"]));
        _team.Work.Git("lfs", "push", "--all", "origin");
        clone.Git("lfs", "pull");
        Assert.Equal(oid, ScratchFolder.Sha256(clone["exports/hands.json"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_agent_that_is_killed_leaves_nothing_half_done_and_the_next_one_finishes(bool remote)
    {
        string file = _team.Work.Write("exports/hands.json", SmallExport.Hands(s_tasks));
        string oid = ScratchFolder.Sha256(file);
        string target = remote ? _team.InShare(oid) : _team.Work[$".harvest/archive/sha256/{oid[..2]}/{oid}"];
        if (!remote)
        {
            _team.Work.Write("harvest.json", "{}");
        }

        bool killed = false;
        for (int i = 0; i < 10 && !killed; i++)
        {
            if (File.Exists(target))
            {
                ScratchFolder.Unlock(target);
                File.Delete(target);
            }

            killed = LfsAgent.KillWithin(_team.Work.Path, oid, file);
        }

        Assert.True(killed);
        Assert.False(File.Exists(target));
        LfsTeam.Commit(_team.Work);
        _team.Work.Git("push", "--quiet", "origin", "main");
        Assert.Equal(oid, ScratchFolder.Sha256(target));
    }

    [Fact]
    public void Outside_of_a_harvest_repository_git_lfs_says_what_is_missing()
    {
        _team.Work.Write("exports/hands.json", SmallExport.Hands(3));
        LfsTeam.Commit(_team.Work);
        File.Delete(_team.Work["harvest.json"]);

        HarvestResult pushed = _team.Work.RunWithProgram("git", "-C", _team.Work.Path, "push", "origin", "main");

        Assert.NotEqual(0, pushed.Exit);
        Assert.Contains("there is no harvest.json", pushed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pointer_is_resolved_in_a_worktree_and_by_GIT_DIR()
    {
        string oid = Pushed();
        using var tree = new ScratchFolder();
        _team.Work.RunWithProgram("env", "GIT_LFS_SKIP_SMUDGE=1", "git", "-C", _team.Work.Path, "worktree", "add", "--quiet", "--detach", tree["week"]).Exits(0);
        string pointer = File.ReadAllText(tree["week/exports/hands.json"]);
        Assert.StartsWith("version https://git-lfs", pointer, StringComparison.Ordinal);
        Assert.Equal(oid, Sha256(tree.Run("hash", "--labels", "--json", "week/exports/hands.json").Exits(0)));

        using var bare = new ScratchFolder();
        bare.Write("hands.json", pointer);
        bare.Run("hash", "--labels", "hands.json").Exits(3);
        var environment = new Dictionary<string, string> { ["GIT_DIR"] = _team.Work[".git"] };
        Assert.Equal(oid, Sha256(HarvestProgram.Run(bare.Path, environment, "hash", "--labels", "--json", "hands.json").Exits(0)));
    }

    public void Dispose() => _team.Dispose();

    private string Pushed()
    {
        string file = _team.Work.Write("exports/hands.json", SmallExport.Hands(40));
        LfsTeam.Commit(_team.Work);
        _team.Work.Git("push", "--quiet", "origin", "main");
        return ScratchFolder.Sha256(file);
    }

    private static string Sha256(HarvestResult result)
    {
        JsonElement export = result.Document().GetProperty("exports")[0];
        return export.GetProperty("sha256").GetString()!;
    }
}
