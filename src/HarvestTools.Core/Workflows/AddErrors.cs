using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of archiving an export; each factory's name is the error's id.</summary>
internal static class AddErrors
{
    public static HarvestException ProjectUnknown(string path) => new(
        nameof(ProjectUnknown),
        HarvestFault.Usage,
        $"The export '{path}' does not say which project it is of.",
        $"Name the project: {new RemedyAction.AddExport(path, RemedyAction.AnyName)}.",
        path);

    public static HarvestException ExportWasErased(string path, string sha256, string removed) => new(
        nameof(ExportWasErased),
        HarvestFault.InvalidData,
        $"The export '{path}' ({Figures.ShortHash(sha256)}) was removed from the archive on {removed} UTC to erase what it held, and is not taken in again.",
        "Delete the file; the archive has the same export without what was erased.",
        path);

    public static HarvestException ProjectsSeveral(string path, IReadOnlyList<long> ids) => new(
        nameof(ProjectsSeveral),
        HarvestFault.Usage,
        $"The export '{path}' has tasks of several projects ({string.Join(", ", ids.Take(10))}).",
        $"Name the project to archive it under: {new RemedyAction.AddExport(path, RemedyAction.AnyName)}.",
        path);

    /// <summary>An export that was archived after a newer one of its project.</summary>
    /// <param name="path">The file.</param>
    /// <param name="project">Its project.</param>
    /// <param name="through">Where its labels end.</param>
    /// <param name="newest">The newest export of the project.</param>
    /// <param name="latest">Where the labels of that one end; null where they do not say.</param>
    public static HarvestException ExportNotNewest(string path, string project, string through, string newest, string? latest) => new(
        nameof(ExportNotNewest),
        HarvestFault.Usage,
        $"The export '{path}' is archived, but it is not the newest of project {project}: its labels end at {through}, "
            + (latest is null ? $"and {newest} takes its place" : $"those of {newest} at {latest}")
            + ". The next slice takes that one.",
        $"If this export is the newer one, since the newest annotations were deleted, say so with {new RemedyAction.AddExport(path, project) { Newest = true }}.",
        path);

    /// <summary>Several exports of one project that were archived together, and are not the newest.</summary>
    /// <param name="count">How many.</param>
    /// <param name="project">Their project.</param>
    /// <param name="newest">The newest export of the project.</param>
    /// <param name="latest">Where the labels of that one end; null where they do not say.</param>
    public static HarvestException ExportsNotNewest(int count, string project, string newest, string? latest) => new(
        nameof(ExportsNotNewest),
        HarvestFault.Usage,
        $"{Figures.Count(count, "export")} of project {project} {(count == 1 ? "is" : "are")} archived and not the newest, which is {newest}{(latest is null ? "" : $"; its labels end at {latest}")}. The next slice takes that one.",
        $"Nothing need be done where each export holds the whole project. Where each holds a part of it, name all that a slice takes: {new RemedyAction.NewSlice { Exports = [$"{project}-HASH", "…"] }}.",
        project);

    /// <summary>An export that was archived from the path where another project's newest export was.</summary>
    /// <param name="path">The file.</param>
    /// <param name="project">Its project.</param>
    /// <param name="other">The other project.</param>
    /// <param name="recorded">The path as it is recorded.</param>
    /// <param name="restore">How the other project's export is put back; null where it is not archived.</param>
    public static HarvestException PathOfOtherProject(string path, string project, string other, string recorded, RemedyAction.RestoreExport? restore)
    {
        Remedy move = $"Move the file to a path of its own and archive it there with {new RemedyAction.AddExport(Project: project)}";
        return new HarvestException(
            nameof(PathOfOtherProject),
            HarvestFault.Usage,
            $"The export '{path}' is archived as project {project}, but {recorded} is the recorded path of project {other}: a check of its slices finds another file there.",
            restore is null ? (Remedy)$"{move}; then put the export of project {other} back at {recorded}." : $"{move}; then put the export of project {other} back with {restore}.",
            path);
    }
}
