using System.Globalization;
using HarvestTools.Benchmarks.Profiles;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// The least that a derivation would take which has the rows of unchanged tasks from the former part, against a full one: to find which
/// tasks have the same labels, and to read the former tables. What changed, the merge and the writing come on top.
/// </summary>
internal sealed class Incremental(string work, Peers peers, Report report, int runs, int megabytes, string names)
{
    public void Run()
    {
        ExportProfile[] profiles = names.Length == 0 ? [ExportProfile.Named("two")] : [.. names.Split(',').Select(ExportProfile.Named)];
        foreach (ExportProfile profile in profiles)
        {
            Measure(profile);
        }
    }

    private void Measure(ExportProfile profile)
    {
        string folder = Path.Combine(work, "incremental-" + profile.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        (string[] exports, _) = profile.WriteTo(folder, megabytes * 1_000_000L);
        var build = new ProgramBuild(peers.Harvest, folder);
        string repository = build.NewRepository("repository");
        Func<int, bool, ProcessRun> derive = build.Deriving(repository, exports);
        string parts = Path.Combine(repository, ".harvest", "cache", "parts");
        report.Section(string.Create(CultureInfo.InvariantCulture, $"{profile.Name}, {megabytes} MB: a full derivation and what no incremental one is spared"));
        ProcessRun[] all = ProcessRun.Medians(
            runs,
            () => derive(1, false),
            () => derive(1, true),
            () => ProcessRun.Of(folder, peers.Harvest, ["hash", .. exports, "-q"]),
            () => ProcessRun.Of(folder, peers.Harvest, ["hash", .. exports, "--labels", "--threads", "1", "-q"]),
            () => ProcessRun.Of(work, Environment.ProcessPath!, "read-tables", parts));
        string[] named =
        [
            "new with the label hash, 1 thread", "new, labels known, 1 thread", "the hash of the file", "the labels of each task, 1 thread", "reading all columns of the former tables",
        ];
        for (int i = 0; i < all.Length; i++)
        {
            report.Row(named[i], all[i]);
        }

        report.Ratio("labels of each task and former tables, against new with the label hash, wall", (all[3].Seconds + all[4].Seconds) / all[0].Seconds, "at most 0.5, with all else that is left to do");
        report.Ratio("hash of the file and former tables, against new with labels known, wall", (all[2].Seconds + all[4].Seconds) / all[1].Seconds, "at most 0.5, with all else that is left to do");
        Directory.Delete(folder, recursive: true);
    }
}
