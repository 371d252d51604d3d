using HarvestTools.Archive;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>Where an archived export is among those of its project.</summary>
/// <param name="Newest">The newest of them, which the next slice takes.</param>
internal sealed record ExportPlace(ExportRecord Newest)
{
    public static ExportPlace Of(Repository repository, ExportRecord export) =>
        new(new NewestExports(repository).Of(export.Project));

    /// <summary>The exports of the project that are newer by their dates.</summary>
    public static IReadOnlyList<string> Before(Repository repository, ExportRecord export) =>
    [
        .. repository.Archive.List(export.Project)
            .Where(other => other.Sha256 != export.Sha256 && ExportOrder.IsNewer(other, export))
            .Select(static other => other.Sha256)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// What is to be known where the export was archived from the path of another project's newest one; null where it was not. The
    /// path is that project's whose export was there first.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">The file that it was archived from.</param>
    /// <param name="export">Its record.</param>
    /// <param name="before">Its record as it was before; null where it had none.</param>
    public static ExportNotice? PathNotice(Repository repository, string path, ExportRecord export, ExportRecord? before)
    {
        if (repository.MakeRelative(path) is not { } recorded)
        {
            return null;
        }

        IReadOnlyList<ExportRecord> there = repository.Archive.Index.FirstFrom(recorded, except: before?.Path == recorded ? null : export.Sha256);
        DateTimeOffset? own = there.FirstOrDefault(record => record.Project == export.Project)?.AddedAt.Instant;
        foreach (ExportRecord other in there)
        {
            if (other.Project != export.Project
                && !repository.Settings.ProjectNames.IsRetired(other.Project)
                && !(own < other.AddedAt.Instant)
                && new NewestExports(repository).Of(other.Project) is var newest
                && newest.Path == recorded)
            {
                var restore = new RemedyAction.RestoreExport(newest.FileStem, Force: true);
                return ExportNotice.Of(AddErrors.PathOfOtherProject(path, export.Project, other.Project, recorded, restore));
            }
        }

        // In a clone without the archive slices alone say whose path it is.
        string[] named =
        [
            .. repository.SliceExports.Paths()
                .Where(last => last.Value == recorded)
                .Select(last => repository.Archive.CurrentName(last.Key))
                .Order(StringComparer.Ordinal),
        ];
        return !named.Contains(export.Project, StringComparer.Ordinal)
            && Array.Find(named, other => !repository.Settings.ProjectNames.IsRetired(other) && !repository.Archive.Projects().Contains(other, StringComparer.Ordinal)) is { } absent
                ? ExportNotice.Of(AddErrors.PathOfOtherProject(path, export.Project, absent, recorded, restore: null))
                : null;
    }

    /// <summary>What is to be known where the export is not the newest; null where it is, or where dates say nothing.</summary>
    /// <param name="path">The file that it was archived from.</param>
    /// <param name="export">Its record.</param>
    public ExportNotice? Notice(string path, ExportRecord export) =>
        Newest.Sha256 != export.Sha256 && export.LabelsThrough is { } through
            ? ExportNotice.Of(AddErrors.ExportNotNewest(
                path,
                export.Project,
                Figures.Time(through.Instant),
                $"{Newest.Path ?? Newest.Name ?? Newest.Project} ({Figures.ShortHash(Newest.Sha256)})",
                Newest.LabelsThrough is { } latest ? Figures.Time(latest.Instant) : null))
            : null;
}
