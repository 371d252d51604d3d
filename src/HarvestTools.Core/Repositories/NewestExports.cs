using System.Runtime.ExceptionServices;
using HarvestTools.Archive;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>
/// The newest export of each project, which the next slice takes: the one whose labels go furthest, then the one that came in
/// last. What is archived late, because a check asked for it or because a clone had none, is no newer for that.
/// </summary>
/// <param name="repository">The repository.</param>
internal sealed class NewestExports(Repository repository)
{
    /// <summary>By project; retired ones are left out.</summary>
    /// <param name="context">Exports that were archived without reading their labels are read where that decides; null takes such as old.</param>
    /// <param name="asOf">Of those whose labels go no further, or that were archived by then where they have no dates; null takes all.</param>
    public IReadOnlyList<ExportRecord> Of(WorkContext? context, DateTimeOffset? asOf = null) =>
    [
        .. from project in repository.Archive.List().Where(record => asOf is null || (record.LabelsThrough ?? record.AddedAt).Instant <= asOf).GroupBy(static record => record.Project, StringComparer.Ordinal)
           where !repository.Settings.ProjectNames.IsRetired(project.Key)
           select Of([.. project], context),
    ];

    /// <summary>The newest export of a project that has some, by what records say; no export is read.</summary>
    public ExportRecord Of(string project) =>
        repository.Archive.Index.Newest(repository.Archive.CurrentName(project), CameIn) ?? Of(repository.Archive.List(project), context: null);

    /// <summary>The newest of one project's exports.</summary>
    /// <param name="exports">At least one.</param>
    /// <param name="context">As above.</param>
    public ExportRecord Of(IReadOnlyList<ExportRecord> exports, WorkContext? context)
    {
        if (exports.Count == 1)
        {
            return exports[0];
        }

        // What another was said to take the place of is out, so that a third one is compared with that other alone.
        HashSet<string> replaced = [.. exports.Where(static export => export.NewerThan.Count > 0).SelectMany(static export => export.NewerThan)];
        IReadOnlyList<ExportRecord> left = replaced.Count == 0 ? exports : [.. exports.Where(export => !replaced.Contains(export.Sha256))];
        left = left.Count == 0 ? exports : left;
        if (context is not null && left.Count > 1)
        {
            left = Read(left, context);
            RequireOneProject(left);
        }

        return left.Max(new ExportOrder(CameIn))!;
    }

    /// <summary>
    /// The exports with their labels read. A file that turns out to be no export, which none is known to be that was archived unread, is left
    /// out where another one came in after it, and ends the selection where it is the last: it may be the one that counts.
    /// </summary>
    private List<ExportRecord> Read(IReadOnlyList<ExportRecord> exports, WorkContext context)
    {
        var read = new List<ExportRecord>(exports.Count);
        (ExportRecord Export, ExceptionDispatchInfo Fault)? last = null;
        foreach (ExportRecord export in exports)
        {
            try
            {
                read.Add(export.LabelsRead ? export : Read(export, context));
            }
            catch (HarvestException fault) when (fault.Fault == HarvestFault.InvalidData)
            {
                if (last is null || CameIn(export) > CameIn(last.Value.Export))
                {
                    last = (export, ExceptionDispatchInfo.Capture(fault));
                }
            }
        }

        if (last is { } unreadable && !read.Any(export => CameIn(export) > CameIn(unreadable.Export)))
        {
            unreadable.Fault.Throw();
        }

        return read;
    }

    /// <summary>Exports of several projects of Label Studio under one name: those that were archived unread could not be refused.</summary>
    /// <exception cref="HarvestException">ProjectOfSeveralIds.</exception>
    private void RequireOneProject(IReadOnlyList<ExportRecord> exports)
    {
        // An id that the settings give to the name is of the same project by somebody's word.
        IReadOnlyList<long> given = repository.Settings.ProjectNames.LabelStudioIds(exports[0].Project);
        var known = new List<(HashSet<long> Ids, ExportRecord Newest)>();
        foreach (ExportRecord export in exports.Where(export => export.ProjectIds.Count > 0 && !export.ProjectIds.Any(given.Contains)).Order(new ExportOrder(CameIn)))
        {
            var ids = new HashSet<long>(export.ProjectIds);
            foreach ((HashSet<long> others, _) in known.Where(project => project.Ids.Overlaps(ids)))
            {
                ids.UnionWith(others);
            }

            known.RemoveAll(project => project.Ids.Overlaps(ids));
            known.Add((ids, export));
        }

        if (known.Count > 1)
        {
            known.Sort(static (left, right) => left.Ids.Min().CompareTo(right.Ids.Min()));
            throw ProjectErrors.ProjectOfSeveralIds(
                exports[0].Project,
                [.. known.Select(static project => project.Ids.Min())],
                [.. known.Select(static project => project.Newest.Path ?? project.Newest.Name ?? project.Newest.FileName)],
                [.. known.Select(static project => $"{project.Newest.Project}-{Figures.ShortHash(project.Newest.Sha256)}")]);
        }
    }

    /// <summary>
    /// When the export came in: a slice that has it shows that it was there by then, whatever this archive's record says, which
    /// may be of a clone that got it later.
    /// </summary>
    private DateTimeOffset CameIn(ExportRecord record) => CameIn(record.Sha256, record.AddedAt.Instant);

    private DateTimeOffset CameIn(string sha256, DateTimeOffset added) =>
        repository.SliceExports.FirstUses().TryGetValue(sha256, out DateTimeOffset used) && used < added ? used : added;

    private ExportRecord Read(ExportRecord export, WorkContext context)
    {
        using ObjectContent? content = repository.Archive.Objects.TryOpen(export.Sha256, context.Cancellation);
        if (content is null)
        {
            return export;
        }

        ExportFingerprint labels = ExportFingerprint.Compute(
            content.Stream,
            export.Path ?? export.Name ?? export.FileName,
            copyTo: null,
            withLabels: true,
            context.Threads,
            context.Bytes("Reading labels of", export.Project, content.Bytes),
            context.Cancellation);
        return repository.Archive.Record(export.With(labels)).Record;
    }
}
