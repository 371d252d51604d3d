using System.Globalization;
using System.Text;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>Whether a slice of very many small exports of one project takes the same for each as a slice of few.</summary>
internal sealed class SliceOfMany(string work, Peers peers, Report report)
{
    private const int ExportBytes = 20_000;

    // The least size again at the end: what it takes then and did not at first is the machine's, not the slice's.
    private static readonly int[] s_sizes = [500, 1000, 2000, 4000, 500];

    public void Run()
    {
        string repository = Path.Combine(work, "slice-of-many");
        if (Directory.Exists(repository))
        {
            Directory.Delete(repository, recursive: true);
        }

        string inbox = Path.Combine(repository, "inbox");
        Directory.CreateDirectory(inbox);
        Harvest(repository, "init", "-q");
        int most = s_sizes.Max();
        string template = Template();
        string[] files = [.. Enumerable.Range(0, most).Select(i => Write(inbox, template, i))];
        Harvest(repository, "add", "inbox/*.json", "--project", "p", "-q");

        report.Section(string.Create(CultureInfo.InvariantCulture, $"A slice of some of {most} exports of {ExportBytes / 1000} kB, nothing derived before"));
        ProcessRun[] runs = [.. s_sizes.Select(size => Slice(repository, files[..size]))];
        report.Table(
            ["exports", "wall ms for each", "processor ms for each", "peak MB", "wall for each against the least", "processor time for each against the least"],
            s_sizes.Zip(runs, (size, run) => new[]
            {
                size.ToString(CultureInfo.InvariantCulture),
                Text(1000 * run.Seconds / size),
                Text(1000 * run.ProcessorSeconds / size),
                run.PeakMegabytes?.ToString("F0", CultureInfo.InvariantCulture) ?? "",
                Text(run.Seconds / size / (runs[0].Seconds / s_sizes[0])),
                Text(run.ProcessorSeconds / size / (runs[0].ProcessorSeconds / s_sizes[0])),
            }));
        Directory.Delete(repository, recursive: true);
    }

    private ProcessRun Slice(string repository, string[] files)
    {
        foreach (string made in (string[])["slices", Path.Combine(".harvest", "cache")])
        {
            string folder = Path.Combine(repository, made);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        // What the cache has of the archive's records is read again here: it is the same for every size.
        Harvest(repository, "exports", "--json");
        ProcessRun run = ProcessRun.Medians(1, () => Harvest(repository, ["new", "v1", .. files.SelectMany(static file => (string[])["--export", file]), "-q"]))[0];
        report.Row(string.Create(CultureInfo.InvariantCulture, $"new, of {files.Length}"), run);
        return run;
    }

    /// <summary>
    /// One export is made and written again and again under ids and episodes of its own: making each would take longer than all
    /// that is measured.
    /// </summary>
    private static string Template()
    {
        const long First = 7_777_000_001;
        using var output = new MemoryStream();
        ExportGenerator.Write(output, ExportGenerator.Benchmark(ExportBytes) with { FirstTaskId = First, FirstAnnotationId = First });
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string Write(string folder, string template, int i)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:D6}.json"));
        string number = (1000 + i).ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(path, template.Replace("7777000", $"{number}000", StringComparison.Ordinal).Replace("episode_", $"episode_{number}_", StringComparison.Ordinal));
        return path;
    }

    private static string Text(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);
}
