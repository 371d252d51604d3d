using System.IO.Compression;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Unpacks a gzip and notices where it is cut off, which <see cref="GZipStream"/> takes for its end. For that the file is
/// read with one more gzip member behind it: only where all before it is whole does that member's content come out last.
/// </summary>
internal sealed class GzipReader : Stream
{
    private const int HeldBytes = 128 * 1024;
    private static readonly byte[] s_seal = "harvest: the end of the gzip\0"u8.ToArray();
    private static readonly byte[] s_sealMember = Pack(s_seal);

    private readonly GZipStream _unpacker;

    /// <summary>What came out and was not given on; the last bytes of it may be the seal.</summary>
    private readonly byte[] _held = new byte[HeldBytes];
    private int _start;
    private int _end;
    private bool _ended;

    /// <param name="file">From its beginning; disposed.</param>
    public GzipReader(Stream file)
    {
        _unpacker = new GZipStream(new BufferedStream(new SealedInput(file), UnpackedStream.BufferBytes), CompressionMode.Decompress);
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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">The gzip is damaged or cut off, or something else follows it.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && _end - _start <= s_seal.Length)
        {
            _held.AsSpan(_start, _end - _start).CopyTo(_held);
            (_start, _end) = (0, _end - _start);
            int read = _unpacker.Read(_held.AsSpan(_end));
            _end += read;
            if (read == 0)
            {
                _ended = true;
                BreakSeal();
            }
        }

        int count = Math.Min(buffer.Length, _end - _start - (_ended ? 0 : s_seal.Length));
        _held.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacker.Dispose();
        }

        base.Dispose(disposing);
    }

    private void BreakSeal()
    {
        if (!_held.AsSpan(_start, _end - _start).EndsWith(s_seal))
        {
            throw new InvalidDataException("the gzip ends too early");
        }

        _end -= s_seal.Length;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest))
        {
            packer.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>The file, and the seal behind it.</summary>
    private sealed class SealedInput(Stream file) : Stream
    {
        private int _sealed;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            int count = Math.Min(buffer.Length, s_sealMember.Length - _sealed);
            s_sealMember.AsSpan(_sealed, count).CopyTo(buffer);
            _sealed += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
