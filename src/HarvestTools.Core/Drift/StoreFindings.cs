using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>The words of findings that concern a whole run rather than one slice.</summary>
internal static class StoreFindings
{
    /// <param name="export">As the slice has it.</param>
    /// <param name="actual">SHA-256 of what is at its path now.</param>
    /// <param name="scope">The slices that were made of what was at the path before.</param>
    public static DriftFinding ExportSucceeded(SliceExport export, string actual, UseScope scope) => new(
        DriftKind.ExportSucceeded,
        DriftSeverity.Note,
        export.Path!,
        export.Sha256,
        actual,
        $"The file at {export.Path} is a later export of project {export.Project} ({Figures.ShortHash(actual)}), as it is where every night exports to the same name; "
            + (scope.Versions.Count == 1 ? $"{scope.Since} was made of an earlier one." : $"{Figures.List(scope.Versions)} were made of earlier ones."),
        "Nothing need be done; slices are read from the archive.")
    {
        Since = scope.Since,
        Slices = scope.Versions,
        Models = scope.Models,
    };

    /// <param name="version">The slice that was looked at first.</param>
    /// <param name="export">The first of its exports that is not here.</param>
    /// <param name="archive">Where the archive would be.</param>
    public static DriftFinding StoreAbsent(string version, SliceExport export, string archive) => new(
        DriftKind.StoreAbsent,
        DriftSeverity.Warning,
        archive,
        null,
        null,
        $"This machine has no archive ({archive}), and exports are not at their recorded paths either, so what is made of them cannot be verified here: "
            + $"slice {version} needs {Figures.ShortHash(export.Sha256)} of project {export.Project}"
            + (export.LabelConfigSha256 is null ? "" : ", with its labeling configuration")
            + (export.Path is null ? ", which has no recorded path." : $" ({export.Path})."),
        $"Copy {archive} from a machine that has it, or put the exports at their recorded paths.");
}
