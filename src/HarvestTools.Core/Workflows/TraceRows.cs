using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A row of a slice, with where it came from.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Project">The project.</param>
/// <param name="Sha256">The export.</param>
/// <param name="Table">The table.</param>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Frame">The frame; null where the table of a team's own program does not say, as of the task.</param>
/// <param name="TaskId">Label Studio's task.</param>
/// <param name="AnnotationId">The annotation, of several that agree the lowest; null where it has no id.</param>
/// <param name="RegionId">The region; null where it has no id.</param>
/// <param name="Label">The label.</param>
/// <param name="Origin">manual, prediction or prediction-changed.</param>
/// <param name="Annotators">Ids of the people who agree on it, ascending.</param>
/// <param name="Media">Link of the image or video; null where it is not known.</param>
public sealed record SourceRow(
    string Version,
    string Project,
    string Sha256,
    string Table,
    string TaskSubdir,
    string Episode,
    long? Frame,
    long? TaskId,
    long? AnnotationId,
    string? RegionId,
    string Label,
    string Origin,
    IReadOnlyList<string> Annotators,
    string? Media);

/// <summary>Streams the rows of slices with where they came from, one at a time however many there are.</summary>
public static class TraceRows
{
    /// <summary>The rows of one slice.</summary>
    /// <exception cref="HarvestException">SliceNotFound; an export is not on this machine.</exception>
    public static IEnumerable<SourceRow> OfSlice(Repository repository, string version, WorkContext context) =>
        Of(repository, [repository.Slices.Load(version)], null, context);

    /// <summary>The rows that a model was trained on.</summary>
    /// <exception cref="HarvestException">As <see cref="TraceSource.OfModel"/>; an export is not on this machine.</exception>
    public static IEnumerable<SourceRow> OfModel(Repository repository, string model, WorkContext context) =>
        Of(repository, TraceSource.SlicesOf(repository, model, context), null, context);

    /// <summary>The rows of an episode, task, annotation, annotator or medium in every slice that has some; of an export all.</summary>
    /// <exception cref="HarvestException">As <see cref="TraceReach.Of"/>.</exception>
    public static IEnumerable<SourceRow> Of(Repository repository, SourceQuery query, WorkContext context)
    {
        // Whether it is there at all is said first, and where.
        HashSet<(string, string)> shares = [.. TraceReach.Of(repository, query, context).Where(static share => share.Rows > 0 || share.Unread.Count > 0).Select(static share => (share.Version, share.Sha256))];
        return Of(repository, TraceReach.Slices(repository, query, context), query, context, (slice, export) => shares.Contains((slice.Version, export.Sha256)));
    }

    /// <summary>What no table of some slices has a column of, so that it is empty in their rows; each lack once.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="versions">Slices of which rows were given.</param>
    /// <param name="context">Progress, cancellation.</param>
    public static IReadOnlyList<UnknownRows> NotSaid(Repository repository, IEnumerable<string> versions, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(versions);
        using var parts = new PartSource(repository, context, episodes: false);
        var indexes = new LineageIndexes(repository, parts, context);
        var faults = new List<(SliceManifest Slice, HarvestException Fault)>();
        foreach (SliceManifest slice in versions.Distinct().Select(version => repository.Slices.Load(version)).Where(static slice => slice.IsProgram))
        {
            RowRoles? columns = indexes.RolesOf(slice, SliceInputs.Definition(repository, slice));
            if (columns is { Unread: true })
            {
                faults.Add((slice, ProgramShares.UnreadOf(slice)));
            }
            else if (columns is { } roles && ProgramShares.Empty(roles) is { Count: > 0 } lacking)
            {
                faults.Add((slice, ProgramColumnErrors.ColumnsEmpty([slice.Version], lacking)));
            }
        }

        return UnknownRows.Of(faults);
    }

