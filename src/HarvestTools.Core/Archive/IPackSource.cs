namespace HarvestTools.Archive;

/// <summary>A store that may have objects packed.</summary>
internal interface IPackSource
{
    /// <summary>Opens an object that is here as plain bytes; null where it is not.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <param name="cancellation">Ends the opening.</param>
    ObjectContent? TryOpenPlain(string sha256, CancellationToken cancellation);

    /// <summary>Brings the pack of an object, and what it is a patch against, into an archive; false where it is not packed here.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <param name="local">The archive.</param>
    /// <param name="moved">Receives bytes as they come; null for nobody.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    /// <exception cref="HarvestException">RemoteObjectDamaged, RemoteAnchorMissing; the store cannot be read, or the archive cannot be written.</exception>
    bool TryBringPack(string sha256, LocalObjectStore local, Action<int>? moved, CancellationToken cancellation);
}
