using HarvestTools.Files;

namespace HarvestTools.Archive;

/// <summary>An object of a folder, being written into a temporary file of it.</summary>
/// <param name="store">The folder.</param>
/// <param name="file">The temporary file.</param>
/// <param name="plain">Whether it is wanted as plain bytes though it is packed.</param>
internal sealed class PendingLocalObject(LocalObjectStore store, PendingFile file, bool plain) : PendingObject(file.FlushedStream)
{
    protected override string Place => file.TemporaryPath;

    protected override AddOutcome Put(string sha256, CancellationToken cancellation)
    {
        string path = store.PathOf(sha256);
        store.RequireFolders(path, "write");

        // One that was set aside comes back, so that it is not kept twice.
        _ = store.LocalPath(sha256);
        FileKind before = FileKinds.Of(path);
        bool existed = before != FileKind.None;

        // Looked at before the rest is flushed: what is archived already need not be waited for.
        if (before == FileKind.Regular && HasSameBytes(path, cancellation))
        {
            return AddOutcome.AlreadyThere;
        }

        if (before == FileKind.None && !plain && IsPackedWhole(sha256, cancellation))
        {
            return AddOutcome.AlreadyThere;
        }

        DurableFolder.Ensure(Path.GetDirectoryName(path)!);
        if (existed)
        {
            store.Quarantine(path);
        }

        // Another process may have put the same bytes there in between; replacing them by themselves is harmless,
        // and this way an object once there never leaves its name.
        file.Commit(path, readOnly: true, cancellation);
        return existed ? AddOutcome.Replaced : AddOutcome.Added;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whether the pack of the object gives the bytes that are being added; they have the hash that it is named by.</summary>
    private bool IsPackedWhole(string sha256, CancellationToken cancellation)
    {
        try
        {
            return store.PackedHashNow(sha256, cancellation: cancellation) == sha256;
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.Damaged or HarvestFault.InvalidData)
        {
            // Adding the file again is how a damaged object comes back.
            return false;
        }
    }

    private bool HasSameBytes(string path, CancellationToken cancellation)
    {
        try
        {
            Stream written = file.Stream;
            written.Flush();
            using FileStream other = AtomicFile.OpenRead(path, bufferBytes: 0);

            // Also longer ones differ: bytes after the right ones change the hash as much as others in their place.
            if (other.Length != written.Length)
            {
                return false;
            }

            // No larger than the object: a definition has some hundred bytes, and two large arrays for it can make the collector look at all there is.
            int buffer = (int)Math.Clamp(written.Length, 1, 128 * 1024);
            written.Position = 0;
            var mine = new byte[buffer];
            var theirs = new byte[buffer];
            int count;
            while ((count = written.ReadAtLeast(mine, mine.Length, throwOnEndOfStream: false)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                if (other.ReadAtLeast(theirs.AsSpan(0, count), count, throwOnEndOfStream: false) != count
                    || !mine.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, count)))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }
}
