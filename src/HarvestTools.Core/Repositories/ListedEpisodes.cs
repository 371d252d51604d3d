using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>The episodes whose media a slice lists, for completion: of a list that is on this machine, and of no other.</summary>
public static class ListedEpisodes
{
    /// <summary>Episodes as <c>folder/episode</c>, sorted; none where the list is not here, or cannot be read.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice.</param>
    public static IReadOnlyList<string> Of(Repository repository, SliceManifest slice)
    {
        if (slice.Media is not { } media || !repository.Archive.Local.Holds(media.Sha256))
        {
            return [];
        }

        try
        {
            return [.. (SliceMediaLists.TryRead(repository, slice)?.Entries ?? []).SelectMany(static entry => entry.Episodes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (HarvestException)
        {
            return [];
        }
    }
}
