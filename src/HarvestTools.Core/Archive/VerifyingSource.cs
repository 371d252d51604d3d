namespace HarvestTools.Archive;

/// <summary>
/// Gives the objects of another source and holds what is read against the hash: whoever reads one to its end has the right bytes
/// or an error.
/// </summary>
/// <param name="source">Where the objects are.</param>
internal sealed class VerifyingSource(IObjectSource source) : IObjectSource
{
    public string Name => source.Name;

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) =>
        source.Contains(sha256, cancellation);

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => source.List(prefix, cancellation);

    /// <summary>As the source's; the stream's last read throws ObjectDamaged where the bytes have another hash.</summary>
    /// <inheritdoc/>
    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) =>
        source.TryOpen(sha256, cancellation) is { } content
            ? new ObjectContent(new VerifyingStream(content.Stream, sha256, source.Name), content.Bytes)
            : null;

    /// <summary>As the source's: what reads the file by its path is not verified.</summary>
    /// <inheritdoc/>
    public string? LocalPath(string sha256) => source.LocalPath(sha256);
}
