using System.Globalization;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// <c>git lfs push</c> and <c>git lfs fetch</c> through <c>harvest lfs-agent</c> to a folder, against git-lfs's own agent for a bare repository in a
/// folder, on the same objects. That one gives files a second name where both are on one file system; on another it copies.
/// </summary>
internal sealed class LfsTransfers(string work, Peers peers, Report report, int runs)
{
    private const int Count = 1000;
    private const string OtherFileSystem = "/dev/shm";

    public void Run()
    {
        if (Peers.Find("git-lfs") is null || Peers.Find("git") is null)
        {
            report.Note("Skipped: git-lfs, which is not installed.");
            return;
        }

        // What a clone would fetch by itself is to be measured.
        Environment.SetEnvironmentVariable("GIT_LFS_SKIP_SMUDGE", "1");
        Of("on the same file system", Path.Combine(work, "lfs"));
        if (Directory.Exists(OtherFileSystem))
        {
            Of("on another file system", Path.Combine(OtherFileSystem, "harvest-measure"));
        }
        else
        {
            report.Note("Skipped: git-lfs to another file system, of which none is known here.");
        }
    }

    private void Of(string where, string target)
    {
        TransferRepository.Clear(target);
        try
        {
            report.Section(string.Create(CultureInfo.InvariantCulture, $"git-lfs, {Count} objects of 1 MB, the target {where}"));
            (Func<ProcessRun> push, Func<ProcessRun> fetch) = Cases(target, "ours", agent: true);
            (Func<ProcessRun> ownPush, Func<ProcessRun> ownFetch) = Cases(target, "theirs", agent: false);
            ProcessRun[] medians = ProcessRun.Medians(runs, push, fetch, ownPush, ownFetch);
            string[] names = ["git lfs push through harvest lfs-agent", "git lfs fetch through harvest lfs-agent", "git lfs push by its own agent", "git lfs fetch by its own agent"];
            foreach ((string name, ProcessRun run) in names.Zip(medians))
            {
                report.Row(name, run);
            }

            report.Ratio("push against git-lfs's own, wall", medians[0].Seconds / medians[2].Seconds, "below 1");
            report.Ratio("fetch against git-lfs's own, wall", medians[1].Seconds / medians[3].Seconds, "below 1");
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }

    private (Func<ProcessRun> Push, Func<ProcessRun> Fetch) Cases(string target, string name, bool agent)
    {
        string from = Path.Combine(work, $"lfs-{name}");
        string bare = Path.Combine(target, $"{name}.git");
        string share = Path.Combine(target, $"{name}-share");
        TransferRepository.Clear(from);
        TransferRepository.Clear(share);
        Git(target, "init", "--quiet", "--bare", "--initial-branch", "main", bare);
        Git(from, "init", "--quiet", "--initial-branch", "main");
        ProcessRun.Of(from, peers.Harvest, "init", "-q");
        var repository = new TransferRepository(peers.Harvest, from);
        repository.SetRemote(share);
        Use(from, agent);
        Git(from, "lfs", "track", "*.bin");
        int i = 0;
        foreach (byte[] content in TransferRepository.Contents(Count, 1_000_000))
        {
            File.WriteAllBytes(Path.Combine(from, string.Create(CultureInfo.InvariantCulture, $"{i++}.bin")), content);
        }

        Git(from, "remote", "add", "origin", new Uri(bare).AbsoluteUri);
        Git(from, "add", "--all", ".");
        Git(from, "commit", "--quiet", "--message", "objects");
        Git(from, "push", "--quiet", "origin", "main");
        string clone = Path.Combine(work, $"lfs-{name}-clone");
        Directory.CreateDirectory(clone);
        Directory.Delete(clone, recursive: true);
        Git(work, "clone", "--quiet", new Uri(bare).AbsoluteUri, clone);
        Use(clone, agent);
        return (
            () =>
            {
                TransferRepository.Clear(agent ? share : Path.Combine(bare, "lfs"));
                TransferRepository.Clear(Path.Combine(from, ".harvest"));
                return Git(from, "lfs", "push", "--all", "origin");
            },
            () =>
            {
                TransferRepository.Clear(Path.Combine(clone, ".git", "lfs"));
                TransferRepository.Clear(Path.Combine(clone, ".harvest"));
                return Git(clone, "lfs", "fetch", "origin", "main");
            });
    }

    private void Use(string folder, bool agent)
    {
        Git(folder, "lfs", "install", "--local");
        if (agent)
        {
            Git(folder, "config", "lfs.standalonetransferagent", "harvest");
            Git(folder, "config", "lfs.customtransfer.harvest.path", peers.Harvest);
            Git(folder, "config", "lfs.customtransfer.harvest.args", "lfs-agent");
        }
    }

    private static ProcessRun Git(string folder, params string[] arguments) => ProcessRun.Of(
        folder, "git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", .. arguments]);
}
