using System.Buffers;
using HarvestTools.Files;

namespace HarvestTools.Remotes.Streams;

/// <summary>Bytes on their way; what breaks off, or stays silent, is trouble that may pass.</summary>
/// <param name="source">Where they come from. Disposed with this.</param>
/// <param name="watch">Watches it. Disposed with this.</param>
/// <param name="cancellation">Ends the reading.</param>
internal class ArrivingStream(Stream source, SilenceWatch watch, CancellationToken cancellation) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        // What may be cancelled is read into an array.
        byte[] piece = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int read = Read(piece, 0, buffer.Length);
            piece.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            // Time between two reads is the reader's own.
            watch.Moved();
            return source.ReadAsync(buffer.AsMemory(offset, count), watch.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not HarvestException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new RemoteTroubleException(watch.Expired ? watch.Trouble : "the connection was closed before the last byte");
        }
    }

    /// <summary>Reads on to a place, of a store that gave everything instead of what was asked for.</summary>
    internal void Skip(long bytes)
    {
        var buffer = new byte[1 << 16];
        while (bytes > 0)
        {
            int read = Read(buffer, 0, (int)Math.Min(bytes, buffer.Length));
            bytes -= read > 0 ? read : throw new RemoteTroubleException("the connection was closed before the last byte");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            watch.Dispose();
        }

        base.Dispose(disposing);
    }
}
