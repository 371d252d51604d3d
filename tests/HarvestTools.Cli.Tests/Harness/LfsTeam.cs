namespace HarvestTools.Tests.Harness;

/// <summary>A repository whose exports git-lfs keeps in a folder remote by the agent, and a bare one that it pushes to.</summary>
internal sealed class LfsTeam : IDisposable
{
    public LfsTeam()
    {
        ProgramOnPath.Require("git");
        ProgramOnPath.Require("git-lfs");
        Place.Git("init", "--quiet", "--bare", "--initial-branch", "main", Place["origin.git"]);
        Directory.CreateDirectory(Place["share"]);
        Work.Git("init", "--quiet", "--initial-branch", "main");
        Work.Run("init", "-q").Exits(0);
        Work.SetRemote(Place["share"]);
        UseAgent(Work);
        Work.Git("lfs", "track", "exports/*.json");
        Work.Git("remote", "add", "origin", Place["origin.git"]);
    }

    /// <summary>What everybody sees: the bare repository and the remote.</summary>
    public ScratchFolder Place { get; } = new();

    public ScratchFolder Work { get; } = new();

    public string[] Shared(string folder) => Directory.GetFiles(Path.Combine(Place["share"], folder), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    /// <summary>The settings of docs/git-lfs.md.</summary>
    public static void UseAgent(ScratchFolder clone)
    {
        clone.Git("lfs", "install", "--local");
        clone.Git("config", "lfs.standalonetransferagent", "harvest");
        clone.Git("config", "lfs.customtransfer.harvest.path", "harvest");
        clone.Git("config", "lfs.customtransfer.harvest.args", "lfs-agent");
    }

    public static void Commit(ScratchFolder clone)
    {
        clone.Git("add", "--all", ".gitattributes", "harvest.json", "exports");
        clone.Git("commit", "--quiet", "--message", "exports");
    }

    /// <summary>A clone with pointers, as one has it that fetches when it must.</summary>
    public ScratchFolder Clone()
    {
        var clone = new ScratchFolder();
        Place.RunWithProgram("env", "GIT_LFS_SKIP_SMUDGE=1", "git", "clone", "--quiet", Place["origin.git"], clone.Path).Exits(0);
        UseAgent(clone);
        return clone;
    }

    public string InShare(string oid) => Place[$"share/sha256/{oid[..2]}/{oid}"];

    public void Dispose()
    {
        Place.Dispose();
        Work.Dispose();
    }
}
