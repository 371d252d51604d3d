using BenchmarkDotNet.Attributes;
using HarvestTools.Benchmarks.WholeProcess;
using HarvestTools.Cache;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.Parts;

/// <summary>From rows to files, and the numbers on the way.</summary>
[MemoryDiagnoser]
public class TableParts
{
    private const int Rows = 262_144;
    private readonly byte[][] _numbers = [.. Enumerable.Range(1, 1000).Select(static i =>
        System.Text.Encoding.ASCII.GetBytes((i * 0.0998172635418273).ToString("R", System.Globalization.CultureInfo.InvariantCulture)))];

    private readonly ByteWriter _text = new(1 << 20);
    private readonly string _spill = Directory.CreateTempSubdirectory("harvest-bench-").FullName;
    private byte[] _export = [];

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportGenerator.Benchmark(32_000_000));
        _export = export.ToArray();
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_spill, recursive: true);

    /// <summary>Parquet of twelve columns.</summary>
    [Benchmark]
    public void Encode() => EncodeCommand.Write(Stream.Null, Rows, Threads);

    /// <summary>The whole derivation, its rows in memory.</summary>
    [Benchmark]
    public object Part() => Run(PartRequest.DefaultRowBudget);

    /// <summary>The same with every row spilled and merged from disk.</summary>
    [Benchmark]
    public object PartSpilled() => Run(0);

    /// <summary>A thousand numbers to doubles.</summary>
    [Benchmark]
    public double Parse()
    {
        double sum = 0;
        foreach (byte[] number in _numbers)
        {
            sum += CanonicalNumber.TryParse(number, out double value) ? value : 0;
        }

        return sum;
    }

    /// <summary>A thousand numbers to canonical text.</summary>
    [Benchmark]
    public int Canonical()
    {
        _text.Clear();
        foreach (byte[] number in _numbers)
        {
            CanonicalNumber.TryAppend(number, _text);
        }

        return _text.Length;
    }

    private DerivedPart Run(long budget) => PartDerivation.Run(
        new PartRequest("a", "export.json", HarvestRules.Default, FieldMapping.Default, Threads, _spill) { RowBudget = budget },
        new MemoryStream(_export),
        static _ => Stream.Null,
        null,
        CancellationToken.None);
}
