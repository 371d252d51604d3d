namespace HarvestTools.Tests.Harness;

/// <summary>git in a scratch folder, with an author of its own.</summary>
internal static class GitCommands
{
    public static void Git(this ScratchFolder scratch, params string[] arguments) => scratch.RunWithProgram(
        "git", ["-C", scratch.Path, "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", .. arguments]).Exits(0);

    /// <summary>Commits v1 on the branch main, and v2 on the branch weekly, and goes back to main. Needs git.</summary>
    public static void CommitSecondSliceOnABranch(this ScratchFolder scratch)
    {
        scratch.Git("init", "--quiet", "--initial-branch", "main");
        scratch.Git("add", "harvest.json", "slices");
        scratch.Git("commit", "--quiet", "--message", "v1");
        scratch.Git("checkout", "--quiet", "-b", "weekly");
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Git("add", "slices");
        scratch.Git("commit", "--quiet", "--message", "v2");
        scratch.Git("checkout", "--quiet", "main");
    }
}
