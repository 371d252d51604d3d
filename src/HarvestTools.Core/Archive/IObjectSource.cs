namespace HarvestTools.Archive;

/// <summary>
/// Objects that can be read: any bytes, each named by the SHA-256 of them in lower-case hex. Thread-safe.
/// </summary>
/// <remarks>
/// Reading gives the bytes as they are kept. Who hashes what he reads compares the result himself; for all others there is
/// <see cref="VerifyingSource"/>.
/// </remarks>
internal interface IObjectSource
{
    /// <summary>What messages call it, for example <c>the archive</c>.</summary>
    string Name { get; }

    /// <summary>Those of the objects asked for that are here, by name alone: their bytes are not looked at.</summary>
    /// <param name="sha256">Hashes in normal form; asked for together, since a store far away takes as long for one.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="HarvestException">HashPrefixInvalid; the store cannot be reached.</exception>
    IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default);

    /// <summary>What is in the store, as it is found: no order, and what is added or removed meanwhile may be given or not.</summary>
    /// <param name="prefix">Objects whose hash begins with these digits, and nothing else; empty for all, with what is no object.</param>
    /// <param name="cancellation">Ends the list.</param>
    /// <exception cref="HarvestException">The store cannot be listed.</exception>
    IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default);

    /// <summary>Opens an object for one pass from front to back; null where it is not here.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <param name="cancellation">Ends the opening; reading is the caller's.</param>
    /// <exception cref="HarvestException">HashPrefixInvalid; the object is here and cannot be read.</exception>
    ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default);

    /// <summary>
    /// A file of this machine that holds the object's bytes and nothing else, for what needs one: links, reading here and there,
    /// other programs. Null where the object is not here, and where it is but not as such a file.
    /// </summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <exception cref="HarvestException">HashPrefixInvalid.</exception>
    string? LocalPath(string sha256);
}

/// <summary>Objects that can also be added and removed. What is there under a name is never changed, except where it is damaged.</summary>
internal interface IObjectStore : IObjectSource
{
    /// <summary>Begins an object whose hash may be known only at its end. Nothing is there under its name before it is committed.</summary>
    /// <exception cref="HarvestException">The store cannot be written.</exception>
    PendingObject BeginAdd();

    /// <summary>Removes an object; false where there is none.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <param name="cancellation">Heeded until the removal has begun.</param>
    /// <exception cref="HarvestException">HashPrefixInvalid; the store cannot be written.</exception>
    bool Remove(string sha256, CancellationToken cancellation = default);
}

/// <summary>What a name in a store is.</summary>
internal enum StoredKind
{
    /// <summary>An object under its hash.</summary>
    Object,

    /// <summary>Named by a hash, but not where the object of that hash belongs, so that nobody finds it.</summary>
    Misplaced,

    /// <summary>No hash, so nothing that a store has put there.</summary>
    Foreign,

    /// <summary>A link, a folder, a pipe, a socket or a device where the object of that hash belongs, so that it cannot be there.</summary>
    Obstacle,

    /// <summary>A link, a pipe, a socket or a device anywhere else. It is not followed.</summary>
    Special,
}

/// <summary>One name in a store, without a look at its bytes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The hash; of something foreign or special its place in the store.</param>
/// <param name="Bytes">Its size as it is kept.</param>
/// <param name="LocalPath">Full path of the file; null where it is none of this machine.</param>
internal sealed record StoredObject(StoredKind Kind, string Name, long Bytes, string? LocalPath)
{
    /// <summary>Whether it is the object's pack, and not its plain bytes.</summary>
    public bool Packed { get; init; }

    /// <summary>The hash that it is named by.</summary>
    /// <exception cref="InvalidOperationException">It is foreign or special.</exception>
    public string Sha256 => Kind is StoredKind.Foreign or StoredKind.Special ? throw new InvalidOperationException($"'{Name}' is not an object.") : Name;

    /// <summary>Where it is, for messages: the file, else its name.</summary>
    public string Path => LocalPath ?? Name;
}

/// <summary>What adding an object did.</summary>
internal enum AddOutcome
{
    /// <summary>The bytes are new to the store.</summary>
    Added,

    /// <summary>They were there; no second copy was made.</summary>
    AlreadyThere,

    /// <summary>Something else was there under their hash; it was set aside and the right bytes took its place.</summary>
    Replaced,
}
