using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of putting an archived export back; each factory's name is the error's id.</summary>
internal static class RestoreErrors
{
    public static HarvestException RestoreUnknown(string export, IReadOnlyCollection<string> projects) => new(
        nameof(RestoreUnknown), HarvestFault.NotFound,
        $"'{export}' is neither the hash of an archived export, nor a project with a dash and a hash, nor a project.{NearestName.Question(export, projects)}",
        $"Write the first digits of a hash; {new RemedyAction.ListExports()} lists what is archived.", export);

    /// <param name="export">As it was asked for.</param>
    /// <param name="version">The newest slice that names it.</param>
    /// <param name="sha256">Of the export as that slice has it.</param>
    /// <param name="project">Its project.</param>
    /// <param name="path">Where the slice has it from; null where it does not say.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    public static HarvestException RestoreNotHere(string export, string version, string sha256, string project, string? path, string archive) => new(
        nameof(RestoreNotHere), HarvestFault.NotFound,
        $"Slice {version} names export {Figures.ShortHash(sha256)} of project {project} ({path ?? "no recorded path"}), and the archive of this machine ({archive}) has no export of it: git does not keep the archive.",
        $"Copy '{archive}' from a machine that has it, or archive the original file again with {new RemedyAction.AddExport(Project: project)}.", export);

    public static HarvestException RestorePathUnknown(string export, string name) => new(
        nameof(RestorePathUnknown), HarvestFault.Usage,
        $"The export {export} was added from outside the repository, as '{name}', so no path is recorded that it could be put back at.",
        $"Say where to: {new RemedyAction.RestoreExport(export, name)}.", export);

    public static HarvestException RestorePathPacked(string export, string path) => new(
        nameof(RestorePathPacked), HarvestFault.Usage,
        $"The export {export} was added from '{path}', of which only the JSON inside is archived; under that name it would not be what the name says.",
        $"Say where to: {new RemedyAction.RestoreExport(export, Unpacked(path))}.", export);

    public static HarvestException RestoreFolderNeeded(string path, int exports) => new(
        nameof(RestoreFolderNeeded), HarvestFault.Usage,
        $"{Figures.Count(exports, "export")} cannot all be put at '{path}', which is not a folder.",
        "Name a folder that exists, or restore one export at a time.", path);

    public static HarvestException RestoreNamesEqual(string path, string first, string second) => new(
        nameof(RestoreNamesEqual), HarvestFault.Usage,
        $"The exports {first} and {second} would both be put at '{path}'.",
        "Restore them one at a time, each under a name of its own.", path);

    /// <summary>What is there has other bytes, and nobody asked to replace it.</summary>
    /// <param name="export">The export that was to be put there.</param>
    /// <param name="path">Full path of what is there.</param>
    /// <param name="to">The path as it was asked for; null for the recorded one.</param>
    /// <param name="actual">SHA-256 of what is there.</param>
    /// <param name="archived">Whether that is archived too.</param>
    public static HarvestException RestoreTargetDiffers(string export, string path, string? to, string actual, bool archived) => new(
        nameof(RestoreTargetDiffers), HarvestFault.Usage,
        $"The file '{path}' has other bytes (SHA-256 {Figures.ShortHash(actual)}) than the export {export}, and it is kept: "
            + (archived ? "it is another archived export." : "it is archived nowhere."),
        archived
            ? (Remedy)$"Replace it with {new RemedyAction.RestoreExport(export, to, Force: true)}; it can be restored again."
            : (Remedy)$"Archive it first with {new RemedyAction.AddExport(path)} if its labels count, then replace it with {new RemedyAction.RestoreExport(export, to, Force: true)}.",
        path);

    private static string Unpacked(string path) => Path.ChangeExtension(path, null) is var plain && plain.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? plain : plain + ".json";
}
