using BenchmarkDotNet.Attributes;
using HarvestTools.Derivation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tables;

namespace HarvestTools.Benchmarks.Parts;

/// <summary>The way of an export of 32 MB up to its rows, one thread, each benchmark one step further than the one before.</summary>
[MemoryDiagnoser]
public class ExportParts
{
    private byte[] _export = [];

    [GlobalSetup]
    public void Setup()
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportGenerator.Benchmark(32_000_000));
        _export = export.ToArray();
    }

    /// <summary>SHA-256 alone.</summary>
    [Benchmark]
    public long Hash() => Pass(null).Bytes;

    /// <summary>And cut into tasks, their UTF-8 checked.</summary>
    [Benchmark]
    public long Split() => Pass(new Ignoring()).Tasks;

    /// <summary>And every token read.</summary>
    [Benchmark]
    public long Tokens() => Pass(new Tokenizing()).Tasks;

    /// <summary>And tasks filled.</summary>
    [Benchmark]
    public long Parse() => Pass(new Parsing()).Tasks;

    /// <summary>And rows derived.</summary>
    [Benchmark]
    public long Derive() => Pass(new Deriving()).Tasks;

    /// <summary>Not on that way: splitting and the label hash.</summary>
    [Benchmark]
    public string LabelHash() => ExportFingerprint.Compute(new MemoryStream(_export), "export.json", null, withLabels: true, threads: 1).LabelSha256!;

    private ExportPass Pass(ITaskWorker? worker) => ExportPipeline.Run(
        new MemoryStream(_export), "export.json", null, 1, worker is null ? null : _ => worker, null, CancellationToken.None);

    private sealed class Ignoring : ITaskWorker
    {
        public void Process(in RawTask task)
        {
        }
    }

    private sealed class Tokenizing : ITaskWorker
    {
        public void Process(in RawTask task)
        {
            var tokens = new JsonTokens(task.Span);
            while (tokens.Read())
            {
            }
        }
    }

    private sealed class Parsing : ITaskWorker
    {
        private readonly ExportTask _task = new();

        public void Process(in RawTask task) => TaskParser.Parse(task, _task);
    }

    private sealed class Deriving : ITaskWorker
    {
        private readonly ExportTask _task = new();
        private readonly TaskRows _rows = new();
        private readonly TaskDeriver _deriver = new(HarvestRules.Default, FieldMapping.Default, DerivationVersion.Current);
        private readonly Tally _tally = new();

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task);
            _deriver.Derive(_task, _rows, _tally);
        }
    }
}
