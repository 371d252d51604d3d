using System.Buffers;
using System.Security.Cryptography;
using HarvestTools.Files;

namespace HarvestTools.Archive;

/// <summary>What every source and every store can do by the members of its interface.</summary>
internal static class ObjectStores
{
    /// <summary>Whether the object is here, by its name alone.</summary>
    /// <inheritdoc cref="IObjectSource.Contains"/>
    public static bool Contains(this IObjectSource source, string sha256, CancellationToken cancellation = default) =>
        source.Contains([sha256], cancellation).Count > 0;

    /// <summary>Opens an object for one pass from front to back.</summary>
    /// <exception cref="HarvestException">ObjectNotFound; see also <see cref="IObjectSource.TryOpen"/>.</exception>
    public static ObjectContent Open(this IObjectSource source, string sha256, CancellationToken cancellation = default) =>
        source.TryOpen(sha256, cancellation) ?? throw ArchiveErrors.ObjectNotFound(sha256);

    /// <summary>The hash that an object's bytes have now; null where it is not here.</summary>
    /// <param name="source">Where it is; one that does not verify, else a damaged object is an error.</param>
    /// <param name="sha256">The hash that they should have.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static string? HashNow(
        this IObjectSource source, string sha256, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using ObjectContent? content = source.TryOpen(sha256, cancellation);
        return content is null ? null : StreamHash.Compute(content.Stream, source.LocalPath(sha256) ?? source.Name, progress, cancellation);
    }

    /// <summary>Adds bytes such as a harvest definition.</summary>
    public static (string Sha256, AddOutcome Outcome) AddBytes(this IObjectStore store, ReadOnlySpan<byte> bytes)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using PendingObject pending = store.BeginAdd();
        pending.Write(bytes);
        return (sha256, pending.Commit(sha256));
    }

    /// <summary>Adds what a stream gives if it has the hash; null, with nothing added, where it has another.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="sha256">The hash that the bytes should have.</param>
    /// <param name="bytes">Read to its end; not disposed.</param>
    /// <param name="name">What messages call the stream.</param>
    /// <param name="cancellation">Ends the copying.</param>
    public static AddOutcome? TryAdd(this IObjectStore store, string sha256, Stream bytes, string name, CancellationToken cancellation = default) =>
        TryAdd(store, sha256, bytes, name, progress: null, cancellation);

    /// <summary>The same with word of how far it is.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="sha256">The hash that the bytes should have.</param>
    /// <param name="bytes">Read to its end; not disposed.</param>
    /// <param name="name">What messages call the stream.</param>
    /// <param name="progress">Receives the bytes copied so far; null for nobody.</param>
    /// <param name="cancellation">Ends the copying.</param>
    public static AddOutcome? TryAdd(
        this IObjectStore store, string sha256, Stream bytes, string name, IProgress<long>? progress, CancellationToken cancellation)
    {
        using PendingObject pending = store.BeginAdd();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            int count;
            while ((count = Read(bytes, buffer, name)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                pending.Write(buffer.AsSpan(0, count));
                progress?.Report(pending.Stream.BytesWritten);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // Hashed while copied: the source may change between a first look and the copy.
        return pending.Stream.Sha256() == sha256 ? pending.Commit(sha256, cancellation) : null;
    }

    private static int Read(Stream bytes, byte[] buffer, string name)
    {
        try
        {
            return bytes.Read(buffer);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, name, "read");
        }
    }
}
