using System.Globalization;
using BenchmarkDotNet.Running;
using HarvestTools.Benchmarks.Profiles;
using HarvestTools.Benchmarks.WholeProcess;
using HarvestTools.Samples;
using HarvestTools.Tests.Decisions;

// generate FILE BYTES [SEED]   writes the export that the whole-process measurements read
// profile NAME FOLDER BYTES    writes the exports of a profile, see ExportProfile
// encode ROWS FILE             writes a Parquet file and prints the seconds
// read-tables FOLDER           reads all Parquet files below a folder
// duckdb JOB IN OUT            DuckDB's part of the job, see DuckDbCommand
// table [OPTIONS]              whole processes against their peers, see TableCommand
// simulate [RUNS]              prints the tables of docs/retrain-decision.md, 400 runs of each team if not stated
// anything else                goes to BenchmarkDotNet, for example --filter *ExportParts*
switch (args)
{
    case ["generate", var file, var bytes, ..]:
        ulong seed = args.Length > 3 ? ulong.Parse(args[3], CultureInfo.InvariantCulture) : 1;
        ExportPlan plan = ExportGenerator.Benchmark(long.Parse(bytes, CultureInfo.InvariantCulture)) with { Seed = seed };
        using (FileStream output = File.Create(file))
        {
            ExportFacts facts = ExportGenerator.Write(output, plan);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{facts.Bytes} bytes, {facts.Tasks} tasks, {facts.Annotations} annotations"));
        }

        return 0;
    case ["read-tables", var folder]:
        Console.WriteLine(Lineage.Read(folder));
        return 0;
    case ["encode", var rows, var file]:
        return EncodeCommand.Run(int.Parse(rows, CultureInfo.InvariantCulture), file);
    case ["duckdb", var job, var input, var output]:
        return DuckDbCommand.Run(job, input, output);
    case ["duckdb", var job, var input, var output, var threads]:
        return DuckDbCommand.Run(job, input, output, threads);
    case ["profile", var name, var folder, var size] when ExportProfile.All.Any(profile => profile.Name == name) && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out _):
        (string[] paths, _) = ExportProfile.Named(name).WriteTo(folder, long.Parse(size, CultureInfo.InvariantCulture));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{paths.Sum(static path => new FileInfo(path).Length)} bytes in {paths.Length}"));
        return 0;
    case ["profile", ..]:
        Console.Error.WriteLine($"profile NAME FOLDER BYTES, with one of the names {string.Join(", ", ExportProfile.All.Select(static profile => profile.Name))} and a number of bytes; tiny is always 1,000 exports of 16 kB");
        return 2;
    case ["simulate", .. var rest]:
        Simulate(rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 400);
        return 0;
    case ["table", ..]:
        return TableCommand.Run(args);
    default:
        return Harness(args);
}

static void Simulate(int runs)
{
    Console.WriteLine(DecisionSimulationTables.Spread(10 * runs));
    Console.WriteLine(DecisionSimulationTables.Skewed(10 * runs));
    Console.WriteLine(DecisionSimulationTables.Regression(runs));
    Console.WriteLine(DecisionSimulationTables.Changes(runs));
    Console.WriteLine(DecisionSimulationTables.Models(runs));
}

// Apart, so that the harness is not loaded into the processes that the table measures.
static int Harness(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}
