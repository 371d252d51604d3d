using System.Globalization;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>One project with very many small exports, as where every episode is exported alone: adding them, and a slice of them all.</summary>
internal sealed class ManyExports(string work, Peers peers, Report report, int count)
{
    private const int ExportBytes = 20_000;
    private const int Separate = 20;
    private const int Sliced = 4000;

    public void Run()
    {
        string repository = Path.Combine(work, "exports");
        if (Directory.Exists(repository))
        {
            Directory.Delete(repository, recursive: true);
        }

        string inbox = Path.Combine(repository, "inbox");
        string later = Path.Combine(repository, "later");
        Directory.CreateDirectory(inbox);
        Directory.CreateDirectory(later);
        Harvest(repository, "init", "-q");
        for (int i = 0; i < count + Separate; i++)
        {
            Generate(Path.Combine(i < count ? inbox : later, string.Create(CultureInfo.InvariantCulture, $"{i:D6}.json")), i);
        }

        report.Section(string.Create(CultureInfo.InvariantCulture, $"One project with {count} exports of {ExportBytes / 1000} kB"));
        ProcessRun all = Harvest(repository, "add", "inbox/*.json", "--project", "p", "-q");
        report.Row("add, all in one call", all);
        string[] one = [.. Directory.GetFiles(later).Order(StringComparer.Ordinal)];
        int next = 0;
        ProcessRun each = ProcessRun.Medians(Separate, () => Harvest(repository, "add", one[next++], "--project", "p", "-q"))[0];
        report.Row("add, one more", each);
        report.Row("exports --json", Harvest(repository, "exports", "--json"));
        report.Ratio("seconds for all", all.Seconds, "at most 60 for 10,000");
        report.Ratio("seconds for one more", each.Seconds, "at most 0.1");

        string[] named = [.. Directory.GetFiles(inbox).Order(StringComparer.Ordinal).Take(Math.Min(count, Sliced)).SelectMany(static file => (string[])["--export", file])];
        report.Row(string.Create(CultureInfo.InvariantCulture, $"new, of {named.Length / 2} of them"), Harvest(repository, ["new", "v1", .. named, "-q"]));
    }

    private static void Generate(string path, int i)
    {
        long first = 1 + (i * 1000L);
        using FileStream output = File.Create(path);
        ExportGenerator.Write(output, ExportGenerator.Benchmark(ExportBytes) with { Seed = (ulong)i + 1, FirstTaskId = first, FirstAnnotationId = first });
    }

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);
}
