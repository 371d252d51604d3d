using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>What adding to the store did.</summary>
internal enum AddOutcome
{
    /// <summary>The bytes are new to the store.</summary>
    Added,

    /// <summary>They were there; no second copy was made.</summary>
    AlreadyThere,

    /// <summary>Something else lay under their hash; it went to quarantine and the right bytes took its place.</summary>
    Replaced,
}

/// <summary>
/// Files named by the SHA-256 of their bytes, <c>sha256/ab/abcd…</c>: plain bytes, read-only, written once.
/// Any number of processes may add at once: whoever comes second finds the same bytes.
/// </summary>
internal sealed class ObjectStore(string folder)
{
    public const string QuarantineName = "quarantine";

    /// <summary>The folder of the objects, <c>…/sha256</c>.</summary>
    public string ObjectsFolder { get; } = Path.Combine(folder, "sha256");

    public string QuarantineFolder { get; } = Path.Combine(folder, QuarantineName);

    /// <summary>Where the object with that hash is, or would be.</summary>
    public string PathOf(string sha256)
    {
        if (!Sha256Text.IsNormal(sha256))
        {
            throw ArchiveErrors.HashPrefixInvalid(sha256);
        }

        return Path.Combine(ObjectsFolder, sha256[..2], sha256);
    }

    public bool Contains(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>Opens an object for reading.</summary>
    /// <exception cref="HarvestException">ObjectNotFound, or what the file system says.</exception>
    public FileStream OpenRead(string sha256)
    {
        string path = PathOf(sha256);
        return File.Exists(path) ? AtomicFile.OpenRead(path) : throw ArchiveErrors.ObjectNotFound(sha256);
    }

    /// <summary>Begins an object whose hash is known only at the end.</summary>
    public PendingObject BeginAdd() => new(this, PendingFile.Create(ObjectsFolder));

    public (string Sha256, AddOutcome Outcome) AddBytes(ReadOnlySpan<byte> bytes)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using PendingObject pending = BeginAdd();
        pending.Write(bytes);
        return (sha256, pending.Commit(sha256));
    }

    /// <summary>Moves a file that is not what its name says out of the way; returns where it went.</summary>
    public string Quarantine(string path)
    {
        DurableFolder.Ensure(QuarantineFolder);

        // Damage may happen twice to one object; no evidence is overwritten.
        string target = Path.Combine(QuarantineFolder, $"{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        try
        {
            PendingFile.Replace(path, target);
            DurableFolder.Flush(QuarantineFolder);
            return target;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "move to quarantine");
        }
    }
}

/// <summary>An object being written; disposing it without a commit leaves nothing.</summary>
internal sealed class PendingObject : IDisposable
{
    private readonly ObjectStore _store;
    private readonly PendingFile _file;

    public PendingObject(ObjectStore store, PendingFile file)
    {
        _store = store;
        _file = file;
    }

    /// <summary>Where the object's bytes go, in order.</summary>
    public Stream Stream => _file.FlushedStream;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Stream.Write(bytes);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, _file.TemporaryPath, "write");
        }
    }

    /// <summary>Puts the bytes under their hash, read-only.</summary>
    /// <param name="sha256">Of exactly the bytes that went into <see cref="Stream"/>.</param>
    /// <param name="cancellation">Heeded until the object has its name.</param>
    public AddOutcome Commit(string sha256, CancellationToken cancellation = default)
    {
        string path = _store.PathOf(sha256);
        bool existed = File.Exists(path);

        // Looked at before the rest is flushed: what is archived already need not be waited for.
        if (existed && HasSameBytes(path, cancellation))
        {
            return AddOutcome.AlreadyThere;
        }

        DurableFolder.Ensure(Path.GetDirectoryName(path)!);
        if (existed)
        {
            _store.Quarantine(path);
        }

        // Another process may have put the same bytes there in between; replacing them by themselves is harmless,
        // and this way an object once there never leaves its name.
        _file.Commit(path, readOnly: true, cancellation);
        return existed ? AddOutcome.Replaced : AddOutcome.Added;
    }

    public void Dispose() => _file.Dispose();

    private bool HasSameBytes(string path, CancellationToken cancellation)
    {
        try
        {
            Stream written = _file.Stream;
            written.Flush();
            using FileStream other = AtomicFile.OpenRead(path, bufferBytes: 0);
            if (other.Length != written.Length)
            {
                return false;
            }

            written.Position = 0;
            var mine = new byte[128 * 1024];
            var theirs = new byte[128 * 1024];
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
