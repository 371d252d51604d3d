using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.Drift;

/// <summary>The words of every finding, in one place.</summary>
internal static class DriftFindings
{
    private const string Repair = "harvest fsck --repair";

    public static DriftFinding ExportMissing(string version, SliceExport export) => new(
        DriftKind.ExportMissing,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        null,
        $"The export {export.Sha256[..12]} of project {export.Project} is neither in the archive nor at {export.Path ?? "a recorded path"}. "
            + $"Slice {version} cannot be rebuilt.",
        $"Find the original file (a backup, the labeler's download) and add it with 'harvest add FILE --project {export.Project}' (Add-Export).")
    {
        Command = $"harvest add FILE --project {export.Project}",
    };

    public static DriftFinding ExportDamaged(SliceExport export, string actual) => new(
        DriftKind.ExportDamaged,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        actual,
        $"The archived bytes of export {export.Sha256[..12]} of project {export.Project} now have SHA-256 {actual[..12]}: the stored file was changed or the disk is failing.",
        $"Run '{Repair}' (Test-ExportArchive -Repair), or add the original file again with 'harvest add FILE' (Add-Export).")
    {
        Command = Repair,
    };

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

        string add = $"harvest add {Argument(export.Path)} --project {export.Project}";

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
                : $"Add the new file with '{add}' (Add-Export {Argument(export.Path)} -Project {export.Project}) and make a new slice of it, or put the old file back from the archive.")
        {
            Labels = labels,
            Command = same ? null : add,
        };
    }

    public static DriftFinding HarvestRedefined(
        string version, string harvestVersion, string recorded, string actual, IReadOnlyList<RuleChange> rules, VersionBump? bump) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        actual,
        $"harvest.json now defines {harvestVersion} differently ({actual[..12]}) than when slice {version} was made ({recorded[..12]}): one version would stand for two rules."
            + (rules.Count == 0 ? "" : $" {string.Join(", ", rules)}."),
        bump is null
            ? "Raise harvest.version in harvest.json; slices made under the old version keep their archived definition."
            : $"Set harvest.version to \"{bump.To}\" in harvest.json; slices made under {bump.From} keep their archived definition.")
    {
        Bump = bump,
    };

    public static DriftFinding DefinitionMissing(string harvestVersion, string? recorded, HarvestException reason) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        null,
        reason.Message,
        reason.Remedy);

    public static DriftFinding DefinitionDamaged(string harvestVersion, string recorded, string actual) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        actual,
        $"The archived definition of {harvestVersion} ({recorded[..12]}) now has SHA-256 {actual[..12]}: the stored file was changed or the disk is failing.",
        $"Run '{Repair}' (Test-ExportArchive -Repair), or restore the archive from a backup.")
    {
        Command = Repair,
    };

    public static DriftFinding DefinitionMisnamed(SliceManifest slice, string archived, string slicesFolder) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        slice.HarvestVersion,
        slice.HarvestVersion,
        archived,
        $"Slice {slice.Version} says that it was made under {slice.HarvestVersion}, but the definition that it recorded is {archived}: slice.json was edited.",
        RestoreManifest(slice, slicesFolder))
    {
        Command = Restore(slice, slicesFolder),
    };

    public static DriftFinding DerivationChanged(
        SliceManifest slice, SliceExport export, SliceOutput recorded, PartTable derived, RowDrift? rows) => new(
        DriftKind.DerivationChanged,
        DriftSeverity.Error,
        Subject(recorded, export.FileStem),
        recorded.RowsSha256 ?? recorded.Sha256,
        recorded.RowsSha256 is null ? derived.Sha256 : derived.RowsSha256,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Deriving {Subject(recorded, export.FileStem)} again under {slice.HarvestVersion} gives other rows: {derived.Rows:#,0} now, {recorded.Rows:#,0} recorded. ")
            + (rows is null
                ? "The recorded rows are not in the cache, so which ones differ cannot be shown."
                : $"{RowFormatter.Counts(rows.Rows.Added, rows.Rows.Removed, rows.Rows.Changed)}; the first that differs was {RowFormatter.Describe(rows.First!)}."),
        "Raise harvest.version if the change is meant; otherwise undo the change to the derivation, or restore slice.json from git if that was edited.")
    {
        Rows = rows?.Rows,
        FirstRow = rows?.First,
    };

    public static DriftFinding DerivationFails(SliceManifest slice, SliceExport export, HarvestException fault) => new(
        DriftKind.DerivationChanged,
        DriftSeverity.Error,
        $"all tables of {export.FileStem}",
        null,
        null,
        $"Deriving {export.FileStem} again under {slice.HarvestVersion} fails, though the export is as recorded: {fault.Message}",
        fault.Remedy);

    /// <summary>The file's hash agrees and what else is recorded of it does not, which no derivation can bring about.</summary>
    public static DriftFinding RecordContradicts(
        SliceManifest slice, string stem, SliceOutput recorded, PartTable derived, string slicesFolder) => new(
        DriftKind.DerivationChanged,
        DriftSeverity.Error,
        Subject(recorded, stem),
        recorded.RowsSha256,
        derived.RowsSha256,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Deriving {Subject(recorded, stem)} again gives the recorded bytes, but slice {slice.Version} records {recorded.Rows:#,0} rows where they hold {derived.Rows:#,0}, or another hash of the rows: slice.json was edited."),
        RestoreManifest(slice, slicesFolder))
    {
        Command = Restore(slice, slicesFolder),
    };

    public static DriftFinding EncodingChanged(string stem, SliceOutput recorded, PartTable derived) => new(
        DriftKind.EncodingChanged,
        DriftSeverity.Error,
        Subject(recorded, stem),
        recorded.Sha256,
        derived.Sha256,
        $"The {recorded.Table} rows of {stem} are the same, but their Parquet bytes are not: no label moved, the encoding did.",
        "Report it: bytes may change only with a new format version. Training on the rebuilt files gives the same rows.");

    /// <summary>Told by the versions that this release lacks, and by the release that wrote the slice where the slice names it.</summary>
    public static DriftFinding FormatUnsupported(SliceManifest slice, SliceVersions versions) => new(
        DriftKind.FormatUnsupported,
        DriftSeverity.Warning,
        versions.ToString(),
        versions.ToString(),
        SliceVersions.Current.ToString(),
        $"Slice {slice.Version} was recorded under {versions}"
            + (slice.WrittenBy is null ? " by a build before the first release" : $" by HarvestTools {slice.WrittenBy}")
            + $", which HarvestTools {Release.Version} cannot give, so it cannot be verified here.",
        (slice.WrittenBy is null ? "Make" : $"Check it with HarvestTools {slice.WrittenBy}, or make")
            + $" its successor with 'harvest new VERSION --parent {slice.Version}' (New-Slice VERSION -Parent {slice.Version}).")
    {
        Command = slice.WrittenBy is null ? $"harvest new VERSION --parent {slice.Version}" : null,
    };

    /// <summary>The file beside the manifest that spells the definition out says something else.</summary>
    public static DriftFinding DefinitionFileDiffers(SliceManifest slice, string actual, string slicesFolder) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        slice.HarvestVersion,
        slice.HarvestSha256,
        actual,
        $"{slicesFolder}/{slice.Version}/{SliceStore.DefinitionFileName} spells out another definition ({actual[..12]}) than slice {slice.Version} was made under ({slice.HarvestSha256![..12]}): it was edited.",
        RestoreDefinition(slice, slicesFolder))
    {
        Command = RestoreOf(slice, slicesFolder, SliceStore.DefinitionFileName),
    };

    /// <summary>The file beside the manifest cannot be read as a definition.</summary>
    public static DriftFinding DefinitionFileUnreadable(SliceManifest slice, HarvestException fault, string slicesFolder) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        slice.HarvestVersion,
        slice.HarvestSha256,
        null,
        fault.Message,
        RestoreDefinition(slice, slicesFolder))
    {
        Command = RestoreOf(slice, slicesFolder, SliceStore.DefinitionFileName),
    };

    public static DriftFinding CacheDamaged(string version, string stem, SliceOutput recorded, string actual) => new(
        DriftKind.CacheDamaged,
        DriftSeverity.Error,
        Subject(recorded, stem),
        recorded.Sha256,
        actual,
        $"The cached {Subject(recorded, stem)} differ from what slice {version} recorded ({actual[..12]} instead of {recorded.Sha256[..12]}).",
        $"Run 'harvest build {version}' (Build-Slice {version}); it regenerates the file from the archive.")
    {
        Command = $"harvest build {version}",
    };

    public static DriftFinding NothingRecorded(string version) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        version,
        null,
        null,
        $"The manifest of slice {version} records no outputs, so there is nothing to compare with.",
        "Make its successor with 'harvest new VERSION' (New-Slice), which records them.")
    {
        Command = "harvest new VERSION",
    };

    public static DriftFinding NothingRecorded(string version, string stem, IReadOnlyList<string> tables) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        stem,
        null,
        null,
        $"The manifest of slice {version} records no {string.Join(", ", tables)} of {stem}, so there is nothing to compare them with.",
        "Restore slice.json from git if it was edited, or make a successor with 'harvest new VERSION' (New-Slice), which records all tables.");

    public static DriftFinding OutputOfNoExport(string version, string sha256) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        sha256,
        sha256,
        null,
        $"The manifest of slice {version} records outputs of export {sha256[..12]}, which is none of the slice's exports: it was edited.",
        "Restore slice.json from git.");

    /// <summary>A path as one argument of a shell.</summary>
    private static string Argument(string? path) => path is not null && path.Any(char.IsWhiteSpace) ? $"\"{path}\"" : path ?? "FILE";

    private static string Name(SliceExport export) => export.FileStem;

    private static string Subject(SliceOutput output, string stem) => $"{output.Table} of {stem}";

    private static string Restore(SliceManifest slice, string slicesFolder) => RestoreOf(slice, slicesFolder, SliceStore.FileName);

    private static string RestoreOf(SliceManifest slice, string slicesFolder, string file) => $"git checkout -- {slicesFolder}/{slice.Version}/{file}";

    private static string RestoreDefinition(SliceManifest slice, string slicesFolder) =>
        $"Restore it, for example with '{RestoreOf(slice, slicesFolder, SliceStore.DefinitionFileName)}'.";

    private static string RestoreManifest(SliceManifest slice, string slicesFolder) =>
        $"Restore the manifest, for example with '{Restore(slice, slicesFolder)}'.";

    private static string Tasks(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "task" : "tasks")} {what}");
}
