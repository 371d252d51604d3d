using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Derivation.Rows;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>An annotation in which a person drew or changed something that a slice has.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Project">The project.</param>
/// <param name="Sha256">The export.</param>
/// <param name="TaskId">Label Studio's task.</param>
/// <param name="AnnotationId">The annotation; null where it has no id.</param>
/// <param name="Annotators">Ids of the people whose annotations agree on its rows, this one's among them, ascending; empty where the export names nobody.</param>
/// <param name="UpdatedAt">When the annotation was changed last; null where the export does not say.</param>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Rows">How many rows of the slice a person drew or changed in it.</param>
public sealed record SliceCorrection(
    string Version,
    string Project,
    string Sha256,
    long TaskId,
    long? AnnotationId,
    IReadOnlyList<string> Annotators,
    DateTimeOffset? UpdatedAt,
    string TaskSubdir,
    string Episode,
    long Rows);

/// <summary>
/// Lists the corrections of one part: its rows say which annotations are ones, the export when they were made, and which are the
/// corrections where the lead of those who agree took a prediction over.
/// </summary>
internal sealed class SliceCorrections(Repository repository, PartStore store, WorkContext context)
{
    private const string Untouched = "prediction";

    private readonly HashSet<long> _shared = [];

    /// <param name="version">The slice.</param>
    /// <param name="export">The export.</param>
    /// <param name="part">Its part.</param>
    /// <param name="request">As the part was derived.</param>
    /// <param name="asked">Whether a row is asked for.</param>
    public IReadOnlyList<SliceCorrection> Of(
        string version, SliceExport export, Part part, Func<PartRequest> request, SourceRowFilter asked)
    {
        _shared.Clear();
        var found = new Dictionary<(long Task, long? Annotation, string TaskSubdir, string Episode), Found>();
        foreach (TableDescriptor table in TableCatalog.All.Where(static table => table.HoldsLabels))
        {
            Add(table, part, asked, found);
        }

        if (_shared.Count > 0 && part.Tally.People.Any(static entry => entry.Labels.OverruledRows > 0))
        {
            AddOverruled(export, part, request, asked, found);
        }

        IReadOnlyDictionary<long, DateTime> times = AnnotationDates.Of(repository, export, [.. found.Keys.Select(static key => key.Annotation).OfType<long>()], context);
        return
        [
            .. from entry in found
               orderby entry.Key.Task, entry.Key.Annotation, entry.Key.TaskSubdir, entry.Key.Episode
               select new SliceCorrection(
                   version,
                   export.Project,
                   export.Sha256,
                   entry.Key.Task,
                   entry.Key.Annotation,
                   [.. entry.Value.Annotators.OrderBy(static id => id.Length).ThenBy(static id => id, StringComparer.Ordinal)],
                   entry.Key.Annotation is { } id && times.TryGetValue(id, out DateTime time) ? new DateTimeOffset(time, TimeSpan.Zero) : null,
                   entry.Key.TaskSubdir,
                   entry.Key.Episode,
                   entry.Value.Rows),
        ];
    }

    private void Add(
        TableDescriptor table, Part part, SourceRowFilter asked, Dictionary<(long, long?, string, string), Found> found)
    {
        // Compared with nothing, every row is one.
        using RowDiff rows = new PartDiffs(store, context.Cancellation).Open(table, [], [part]);
        RowLayout layout = rows.Layout;
        string[] columns = [.. layout.Schema.Columns.Select(static column => column.Name)];
        int origin = Array.IndexOf(columns, CommonColumns.Origin);
        int annotators = Array.IndexOf(columns, "annotator_ids");
        int people = Array.IndexOf(columns, "annotators");
        int medium = Array.IndexOf(columns, CommonColumns.Media);
        while (rows.Next())
        {
            string folder = (string)layout.ValueOf(rows.After, layout.TaskSubdir)!;
            string name = (string)layout.ValueOf(rows.After, layout.Episode)!;
            long task = (long)layout.ValueOf(rows.After, layout.TaskId)!;
            long? annotation = (long?)layout.ValueOf(rows.After, layout.AnnotationId);
            string ids = (string?)layout.ValueOf(rows.After, annotators) ?? "";
            if (!asked(new SourceRowKey(folder, name, task, annotation, ids, (string?)layout.ValueOf(rows.After, medium))))
            {
                continue;
            }

            if ((string?)layout.ValueOf(rows.After, origin) == Untouched)
            {
                if ((int?)layout.ValueOf(rows.After, people) > 1)
                {
                    _shared.Add(task);
                }

                continue;
            }

            (long, long?, string, string) key = (task, annotation, folder, name);
            Found correction = Entry(found, key);
            correction.Rows++;
            correction.Annotators.UnionWith(ids.Split(',', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private void AddOverruled(
        SliceExport export, Part part, Func<PartRequest> request, SourceRowFilter asked, Dictionary<(long, long?, string, string), Found> found)
    {
        IEnumerable<OverruledRows> rows = (store.TryLoadPeople(part.Key, part.Identity) ?? SliceInputs.Read(repository, export, "Reading annotations", context, (stream, progress) =>
            OverruledTasks.Read(request(), stream, _shared, progress, context.Cancellation))?.Read)?.Overruled ?? [];
        foreach (OverruledRows changed in rows.Where(changed => _shared.Contains(changed.TaskId) && asked(new SourceRowKey(
            changed.TaskSubdir, changed.Episode, changed.TaskId, changed.AnnotationId, changed.AnnotatorId?.ToString(CultureInfo.InvariantCulture) ?? "", null))))
        {
            Found correction = Entry(found, (changed.TaskId, changed.AnnotationId, changed.TaskSubdir, changed.Episode));
            correction.Rows += changed.Rows;
            if (changed.AnnotatorId is { } annotator)
            {
                correction.Annotators.Add(annotator.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static Found Entry(
        Dictionary<(long, long?, string, string), Found> found, (long Task, long? Annotation, string TaskSubdir, string Episode) key) =>
        found.TryGetValue(key, out Found? correction) ? correction : found[key] = new Found();

    private sealed class Found
    {
        public HashSet<string> Annotators { get; } = new(StringComparer.Ordinal);

        public long Rows { get; set; }
    }
}
