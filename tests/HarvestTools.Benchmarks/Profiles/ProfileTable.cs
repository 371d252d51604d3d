using System.Globalization;
using System.Security.Cryptography;
using HarvestTools.Benchmarks.WholeProcess;

namespace HarvestTools.Benchmarks.Profiles;

/// <summary>
/// Exports of each shape to filtered, sorted Parquet, with SHA-256 and label hash, against DuckDB's simpler query of the same exports,
/// Python, jq and, where there is one, Polars' reader: the ratios of each, the worst of them and the median. That tables are the same bytes on 1, 2, 3 and 5 threads is
/// looked at on the way.
/// </summary>
internal sealed class ProfileTable(string work, Peers peers, Report report, int runs, int megabytes, string names)
{
    private const double Goal = 0.25;
    private const double Limit = 0.35;
    private static readonly int[] s_threads = [1, 2, 3, 5];

    /// <summary>Runs all profiles, or those that are named.</summary>
    /// <exception cref="InvalidOperationException">Tables are other bytes on another number of threads.</exception>
    public void Run()
    {
        ExportProfile[] profiles = names.Length == 0 ? ExportProfile.All : [.. names.Split(',').Select(ExportProfile.Named)];
        var lines = new List<Line>();
        foreach (ExportProfile profile in profiles)
        {
            lines.Add(Measure(profile));
        }

        report.Section("All profiles");
        report.Table(
            ["profile", "against DuckDB, 2 threads each: wall", "processor time", "labels known from add: wall", "1 thread each: wall", "two threads against one", "two programs at once", "peak MB", "DuckDB's", "MB/s"],
            lines.Select(static line => line.Cells));
        double[] walls = [.. lines.Select(static line => line.Wall).Order()];
        report.Ratio("worst against DuckDB on two threads, wall", walls[^1], $"at most {Limit}");
        report.Ratio("median against DuckDB on two threads, wall", Middle(walls), $"at most {Goal}");
        double[] known = [.. lines.Select(static line => line.WallKnown).Order()];
        report.Ratio("worst with labels known from add", known[^1], $"at most {Limit}");
        report.Ratio("median with labels known from add", Middle(known), $"at most {Goal}");
        double[] speedups = [.. lines.Select(static line => line.Speedup).Order()];
        report.Ratio("two threads against one, worst", speedups[0], "at least 1.75, or what two programs at once give");
        report.Ratio("two threads against one, median", Middle(speedups), "at least 1.75, or what two programs at once give");
    }

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private Line Measure(ExportProfile profile)
    {
        string folder = Path.Combine(work, "profile-" + profile.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        (string[] exports, string pattern) = profile.WriteTo(folder, Math.Min(megabytes, profile.MostMegabytes) * 1_000_000L);
        double bytes = exports.Sum(static path => new FileInfo(path).Length);
        report.Section(string.Create(CultureInfo.InvariantCulture, $"{profile.Name}: {profile.Description}, {bytes / 1e6:F0} MB"));
        var build = new ProgramBuild(peers.Harvest, folder);
        string first = build.NewRepository("repository");
        Func<int, bool, ProcessRun> derive = build.Deriving(first, exports);
        Func<int, bool, ProcessRun> beside = build.Deriving(build.NewRepository("beside"), exports);
        ProcessRun DuckDb(int threads) => ProcessRun.Of(
            folder, Environment.ProcessPath!, "duckdb", profile.Rows, pattern, Path.Combine(folder, "duckdb.parquet"), string.Create(CultureInfo.InvariantCulture, $"{threads}"));

        // A slice that is there already says what its tables are: every later one is held against it.
        var digests = new List<string>();
        foreach (int threads in s_threads)
        {
            derive(threads, false);
            digests.Add(Digest(first));
        }

        if (digests.Distinct().Count() != 1)
        {
            throw new InvalidOperationException($"The tables of {profile.Name} are other bytes on another number of threads.");
        }

        ProcessRun[] all = ProcessRun.Medians(
            runs, () => derive(2, false), () => derive(2, true), () => derive(1, false), () => AtOnce(() => derive(1, false), () => beside(1, false)), () => DuckDb(2), () => DuckDb(1));
        string[] named = ["harvest new, 2 threads", "the same, labels known from add", "harvest new, 1 thread", "two of these at once", "DuckDB, 2 threads", "DuckDB, 1 thread"];
        for (int i = 0; i < all.Length; i++)
        {
            report.Row(named[i], all[i]);
        }

        Scripts(exports);
        Directory.Delete(folder, recursive: true);
        return new Line(profile.Name, all, bytes);
    }

    /// <summary>What scripts do today, one run each: they read the exports and do no more.</summary>
    private void Scripts(string[] exports)
    {
        (string Name, string[] Command)[] scripts =
        [
            ("python3", ["python3", "-c", "import json,sys\nfor p in sys.argv[1:]: json.load(open(p))", .. exports]),
            ("jq", ["jq", "length", .. exports]),
            ("Polars", ["node", "-e", "const pl=require('nodejs-polars'); for (const p of process.argv.slice(1)) pl.readJSON(p, {format:'json', inferSchemaLength: 1e6})", .. exports]),
        ];
        foreach ((string name, string[] command) in scripts)
        {
            if (Peers.Find(command[0]) is not null && (name != "Polars" || HasPolars))
            {
                report.Row($"{name}, reading alone", ProcessRun.Of(work, command[0], command[1..]));
            }
            else
            {
                report.Note($"Skipped: {name}, which is not here.");
            }
        }
    }

    // Its package is no part of this project: NODE_PATH says where it is, if anywhere.
    private static bool HasPolars =>
        Environment.GetEnvironmentVariable("NODE_PATH") is { Length: > 0 } folder && Directory.Exists(Path.Combine(folder, "nodejs-polars"));

    private static ProcessRun AtOnce(Func<ProcessRun> first, Func<ProcessRun> second)
    {
        Task<ProcessRun> other = Task.Run(second);
        ProcessRun run = first();
        return run with { Seconds = Math.Max(run.Seconds, other.Result.Seconds) };
    }

    /// <summary>One digest over names and bytes of the cached tables.</summary>
    private static string Digest(string repository)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string cache = Path.Combine(repository, ".harvest", "cache");
        string[] tables = [.. Directory.EnumerateFiles(cache, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (tables.Length == 0)
        {
            throw new InvalidOperationException($"There are no tables in {cache}.");
        }

        foreach (string path in tables)
        {
            all.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(cache, path)));
            all.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private sealed class Line(string name, ProcessRun[] runs, double bytes)
    {
        public double Wall => runs[0].Seconds / runs[4].Seconds;

        public double WallKnown => runs[1].Seconds / runs[4].Seconds;

        public double Speedup => runs[2].Seconds / runs[0].Seconds;

        public string[] Cells =>
        [
            name, Text(Wall), Text(runs[0].ProcessorSeconds / runs[4].ProcessorSeconds), Text(WallKnown), Text(runs[2].Seconds / runs[5].Seconds), Text(Speedup),
            Text(2 * runs[2].Seconds / runs[3].Seconds), Whole(runs[0].PeakMegabytes), Whole(runs[4].PeakMegabytes), Whole(bytes / 1e6 / runs[0].Seconds),
        ];

        private static string Text(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

        private static string Whole(double? value) => value?.ToString("F0", CultureInfo.InvariantCulture) ?? "";
    }
}
