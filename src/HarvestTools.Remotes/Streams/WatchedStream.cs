namespace HarvestTools.Remotes.Streams;

/// <summary>A stream whose reader is watched, and which says how much of it was sent.</summary>
/// <param name="inner">The bytes. Disposed by who gave them.</param>
/// <param name="watch">Learns of each read.</param>
/// <param name="sent">Receives how many bytes were read to be sent; fewer than none where it begins again. Null for nobody.</param>
/// <param name="hashedFirst">Whether all bytes are read once before they are sent.</param>
internal sealed class WatchedStream(Stream inner, SilenceWatch watch, Action<int>? sent = null, bool hashedFirst = false) : Stream
{
    private bool _sends = !hashedFirst;
    private long _reported;

    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        watch.Moved();
        int read = inner.Read(buffer);
        if (_sends)
        {
            sent?.Invoke(read);
            _reported += read;
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(buffer.AsSpan(offset, count)));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long before = inner.Position;
        long after = inner.Seek(offset, origin);
        if (after < before)
        {
            _sends = true;
            for (; _reported > 0; _reported -= Math.Min(_reported, int.MaxValue))
            {
                sent?.Invoke(-(int)Math.Min(_reported, int.MaxValue));
            }
        }

        return after;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
