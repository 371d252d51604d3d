namespace HarvestTools.Remotes;

/// <summary>
/// Files of a place that several machines share, by path: what each kind of remote has to do and nothing more. Objects, records and
/// tables are above it. Thread-safe; calls wait for the other side.
/// </summary>
/// <remarks>
/// What may pass by itself (a closed connection, a busy server) is thrown as <see cref="RemoteTroubleException"/>, which
/// <see cref="RetryingFiles"/> tries again; everything else as <see cref="HarvestException"/>.
/// </remarks>
internal interface IRemoteFiles : IDisposable
{
    /// <summary>What messages call it: its address, without anything secret.</summary>
    string Name { get; }

    /// <summary>Whether the store keeps a SHA-256 that it took of the bytes itself, so that it can be asked for without reading them.</summary>
    bool KeepsChecksums { get; }

    /// <summary>Holds what the remote says of its own layout against what this release knows; a remote that says nothing is fine.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HarvestException">RemoteLayoutUnknown.</exception>
    void RequireLayout(CancellationToken cancellation = default)
    {
    }

    /// <summary>
    /// Whether the store refuses by itself to write over what is there, and shows at once to all what one of them wrote. Where it does not,
    /// nobody can be kept from relying on what is about to be removed.
    /// </summary>
    /// <param name="cancellation">Ends the wait.</param>
    bool HasConditions(CancellationToken cancellation = default) => false;

    /// <summary>A file of this machine with a remote file's bytes, for who can have them without a second copy; null where there is none.</summary>
    /// <param name="path">With <c>/</c>.</param>
    string? LocalPath(string path) => null;

    /// <summary>Files whose path begins with a prefix, in no order.</summary>
    /// <param name="prefix">With <c>/</c>; empty for all. It ends at a folder or within a name.</param>
    /// <param name="cancellation">Ends the list.</param>
    IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default);

    /// <summary>One file, with its checksum where the store keeps one; null where it is not there.</summary>
    /// <param name="path">With <c>/</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    RemoteFile? Find(string path, CancellationToken cancellation = default);

    /// <summary>The bytes from a place on, for one pass; null where the file is not there.</summary>
    /// <param name="path">With <c>/</c>.</param>
    /// <param name="offset">Where to begin; at most the file's size.</param>
    /// <param name="cancellation">Ends the opening and the reading.</param>
    RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default);

    /// <summary>
    /// Puts a file there whole or not at all. False, with nothing changed, where the name is taken; a store without conditional
    /// writes looks first, and may replace what another wrote in that moment.
    /// </summary>
    /// <param name="path">With <c>/</c>.</param>
    /// <param name="upload">What to put; its hash is compared on the way, so that damaged bytes never arrive under the name.</param>
    /// <param name="cancellation">Ends the upload, with nothing left under the name.</param>
    bool TryCreate(string path, Upload upload, CancellationToken cancellation = default);

    /// <summary>The same in the place of what is there.</summary>
    /// <inheritdoc cref="TryCreate" path="/param"/>
    void Replace(string path, Upload upload, CancellationToken cancellation = default);

    /// <summary>Removes a file; false where there was none, as far as the store says so.</summary>
    /// <param name="path">With <c>/</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    bool Remove(string path, CancellationToken cancellation = default);

    /// <summary>
    /// Removes a file while it is what was seen; false where another one is in its place by now. One that is gone already is removed.
    /// A store that compares by itself does so in the same step; elsewhere it is looked at right before.
    /// </summary>
    /// <param name="seen">The file as a list or a look gave it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    bool TryRemove(RemoteFile seen, CancellationToken cancellation = default)
    {
        if (Find(seen.Path, cancellation) is { } there)
        {
            if (!seen.IsSame(there))
            {
                return false;
            }

            _ = Remove(seen.Path, cancellation);
        }

        return true;
    }

    /// <summary>
    /// Temporary files of uploads, under way or killed, in a folder and all below it; none where a file is seen only when it is whole.
    /// </summary>
    /// <param name="folder">One of the remote's own folders, without a <c>/</c> at its end.</param>
    /// <param name="cancellation">Ends the list.</param>
    IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default);
}

/// <summary>One file of a remote.</summary>
/// <param name="Path">With <c>/</c>, from the remote's own folder on.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">What the store says that its bytes have; null where it says nothing.</param>
internal sealed record RemoteFile(string Path, long Bytes, string? Sha256 = null)
{
    /// <summary>What the store says that changes when the file is written again, with the same bytes too; null where it says nothing.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether a later look saw the same file, as far as the store says.</summary>
    /// <param name="later">The file at the same path.</param>
    public bool IsSame(RemoteFile later) => later.Bytes == Bytes && (Tag is null || later.Tag is null || later.Tag == Tag);
}

/// <summary>Bytes that come from a remote.</summary>
/// <param name="Stream">From the offset on; the caller's to close.</param>
/// <param name="Bytes">The size of the whole file.</param>
internal sealed record RemoteContent(Stream Stream, long Bytes);

/// <summary>Trouble with a remote that may pass by itself.</summary>
internal sealed class RemoteTroubleException : IOException
{
    /// <param name="message">What happened, for people; nothing secret.</param>
    /// <param name="wait">How long the other side asks to be left alone; null where it does not say.</param>
    /// <param name="inner">What was thrown.</param>
    public RemoteTroubleException(string message, TimeSpan? wait = null, Exception? inner = null)
        : base(message, inner)
    {
        Wait = wait;
    }

    /// <summary>How long the other side asks to be left alone.</summary>
    public TimeSpan? Wait { get; }
}
