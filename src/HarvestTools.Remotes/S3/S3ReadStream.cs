using Amazon.S3.Model;

namespace HarvestTools.Remotes.S3;

/// <summary>Bytes of an object on their way; what breaks off, or stays silent, is trouble that may pass.</summary>
internal sealed class S3ReadStream : Stream
{
    private readonly GetObjectResponse _response;
    private readonly SilenceWatch _watch;
    private readonly CancellationToken _cancellation;

    /// <param name="response">Disposed with this.</param>
    /// <param name="watch">Watches it. Disposed with this.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public S3ReadStream(GetObjectResponse response, SilenceWatch watch, CancellationToken cancellation)
    {
        _response = response;
        _watch = watch;
        _cancellation = cancellation;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        _cancellation.ThrowIfCancellationRequested();
        try
        {
            // Time between two reads is the reader's own.
            _watch.Moved();
            return _response.ResponseStream.ReadAsync(buffer.AsMemory(offset, count), _watch.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not HarvestException)
        {
            _cancellation.ThrowIfCancellationRequested();
            throw new RemoteTroubleException(_watch.Expired ? _watch.Trouble : "the connection was closed before the last byte");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
            _response.Dispose();
            _watch.Dispose();
        }

        base.Dispose(disposing);
    }
}
