using System.Globalization;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>What packing the exports of a project takes and saves, beside zstd's own patches and programs that keep backups.</summary>
/// <param name="work">Folder for what is made on the way.</param>
/// <param name="peers">The programs.</param>
/// <param name="report">Where the figures go.</param>
/// <param name="runs">How often reading is measured.</param>
/// <param name="weeks">How many exports.</param>
/// <param name="megabytes">Size of the last.</param>
internal sealed class PackedWeeks(string work, Peers peers, Report report, int runs, int weeks, int megabytes)
{
    public void Run()
    {
        foreach (bool shuffled in (bool[])[false, true])
        {
            Run(shuffled);
        }
    }

    private void Run(bool shuffled)
    {
        string folder = Path.Combine(work, shuffled ? "weeks-shuffled" : "weeks");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        string inbox = Path.Combine(folder, "inbox");
        string[] exports = new WeeklyExports(inbox, weeks, megabytes * 1_000_000L, shuffled).Write();
        long plain = exports.Sum(static path => new FileInfo(path).Length);
        report.Section(string.Create(
            CultureInfo.InvariantCulture, $"{weeks} weekly exports of {plain / 1e6:F0} MB, {(shuffled ? "tasks in another order each week" : "tasks by id")}"));
        Harvest(folder, "init", "-q");
        foreach (string export in exports)
        {
            Harvest(folder, "add", export, "--project", "p", "-q");
        }

        string hash = Newest(folder, exports[^2]);
        ProcessRun loose = ProcessRun.Medians(runs, () => Harvest(folder, "restore", hash, "--to", Restored(folder), "-q"))[0];
        ProcessRun[] derived = Derive(folder, exports[^2], "plain");
        ProcessRun pack = Harvest(folder, "pack", "-q");
        long packed = SizeOf(Path.Combine(folder, ".harvest", "archive"));
        report.Row("harvest pack", pack);
        ProcessRun read = ProcessRun.Medians(runs, () => Harvest(folder, "restore", hash, "--to", Restored(folder), "-q"))[0];
        report.Row("harvest restore, one packed week", read);
        report.Row("harvest restore, the same as plain bytes", loose);
        report.Ratio("MB of one packed week read a second of wall time, written and flushed", new FileInfo(exports[^2]).Length / 1e6 / read.Seconds, "at least 400");
        ProcessRun[] derivedPacked = Derive(folder, exports[^2], "packed");
        report.Row("harvest new of one week, packed", derivedPacked[0]);
        report.Row("harvest new of one week, plain", derived[0]);
        report.Ratio("plain bytes to packed ones", (double)plain / packed, "at least 25");
        report.Ratio("MB packed a second of processor time", plain / 1e6 / pack.ProcessorSeconds ?? 0, "at least 150");
        report.Ratio("new of a packed week against a plain one, wall", derivedPacked[0].Seconds / derived[0].Seconds, "at most 1.3");
        Zstd(folder, exports, pack, packed);
        Backup("restic", folder, inbox, exports, plain, packed);
        Backup("borg", folder, inbox, exports, plain, packed);
        GitLfs(folder, exports, plain);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Zstd's own patches against the newest, at its usual level.</summary>
    private void Zstd(string folder, string[] exports, ProcessRun pack, long packed)
    {
        if (Peers.Find("zstd") is null)
        {
            report.Note("zstd is not installed.");
            return;
        }

        string output = Path.Combine(folder, "zstd");
        Directory.CreateDirectory(output);
        var all = new List<ProcessRun> { ProcessRun.Of(folder, "zstd", "-q", "-3", exports[^1], "-o", Path.Combine(output, "anchor")) };
        for (int i = 0; i < exports.Length - 1; i++)
        {
            all.Add(ProcessRun.Of(folder, "zstd", "-q", "-3", $"--patch-from={exports[^1]}", exports[i], "-o", Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{i}"))));
        }

        var sum = new ProcessRun(all.Sum(static one => one.Seconds), all.Sum(static one => one.ProcessorSeconds), all.Max(static one => one.PeakMegabytes), "");
        report.Row("zstd -3 --patch-from the newest, one after another", sum);
        report.Ratio("size against zstd's patches", (double)packed / SizeOf(output), "at most 1.1");
        report.Ratio("time against zstd's patches, processor", pack.ProcessorSeconds / sum.ProcessorSeconds ?? 0, "at most 1.5");
    }

    private void Backup(string program, string folder, string inbox, string[] exports, long plain, long packed)
    {
        if (Peers.Find(program) is null)
        {
            report.Note($"{program} is not installed.");
            return;
        }

        string store = Path.Combine(folder, program);
        string secret = Path.Combine(folder, "secret");
        File.WriteAllText(secret, "x");
        string[] first = program == "restic" ? ["--password-file", secret, "-r", store, "-q"] : [];
        ProcessRun.Of(folder, program, program == "restic" ? [.. first, "init"] : ["init", "-e", "none", store]);
        ProcessRun run = ProcessRun.Of(folder, program, program == "restic" ? [.. first, "backup", inbox] : ["create", $"{store}::all", inbox]);
        report.Row($"{program}, all of them", run);
        report.Ratio($"{program}: plain bytes to kept ones", (double)plain / SizeOf(store), $"none: harvest has {(double)plain / packed:F0} on {exports.Length} exports");
    }

    /// <summary>What git-lfs keeps of them: each export whole.</summary>
    private void GitLfs(string folder, string[] exports, long plain)
    {
        if (Peers.Find("git-lfs") is null)
        {
            report.Note("git-lfs is not installed.");
            return;
        }

        string checkout = Path.Combine(folder, "lfs");
        Directory.CreateDirectory(checkout);
        ProcessRun.Of(checkout, "git", "init", "-q");
        ProcessRun.Of(checkout, "git", "lfs", "install", "--local");
        ProcessRun.Of(checkout, "git", "lfs", "track", "*.json");
        foreach (string export in exports)
        {
            File.Copy(export, Path.Combine(checkout, Path.GetFileName(export)));
        }

        ProcessRun run = ProcessRun.Of(checkout, "git", "add", ".");
        report.Row("git add with git-lfs, all of them", run);
        report.Ratio("git-lfs: plain bytes to kept ones", (double)plain / SizeOf(Path.Combine(checkout, ".git")), "none");
        Directory.Delete(checkout, recursive: true);
    }

    private ProcessRun[] Derive(string folder, string export, string name)
    {
        int run = 0;
        return ProcessRun.Medians(runs, () =>
        {
            string cache = Path.Combine(folder, ".harvest", "cache");
            if (Directory.Exists(cache))
            {
                Directory.Delete(cache, recursive: true);
            }

            return Harvest(folder, "new", string.Create(CultureInfo.InvariantCulture, $"{name}{run++}"), "--export", export, "-q");
        });
    }

    private static string Newest(string folder, string path) => HarvestTools.Files.FileHash.Compute(Path.Combine(folder, path));

    private static string Restored(string folder)
    {
        string path = Path.Combine(folder, "restored.json");
        File.Delete(path);
        return path;
    }

    private static long SizeOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(static path => new FileInfo(path).Length);

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);
}
