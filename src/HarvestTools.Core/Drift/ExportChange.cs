using HarvestTools.Manifests;

namespace HarvestTools.Drift;

/// <summary>What became of an export between two slices.</summary>
public static class ExportChangeKind
{
    /// <summary>Only the later slice has an export of this project.</summary>
    public const string Added = nameof(Added);

    /// <summary>Only the earlier slice has an export of this project.</summary>
    public const string Removed = nameof(Removed);

    /// <summary>Another export of the same project took its place.</summary>
    public const string Replaced = nameof(Replaced);

    /// <summary>Both slices have the export, derived under different labeling configurations.</summary>
    public const string Reconfigured = nameof(Reconfigured);
}

/// <summary>An export that only one of two slices has, or that they derive under different labeling configurations.</summary>
/// <param name="Project">The project.</param>
/// <param name="Change">What happened.</param>
/// <param name="Reference">SHA-256 of the export that the reference has; null where it was added.</param>
/// <param name="Difference">SHA-256 of the export that the difference has; null where it was removed.</param>
/// <param name="SameLabels">Whether both hold the same labels; null unless replaced, and where a label hash is not known.</param>
/// <param name="ReferenceLabelConfig">SHA-256 of the labeling configuration that the reference has; null where it has none.</param>
/// <param name="DifferenceLabelConfig">SHA-256 of the labeling configuration that the difference has; null where it has none.</param>
public sealed record ExportChange(
    string Project,
    string Change,
    string? Reference,
    string? Difference,
    bool? SameLabels,
    string? ReferenceLabelConfig = null,
    string? DifferenceLabelConfig = null)
{
    /// <summary><c>b Replaced</c>.</summary>
    public override string ToString() => $"{Project} {Change}";

    /// <summary>Whether the labeling configurations differ.</summary>
    public bool LabelConfigChanged => ReferenceLabelConfig != DifferenceLabelConfig;

    /// <summary>
    /// Exports that only one of the slices has, by project; within one they pair in the manifests' order, and those under another
    /// labeling configuration follow.
    /// </summary>
    internal static IReadOnlyList<ExportChange> Between(SliceManifest reference, SliceManifest difference)
    {
        var changes = new List<ExportChange>();
        foreach (string project in reference.Exports.Concat(difference.Exports).Select(static export => export.Project).Distinct().Order(StringComparer.Ordinal))
        {
            List<SliceExport> removed = Only(reference, difference, project);
            List<SliceExport> added = Only(difference, reference, project);
            for (int i = 0; i < Math.Max(removed.Count, added.Count); i++)
            {
                SliceExport? old = i < removed.Count ? removed[i] : null;
                SliceExport? made = i < added.Count ? added[i] : null;
                changes.Add(new ExportChange(
                    project,
                    old is null ? ExportChangeKind.Added : made is null ? ExportChangeKind.Removed : ExportChangeKind.Replaced,
                    old?.Sha256,
                    made?.Sha256,
                    old?.ComparableLabels is null || made?.ComparableLabels is null ? null : old.ComparableLabels == made.ComparableLabels,
                    old?.LabelConfigSha256,
                    made?.LabelConfigSha256));
            }

            changes.AddRange(
                from old in reference.Exports
                from made in difference.Exports
                where old.Project == project && made.Project == project && old.Sha256 == made.Sha256 && old.LabelConfigSha256 != made.LabelConfigSha256
                select new ExportChange(
                    project, ExportChangeKind.Reconfigured, old.Sha256, made.Sha256, SameLabels: true, old.LabelConfigSha256, made.LabelConfigSha256));
        }

        return changes;
    }

    private static List<SliceExport> Only(SliceManifest slice, SliceManifest other, string project) =>
    [
        .. slice.Exports.Where(export => export.Project == project
            && !other.Exports.Any(same => same.Project == project && same.Sha256 == export.Sha256)),
    ];
}
