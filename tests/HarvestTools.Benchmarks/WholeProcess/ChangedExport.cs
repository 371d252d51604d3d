using System.Globalization;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>A week's slice: one export of fifty changed, and the parts of the others are found in the cache.</summary>
/// <param name="work">Folder for what is made on the way; the repository there is removed at the end.</param>
/// <param name="peers">The programs.</param>
/// <param name="report">Where the figures go.</param>
/// <param name="runs">How often each case runs, three times at most.</param>
/// <param name="megabytes">Size of one export; fifty of them lie in the archive.</param>
internal sealed class ChangedExport(string work, Peers peers, Report report, int runs, int megabytes)
{
    private const int Exports = 50;

    public void Run()
    {
        report.Section($"A slice of fifty exports of {megabytes} MB, one of them changed since the slice before");
        string repository = Path.Combine(work, $"changed-{megabytes}");
        if (Directory.Exists(repository))
        {
            Directory.Delete(repository, recursive: true);
        }

        Directory.CreateDirectory(repository);
        Harvest(repository, "init", "-q");
        for (int i = 0; i < Exports; i++)
        {
            Add(repository, i, (ulong)i + 1);
        }

        string cache = Path.Combine(repository, ".harvest", "cache");
        var all = new List<ProcessRun>();
        var one = new List<ProcessRun>();
        var none = new List<ProcessRun>();
        for (int run = 0; run < Math.Min(runs, 3); run++)
        {
            DeleteRows(cache);
            all.Add(Harvest(repository, "new", $"all{run}", "-q"));

            // Its labels may end before those of the export whose place it takes, which the next slice would then go on with.
            Add(repository, 0, (ulong)(1000 + run), "--newest");
            int parts = Parts(cache);
            one.Add(Harvest(repository, "new", $"one{run}", "-q"));
            if (Parts(cache) != parts + 1)
            {
                throw new InvalidOperationException("The slice with one changed export derived another number of them.");
            }

            none.Add(Harvest(repository, "new", $"none{run}", "-q"));
        }

        ProcessRun[] medians = [ProcessRun.Middle(all), ProcessRun.Middle(one), ProcessRun.Middle(none)];
        report.Row("all fifty derived", medians[0]);
        report.Row("one derived, forty-nine found", medians[1]);
        report.Row("all fifty found", medians[2]);
        report.Ratio("share of the time", medians[1].Seconds / medians[0].Seconds, "at most 0.0333");
        report.Ratio("all fifty against one", medians[0].Seconds / medians[1].Seconds, "at least 30");
        report.Ratio("share of the processor time", medians[1].ProcessorSeconds / medians[0].ProcessorSeconds ?? 0, "none");
        Directory.Delete(repository, recursive: true);
    }

    /// <summary>Removes what is derived. The lists of tasks stay, which were written when exports were added: nobody loses them between two weeks.</summary>
    private static void DeleteRows(string cache)
    {
        foreach (string folder in Directory.GetDirectories(cache).Where(static folder => Path.GetFileName(folder) != "tasks"))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Add(string repository, int project, ulong seed, params string[] more)
    {
        string path = Path.Combine(repository, "export.json");
        long first = 1 + (project * 1_000_000L);
        using (FileStream output = File.Create(path))
        {
            ExportGenerator.Write(output, ExportGenerator.Benchmark(megabytes * 1_000_000L) with { Seed = seed, ProjectId = 1000 + project, FirstTaskId = first, FirstAnnotationId = first });
        }

        Harvest(repository, ["add", path, "--project", string.Create(CultureInfo.InvariantCulture, $"p{project:D3}"), "-q", .. more]);
        File.Delete(path);
    }

    private static int Parts(string cache) => Directory.GetDirectories(Path.Combine(cache, "parts")).Length;

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);
}
