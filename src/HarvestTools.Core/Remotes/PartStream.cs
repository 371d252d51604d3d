using HarvestTools.Files;

namespace HarvestTools.Remotes;

/// <summary>A part of a file that is sent by itself. Its bytes are not compared with a hash here; who asks for it knows the part's.</summary>
internal sealed class PartStream : ReadOnlyStream
{
    private readonly Stream _inner;
    private readonly long _start;
    private long _position;

    /// <param name="inner">The whole. Disposed with this.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">How long it is.</param>
    public PartStream(Stream inner, long start, long length)
    {
        _inner = inner;
        _start = start;
        Length = length;
        inner.Position = start;
    }

    public override bool CanSeek => true;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _inner.Read(buffer[..(int)Math.Min(buffer.Length, Length - _position)]);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target, Length);
        if (target != _position)
        {
            _inner.Position = _start + target;
            _position = target;
        }

        return target;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
