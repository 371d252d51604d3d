using HarvestTools.Files;

namespace HarvestTools.Remotes;

/// <summary>Bytes of a remote's file that go on where the connection broke off.</summary>
internal sealed class ResumingStream(RetryingFiles files, RemoteContent content, string path, long offset, CancellationToken cancellation) : ReadOnlyStream
{
    private Stream _stream = content.Stream;
    private long _position = offset;
    private int _failures;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                int read = _stream.Read(buffer);
                if (read == 0 && buffer.Length > 0 && _position < content.Bytes)
                {
                    throw new RemoteTroubleException("the connection was closed before the last byte");
                }

                _position += read;
                _failures = read > 0 ? 0 : _failures;
                return read;
            }
            catch (Exception trouble) when (trouble is IOException or HttpRequestException)
            {
                _stream.Dispose();
                RemoteContent again = files.Reopen(path, _position, trouble, ++_failures, cancellation)
                    ?? throw RemoteErrors.RemoteFileGone(files.Name, path);
                _stream = again.Stream;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
