using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>The words of findings that concern a whole run rather than one slice.</summary>
internal static class StoreFindings
{
    /// <param name="export">As the slice has it.</param>
    /// <param name="actual">SHA-256 of what is at its path now.</param>
    /// <param name="scope">The slices that were made of what was at the path before.</param>
    /// <param name="archive">Whether this machine has an archive.</param>
    public static DriftFinding ExportSucceeded(SliceExport export, string actual, UseScope scope, bool archive) => new(
        DriftKind.ExportSucceeded,
        DriftSeverity.Note,
        export.Path!,
        export.Sha256,
        actual,
        $"The file at {export.Path} is a later export of project {export.Project} ({Figures.ShortHash(actual)}), as it is where every night exports to the same name; "
            + (scope.Versions.Count == 1 ? $"{scope.Since} was made of an earlier one." : $"{Figures.List(scope.Versions)} were made of earlier ones."),
        archive ? "Nothing need be done; slices are read from the archive." : "Nothing need be done about the file: a later export belongs there.")
    {
        Since = scope.Since,
        Slices = scope.Versions,
        Models = scope.Models,
    };

    /// <param name="version">The slice that was looked at first.</param>
    /// <param name="exports">Those of its exports that are not here.</param>
    /// <param name="archive">Where the archive would be.</param>
    public static DriftFinding StoreAbsent(string version, IReadOnlyList<SliceExport> exports, string archive) => new(
        DriftKind.StoreAbsent,
        DriftSeverity.Warning,
        archive,
        null,
        null,
        $"This machine has no archive ({archive}), and exports are not at their recorded paths either, so what is made of them cannot be verified here: "
            + $"slice {version} needs {Figures.List([.. exports.Select(Describe)], most: 5)}.",
        Bring(archive, exports.Count(static export => export.Path is not null), exports.Count));

    /// <param name="export">As the slice has it.</param>
    /// <param name="remote">The remote's address.</param>
    public static DriftFinding RemoteDamaged(SliceExport export, string remote) => new(
        DriftKind.ExportDamaged,
        DriftSeverity.Error,
        export.ToString(),
        export.Sha256,
        null,
        $"The remote {remote} has other bytes under the hash {Figures.ShortHash(export.Sha256)} of an export of project {export.Project}, which is not on this machine.",
        $"Run {new RemedyAction.PushSlices(Deep: true)} on a machine whose archive is whole; it replaces what is damaged there.");

    private static string Describe(SliceExport export) =>
        $"{Figures.ShortHash(export.Sha256)} of project {export.Project}{(export.LabelConfigSha256 is null ? "" : " with its labeling configuration")}"
            + $" ({export.Path ?? (export.Name is null ? "without a recorded path" : $"{export.Name}, from outside the repository")})";

    /// <summary>An export that was added from outside the repository has no path at which it would be found.</summary>
    private static Remedy Bring(string archive, int withPath, int all) =>
        withPath == all ? (Remedy)$"Copy {archive} from a machine that has it, or put the exports at their recorded paths."
        : withPath == 0 ? (Remedy)$"Copy {archive} from a machine that has it, or archive the files again with {new RemedyAction.AddExport()}."
        : $"Copy {archive} from a machine that has it, or archive the files again with {new RemedyAction.AddExport()}; those with a recorded path may be put there instead.";
}
