namespace HarvestTools.Archive;

/// <summary>
/// The objects of a folder, and those of a store far away: one that is not here is brought, verified, and kept here the first time it is
/// opened. Adding, removing and listing concern the folder alone.
/// </summary>
/// <param name="local">What is here.</param>
/// <param name="remote">What is elsewhere; null where nothing is, or where it may not be asked.</param>
/// <param name="fetching">Called before an object is brought, with its hash and the store's name.</param>
/// <param name="damaged">Called where one came with other bytes.</param>
internal sealed class FetchingStore(LocalObjectStore local, Func<IObjectSource?> remote, Action<string, string>? fetching, Action<string>? damaged) : IObjectStore
{
    // Two threads that need one object bring it once.
    private readonly Lock _fetch = new();

    public string Name => local.Name;

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        string[] wanted = [.. sha256.Distinct(StringComparer.Ordinal)];
        IReadOnlySet<string> here = local.Contains(wanted, cancellation);
        if (here.Count == wanted.Length || remote() is not { } elsewhere)
        {
            return here;
        }

        return here.Union(elsewhere.Contains(wanted.Where(hash => !here.Contains(hash)), cancellation)).ToHashSet(StringComparer.Ordinal);
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
    public bool TryFetch(string sha256, CancellationToken cancellation = default)
    {
        if (local.LocalPath(sha256) is not null)
        {
            return true;
        }

        if (remote() is not { } elsewhere)
        {
            return false;
        }

        lock (_fetch)
        {
            if (local.LocalPath(sha256) is not null)
            {
                return true;
            }

            using ObjectContent? content = elsewhere.TryOpen(sha256, cancellation);
            if (content is null)
            {
                return false;
            }

            fetching?.Invoke(sha256, elsewhere.Name);
            if (local.TryAdd(sha256, content.Stream, elsewhere.Name, cancellation) is null)
            {
                damaged?.Invoke(sha256);
                throw ArchiveErrors.RemoteObjectDamaged(elsewhere.Name, sha256);
            }

            return true;
        }
    }
}
