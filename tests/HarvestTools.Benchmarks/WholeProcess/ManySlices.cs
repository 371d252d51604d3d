using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>A long history: quick checks and lists.</summary>
internal sealed class ManySlices(string work, Peers peers, Report report, int runs)
{
    private const int Exports = 300;
    private const int ExportBytes = 10_000_000;
    private const int Slices = 100;
    private const int ManyManifests = 10_000;

    public void Run()
    {
        string repository = Path.Combine(work, "history");
        if (!File.Exists(Path.Combine(repository, "made")))
        {
            Make(repository);
        }

        QuickChecks(repository);
        Lists();
        Unreachable();
    }

    private void Make(string repository)
    {
        if (Directory.Exists(repository))
        {
            Directory.Delete(repository, recursive: true);
        }

        Directory.CreateDirectory(repository);
        Harvest(repository, "init", "-q");
        string export = Path.Combine(repository, "export.json");
        for (int i = 0; i < Exports; i++)
        {
            Generate(export, (ulong)i + 1, 1 + (i * 100_000));
            Harvest(repository, "add", export, "--project", $"p{i:D3}", "-q");
        }

        File.Delete(export);
        for (int i = 0; i < Slices; i++)
        {
            string[] named = [.. Enumerable.Range(i * 3, 3).SelectMany(static p => (string[])["--export", $"p{p:D3}"])];
            Harvest(repository, ["new", $"v{i + 1}", .. named, "-q"]);
        }

        File.WriteAllText(Path.Combine(repository, "made"), "");
    }

    private void QuickChecks(string repository)
    {
        report.Section("check --quick, nothing changed, 100 slices over 300 exports of 10 MB");

        // Files changed seconds ago are hashed whatever the list says.
        Thread.Sleep(4000);
        Harvest(repository, "check", "--quick", "-q");
        ProcessRun[] checks = ProcessRun.Medians(
            runs, () => Harvest(repository, "check", "--quick", "-q"), () => Harvest(repository, "check", "--quick", "--rehash", "-q"));
        report.Row("with the list of hashes", checks[0]);
        report.Row("--rehash", checks[1]);
        report.Ratio("seconds with the list", checks[0].Seconds, "below 0.3");
    }

    private void Lists()
    {
        report.Section("Lists over 10,000 slices");
        string repository = Path.Combine(work, "lists");
        if (!File.Exists(Path.Combine(repository, "made")))
        {
            Directory.CreateDirectory(repository);
            if (!File.Exists(Path.Combine(repository, "harvest.json")))
            {
                Harvest(repository, "init", "-q");
            }

            string export = Path.Combine(repository, "export.json");
            Generate(export, 1, 1, 200_000);
            Harvest(repository, "add", export, "--project", "a", "-q");
            Harvest(repository, "new", "v1", "-q");
            string first = File.ReadAllText(Path.Combine(repository, "slices", "v1", "slice.json"));
            for (int i = 2; i <= ManyManifests; i++)
            {
                string folder = Path.Combine(repository, "slices", $"v{i}");
                Directory.CreateDirectory(folder);
                string manifest = first
                    .Replace("\"slice_version\": \"v1\"", $"\"slice_version\": \"v{i}\"", StringComparison.Ordinal)
                    .Replace("\"exports\"", $"\"parents\": [\"v{i - 1}\"],\n  \"exports\"", StringComparison.Ordinal);
                File.WriteAllText(Path.Combine(folder, "slice.json"), manifest);
            }

            File.WriteAllText(Path.Combine(repository, "made"), "");
        }

        ProcessRun[] lists = ProcessRun.Medians(runs, () => Harvest(repository, "slices", "--json"), () => Harvest(repository, "log", "--json"));
        report.Row("slices", lists[0]);
        report.Row("log", lists[1]);
        report.Ratio("seconds of slices", lists[0].Seconds, "below 1");
        report.Ratio("seconds of log", lists[1].Seconds, "below 1");
    }

    private void Unreachable()
    {
        report.Section("gc over 10,000 objects and 2,000 slices of 4 exports");
        string repository = Path.Combine(work, "unreachable");
        if (!File.Exists(Path.Combine(repository, "made")))
        {
            MakeUnreachable(repository);
        }

        ProcessRun[] looks = ProcessRun.Medians(runs, () => Harvest(repository, "gc", "-q"), () => Harvest(repository, "du", "-q"));
        report.Row("gc", looks[0]);
        report.Row("du", looks[1]);
        report.Ratio("seconds of gc", looks[0].Seconds, "below 2");
    }

    private void MakeUnreachable(string repository)
    {
        const int Objects = 10_000;
        const int Named = 2_000;
        Directory.CreateDirectory(repository);
        if (!File.Exists(Path.Combine(repository, "harvest.json")))
        {
            Harvest(repository, "init", "-q");
        }

        string[] hashes = [.. Enumerable.Range(0, Objects).Select(number =>
        {
            byte[] bytes = BitConverter.GetBytes(number);
            string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            string folder = Path.Combine(repository, ".harvest", "archive", "sha256", sha256[..2]);
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, sha256), bytes);
            return sha256;
        })];
        for (int i = 1; i <= Named; i++)
        {
            string exports = string.Join(",\n", Enumerable.Range(0, 4).Select(k => $"    {{ \"project\": \"p{k}\", \"sha256\": \"{hashes[(i * 4 + k) % 9_000]}\" }}"));
            string folder = Path.Combine(repository, "slices", $"v{i}");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "slice.json"), $"{{\n  \"slice_version\": \"v{i}\",\n  \"exports\": [\n{exports}\n  ],\n  \"harvest_version\": \"harvest@v1.0.0\"\n}}\n");
        }

        File.WriteAllText(Path.Combine(repository, "made"), "");
    }

    private static void Generate(string path, ulong seed, long firstTask, long bytes = ExportBytes)
    {
        using FileStream output = File.Create(path);
        ExportGenerator.Write(output, ExportGenerator.Benchmark(bytes) with { Seed = seed, ProjectId = 1000 + (int)seed, FirstTaskId = firstTask, FirstAnnotationId = firstTask });
    }

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);
}
