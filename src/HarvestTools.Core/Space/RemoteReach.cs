using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;

namespace HarvestTools.Space;

/// <summary>What a repository needs of a remote: what it says there before it relies on anything.</summary>
internal static class RemoteReach
{
    /// <summary>Looks at the slices of every branch, tag and worktree, and at the records of exports.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="id">Its id; any text for one that never said anything.</param>
    /// <param name="before">What it said last; null where it said nothing.</param>
    /// <param name="tables">Tables that are about to be pushed: the keys of parts, by the key of the slice.</param>
    /// <param name="now">The present time.</param>
    /// <param name="unknown">Receives why not all of it is known, for who goes on with what is; null where that is an error.</param>
    /// <param name="reach">Receives the reasons.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static RegisteredAtRemote Of(
        Repository repository, string id, RegisteredAtRemote? before, IReadOnlyDictionary<string, IReadOnlyList<string>> tables, DateTimeOffset now,
        Action<HarvestException>? unknown, out ReachableObjects reach, CancellationToken cancellation)
    {
        reach = new ReachableObjects();
        var own = new RepositoryReach(repository, reach, now, cancellation);
        string? incomplete = null;
        try
        {
            own.Collect();
        }
        catch (HarvestException fault) when (unknown is not null && (fault.ErrorId is nameof(SpaceErrors.ReachUnknown) or nameof(FileErrors.GitNotRead)))
        {
            // A push goes on with a damaged slice on another branch. What is known is said, and that it is not all.
            incomplete = fault.ErrorId;
            unknown(fault);
            foreach (SliceManifest slice in repository.Slices.LoadAll(cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>())
            {
                own.Slices.Add(slice);
                Add(reach, SliceObjects.Of(repository, [slice]), slice);
            }
        }

        string[] slices = [.. own.Slices.Select(slice => TryKey(repository, slice)).OfType<string>().Distinct(StringComparer.Ordinal)];
        HashSet<string> objects = [.. reach.Hashes.Where(sha256 => !repository.Archive.IsRemoved(sha256)), .. slices];
        HashSet<string> lists = [.. own.Slices.Select(static slice => slice.Media?.Sha256).OfType<string>()];
        var parts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach ((string slice, IReadOnlyList<string> keys) in (before?.Tables ?? tables).Concat(tables))
        {
            // Tables go with the slice that they were pushed for.
            if (incomplete is not null || slices.Contains(slice, StringComparer.Ordinal))
            {
                parts[slice] = [.. keys.Union(parts.GetValueOrDefault(slice, []), StringComparer.Ordinal)];
            }
        }

        if (incomplete is not null && before is not null)
        {
            objects.UnionWith(before.Objects);
            lists.UnionWith(before.MediaLists);
        }

        return new RegisteredAtRemote(id, RepositoryIdentity.NameOf(repository), Timestamp.From(now), objects) { MediaLists = lists, Tables = parts, Incomplete = incomplete };
    }

    private static void Add(ReachableObjects reach, IReadOnlyList<NeededObject> needed, SliceManifest slice)
    {
        foreach (NeededObject one in needed)
        {
            reach.Add(one.Sha256, one.What, $"slice {slice.Version}");
        }
    }

    /// <summary>Null for a slice that names no definition and whose version harvest.json has not: it has no tables anywhere.</summary>
    private static string? TryKey(Repository repository, SliceManifest slice)
    {
        try
        {
            return SliceInputs.KeyOf(repository, slice);
        }
        catch (HarvestException)
        {
            return null;
        }
    }
}
