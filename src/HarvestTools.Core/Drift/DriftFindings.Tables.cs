using HarvestTools.Cache;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>Findings about a slice's tables: what deriving them again gives, and what is recorded of them.</summary>
internal static partial class DriftFindings
{
    public static DriftFinding DerivationChanged(
        SliceManifest slice, SliceExport export, SliceOutput recorded, PartTable derived, RowDrift? rows) => new(
        DriftKind.DerivationChanged,
        DriftSeverity.Error,
        Subject(recorded, export.FileStem),
        recorded.RowsSha256 ?? recorded.Sha256,
        recorded.RowsSha256 is null ? derived.Sha256 : derived.RowsSha256,
        $"Deriving {Subject(recorded, export.FileStem)} again under {slice.HarvestVersion} gives other rows: {Figures.Count(derived.Rows)} now, {Figures.Count(recorded.Rows)} recorded. "
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
        $"Deriving {Subject(recorded, stem)} again gives the recorded bytes, but slice {slice.Version} records {Figures.Count(recorded.Rows, "row")} where they have {Figures.Count(derived.Rows)}, or another hash of the rows: slice.json was edited.",
        RestoreManifest(slice.Version, slicesFolder));

    public static DriftFinding EncodingChanged(string stem, SliceOutput recorded, PartTable derived) => new(
        DriftKind.EncodingChanged,
        DriftSeverity.Error,
        Subject(recorded, stem),
        recorded.Sha256,
        derived.Sha256,
        $"The {recorded.Table} rows of {stem} are the same, but their Parquet bytes are not: no label moved, the encoding did.",
        "Report it: bytes may change only with a new format version. Training on the rebuilt files gives the same rows.");

    /// <summary>Names the versions that this release lacks, and the release that wrote the slice where the slice names it.</summary>
    public static DriftFinding FormatUnsupported(SliceManifest slice, SliceVersions versions) => new(
        DriftKind.FormatUnsupported,
        DriftSeverity.Warning,
        versions.ToString(),
        versions.ToString(),
        SliceVersions.Current.ToString(),
        $"Slice {slice.Version} was recorded under {versions}"
            + (slice.WrittenBy is null ? " by a build before the first release" : $" by HarvestTools {slice.WrittenBy}")
            + $", which HarvestTools {Release.Version} cannot give, so it cannot be verified here.",
        slice.WrittenBy is null
            ? $"Make its successor with {new RemedyAction.NewSlice(Parent: slice.Version)}."
            : (Remedy)$"Check it with HarvestTools {slice.WrittenBy}, or make its successor with {new RemedyAction.NewSlice(Parent: slice.Version)}.");

    public static DriftFinding CacheDamaged(string version, string stem, SliceOutput recorded, string actual) => new(
        DriftKind.CacheDamaged,
        DriftSeverity.Error,
        Subject(recorded, stem),
        recorded.Sha256,
        actual,
        $"The cached {Subject(recorded, stem)} differ from what slice {version} recorded ({Figures.ShortHash(actual)} instead of {Figures.ShortHash(recorded.Sha256)}).",
        $"Run {new RemedyAction.BuildSlice(version)}; it derives the file again from the archive.");

    public static DriftFinding NothingRecorded(string version) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        version,
        null,
        null,
        $"The manifest of slice {version} records no outputs, so there is nothing to compare with.",
        $"Make its successor with {new RemedyAction.NewSlice()}, which records them.");

    public static DriftFinding NothingRecorded(string version, string stem, IReadOnlyList<string> tables, string slicesFolder) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        stem,
        null,
        null,
        $"The manifest of slice {version} records no {string.Join(", ", tables)} of {stem}, so there is nothing to compare them with.",
        $"If slice.json was edited, restore it with {Restore(version, slicesFolder)}; otherwise make a successor with {new RemedyAction.NewSlice()}, which records all tables.");

    public static DriftFinding OutputOfNoExport(string version, string sha256, string slicesFolder) => new(
        DriftKind.NothingRecorded,
        DriftSeverity.Warning,
        sha256,
        sha256,
        null,
        $"The manifest of slice {version} records outputs of export {Figures.ShortHash(sha256)}, which is none of the slice's exports: it was edited.",
        RestoreManifest(version, slicesFolder));
}
