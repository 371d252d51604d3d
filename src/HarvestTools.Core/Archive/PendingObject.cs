using HarvestTools.Files;

namespace HarvestTools.Archive;

/// <summary>An object being written; disposing it without a commit leaves nothing.</summary>
internal abstract class PendingObject : IDisposable
{
    private readonly HashingStream _stream;

    /// <param name="target">Takes the bytes in order. The store's, which disposes it.</param>
    protected PendingObject(Stream target)
    {
        _stream = new HashingStream(target);
    }

    /// <summary>Where the object's bytes go, in order; they are hashed on the way.</summary>
    public HashingStream Stream => _stream;

    /// <summary>What messages call the place that is written to.</summary>
    protected abstract string Place { get; }

    /// <summary>Writes more of the object.</summary>
    /// <exception cref="HarvestException">The store cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, Place, "write");
        }
    }

    /// <summary>Puts the bytes under their hash, unless the same are there already.</summary>
    /// <param name="sha256">The hash that the bytes should have, in normal form.</param>
    /// <param name="cancellation">Heeded until the object has its name.</param>
    /// <exception cref="HarvestException">ObjectHashDiffers: the bytes have another hash, and nothing is added.</exception>
    public AddOutcome Commit(string sha256, CancellationToken cancellation = default)
    {
        string actual = _stream.Sha256();
        return actual == sha256 ? Put(sha256, cancellation) : throw ArchiveErrors.ObjectHashDiffers(sha256, actual);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the bytes their name, in one step that happens whole or not at all.</summary>
    /// <param name="sha256">The hash of exactly the bytes written.</param>
    /// <param name="cancellation">Heeded until the object has its name.</param>
    protected abstract AddOutcome Put(string sha256, CancellationToken cancellation);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }
    }
}
