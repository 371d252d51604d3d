namespace HarvestTools.Tests.LabelStudio;

/// <summary>A head, one byte many times, a tail: a huge file that takes no memory.</summary>
internal sealed class ChainStream(byte[] head, long count, byte filler, byte[] tail) : Stream
{
    private long _position;

    /// <summary>Called before every read, with the position.</summary>
    public Action<long>? BeforeRead { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => head.Length + count + tail.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count1) => Read(buffer.AsSpan(offset, count1));

    public override int Read(Span<byte> buffer)
    {
        BeforeRead?.Invoke(_position);
        int read = 0;
        for (; read < buffer.Length && _position < Length; read++, _position++)
        {
            buffer[read] = _position < head.Length ? head[_position]
                : _position < head.Length + count ? filler
                : tail[_position - head.Length - count];
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count1) => throw new NotSupportedException();
}

/// <summary>Gives a file in pieces of a fixed size, as a slow pipe would.</summary>
internal sealed class DripStream(byte[] file, int piece) : MemoryStream(file)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(piece, count));
}
