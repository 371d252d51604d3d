using HarvestTools.Archive;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>Where an archived export is among those of its project.</summary>
/// <param name="Newest">The newest of them, which the next slice takes.</param>
internal sealed record ExportPlace(ExportRecord Newest)
{
    public static ExportPlace Of(Repository repository, ExportRecord export) =>
        new(new NewestExports(repository).Of(repository.Archive.List(export.Project), context: null));

    /// <summary>The exports of the project that are newer by their dates.</summary>
    public static IReadOnlyList<string> Before(Repository repository, ExportRecord export) =>
    [
        .. repository.Archive.List(export.Project)
            .Where(other => other.Sha256 != export.Sha256 && ExportOrder.IsNewer(other, export))
            .Select(static other => other.Sha256)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What is to be known where the export was archived from the path of another project's newest one; null where it was not.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">The file that it was archived from.</param>
    /// <param name="export">Its record.</param>
    public static ExportNotice? PathNotice(Repository repository, string path, ExportRecord export)
    {
        if (repository.MakeRelative(path) is not { } recorded)
        {
            return null;
        }

        foreach (string other in repository.Archive.List()
            .Where(record => record.Path == recorded && record.Project != export.Project && record.Sha256 != export.Sha256)
            .Select(static record => record.Project)
            .Distinct(StringComparer.Ordinal)
            .Where(other => !repository.Settings.ProjectNames.IsRetired(other)))
        {
            if (new NewestExports(repository).Of(repository.Archive.List(other), context: null) is { } newest && newest.Path == recorded)
            {
                var restore = new RemedyAction.RestoreExport(newest.FileStem, Force: true);
                return ExportNotice.Of(AddErrors.PathOfOtherProject(path, export.Project, other, recorded, restore));
            }
        }

        // In a clone without the archive slices alone say whose path it is.
        string? named = repository.SliceExports.Paths()
            .Where(last => last.Value == recorded)
            .Select(last => repository.Archive.CurrentName(last.Key))
            .Where(other => other != export.Project && !repository.Settings.ProjectNames.IsRetired(other) && repository.Archive.List(other).Count == 0)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return named is null ? null : ExportNotice.Of(AddErrors.PathOfOtherProject(path, export.Project, named, recorded, restore: null));
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
