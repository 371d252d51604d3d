using System.Buffers.Binary;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Decompresses the raw Snappy format. Every length and offset is checked against both spans before it is used, and
/// nothing is allocated, so damaged data can do no more than be refused.
/// </summary>
internal static class SnappyDecoder
{
    /// <summary>The decompressed length that the data claims.</summary>
    /// <exception cref="HarvestException"><c>SnappyDataDamaged</c>.</exception>
    public static int ReadLength(ReadOnlySpan<byte> source) =>
        TryReadLength(source, out int length, out _) ? length : throw ParquetErrors.SnappyDataDamaged();

    /// <summary>The decompressed length that the data claims, and how many bytes say so.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> source, out int length, out int headerBytes)
    {
        ulong value = 0;
        length = 0;
        for (headerBytes = 0; headerBytes < 5 && headerBytes < source.Length;)
        {
            byte next = source[headerBytes];
            value |= (ulong)(next & 0x7F) << (7 * headerBytes++);
            if (next < 0x80)
            {
                length = (int)Math.Min(value, int.MaxValue);
                return value <= int.MaxValue;
            }
        }

        return false;
    }

    /// <summary>Decompresses into <paramref name="destination"/> and gives the number of bytes written.</summary>
    /// <exception cref="HarvestException"><c>SnappyDataDamaged</c>: also where the destination is too short.</exception>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        TryDecompress(source, destination, out int written) ? written : throw ParquetErrors.SnappyDataDamaged();

    /// <summary>False where the data is damaged or the destination too short; it may then be partly written.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (!TryReadLength(source, out int length, out int at) || length > destination.Length)
        {
            return false;
        }

        destination = destination[..length];
        while (at < source.Length)
        {
            int tag = source[at++];
            int copyLength;
            int offset;
            switch (tag & 3)
            {
                case 0:
                    if (!TryReadLiteralLength(source, tag >> 2, ref at, out int literal)
                        || literal > source.Length - at || literal > length - written)
                    {
                        return false;
                    }

                    source.Slice(at, literal).CopyTo(destination[written..]);
                    at += literal;
                    written += literal;
                    continue;

                case 1:
                    if (source.Length - at < 1)
                    {
                        return false;
                    }

                    copyLength = ((tag >> 2) & 7) + 4;
                    offset = ((tag >> 5) << 8) | source[at++];
                    break;

                case 2:
                    if (source.Length - at < 2)
                    {
                        return false;
                    }

                    copyLength = (tag >> 2) + 1;
                    offset = BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
                    at += 2;
                    break;

                default:
                    if (source.Length - at < 4)
                    {
                        return false;
                    }

                    copyLength = (tag >> 2) + 1;
                    offset = BinaryPrimitives.ReadInt32LittleEndian(source[at..]);
                    at += 4;
                    break;
            }

            if (offset <= 0 || offset > written || copyLength > length - written)
            {
                return false;
            }

            Copy(destination, written, offset, copyLength);
            written += copyLength;
        }

        return written == length;
    }

    private static bool TryReadLiteralLength(ReadOnlySpan<byte> source, int code, ref int at, out int length)
    {
        length = code + 1;
        if (code < 60)
        {
            return true;
        }

        int bytes = code - 59;
        if (source.Length - at < bytes)
        {
            return false;
        }

        uint value = 0;
        for (int i = 0; i < bytes; i++)
        {
            value |= (uint)source[at++] << (8 * i);
        }

        length = (int)value + 1;
        return value < int.MaxValue;
    }

    private static void Copy(Span<byte> destination, int at, int offset, int length)
    {
        if (offset >= length)
        {
            destination.Slice(at - offset, length).CopyTo(destination[at..]);
        }
        else if (offset == 1)
        {
            destination.Slice(at, length).Fill(destination[at - 1]);
        }
        else
        {
            // The copy overlaps itself: bytes written by it are read by it again, so one by one.
            for (int i = at; i < at + length; i++)
            {
                destination[i] = destination[i - offset];
            }
        }
    }
}
