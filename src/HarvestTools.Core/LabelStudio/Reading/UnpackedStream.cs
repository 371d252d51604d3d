using HarvestTools.Files;
using System.IO.Hashing;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>What a zip says of a file in it.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Crc32">Its CRC-32, which the framework does not compare.</param>
internal readonly record struct UnpackedSize(long Bytes, uint Crc32);

/// <summary>
/// What comes out of a gzip or zip. Turns the unpacker's faults into errors with a place, compares size and checksum at the
/// end, and stops where a small file unpacks without end.
/// </summary>
/// <param name="inner">The unpacker; disposed.</param>
/// <param name="packed">The file that it reads; disposed.</param>
/// <param name="name">For messages.</param>
/// <param name="expected">What should come out; null where that is not known beforehand.</param>
internal sealed class UnpackedStream(Stream inner, FileStream packed, string name, UnpackedSize? expected) : ReadOnlyStream
{
    /// <summary>How much of the file is read at a time.</summary>
    public const int BufferBytes = 128 * 1024;

    /// <summary>
    /// A file that unpacks to more than this times its size was made to. Exports reach some 30; deflate can reach 1032, which
    /// would fill the archive's disk from a file that fits into a mail.
    /// </summary>
    private const int MostRatio = 500;

    /// <summary>Up to here the ratio says nothing: so much can always be written.</summary>
    private const long AlwaysBytes = 64 * 1024 * 1024;

    private readonly Crc32 _crc = new();
    private long _bytes;

    public string Name { get; } = name;

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    /// <exception cref="HarvestException">The file is damaged, or unpacks to far more than an export would.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw ExportErrors.ExportPackedDamaged(Name, _bytes, e);
        }

        _bytes += read;
        if (expected is { } size)
        {
            Compare(size, buffer[..read], ended: read == 0 && buffer.Length > 0);
        }

        if (_bytes > AlwaysBytes && _bytes / MostRatio > packed.Length)
        {
            throw ExportErrors.ExportUnpacksTooLarge(Name, packed.Length, _bytes);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Compare(UnpackedSize size, ReadOnlySpan<byte> read, bool ended)
    {
        _crc.Append(read);
        if (_bytes > size.Bytes || (ended && (_bytes != size.Bytes || _crc.GetCurrentHashAsUInt32() != size.Crc32)))
        {
            throw ExportErrors.ExportPackedDamaged(Name, _bytes, inner: null);
        }
    }
}
