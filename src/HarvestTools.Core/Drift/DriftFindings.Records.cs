using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>Findings about slice.json itself: what it says that cannot be, and what it said when it was committed or tagged.</summary>
internal static partial class DriftFindings
{
    public static DriftFinding RecordDamaged(ManifestFault fault, string slicesFolder) => new(
        DriftKind.RecordDamaged, DriftSeverity.Error, fault.Field, null, fault.Value, fault.Message, fault.Remedy(slicesFolder));

    /// <summary>The archive's record of an export is not as it was written; the export itself is.</summary>
    public static DriftFinding ExportRecordDamaged(SliceExport export, HarvestException error) => new(
        DriftKind.RecordDamaged, DriftSeverity.Warning, Name(export), null, null, error.Message, error.Remedy);

    /// <param name="version">The slice.</param>
    /// <param name="fields">The fields of slice.json that are other than in the commit.</param>
    /// <param name="slicesFolder">The slices' folder, relative to the repository.</param>
    public static DriftFinding DiffersFromCommit(string version, IReadOnlyList<string> fields, string slicesFolder) => fields.All(s_written.Contains) ? NotCommitted(version, fields, slicesFolder) : new(
        DriftKind.RecordDamaged,
        DriftSeverity.Warning,
        string.Join(", ", fields),
        null,
        null,
        $"{slicesFolder}/{version}/{SliceStore.FileName} differs from what is committed, in {Figures.List(fields)}: it was edited, or is damaged.",
        $"Compare it with what git has, and take that back with {Restore(version, slicesFolder) with { Revision = "HEAD" }}, or commit the change if it is meant.");

    /// <summary>Fields that commands write after the slice was made: what is registered on it, and the eval set that is pinned.</summary>
    private static readonly string[] s_written = ["runs", "trained_at", "model_outputs", "eval_set"];

    private static DriftFinding NotCommitted(string version, IReadOnlyList<string> fields, string slicesFolder) => new(
        DriftKind.RecordDamaged,
        DriftSeverity.Warning,
        string.Join(", ", fields),
        null,
        null,
        $"{slicesFolder}/{version}/{SliceStore.FileName} is not committed as it is now, in {Figures.List(fields)}: a model was registered or an eval set was pinned since, or the file was edited.",
        $"Commit it, after a look at the difference to git's HEAD; what is not meant is taken back with {Restore(version, slicesFolder) with { Revision = "HEAD" }}.");

    /// <param name="version">The slice.</param>
    /// <param name="tag">The tag of git that has the slice otherwise.</param>
    /// <param name="fields">The fields of slice.json that are other than under the tag.</param>
    /// <param name="slicesFolder">The slices' folder, relative to the repository.</param>
    public static DriftFinding TagDiffers(string version, string tag, IReadOnlyList<string> fields, string slicesFolder) => new(
        DriftKind.TagDiffers,
        DriftSeverity.Error,
        string.Join(", ", fields),
        null,
        null,
        $"{slicesFolder}/{version}/{SliceStore.FileName} is not the slice that git's tag {tag} names: it differs in {Figures.List(fields)}. "
            + "A slice that was shipped is never changed.",
        $"Compare it with the tag, and take that state back with {Restore(version, slicesFolder) with { Revision = tag }}.");

    /// <summary>Its rows are those of the tag; what else it says was changed since, and not only added to.</summary>
    /// <param name="version">The slice.</param>
    /// <param name="tag">The tag of git that has the slice otherwise.</param>
    /// <param name="fields">The fields of slice.json that are other than under the tag.</param>
    /// <param name="slicesFolder">The slices' folder, relative to the repository.</param>
    public static DriftFinding ChangedSinceTag(string version, string tag, IReadOnlyList<string> fields, string slicesFolder) => new(
        DriftKind.TagDiffers,
        DriftSeverity.Warning,
        string.Join(", ", fields),
        null,
        null,
        $"{slicesFolder}/{version}/{SliceStore.FileName} has the rows that git's tag {tag} names, and says something else about them: it differs in {Figures.List(fields)}.",
        $"Compare it with the tag; what is not meant is taken back with {Restore(version, slicesFolder) with { Revision = tag }}, and with it what was registered since.");

    /// <param name="version">The slice.</param>
    /// <param name="recorded">The eval set as the slice records it.</param>
    /// <param name="actual">Its hash now; null where nothing is there.</param>
    public static DriftFinding EvalSetChanged(string version, PinnedFile recorded, string? actual) => new(
        DriftKind.EvalSetChanged,
        DriftSeverity.Note,
        recorded.Path,
        recorded.Sha256,
        actual,
        actual is null
            ? $"The eval set that slice {version} records, {recorded.Path}, is not there."
            : $"The eval set {recorded.Path} is not the one that slice {version} records ({Figures.ShortHash(recorded.Sha256!)}, now {Figures.ShortHash(actual)}), "
                + "and no other slice records that one: it was changed since, or slice.json was.",
        $"Nothing need be done if the eval set was changed; {new RemedyAction.PinEvalSet(recorded.Path)} records what it is now.");
}
