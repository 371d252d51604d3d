namespace HarvestTools.Archive;

/// <summary>
/// The objects of a folder, and those of other stores: one that is not here is brought, verified, and kept here the first time it is
/// opened. Adding, removing and listing concern the folder alone.
/// </summary>
/// <param name="local">What is here.</param>
/// <param name="elsewhere">The other stores that may be asked, the nearest first.</param>
/// <param name="fetching">Called before an object is brought, with its hash and the store's name.</param>
/// <param name="damaged">Called where one came with other bytes.</param>
/// <param name="removed">Whether an object was removed for good, and is not to come back by itself; null where none was.</param>
internal sealed class FetchingStore(
    LocalObjectStore local,
    Func<IReadOnlyList<IObjectSource>> elsewhere,
    Action<string, string>? fetching,
    Action<string>? damaged,
    Func<string, bool>? removed = null) : IObjectStore
{
    // Two threads that need one object bring it once.
    private readonly Lock _fetch = new();

    public string Name => local.Name;

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        string[] wanted = [.. sha256.Distinct(StringComparer.Ordinal)];
        IReadOnlySet<string> here = local.Contains(wanted, cancellation);
        if (here.Count == wanted.Length || elsewhere() is not { Count: > 0 } others)
        {
            return here;
        }

        return here.Union(new SourcesInOrder(others).Contains(wanted.Where(hash => !here.Contains(hash)), cancellation)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The same without failing for a store that cannot be asked: what the others have is found all the same.</summary>
    /// <param name="sha256">Hashes in normal form.</param>
    /// <param name="unasked">Why one could not be asked; null where all answered.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlySet<string> ContainsAsFarAsKnown(IEnumerable<string> sha256, out HarvestException? unasked, CancellationToken cancellation = default)
    {
        unasked = null;
        var missing = sha256.ToHashSet(StringComparer.Ordinal);
        HashSet<string> found = [.. local.Contains(missing, cancellation)];
        missing.ExceptWith(found);
        try
        {
            foreach (IObjectSource store in missing.Count == 0 ? [] : elsewhere())
            {
                found.UnionWith(store.Contains(missing, cancellation));
                missing.ExceptWith(found);
            }
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Remote)
        {
            // The remote is the last of them.
            unasked = fault;
        }

        return found;
    }

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => local.List(prefix, cancellation);

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) =>
        local.TryOpen(sha256, cancellation) ?? (TryFetch(sha256, cancellation) ? local.TryOpen(sha256, cancellation) : null);

    public string? LocalPath(string sha256) => local.LocalPath(sha256);

    public PendingObject BeginAdd() => local.BeginAdd();

    public bool Remove(string sha256, CancellationToken cancellation = default) => local.Remove(sha256, cancellation);

    /// <summary>Brings an object that is not here; false where it is nowhere.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    /// <exception cref="HarvestException">RemoteObjectDamaged; the remote cannot be read, or the archive cannot be written.</exception>
    public bool TryFetch(string sha256, CancellationToken cancellation = default) => TryFetch(sha256, progress: null, cancellation);

    /// <summary>The same with word of how far it is.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <param name="progress">Receives the bytes brought so far; null for nobody.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    /// <param name="packIsDamaged">Whether a pack that is here does not count.</param>
    /// <exception cref="HarvestException">As above.</exception>
    public bool TryFetch(string sha256, IProgress<long>? progress, CancellationToken cancellation, bool packIsDamaged = false)
    {
        if (packIsDamaged ? local.LocalPath(sha256) is not null : local.Holds(sha256))
        {
            return true;
        }

        lock (_fetch)
        {
            return (!packIsDamaged && local.Holds(sha256)) || local.LocalPath(sha256) is not null || (removed?.Invoke(sha256) != true && TryFetchFrom(elsewhere(), sha256, progress, cancellation));
        }
    }

    private bool TryFetchFrom(IReadOnlyList<IObjectSource> stores, string sha256, IProgress<long>? progress, CancellationToken cancellation)
    {
        HarvestException? fault = null;
        foreach (IObjectSource store in stores)
        {
            var packs = store as IPackSource;
            using ObjectContent? content = packs is null ? store.TryOpen(sha256, cancellation) : packs.TryOpenPlain(sha256, cancellation);
            if (content is null)
            {
                if (packs is not null && TryBring(packs, store.Name, sha256, progress, ref fault, cancellation))
                {
                    return true;
                }

                continue;
            }

            fetching?.Invoke(sha256, store.Name);
            if (local.TryAdd(sha256, content.Stream, store.Name, progress, cancellation) is not null)
            {
                return true;
            }

            // The next one may have it whole.
            damaged?.Invoke(sha256);
            fault ??= ArchiveErrors.RemoteObjectDamaged(store.Name, sha256);
        }

        return fault is null ? false : throw fault;
    }

    /// <summary>Brings a pack as it is: unpacked, it would take the space that somebody packed it to save.</summary>
    private bool TryBring(IPackSource packs, string name, string sha256, IProgress<long>? progress, ref HarvestException? fault, CancellationToken cancellation)
    {
        long moved = 0;
        try
        {
            return packs.TryBringPack(
                sha256,
                local,
                bytes =>
                {
                    if (moved == 0)
                    {
                        fetching?.Invoke(sha256, name);
                    }

                    moved += bytes;
                    progress?.Report(moved);
                },
                cancellation);
        }
        catch (HarvestException damage) when (damage.Fault == HarvestFault.Damaged)
        {
            damaged?.Invoke(sha256);
            fault ??= damage;
            return false;
        }
    }
}
