using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>
/// Whether two slices are made of the same labels under the same rules, so that they have the same rows. An export that was only
/// downloaded again has other bytes and the same label hash.
/// </summary>
internal static class SameLabels
{
    /// <param name="repository">The repository, which knows the present names of projects.</param>
    /// <param name="one">A slice.</param>
    /// <param name="other">Another, whose tables need not be known.</param>
    public static bool Of(Repository repository, SliceManifest one, SliceManifest other) =>
        one.HarvestSha256 is not null
        && one.HarvestSha256 == other.HarvestSha256
        && one.FormatVersion == other.FormatVersion
        && one.DerivationVersion == other.DerivationVersion
        && JsonNode.DeepEquals(one.FilterOverrides, other.FilterOverrides)
        && one.Exports.Count == other.Exports.Count
        && other.Exports.All(export => one.Exports.Any(known => IsSame(repository, known, export, one.IsProgram)));

    // A program reads whatever an export holds, and not the labels alone.
    private static bool IsSame(Repository repository, SliceExport one, SliceExport other, bool program) =>
        repository.Archive.CurrentName(one.Project) == repository.Archive.CurrentName(other.Project)
        && one.LabelConfigSha256 == other.LabelConfigSha256
        && one.SupersededBy == other.SupersededBy
        && (one.Sha256 == other.Sha256 || (!program && one.ComparableLabels is { } labels && labels == other.ComparableLabels));
}
