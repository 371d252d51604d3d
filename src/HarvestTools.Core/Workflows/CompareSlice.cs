using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>How one slice differs from another.</summary>
/// <param name="Reference">The slice that is compared with.</param>
/// <param name="Difference">The slice that is compared.</param>
/// <param name="ReferenceHarvest">Version of the rules of the one.</param>
/// <param name="DifferenceHarvest">Version of the rules of the other.</param>
/// <param name="Exports">Exports that only one of them has.</param>
/// <param name="Rules">Rules and fields in force that differ, overrides included.</param>
/// <param name="Rows">How many rows differ; null where an export of either is not on this machine.</param>
/// <param name="Metrics">Metrics of the models and runs registered on either, side by side.</param>
public sealed record SliceComparison(
    string Reference,
    string Difference,
    string ReferenceHarvest,
    string DifferenceHarvest,
    IReadOnlyList<ExportChange> Exports,
    IReadOnlyList<RuleChange> Rules,
    RowChangeSummary? Rows,
    IReadOnlyList<MetricChange> Metrics)
{
    /// <summary>How many rows each table has in either, as the slices recorded it.</summary>
    public IReadOnlyList<TableRowCounts> Tables { get; init; } = [];

    /// <summary>How the media differ; null where one of the slices lists none, or its list is not here.</summary>
    public MediaDifference? Media { get; init; }

    /// <summary>Why <see cref="Rows"/> is not known here; null where it is.</summary>
    public string? NotKnown { get; init; }

    /// <summary>What brings here what is missing; null where nothing is.</summary>
    public Remedy? Remedy { get; init; }
}

/// <summary>Recorded rows of one table in two slices; null where a slice recorded no tables at all, or rows that cannot be read.</summary>
public sealed record TableRowCounts(string Table, long? Reference, long? Difference)
{
    /// <summary><c>keypoints 120 → 134</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Table} {Reference} → {Difference}");
}

/// <summary>One metric on either side; null where only the other slice has a model of that name with it.</summary>
public sealed record MetricChange(string Model, string Metric, double? Reference, double? Difference)
{
    /// <summary>The later value minus the earlier; null where one side lacks it.</summary>
    public double? Delta => Difference - Reference;

    /// <summary><c>hand pck 0.91 → 0.94</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Model} {Metric} {Reference} → {Difference}");
}

/// <summary>Compares two slices: exports, rules, rows and metrics. Parts that are not in the cache are derived.</summary>
public static class CompareSlice
{
    /// <exception cref="HarvestException">A slice or its definition is not available.</exception>
    public static SliceComparison Run(Repository repository, string reference, string difference, WorkContext context)
    {
        SliceManifest before = repository.Slices.Load(reference);
        SliceManifest after = repository.Slices.Load(difference);
        (RowChangeSummary? rows, HarvestException? missing) = CountRows(repository, before, after, context);
        return new SliceComparison(
            reference,
            difference,
            before.HarvestVersion,
            after.HarvestVersion,
            ExportChange.Between(SliceInputs.UnderPresentNames(repository, before), SliceInputs.UnderPresentNames(repository, after)),
            RuleChange.Between(SliceInputs.Definition(repository, before), SliceInputs.Definition(repository, after)),
            rows,
            Metrics(before, after))
        {
            Tables = [.. before.IsProgram || after.IsProgram ? CompareProgramSlices.Tables(before, after) : TablesOf(before, after)],
            Media = MediaOf(repository, before, after),
            NotKnown = missing is null ? null : $"{(rows is null ? "Which rows differ is not known here" : "Not counted")}: {missing.Message}",
            Remedy = missing is null ? null : !DerivationErrors.IsOfMissingInput(missing) ? missing.Remedy : TraceErrors.Bring(
                missing,
                before.Exports.Concat(after.Exports).FirstOrDefault(static export => export.Path is null) ?? after.Exports[0],
                repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder),
        };
    }

