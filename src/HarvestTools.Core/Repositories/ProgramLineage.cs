using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;

namespace HarvestTools.Repositories;

/// <summary>A row that a program wrote, with what its columns and the exports say of it.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Path">The table's file.</param>
/// <param name="Row">The row.</param>
/// <param name="Exports">The exports that it may come from: one, where the columns say which.</param>
/// <param name="Task">Label Studio's task; null where it is not known.</param>
/// <param name="Annotation">Label Studio's annotation; null where it is not known.</param>
/// <param name="People">Ids of who labelled it, with commas between; empty where it is not known.</param>
internal sealed record TracedRow(string Table, string Path, TableRow Row, IReadOnlyList<SliceExport> Exports, long? Task, long? Annotation, string People);

/// <summary>
/// Leads the rows of a program back to exports and people: by the columns that are found, and by the exports, which say whose task and
/// annotation is whose. A row that is of no known export may be of any that is not here, and where all are, of any.
/// </summary>
internal sealed class ProgramLineage
{
    // What questions are about.
    private static readonly ColumnRole[] s_asked =
    [
        ColumnRole.Project, ColumnRole.Episode, ColumnRole.Frame, ColumnRole.TaskId, ColumnRole.AnnotationId, ColumnRole.Label, ColumnRole.Origin, ColumnRole.Annotator,
        ColumnRole.Medium,
    ];

    private readonly SliceManifest _slice;
    private readonly IReadOnlyList<ProgramTable> _tables;
    private readonly CancellationToken _cancellation;
    private readonly List<KnownExport> _exports;

    /// <param name="slice">The slice.</param>
    /// <param name="definition">Its definition.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="annotationsOf">Who made the annotations of an export; null where that is not known here.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public ProgramLineage(
        SliceManifest slice, HarvestDefinition definition, IReadOnlyList<ProgramTable> tables, Func<SliceExport, AnnotationIndex?> annotationsOf, CancellationToken cancellation)
    {
        (_slice, _tables, _cancellation) = (slice, tables, cancellation);
        Text = new RowText(definition.Program!.Columns);
        Columns = definition.Program.Columns;
        _exports = [.. slice.Exports.Select(export => new KnownExport(export, annotationsOf(export)))];
    }

    /// <summary>Reads rows by role.</summary>
    public RowText Text { get; }

    public ProgramColumns Columns { get; }

    /// <summary>Whether the annotations of all exports are known here.</summary>
    public bool IsWhole => _exports.TrueForAll(static export => export.Annotations is not null);

    /// <summary>All rows of the tables that can be read.</summary>
    /// <exception cref="HarvestException">A table cannot be read.</exception>
    public IEnumerable<TracedRow> Rows()
    {
        foreach (ProgramTable table in _tables.Where(static table => table.Rows is not null))
        {
            foreach (TableRow row in TableReader.Read(table.File, table.Path, _cancellation))
            {
                yield return Trace(table, row);
            }
        }
    }

    /// <summary>An index for each export, and what the columns say.</summary>
    public (IReadOnlyDictionary<string, RowIndexBuilder> Indexes, RowRoles Roles) Index()
    {
        Dictionary<string, RowIndexBuilder> indexes = _slice.Exports.DistinctBy(static export => export.Sha256)
            .ToDictionary(static export => export.Sha256, static _ => new RowIndexBuilder(), StringComparer.Ordinal);
        bool empty = true;
        ushort any = 0;
        ushort every = _tables.All(static table => table.Rows is not null) ? ushort.MaxValue : (ushort)0;
        foreach (TracedRow traced in Rows())
        {
            empty = false;
            foreach (ColumnRole role in s_asked)
            {
                any |= Text.Has(traced.Row, role) ? RowRoles.Bit(role) : (ushort)0;
                every &= Text.Text(traced.Row, role) is null ? (ushort)~RowRoles.Bit(role) : ushort.MaxValue;
            }

            foreach (SliceExport export in traced.Exports)
            {
                indexes[export.Sha256].Add(
                    traced.Task ?? RowIndex.None,
                    traced.Annotation ?? RowIndex.None,
                    Text.Text(traced.Row, ColumnRole.TaskSubdir) ?? "",
                    Text.Text(traced.Row, ColumnRole.Episode) ?? "",
                    Text.Text(traced.Row, ColumnRole.Medium),
                    traced.People,
                    Text.Text(traced.Row, ColumnRole.Origin) is { } origin && origin != "prediction");
            }
        }

        // Of no row nothing is lacking.
        var roles = new RowRoles(empty ? (ushort)(every & ~RowRoles.UnreadBit) : any, every);
        return (indexes, _tables.Any(static table => table.HasUnread) ? roles.WithUnread() : roles);
    }

    private TracedRow Trace(ProgramTable table, TableRow row)
    {
        long? task = Text.Number(row, ColumnRole.TaskId);
        long? annotation = Text.Number(row, ColumnRole.AnnotationId);
        List<KnownExport> found = Find(Text.Text(row, ColumnRole.Project), task, annotation);
        (long Task, long Annotator) made = (RowIndex.None, RowIndex.None);
        if (annotation is { } id)
        {
            _ = found.Exists(export => export.ByAnnotation.TryGetValue(id, out made));
            task ??= made.Task == RowIndex.None ? null : made.Task;
        }

        string people = Text.Text(row, ColumnRole.Annotator) is { } named
            ? string.Join(',', named.Split([',', ' ', '[', ']', '"'], StringSplitOptions.RemoveEmptyEntries))
            : made.Annotator == RowIndex.None || annotation is null ? "" : made.Annotator.ToString(CultureInfo.InvariantCulture);
        return new TracedRow(table.Table, table.Path, row, [.. found.Select(static export => export.Export)], task, annotation, people);
    }

    private List<KnownExport> Find(string? project, long? task, long? annotation)
    {
        List<KnownExport> candidates = project is null ? _exports : _exports.FindAll(export => export.Export.Project == project);
        candidates = candidates.Count == 0 ? _exports : candidates;
        if (candidates.Count == 1)
        {
            return candidates;
        }

        List<KnownExport> holding = annotation is { } id ? candidates.FindAll(export => export.ByAnnotation.ContainsKey(id))
            : task is { } number ? candidates.FindAll(export => export.Tasks.Contains(number))
            : [];
        if (holding.Count > 0)
        {
            return holding;
        }

        List<KnownExport> unknown = candidates.FindAll(static export => export.Annotations is null);
        return unknown.Count > 0 ? unknown : candidates;
    }

    private sealed class KnownExport
    {
        public KnownExport(SliceExport export, AnnotationIndex? annotations)
        {
            (Export, Annotations) = (export, annotations);
            for (int i = 0; annotations is not null && i < annotations.Count; i++)
            {
                Tasks.Add(annotations.Tasks[i]);
                if (annotations.Ids[i] != RowIndex.None)
                {
                    _ = ByAnnotation.TryAdd(annotations.Ids[i], (annotations.Tasks[i], annotations.Annotators[i]));
                }
            }
        }

        public SliceExport Export { get; }

        public AnnotationIndex? Annotations { get; }

        public HashSet<long> Tasks { get; } = [];

        public Dictionary<long, (long Task, long Annotator)> ByAnnotation { get; } = [];
    }
}
