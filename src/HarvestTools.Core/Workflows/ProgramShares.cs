using HarvestTools.Cache;
using HarvestTools.History;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What of the exports went into slices that programs derive, as far as the columns of their tables say it.</summary>
internal static class ProgramShares
{
    /// <summary>The column without which a question has no answer; null where there is one.</summary>
    public static ColumnRole? Lacks(SourceKind kind, RowRoles roles) => kind switch
    {
        SourceKind.Episode => Lacking(roles, ColumnRole.Episode, ColumnRole.Episode),
        SourceKind.Medium => Lacking(roles, ColumnRole.Medium, ColumnRole.Medium),
        SourceKind.Task => Lacking(roles, ColumnRole.TaskId, ColumnRole.AnnotationId),
        SourceKind.Annotation => Lacking(roles, ColumnRole.AnnotationId, ColumnRole.AnnotationId),
        SourceKind.Annotator => Lacking(roles, ColumnRole.AnnotationId, ColumnRole.Annotator),
        _ => null,
    };

    /// <summary>Columns of rows as they are listed that no table has.</summary>
    public static IReadOnlyList<string> Empty(RowRoles roles) =>
    [
        .. new[] { ColumnRole.Episode, ColumnRole.Frame, ColumnRole.TaskId, ColumnRole.AnnotationId, ColumnRole.Label, ColumnRole.Origin, ColumnRole.Annotator, ColumnRole.Medium }
            .Where(role => !roles.Has(role) && !(role is ColumnRole.TaskId or ColumnRole.Annotator && roles.Has(ColumnRole.AnnotationId)))
            .Select(ProgramColumns.Word),
    ];

    /// <summary>The column of what is asked for and some rows do not say, so that there may be more of it than is found; null where all say it.</summary>
    public static ColumnRole? Silent(SourceKind kind, RowRoles roles) => kind switch
    {
        SourceKind.Annotator => roles.IsOfEvery(ColumnRole.AnnotationId) || roles.IsOfEvery(ColumnRole.Annotator),
        SourceKind.Annotation => roles.IsOfEvery(ColumnRole.AnnotationId),
        SourceKind.Task => roles.IsOfEvery(ColumnRole.TaskId) || roles.IsOfEvery(ColumnRole.AnnotationId),
        SourceKind.Episode => roles.IsOfEvery(ColumnRole.Episode),

        // Not every row is of a medium.
        _ => true,
    } ? null : RoleOf(kind);

    /// <summary>The column that answers a question, and is named where it is lacking.</summary>
    public static ColumnRole RoleOf(SourceKind kind) => kind switch
    {
        SourceKind.Episode => ColumnRole.Episode,
        SourceKind.Medium => ColumnRole.Medium,
        SourceKind.Task => ColumnRole.TaskId,
        _ => ColumnRole.AnnotationId,
    };

    private static ColumnRole? Lacking(RowRoles roles, ColumnRole named, ColumnRole other) => roles.Has(named) || roles.Has(other) ? null : named;

    /// <summary>Whether rows of nothing that is asked for mean that there is none of it: every row of every table says whose it is.</summary>
    public static bool SayAll(Repository repository, SourceQuery query, WorkContext context)
    {
        using var parts = new PartSource(repository, context);
        var indexes = new LineageIndexes(repository, parts, context);
        return TraceReach.Slices(repository, query, context).Where(static slice => slice.IsProgram).All(slice =>
            indexes.RolesOf(slice, SliceInputs.Definition(repository, slice)) is { } roles && query.Kind switch
            {
                SourceKind.Annotator => roles.IsOfEvery(ColumnRole.AnnotationId) || roles.IsOfEvery(ColumnRole.Annotator),
                _ => roles.IsOfEvery(ColumnRole.Episode),
            });
    }