    private static MediaDifference? MediaOf(Repository repository, SliceManifest before, SliceManifest after)
    {
        if (before.Media is null || after.Media is null)
        {
            return null;
        }

        try
        {
            return MediaDifference.Between(SliceMediaLists.TryRead(repository, before)!, SliceMediaLists.TryRead(repository, after)!);
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>Exports that are not on this machine keep nobody from seeing the rest.</summary>
    internal static (RowChangeSummary? Rows, HarvestException? Missing) CountRows(
        Repository repository, SliceManifest reference, SliceManifest difference, WorkContext context)
    {
        if (reference.IsProgram || difference.IsProgram)
        {
            return CompareProgramSlices.CountRows(repository, reference, difference, context);
        }

        try
        {
            var pair = new SlicePair(repository, reference, difference, context);
            RowTally tally = pair.Count();
            return (tally.ToSummary(pair.Annotators(tally)), null);
        }
        catch (HarvestException fault) when (DerivationErrors.IsOfMissingInput(fault))
        {
            // What the slices recorded says that no row differs, without any row.
            return HaveSameRows(repository, reference, difference) ? (new RowTally().ToSummary(), null) : (null, fault);
        }
    }

    /// <summary>Whether both are one slice, or recorded the same digest of rows for each table of each project.</summary>
    private static bool HaveSameRows(Repository repository, SliceManifest reference, SliceManifest difference)
    {
        if (reference.Version == difference.Version)
        {
            return true;
        }

        (string, string?, string?)[] before = Digests(SliceInputs.UnderPresentNames(repository, reference));
        (string, string?, string?)[] after = Digests(SliceInputs.UnderPresentNames(repository, difference));
        return before.Length > 0 && Array.TrueForAll(before, static digest => digest is { Item2: not null, Item3: not null }) && before.SequenceEqual(after);
    }

    private static (string Table, string? Project, string? Rows)[] Digests(SliceManifest slice) => [.. slice.Outputs
        .Select(output => (output.Table, slice.Exports.FirstOrDefault(export => export.Sha256 == output.Export)?.Project, output.RowsSha256))
        .Order()];

    private static IEnumerable<TableRowCounts> TablesOf(SliceManifest reference, SliceManifest difference) =>
        from table in TableCatalog.All
        let counts = new TableRowCounts(table.Name, RowsOf(reference, table.Name), RowsOf(difference, table.Name))
        where counts.Reference > 0 || counts.Difference > 0
        select counts;

    private static long? RowsOf(SliceManifest slice, string table) => slice.Outputs.Count == 0
        ? null
        : slice.Outputs.Where(output => output.Table == table).Sum(static output => output.Rows);

    /// <summary>The differing rows themselves, table by table in the tables' order, read as the caller asks for them.</summary>
    /// <param name="repository">Where both slices are.</param>
    /// <param name="reference">The slice that is compared with.</param>
    /// <param name="difference">The slice that is compared.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="tables">The tables to look into, by name in any case; null for all.</param>
    /// <exception cref="HarvestException">TableUnknown; a slice, its definition or an export is not available.</exception>
    public static IEnumerable<RowChange> Rows(
        Repository repository, string reference, string difference, WorkContext context, IReadOnlyCollection<string>? tables = null)
    {
        SliceManifest before = repository.Slices.Load(reference);
        SliceManifest after = repository.Slices.Load(difference);
        CompareProgramSlices.RequireTables(tables ?? [], "either slice", before, after);
        if (before.IsProgram || after.IsProgram)
        {
            foreach (RowChange row in CompareProgramSlices.Rows(repository, before, after, context, tables))
            {
                yield return row;
            }

            yield break;
        }

        var pair = new SlicePair(repository, before, after, context);
        foreach (TableDescriptor table in TableCatalog.All.Where(table => tables is null || tables.Contains(table.Name, StringComparer.OrdinalIgnoreCase)))
        {
            foreach (string project in pair.Projects)
            {
                using RowDiff diff = pair.Open(table, project);
                while (diff.Next())
                {
                    yield return RowChange.From(diff);
                }
            }
        }
    }

    private static List<MetricChange> Metrics(SliceManifest reference, SliceManifest difference)
    {
        Dictionary<(string Model, string Metric), double> before = MetricsOf(reference);
        Dictionary<(string Model, string Metric), double> after = MetricsOf(difference);
        return
        [
            .. before.Keys.Union(after.Keys)
                .OrderBy(static key => key.Model, StringComparer.Ordinal)
                .ThenBy(static key => key.Metric, StringComparer.Ordinal)
                .Select(key => new MetricChange(
                    key.Model,
                    key.Metric,
                    before.TryGetValue(key, out double left) ? left : null,
                    after.TryGetValue(key, out double right) ? right : null)),
        ];
    }

    private static Dictionary<(string Model, string Metric), double> MetricsOf(SliceManifest slice)
    {
        var metrics = new Dictionary<(string, string), double>();
        foreach (RegisteredModel model in RegisteredModels.Of(slice))
        {
            foreach ((string name, double value) in model.Metrics)
            {
                metrics[(model.Name, name)] = value;
            }
        }

        return metrics;
    }

    /// <summary>Two slices with their parts.</summary>
    private sealed class SlicePair
    {
        private readonly Repository _repository;
        private readonly WorkContext _context;
        private readonly PartDiffs _diffs;
        private readonly ILookup<string, Part> _before;
        private readonly ILookup<string, Part> _after;

        public SlicePair(Repository repository, SliceManifest reference, SliceManifest difference, WorkContext context)
        {
            _repository = repository;
            _context = context;
            Reference = SliceInputs.UnderPresentNames(repository, reference);
            Difference = SliceInputs.UnderPresentNames(repository, difference);
            using var source = new PartSource(repository, context);
            _diffs = new PartDiffs(source.Store, context.Cancellation);
            _before = Parts(source, Reference, SliceInputs.Definition(repository, Reference));
            _after = Parts(source, Difference, SliceInputs.Definition(repository, Difference));
            Projects = [.. _before.Concat(_after).Select(static parts => parts.Key).Distinct().Order(StringComparer.Ordinal)];
        }

        public SliceManifest Reference { get; }

        public SliceManifest Difference { get; }

        public IReadOnlyList<string> Projects { get; }

        public RowDiff Open(TableDescriptor table, string project) =>
            _diffs.Open(table, [.. _before[project]], [.. _after[project]]);

        public RowTally Count()
        {
            var tally = new RowTally();
            foreach (string project in Projects)
            {
                tally.Merge(_diffs.Count([.. _before[project]], [.. _after[project]]));
            }

            return tally;
        }

        public Func<string, long, long?> Annotators(RowTally tally) =>
            new SliceAnnotators(_repository, _context).Of(tally, Difference.Exports.Concat(Reference.Exports));

        private static ILookup<string, Part> Parts(PartSource source, SliceManifest slice, HarvestDefinition definition) => slice.Exports
            .Select(export => (export.Project, source.Get(slice.Version, export, definition).Part))
            .ToLookup(static entry => entry.Project, static entry => entry.Part);
    }
}
