using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
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

/// <summary>Lists the corrections of one part: its rows say which annotations are ones, the export when they were made.</summary>
internal sealed class SliceCorrections(Repository repository, PartStore store, WorkContext context)
{
    private const string Untouched = "prediction";

    /// <param name="version">The slice.</param>
    /// <param name="export">The export.</param>
    /// <param name="part">Its part.</param>
    /// <param name="episode">Whether an episode is asked for, by task folder and name.</param>
    public IReadOnlyList<SliceCorrection> Of(string version, SliceExport export, Part part, Func<string, string, bool> episode)
    {
        var found = new Dictionary<(long Task, long? Annotation, string TaskSubdir, string Episode), Found>();
        foreach (TableDescriptor table in TableCatalog.All.Where(static table => table.HoldsLabels))
        {
            Add(table, part, episode, found);
        }

        IReadOnlyDictionary<long, DateTime> times = Times(export, [.. found.Keys.Select(static key => key.Annotation).OfType<long>()]);
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
        TableDescriptor table, Part part, Func<string, string, bool> episode, Dictionary<(long, long?, string, string), Found> found)
    {
        // Compared with nothing, every row is one.
        using RowDiff rows = new PartDiffs(store, context.Cancellation).Open(table, [], [part]);
        RowLayout layout = rows.Layout;
        string[] columns = [.. layout.Schema.Columns.Select(static column => column.Name)];
        int origin = Array.IndexOf(columns, CommonColumns.Origin);
        int annotators = Array.IndexOf(columns, "annotator_ids");
        while (rows.Next())
        {
            string folder = (string)layout.ValueOf(rows.After, layout.TaskSubdir)!;
            string name = (string)layout.ValueOf(rows.After, layout.Episode)!;
            if ((string?)layout.ValueOf(rows.After, origin) == Untouched || !episode(folder, name))
            {
                continue;
            }

            var key = ((long)layout.ValueOf(rows.After, layout.TaskId)!, (long?)layout.ValueOf(rows.After, layout.AnnotationId), folder, name);
            if (!found.TryGetValue(key, out Found? correction))
            {
                found.Add(key, correction = new Found());
            }

            correction.Rows++;
            correction.Annotators.UnionWith(((string?)layout.ValueOf(rows.After, annotators) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>None where the export's bytes are not here, though its rows are.</summary>
    private IReadOnlyDictionary<long, DateTime> Times(SliceExport export, HashSet<long> wanted)
    {
        IObjectSource source = SliceInputs.SourceOf(repository, export);
        using ObjectContent? content = wanted.Count == 0 ? null : source.TryOpen(export.Sha256, context.Cancellation);
        if (content is null)
        {
            return new Dictionary<long, DateTime>();
        }

        string stem = export.FileStem;
        (IReadOnlyDictionary<long, DateTime> times, ExportPass pass) = AnnotationTimes.Read(
            content.Stream, stem, wanted, context.Threads, context.Bytes("Reading dates", stem, content.Bytes), context.Cancellation);
        return pass.Sha256 == export.Sha256 ? times : throw ArchiveErrors.ObjectDamaged(source.Name, export.Sha256, pass.Sha256);
    }

    private sealed class Found
    {
        public HashSet<string> Annotators { get; } = new(StringComparer.Ordinal);

        public long Rows { get; set; }
    }
}
