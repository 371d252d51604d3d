using System.Globalization;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// Measures whole processes against what people use today, prints the table and writes it to <c>results/</c>:
/// <c>table [--mb 1000] [--each-mb 10,…] [--runs 5] [--work FOLDER] [--baseline PATH] [--only SECTION,…]
/// [--framework-dependent]</c>, where <c>--each-mb</c> is the size of each of the fifty exports of the section <c>changed</c> and
/// <c>--baseline</c> another build, a program or a checkout, that the section <c>baseline</c> compares this one with.
/// The program is measured with its own runtime, or with <c>--framework-dependent</c> as it runs on the machine's. What is not installed is
/// reported and left out; the sections <c>slow</c>, what scripts do today, <c>exports</c>, a project with ten thousand
/// exports (<c>--exports</c>), <c>sliced</c>, slices of 500 to 4,000 exports, <c>lineage</c>, what reached which of 200 slices, <c>packs</c>, weekly exports of one project
/// packed (<c>--weeks</c>, <c>--last-mb</c>), <c>profiles</c>, labels of each shape (<c>--profile-mb</c> of each, <c>--profiles NAME,…</c>), <c>small</c>, the same with four threads in 512 MB, and <c>transfers</c>, remotes against rclone
/// and git-lfs (<c>--s3 NAME=ADDRESS,…</c> adds servers, <c>--sets 1000x1,5x200</c> says how many objects of how many MB,
/// <c>--kinds folder,s3,lfs,nothing</c> what is measured), run only where they are named.
/// </summary>
internal sealed class TableCommand
{
    private readonly string _work;
    private readonly int _runs;
    private readonly long _bytes;
    private readonly string _export;
    private readonly Peers _peers;
    private readonly ProgramBuild _build;
    private readonly Report _report;

    private TableCommand(string work, int runs, long megabytes, bool selfContained)
    {
        _work = work;
        _runs = runs;
        _bytes = megabytes * 1_000_000;
        Directory.CreateDirectory(work);
        _export = Export("export.json", _bytes);
        _peers = new Peers(work, selfContained);
        _build = new ProgramBuild(_peers.Harvest, work);
        _report = new Report($"{megabytes} MB export, {runs} runs, harvest {_peers.Form}");
    }

