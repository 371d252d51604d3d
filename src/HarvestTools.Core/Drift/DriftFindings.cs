using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Exports;
using HarvestTools.Manifests;

namespace HarvestTools.Drift;

/// <summary>The words of every finding, in one place.</summary>
internal static class DriftFindings
{
    public static DriftFinding ExportMissing(string version, SliceExport export) => new(
        DriftKind.ExportMissing,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        null,
        $"The export {export.Sha256[..12]} of project {export.Project} is neither in the archive nor at {export.Path ?? "a recorded path"}. "
            + $"Slice {version} cannot be rebuilt.",
        "Find the original file (a backup, the labeler's download) and add it with 'harvest add FILE' (Add-Export).");

    public static DriftFinding ExportDamaged(SliceExport export, string actual) => new(
        DriftKind.ExportDamaged,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        actual,
        $"The archived bytes of export {export.Sha256[..12]} of project {export.Project} now have SHA-256 {actual[..12]}: the stored file was changed or the disk is failing.",
        "Run 'harvest fsck --repair' (Test-ExportArchive -Repair), or add the original file again with 'harvest add FILE' (Add-Export).");

    public static DriftFinding ExportRewritten(SliceExport export, string actual, LabelChanges? labels)
    {
        bool same = labels is { Added: 0, Removed: 0, Relabelled: 0 };
        string message = $"The file at {export.Path} is no longer the export that the slice used ({export.Sha256[..12]}, now {actual[..12]})";
        message += labels switch
        {
            null => "; whether labels changed cannot be told.",
            _ when same => ", but holds the same labels: only bytes that Label Studio changes at every export moved.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $", and labels changed: {Tasks(labels.Added, "added")}, {Tasks(labels.Removed, "removed")}, {Tasks(labels.Relabelled, "relabelled")}."),
        };

        // The archive still holds what the slice used, so an export with equal labels loses nothing and must not fail a build.
        return new DriftFinding(
            DriftKind.ExportRewritten,
            same ? DriftSeverity.Warning : DriftSeverity.Error,
            Name(export),
            export.Sha256,
            actual,
            message,
            same
                ? "Nothing to do; restore the file from git or the archive if other tools read it."
                : "Add the new file with 'harvest add' (Add-Export) and make a new slice of it, or put the old file back from the archive.");
    }

    public static DriftFinding HarvestRedefined(string version, string harvestVersion, string recorded, string actual) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        actual,
        $"harvest.json now defines {harvestVersion} differently ({actual[..12]}) than when slice {version} was made ({recorded[..12]}): one version would stand for two rules.",
        "Raise harvest.version in harvest.json; slices made under the old version keep their archived definition.");

    public static DriftFinding DefinitionMissing(string harvestVersion, string? recorded, HarvestException reason) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        null,
        reason.Message,
        reason.Remedy);

    public static DriftFinding DerivationChanged(
        SliceManifest slice, string stem, SliceOutput recorded, PartTable derived, string? details) => new(
        DriftKind.DerivationChanged,
        DriftSeverity.Error,
        $"{recorded.Table} of {stem}",
        recorded.RowsSha256 ?? recorded.Sha256,
        derived.RowsSha256,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Deriving {recorded.Table} of {stem} again under {slice.HarvestVersion} gives other rows: {derived.Rows:#,0} now, {recorded.Rows:#,0} recorded. ")
            + (details ?? "The recorded rows are not in the cache, so which ones differ cannot be shown."),
        "Raise harvest.version if the change is meant; otherwise undo the change to the derivation.");

    public static DriftFinding EncodingChanged(string stem, SliceOutput recorded, PartTable derived) => new(
        DriftKind.EncodingChanged,
        DriftSeverity.Error,
        $"{recorded.Table} of {stem}",
        recorded.Sha256,
        derived.Sha256,
        $"The {recorded.Table} rows of {stem} are the same, but their Parquet bytes are not: no label moved, the encoding did.",
        "Report it: bytes may change only with a new format version. Training on the rebuilt files gives the same rows.");

    public static DriftFinding FormatUnsupported(string version, int format) => new(
        DriftKind.FormatUnsupported,
        DriftSeverity.Warning,
        $"format version {format}",
        FormatVersion.Current.ToString(CultureInfo.InvariantCulture),
        format.ToString(CultureInfo.InvariantCulture),
        $"Slice {version} was recorded under format version {format}, which this release cannot write, so it cannot be verified here.",
        "Check it with the release that recorded it, or a newer one.");

    public static DriftFinding CacheDamaged(string version, string stem, SliceOutput recorded, string actual) => new(
        DriftKind.CacheDamaged,
        DriftSeverity.Error,
        $"{recorded.Table} of {stem}",
        recorded.Sha256,
        actual,
        $"The cached {recorded.Table} of {stem} differ from what slice {version} recorded ({actual[..12]} instead of {recorded.Sha256[..12]}).",
        $"Run 'harvest build {version}' (Build-Slice {version}); it regenerates the file from the archive.");

    public static DriftFinding NothingRecorded(string version) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        version,
        null,
        null,
        $"The manifest of slice {version} records no outputs, so there is nothing to compare with.",
        $"Make its successor with 'harvest new' (New-Slice), which records them.");

    private static string Name(SliceExport export) => $"{export.Project}-{export.Sha256[..12]}";

    private static string Tasks(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "task" : "tasks")} {what}");
}
