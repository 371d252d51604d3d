using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>
/// Some of the parts of slices, chosen by the commit that is checked out: the same for a repeat, others for the next commit, so that over
/// time all have their turn.
/// </summary>
internal sealed class SampledParts
{
    private readonly HashSet<(string Version, string Export)> _chosen;

    private SampledParts(HashSet<(string Version, string Export)> chosen)
    {
        _chosen = chosen;
    }

    /// <param name="repository">The repository.</param>
    /// <param name="slices">The slices that are checked.</param>
    /// <param name="count">How many parts to choose; all where there are fewer.</param>
    public static SampledParts Choose(Repository repository, IEnumerable<SliceManifest> slices, int count)
    {
        string commit = GitHead.TryRead(repository.Root) ?? string.Empty;
        return new SampledParts(
        [
            .. slices
                .SelectMany(static slice => slice.Exports.Select(export => (Slice: slice, Export: export)))
                // What several slices share is one part, checked in the first of them.
                .DistinctBy(static part => (part.Slice.HarvestSha256, part.Slice.FilterOverrides.ToJsonString(), part.Export.Project, part.Export.Sha256))
                .OrderBy(part => Place(commit, part.Slice, part.Export), StringComparer.Ordinal)
                .Take(count)
                .Select(static part => (part.Slice.Version, part.Export.Sha256)),
        ]);
    }

    /// <summary>Whether the part is among them.</summary>
    public bool Contains(SliceManifest slice, SliceExport export) => _chosen.Contains((slice.Version, export.Sha256));

    private static string Place(string commit, SliceManifest slice, SliceExport export) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', commit, slice.HarvestSha256, export.Project, export.Sha256))));
}