    /// <summary>The exports of one slice.</summary>
    public static IEnumerable<SliceSource> OfSlice(
        Repository repository, SliceManifest slice, HarvestDefinition definition, string? only, LineageIndexes indexes, bool corrections, WorkContext context)
    {
        IReadOnlyList<RegisteredModel> models = [.. RegisteredModels.Of(slice)];
        foreach (SliceExport export in slice.Exports.Where(export => only is null || export.Sha256 == only))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (RowIndex? index, HarvestException? fault) = TraceReach.TryIndex(() => indexes.RowsOf(slice, export, definition));
            if (index is null)
            {
                yield return TraceSource.Of(slice, export, models) with { NotKnown = $"What of it is in the rows is not known here: {fault!.Message}", Remedy = fault.Remedy };
                continue;
            }

            var match = new SourceMatch(SourceQuery.OfExport(export.Sha256), index, null, new HashSet<string>());
            SliceSource share = TraceReach.Share(slice, export, models, index, null, match);
            AnnotationIndex? annotations = indexes.AnnotationsOf(export, definition);
            yield return Of(repository, share, slice, export, index, indexes.RolesOf(slice, definition)!.Value, match, null, annotations is not null, corrections, context) with
            {
                Tasks = annotations?.Tasks.Distinct().Count(),
                Annotations = annotations?.Count,
            };
        }
    }

    /// <summary>A share without what the columns do not say, and with the one sentence of what that is.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="share">What the index has of it.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="export">The export.</param>
    /// <param name="index">Its index.</param>
    /// <param name="roles">What the columns say.</param>
    /// <param name="match">What of the index it is.</param>
    /// <param name="silent">What was asked for and some rows do not say.</param>
    /// <param name="counted">Whether tasks and annotations were counted in the export; rows without an id are of none.</param>
    /// <param name="corrections">Whether each correction is listed.</param>
    /// <param name="context">Cancellation.</param>
    public static SliceSource Of(
        Repository repository, SliceSource share, SliceManifest slice, SliceExport export, RowIndex index, RowRoles roles, SourceMatch match, ColumnRole? silent, bool counted, bool corrections, WorkContext context)
    {
        if (roles.Unread)
        {
            HarvestException unread = UnreadOf(slice);
            return share with
            {
                Episodes = null,
                CorrectedEpisodes = null,
                Rows = null,
                CorrectedRows = null,
                TaskSubdirs = [.. share.TaskSubdirs.Where(static folder => folder.Length > 0)],
                Tasks = counted ? share.Tasks : null,
                Annotations = counted ? share.Annotations : null,
                Corrections = corrections && roles.Has(ColumnRole.Origin) ? Corrections(repository, slice, export, index, match, context) : null,
                Unread = UnreadPaths(slice),
                NotKnown = unread.Message,
                Remedy = unread.Remedy,
            };
        }

        bool annotations = roles.Has(ColumnRole.AnnotationId);
        bool tasks = annotations || roles.Has(ColumnRole.TaskId);
        bool origin = roles.Has(ColumnRole.Origin);
        var lacks = new List<(ColumnRole Role, string What)>();
        if (!roles.Has(ColumnRole.Episode))
        {
            lacks.Add((ColumnRole.Episode, "episodes"));
        }

        if (!origin)
        {
            lacks.Add((ColumnRole.Origin, "corrected rows"));
        }

        string? unnamed = (Annotations: annotations || counted, People: annotations || roles.Has(ColumnRole.Annotator)) switch
        {
            (false, false) => "annotations and annotators",
            (false, true) => "numbers of annotations",
            (true, false) => "annotators",
            _ => null,
        };
        if (unnamed is not null)
        {
            lacks.Add((ColumnRole.AnnotationId, unnamed));
        }

        if (!tasks && !counted)
        {
            lacks.Add((ColumnRole.TaskId, "tasks"));
        }

        if (slice.Exports.Count > 1 && !roles.Has(ColumnRole.TaskId) && !roles.Has(ColumnRole.AnnotationId) && !roles.Has(ColumnRole.Project))
        {
            lacks.Add((ColumnRole.TaskId, "which rows are of which export"));
        }

        return share with
        {
            Episodes = roles.Has(ColumnRole.Episode) ? share.Episodes : null,
            CorrectedEpisodes = origin && roles.Has(ColumnRole.Episode) ? share.CorrectedEpisodes : null,
            CorrectedRows = origin ? share.CorrectedRows : null,
            TaskSubdirs = [.. share.TaskSubdirs.Where(static folder => folder.Length > 0)],
            Tasks = tasks || counted ? share.Tasks : null,
            Annotations = annotations || counted ? share.Annotations : null,
            Corrections = corrections && origin ? Corrections(repository, slice, export, index, match, context) : null,
            Lacking = lacks,
            Silent = silent,
            NotKnown = lacks.Count == 0 && silent is null ? null : TextOf([slice.Version], lacks, silent),
            Remedy = lacks.Count == 0 && silent is null ? null : ProgramColumnErrors.ColumnLacking([slice.Version], lacks.Count > 0 ? lacks[0].Role : silent!.Value).Remedy,
        };
    }

    /// <summary>The error of rows that cannot be read, which come before columns that are lacking: they may have them.</summary>
    public static HarvestException UnreadOf(SliceManifest slice) => ProgramColumnErrors.RowsUnread([slice.Version], UnreadPaths(slice));

    // Of a slice that recorded nothing it is not said which.
    private static string[] UnreadPaths(SliceManifest slice) =>
        slice.ProgramOutputs.Where(static output => output.HasUnread).Select(static output => output.Path).ToArray() is { Length: > 0 } paths ? paths : ["a table"];

    /// <summary>The sentence of what columns are lacking, and what that leaves unknown; and the one of rows that do not say what was asked for.</summary>
    public static string TextOf(IReadOnlyList<string> versions, IReadOnlyList<(ColumnRole Role, string What)> lacks, ColumnRole? silent)
    {
        if (silent is { } role)
        {
            string said = ProgramColumnErrors.RowsSilent(versions, role).Message;
            return lacks.Count == 0 ? said : $"{TextOf(versions, lacks, null)} {said}";
        }

        string columns = Figures.List([.. lacks.Select(static one => $"'{ProgramColumns.Word(one.Role)}'").Distinct()], "or");
        string what = Figures.List([.. lacks.SelectMany(static one => one.What.Split(" and "))]);
        return $"No table of {Figures.List(versions)} has a column {columns}, so that {what} {(lacks.Count == 1 && lacks[0].What.StartsWith("which", StringComparison.Ordinal) ? "is" : "are")} not known.";
    }

    private static List<SliceCorrection> Corrections(Repository repository, SliceManifest slice, SliceExport export, RowIndex index, SourceMatch match, WorkContext context)
    {
        int[] corrected = [.. match.Entries.Where(entry => index.Corrected[entry] > 0 && index.Tasks[entry] != RowIndex.None)];
        IReadOnlyDictionary<long, DateTime> times = AnnotationDates.Of(repository, export, [.. corrected.Select(entry => index.Annotations[entry]).Where(static id => id != RowIndex.None)], context);
        return
        [
            .. from entry in corrected
               let annotation = index.Annotations[entry] == RowIndex.None ? (long?)null : index.Annotations[entry]
               select new SliceCorrection(
                   slice.Version,
                   export.Project,
                   export.Sha256,
                   index.Tasks[entry],
                   annotation,
                   [.. index.People.Text(index.PeopleOf[entry]).Split(',', StringSplitOptions.RemoveEmptyEntries)],
                   annotation is { } id && times.TryGetValue(id, out DateTime time) ? new DateTimeOffset(time, TimeSpan.Zero) : null,
                   index.Folders.Text(index.EpisodeOf[entry]),
                   index.Episodes.Text(index.EpisodeOf[entry]),
                   index.Corrected[entry]),
        ];
    }
}
