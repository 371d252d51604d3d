using System.Globalization;
using BenchmarkDotNet.Running;
using HarvestTools.Samples;
using HarvestTools.Tests.Decisions;

// generate FILE BYTES [SEED]   writes the export that the whole-process measurements read
// simulate [RUNS]              prints the tables of docs/retrain-decision.md, from seeds; RUNS is 400 unless said
// anything else                goes to BenchmarkDotNet, for example --filter *Derive*
if (args is ["generate", var file, var bytes, ..])
{
    ulong seed = args.Length > 3 ? ulong.Parse(args[3], CultureInfo.InvariantCulture) : 1;
    ExportPlan plan = ExportGenerator.Benchmark(long.Parse(bytes, CultureInfo.InvariantCulture)) with { Seed = seed };
    using FileStream output = File.Create(file);
    ExportFacts facts = ExportGenerator.Write(output, plan);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{facts.Bytes} bytes, {facts.Tasks} tasks, {facts.Annotations} annotations"));
    return 0;
}

if (args is ["simulate", ..])
{
    int runs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 400;
    Console.WriteLine(DecisionSimulationTables.Spread(runs * 10));
    Console.WriteLine(DecisionSimulationTables.Regression(runs));
    Console.WriteLine(DecisionSimulationTables.Changes(runs));
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
