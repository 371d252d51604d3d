using HarvestTools.Files;
using System.IO.Compression;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Unpacks a gzip and notices where it is cut off, which <see cref="GZipStream"/> takes for its end. For that the file is
/// read with one more gzip member behind it: only where all before it is whole does that member's content come out last.
/// </summary>
internal sealed class GzipReader : ReadOnlyStream
{
    private static readonly byte[] s_seal = "harvest: the end of the gzip\0"u8.ToArray();
    private static readonly byte[] s_sealMember = Pack(s_seal);

    private readonly SealedInput _input;
    private readonly GZipStream _unpacker;
    private bool _ended;

    /// <param name="file">From its beginning; disposed.</param>
    public GzipReader(Stream file)
    {
        // The buffer is below the seal, which must come in a read of its own.
        _input = new SealedInput(new BufferedStream(file, UnpackedStream.BufferBytes));
        _unpacker = new GZipStream(_input, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The gzip is damaged or cut off, or something else follows it.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        // The unpacker asks for more bytes only once it has given all that came before: what it gives after the seal was
        // handed to it is the seal, or not the file's.
        int read = _unpacker.Read(buffer);
        if (!_input.IsSealed && read > 0)
        {
            return read;
        }

        BreakSeal(buffer[..read]);
        _ended = true;
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacker.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads the rest of the seal, all of which must be there.</summary>
    private void BreakSeal(ReadOnlySpan<byte> first)
    {
        // One more than the seal, so that more than it is noticed.
        Span<byte> found = stackalloc byte[s_seal.Length + 1];
        int count = Math.Min(first.Length, found.Length);
        first[..count].CopyTo(found);
        count += _unpacker.ReadAtLeast(found[count..], found.Length - count, throwOnEndOfStream: false);
        if (!found[..count].SequenceEqual(s_seal))
        {
            throw new InvalidDataException("the gzip ends too early");
        }
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
    private sealed class SealedInput(Stream file) : ReadOnlyStream
    {
        private int _sealed;

        /// <summary>Whether the file is at its end, and the seal was handed out.</summary>
        public bool IsSealed => _sealed > 0;

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
