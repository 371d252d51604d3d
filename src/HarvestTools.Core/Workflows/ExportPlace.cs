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