    public static int Run(string[] args)
    {
        string Option(string name, string otherwise)
        {
            int at = Array.IndexOf(args, name);
            return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
        }

        string work = Path.GetFullPath(Option("--work", Path.Combine(Path.GetTempPath(), $"harvest-measure-{Environment.UserName}")));
        var table = new TableCommand(
            work,
            int.Parse(Option("--runs", "5"), CultureInfo.InvariantCulture),
            long.Parse(Option("--mb", "1000"), CultureInfo.InvariantCulture),
            selfContained: !args.Contains("--framework-dependent"));
        var sections = new Dictionary<string, Action>
        {
            ["derive"] = table.Derive,
            ["hash"] = table.Hash,
            ["add"] = table.Add,
            ["encode"] = table.Encode,
            ["history"] = () => new ManySlices(work, table._peers, table._report, table._runs).Run(),
            ["changed"] = () =>
            {
                foreach (string size in Option("--each-mb", "10").Split(','))
                {
                    new ChangedExport(work, table._peers, table._report, table._runs, int.Parse(size, CultureInfo.InvariantCulture)).Run();
                }
            },
            ["start"] = table.Start,

            // Last: what four gigabytes leave behind in the system's file cache slows down the next minute's writing.
            ["memory"] = table.Memory,
        };
        if (Option("--baseline", "") is { Length: > 0 } other)
        {
            sections["baseline"] = () => table.Baseline(Path.GetFullPath(other));
        }

        string[] only = Option("--only", string.Join(',', sections.Keys)).Split(',');
        sections["slow"] = table.Slow;
        sections["exports"] = () => new ManyExports(work, table._peers, table._report, int.Parse(Option("--exports", "10000"), CultureInfo.InvariantCulture)).Run();
        sections["transfers"] = () => new Transfers(work, table._peers, table._report, table._runs, Option("--sets", "1000x1,5x200"), Option("--s3", ""), Option("--kinds", Transfers.AllKinds)).Run();
        sections["lineage"] = () => new Lineage(work, table._peers, table._report, table._runs).Run();
        sections["packs"] = () => new PackedWeeks(work, table._peers, table._report, table._runs, int.Parse(Option("--weeks", "52"), CultureInfo.InvariantCulture), int.Parse(Option("--last-mb", "100"), CultureInfo.InvariantCulture)).Run();
        sections["profiles"] = () => new Profiles.ProfileTable(work, table._peers, table._report, table._runs, int.Parse(Option("--profile-mb", "300"), CultureInfo.InvariantCulture), Option("--profiles", "")).Run();
        sections["small"] = () => new Profiles.SmallMachine(work, table._peers, table._report, int.Parse(Option("--profile-mb", "200"), CultureInfo.InvariantCulture), Option("--profiles", "")).Run();
        sections["incremental"] = () => new Incremental(work, table._peers, table._report, table._runs, int.Parse(Option("--profile-mb", "200"), CultureInfo.InvariantCulture), Option("--profiles", "")).Run();
        sections["sliced"] = () => new SliceOfMany(work, table._peers, table._report).Run();
        if (only.FirstOrDefault(section => !sections.ContainsKey(section)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no section '{unknown}', but {string.Join(", ", sections.Keys)}.");
            return 2;
        }

        if (only.Contains("start"))
        {
            table.RequireModule();
        }

        foreach (string section in only)
        {
            sections[section]();
        }

        Console.WriteLine(table._report.Save(Path.Combine(table._peers.Root, "tests", "HarvestTools.Benchmarks", "results")));
        return 0;
    }

    private void Derive()
    {
        _report.Section("Export to filtered, sorted, Snappy Parquet");
        Func<int, bool, ProcessRun> derive = _build.Deriving(_build.NewRepository("derive"), _export);
        Func<int, bool, ProcessRun> beside = _build.Deriving(_build.NewRepository("derive-beside"), _export);
        var cases = new List<(string Name, Func<ProcessRun> Run)>
        {
            ("harvest new with the label hash, 2 threads", () => derive(2, false)),
            ("harvest new with the label hash, 1 thread", () => derive(1, false)),
            ("two of these at once, 1 thread each", () => AtOnce(() => derive(1, false), () => beside(1, false))),
            ("harvest new, labels known, 2 threads", () => derive(2, true)),
            ("harvest hash", () => _build.Harvest(_work, "hash", _export, "-q")),
        };
        cases.Add(("DuckDB, explicit schema, 1 thread (keypoints only)", () => ProcessRun.Of(
            _work, Environment.ProcessPath!, "duckdb", "flatten", _export, Path.Combine(_work, "duckdb.parquet"))));

        ProcessRun[] runs = ProcessRun.Medians(_runs, [.. cases.Select(static c => c.Run)]);
        Rows([.. cases.Select(static c => c.Name)], runs);
        _report.Ratio("two threads against one, wall", runs[1].Seconds / runs[0].Seconds, "at least 1.7");
        _report.Ratio("work of two processes at once that share nothing, against one, wall", 2 * runs[1].Seconds / runs[2].Seconds, "none: what this machine gives");
        ProcessRun duckDb = runs[^1];
        _report.Ratio("rows, SHA-256 and label hash against DuckDB's rows, wall", runs[0].Seconds / duckDb.Seconds, "at most 0.4, stretch 0.25");
        _report.Ratio("rows and SHA-256 against DuckDB's rows, wall", runs[3].Seconds / duckDb.Seconds, "none");
        _report.Ratio("rows, SHA-256 and label hash, processor time", runs[0].ProcessorSeconds / duckDb.ProcessorSeconds ?? 0, "none");
        _report.Ratio("peak memory against DuckDB's", runs[0].PeakMegabytes / duckDb.PeakMegabytes ?? 0, "at most 0.25");
    }

    /// <summary>Two runs at the same time; the first one's figures, and the time until both are done.</summary>
    private static ProcessRun AtOnce(Func<ProcessRun> first, Func<ProcessRun> second)
    {
        Task<ProcessRun> other = Task.Run(second);
        ProcessRun run = first();
        return run with { Seconds = Math.Max(run.Seconds, other.Result.Seconds) };
    }

    /// <summary>What scripts do today; one run each, since they take long and five to seven times the export's size in memory.</summary>
    private void Slow()
    {
        _report.Section("Reading the export into memory with a script");
        string[][] scripts = [["python3", "-c", "import json,sys; json.load(open(sys.argv[1]))", _export], ["jq", "length", _export]];
        foreach (string[] script in scripts.Where(static script => Peers.Find(script[0]) is not null))
        {
            _report.Row(script[0], ProcessRun.Of(_work, script[0], script[1..]));
        }
    }

    private void Baseline(string path)
    {
        string relabelled = Export("relabelled.json", _bytes, static plan => plan with { DisagreementShare = 2 * plan.DisagreementShare });
        var mine = new ProgramBuild(_peers.Harvest, Path.Combine(_work, "this-build"));
        var theirs = new ProgramBuild(_peers.OtherHarvest(path), Path.Combine(_work, "other-build"));
        new OtherBuild(_report, _runs, _export, relabelled, mine, theirs).Run();
    }

    private void Memory()
    {
        _report.Section("Peak memory, one export and one four times as large");
        string large = Export("export4.json", 4 * _bytes);
        string small = _build.NewRepository("memory");
        string big = _build.NewRepository("memory4");
        Func<int, bool, ProcessRun> one = _build.Deriving(small, _export);
        Func<int, bool, ProcessRun> four = _build.Deriving(big, large);
        File.Delete(large);
        ProcessRun[] runs = ProcessRun.Medians(_runs, [() => one(2, false), () => four(2, false)]);
        Rows(["harvest new", "harvest new, four times the bytes"], runs);
        _report.Ratio("peak of four times the bytes", runs[1].PeakMegabytes / runs[0].PeakMegabytes ?? 0, "at most 1.2");
        Directory.Delete(small, recursive: true);
        Directory.Delete(big, recursive: true);
    }

    private void Hash()
    {
        _report.Section("Hashing");
        string copy = Path.Combine(_work, "copy.json");
        File.Copy(_export, copy, overwrite: true);
        var cases = new List<(string Name, Func<ProcessRun> Run)>
        {
            ("harvest hash", () => _build.Harvest(_work, "hash", _export, "-q")),
            ("harvest hash, two files at once", () => _build.Harvest(_work, "hash", _export, copy, "-q")),
        };
        if (Peers.Find("openssl") is { } openssl)
        {
            cases.Add(("openssl dgst -sha256", () => ProcessRun.Of(_work, openssl, "dgst", "-sha256", _export)));
        }

        ProcessRun[] runs = ProcessRun.Medians(_runs, [.. cases.Select(static c => c.Run)]);
        Rows([.. cases.Select(static c => c.Name)], runs);
        _report.Ratio("two files against one, wall", runs[1].Seconds / runs[0].Seconds, "near 1");
        if (runs.Length > 2)
        {
            _report.Ratio("speed against openssl, wall", runs[2].Seconds / runs[0].Seconds, "at least 0.95");
            _report.Ratio("speed against openssl, processor time", runs[2].ProcessorSeconds / runs[0].ProcessorSeconds ?? 0, "none");
        }

        File.Delete(copy);
    }

    private void Add()
    {
        _report.Section("Archiving");
        ProcessRun Copied(string flush)
        {
            string copy = Path.Combine(_work, "cp.json");
            ProcessRun run = Shell($"cp '{_export}' '{copy}' {string.Format(CultureInfo.InvariantCulture, flush, copy)} && openssl dgst -sha256 '{copy}'");
            File.Delete(copy);
            return run;
        }

        var cases = new List<(string Name, Func<ProcessRun> Run)>
        {
            ("harvest add --no-labels (copy, hash, flush)", () => _build.AddToNew(_export, "--no-labels")),
            ("harvest add (the same and the label hash)", () => _build.AddToNew(_export)),
        };
        if (!OperatingSystem.IsWindows() && Peers.Find("openssl") is not null)
        {
            cases.Add(("cp, then openssl dgst", () => Copied("")));
            cases.Add(("cp, sync, then openssl dgst", () => Copied("&& sync '{0}'")));
        }

        ProcessRun[] runs = ProcessRun.Medians(_runs, [.. cases.Select(static c => c.Run)]);
        Rows([.. cases.Select(static c => c.Name)], runs);
        if (runs.Length > 2)
        {
            _report.Ratio("add --no-labels against cp and openssl, wall", runs[0].Seconds / runs[2].Seconds, "at most 1.2");
            _report.Ratio("add against cp and openssl, wall", runs[1].Seconds / runs[2].Seconds, "at most 2.5");
            _report.Ratio("add --no-labels against cp, sync and openssl, wall", runs[0].Seconds / runs[3].Seconds, "none");
            _report.Ratio("add against cp, sync and openssl, wall", runs[1].Seconds / runs[3].Seconds, "none");
        }
    }

    private void Encode()
    {
        _report.Section("Parquet encoding alone, 5 million rows of 12 columns, one thread (the clock runs inside the programs)");
        string ours = Path.Combine(_work, "encoded.parquet");
        ProcessRun harvest = Inside(() => ProcessRun.Of(_work, Environment.ProcessPath!, "encode", "5000000", ours));
        _report.Row("harvest", harvest);
        string theirs = Path.Combine(_work, "copied.parquet");
        ProcessRun duckdb = Inside(() => ProcessRun.Of(_work, Environment.ProcessPath!, "duckdb", "copy", ours, theirs));
        _report.Row("DuckDB COPY of the same rows", duckdb);
        _report.Ratio("time against DuckDB", harvest.Seconds / duckdb.Seconds, "below 1");
        _report.Ratio("size against DuckDB", (double)new FileInfo(ours).Length / new FileInfo(theirs).Length, "at most 1");
    }

    /// <summary>Says before anything is measured that the module's part of it is not there yet.</summary>
    private void RequireModule()
    {
        if (!File.Exists(Path.Combine(_peers.Root, "lib", "HarvestTools.PowerShell.dll")))
        {
            throw new InvalidOperationException("Section 'start' measures the module too: build it first with 'dotnet build'.");
        }
    }

    private void Start()
    {
        _report.Section("Starting");
        string hello = _peers.HelloWorld();
        string module = Path.Combine(_peers.Root, "HarvestTools.psd1");
        string empty = _peers.EmptyBinaryModule();

        // PowerShell's own machinery starts with its first command, hence one in all.
        ProcessRun Command(string command) => ProcessRun.Of(
            _work, "dotnet", "exec", ReleasedPowerShell.Assembly, "-NoProfile", "-NonInteractive", "-Command", command);
        (string Name, Func<ProcessRun> Run)[] cases =
        [
            ("harvest --help", () => ProcessRun.Of(_work, _peers.Harvest, "--help")),
            ("hello world", () => ProcessRun.Of(_work, hello)),
            ($"pwsh {ReleasedPowerShell.Version}", () => Command("$null")),
            ("pwsh, Import-Module", () => Command($"Import-Module '{module}'")),
            ("pwsh, Import-Module of an empty binary module", () => Command($"Import-Module '{empty}'")),
        ];
        ProcessRun[] runs = ProcessRun.Medians(Math.Max(_runs, 15), [.. cases.Select(static c => c.Run)]);
        Rows([.. cases.Select(static c => c.Name)], runs);
        _report.Ratio("harvest --help against hello world, wall", runs[0].Seconds / runs[1].Seconds, "at most 1.5");
        _report.Ratio("milliseconds of Import-Module above an empty binary module", (runs[3].Seconds - runs[4].Seconds) * 1000, "at most 60");
        _report.Ratio("milliseconds of importing an empty binary module", (runs[4].Seconds - runs[2].Seconds) * 1000, "none");
        _report.Ratio("pwsh with Import-Module against without, processor time", runs[3].ProcessorSeconds / runs[2].ProcessorSeconds ?? 0, "none");
    }

    /// <summary>Puts the seconds that the program measured itself in the place of the process's.</summary>
    private ProcessRun Inside(Func<ProcessRun> run) => ProcessRun.Medians(_runs, () =>
    {
        ProcessRun whole = run();
        return whole with { Seconds = double.Parse(whole.Output, CultureInfo.InvariantCulture) };
    })[0];

    private void Rows(string[] names, ProcessRun[] runs)
    {
        foreach ((string name, ProcessRun run) in names.Zip(runs))
        {
            _report.Row(name, run);
        }
    }

    private ProcessRun Shell(string script) => ProcessRun.Of(_work, "/bin/sh", "-c", script);

    private string Export(string name, long bytes, Func<ExportPlan, ExportPlan>? change = null)
    {
        string path = Path.Combine(_work, name);
        ExportPlan plan = ExportGenerator.Benchmark(bytes);
        if (!File.Exists(path) || Math.Abs(new FileInfo(path).Length - bytes) > bytes / 50)
        {
            using FileStream output = File.Create(path);
            ExportGenerator.Write(output, change?.Invoke(plan) ?? plan);
        }

        return path;
    }
}
