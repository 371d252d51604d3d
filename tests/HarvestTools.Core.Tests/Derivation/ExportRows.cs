using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Derivation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Derivation;

/// <summary>Derives whole exports with the real parser; every task's rows are handed over while its texts live.</summary>
internal static class ExportRows
{
    public static Tally Derive(byte[] export, Action<Derived>? each = null, HarvestRules? rules = null, FieldMapping? fields = null)
    {
        var worker = new Worker(each, rules ?? HarvestRules.Default, fields ?? FieldMapping.Default);
        using var input = new MemoryStream(export);
        ExportPipeline.Run(input, "export.json", null, 1, _ => worker, null, CancellationToken.None);
        return worker.Tally;
    }

    /// <summary>Every row of an export as text, sorted within each task, tasks by id.</summary>
    public static string[] Print(byte[] export, HarvestRules? rules = null)
    {
        var rows = new List<string>();
        Derive(export, derived => rows.AddRange(derived.Print()), rules);
        rows.Sort(StringComparer.Ordinal);
        return [.. rows];
    }

    /// <summary>An export with one task and one annotation that has the given result.</summary>
    public static byte[] Wrap(JsonNode result)
    {
        var task = new JsonObject
        {
            ["id"] = 1,
            ["data"] = new JsonObject(),
            ["annotations"] = new JsonArray(new JsonObject { ["id"] = 1, ["completed_by"] = 1, ["result"] = result.DeepClone() }),
        };
        return Encoding.UTF8.GetBytes(new JsonArray(task).ToJsonString());
    }

    private sealed class Worker(Action<Derived>? each, HarvestRules rules, FieldMapping fields) : ITaskWorker
    {
        private readonly TaskDeriver _deriver = new(rules, fields, DerivationVersion.Current);
        private readonly ExportTask _task = new();

        public Tally Tally { get; } = new();

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task);
            var derived = new Derived(Tally);
            _deriver.Derive(_task, derived.Rows, Tally);
            each?.Invoke(derived);
        }
    }
}
