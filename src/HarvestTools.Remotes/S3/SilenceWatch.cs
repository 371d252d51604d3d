namespace HarvestTools.Remotes.S3;

/// <summary>Cancels a request when nothing moved for a while, however long it takes in all.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _outer;
    private readonly TimeSpan _patience;

    /// <param name="patience">How long nothing may move.</param>
    /// <param name="cancellation">What else ends the request.</param>
    public SilenceWatch(TimeSpan patience, CancellationToken cancellation)
    {
        _patience = patience;
        _outer = cancellation;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _source.CancelAfter(patience);
    }

    /// <summary>Cancelled when the request is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was silence that ended the request.</summary>
    public bool Expired => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    /// <summary>What was waited for, for messages.</summary>
    public string Trouble => $"nothing came for {Math.Max(1, (int)_patience.TotalSeconds)} s";

    /// <summary>Something moved.</summary>
    public void Moved() => _source.CancelAfter(_patience);

    public void Dispose() => _source.Dispose();
}

/// <summary>A stream whose reader is watched.</summary>
internal sealed class WatchedStream(Stream inner, SilenceWatch watch) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        watch.Moved();
        return inner.Read(buffer);
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

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