    private static IEnumerable<SourceRow> Of(
        Repository repository, IEnumerable<SliceManifest> slices, SourceQuery? query, WorkContext context, Func<SliceManifest, SliceExport, bool>? meant = null)
    {
        using var parts = new PartSource(repository, context, episodes: false);
        var indexes = new LineageIndexes(repository, parts, context);
        foreach (SliceManifest slice in slices)
        {
            HarvestDefinition definition = SliceInputs.Definition(repository, slice);
            if (definition.Program is not null)
            {
                foreach (SourceRow row in OfProgram(repository, slice, definition, query, indexes, context, meant))
                {
                    yield return row;
                }

                continue;
            }

            foreach (SliceExport export in slice.Exports.Where(export => meant is null || meant(slice, export)))
            {
                Part part = parts.Get(slice.Version, export, definition).Part;
                SourceRowFilter asked = query is null || query.Kind == SourceKind.Export
                    ? static (in SourceRowKey _) => true
                    : new SourceMatch(
                        query,
                        indexes.RowsOf(slice, export, definition),
                        query.Kind == SourceKind.Annotation ? indexes.AnnotationsOf(export, definition) : null,
                        TraceReach.LinksOf(repository, slice, query)).Accepts;
                foreach (TableDescriptor table in TableCatalog.All.Where(static table => table.HoldsLabels))
                {
                    foreach (SourceRow row in Rows(new PartDiffs(parts.Store, context.Cancellation), table, part, slice, export, asked))
                    {
                        yield return row;
                    }
                }
            }
        }
    }

    /// <summary>The rows that a program wrote; what their columns do not say is empty.</summary>
    private static IEnumerable<SourceRow> OfProgram(
        Repository repository, SliceManifest slice, HarvestDefinition definition, SourceQuery? query, LineageIndexes indexes, WorkContext context, Func<SliceManifest, SliceExport, bool>? meant)
    {
        var lineage = new ProgramLineage(slice, definition, new ProgramSource(repository, context).Give(slice, definition).Tables, export => indexes.AnnotationsOf(export, definition), context.Cancellation);
        Dictionary<string, SourceRowFilter> filters = query is null || query.Kind == SourceKind.Export ? [] : slice.Exports.DistinctBy(static export => export.Sha256).ToDictionary(
            static export => export.Sha256,
            export => (SourceRowFilter)new SourceMatch(
                query,
                indexes.RowsOf(slice, export, definition),
                query.Kind == SourceKind.Annotation ? indexes.AnnotationsOf(export, definition) : null,
                TraceReach.LinksOf(repository, slice, query)).Accepts,
            StringComparer.Ordinal);
        foreach (TracedRow traced in lineage.Rows())
        {
            string? Text(ColumnRole role) => lineage.Text.Text(traced.Row, role);
            var key = new SourceRowKey(Text(ColumnRole.TaskSubdir) ?? "", Text(ColumnRole.Episode) ?? "", traced.Task ?? RowIndex.None, traced.Annotation, traced.People, Text(ColumnRole.Medium));
            if (traced.Exports.FirstOrDefault(export => (meant is null || meant(slice, export)) && (filters.Count == 0 || filters[export.Sha256](key))) is { } export)
            {
                yield return new SourceRow(
                    slice.Version,
                    export.Project,
                    export.Sha256,
                    traced.Table,
                    key.TaskSubdir,
                    key.Episode,
                    lineage.Text.Number(traced.Row, ColumnRole.Frame),
                    traced.Task,
                    traced.Annotation,
                    Text(ColumnRole.RegionId),
                    Text(ColumnRole.Label) ?? "",
                    Text(ColumnRole.Origin) ?? "",
                    traced.People.Split(',', StringSplitOptions.RemoveEmptyEntries),
                    key.Media);
            }
        }
    }

    private static IEnumerable<SourceRow> Rows(
        PartDiffs diffs, TableDescriptor table, Part part, SliceManifest slice, SliceExport export, SourceRowFilter asked)
    {
        // Compared with nothing, every row is one.
        using RowDiff rows = diffs.Open(table, [], [part]);
        RowLayout layout = rows.Layout;
        int origin = layout.Find(CommonColumns.Origin);
        int people = layout.Find("annotator_ids");
        int medium = layout.Find(CommonColumns.Media);
        while (rows.Next())
        {
            T? Cell<T>(int column) => (T?)layout.ValueOf(rows.After, column);
            string ids = Cell<string>(people) ?? "";
            var key = new SourceRowKey(
                Cell<string>(layout.TaskSubdir)!, Cell<string>(layout.Episode)!, Cell<long>(layout.TaskId), Cell<long?>(layout.AnnotationId), ids, Cell<string>(medium));
            if (asked(key))
            {
                yield return new SourceRow(
                    slice.Version,
                    export.Project,
                    export.Sha256,
                    table.Name,
                    key.TaskSubdir,
                    key.Episode,
                    Cell<long>(layout.Frame),
                    key.TaskId,
                    key.AnnotationId,
                    Cell<string>(layout.RegionId),
                    Cell<string>(layout.Label)!,
                    Cell<string>(origin)!,
                    ids.Split(',', StringSplitOptions.RemoveEmptyEntries),
                    key.Media);
            }
        }
    }
}
