using System.Buffers;
using System.Buffers.Binary;
using HarvestTools.Files;
using HarvestTools.Parquet.Writing;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// How many rows a Parquet file's footer claims, from the footer's first bytes alone: thousands of files are asked before a
/// record of them is believed, and Parquet.Net takes longer to get ready than they take to read.
/// </summary>
internal static class FooterRows
{
    private const int TrailerBytes = sizeof(int) + 4;
    private const int RowsField = 3;

    // The schema comes before the number of rows, and thirty columns of it take less than two thousand bytes.
    private const int MostBytes = 16 * 1024;
    private const int DeepestStruct = 16;

    /// <summary>The number of rows; null where the file has no such footer or cannot be read.</summary>
    public static long? TryRead(string path)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostBytes);
        try
        {
            FileFaults.Before(FileCall.OpenRead, path);
            using SafeFileHandle file = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            if (length < TrailerBytes || !Fill(file, buffer.AsSpan(0, TrailerBytes), length - TrailerBytes))
            {
                return null;
            }

            int footer = BinaryPrimitives.ReadInt32LittleEndian(buffer);
            if (footer <= 0 || footer > length - TrailerBytes || !buffer.AsSpan(sizeof(int), 4).SequenceEqual(ParquetFooter.Magic))
            {
                return null;
            }

            Span<byte> start = buffer.AsSpan(0, Math.Min(footer, MostBytes));
            return Fill(file, start, length - TrailerBytes - footer) ? RowsOf(start) : null;
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault) || fault is EndOfStreamException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            int read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }

    /// <exception cref="EndOfStreamException">The metadata is not in what was read.</exception>
    private static long? RowsOf(ReadOnlySpan<byte> metadata)
    {
        int field = 0;
        for (ThriftType type = Header(ref metadata, ref field); type != ThriftType.Stop; type = Header(ref metadata, ref field))
        {
            if (field == RowsField)
            {
                ulong zigZag = type == ThriftType.Int64 ? Varint(ref metadata) : 1;
                long rows = (long)(zigZag >> 1) ^ -(long)(zigZag & 1);
                return rows >= 0 ? rows : null;
            }

            Skip(ref metadata, type, DeepestStruct);
        }

        return null;
    }

    private static ThriftType Header(ref ReadOnlySpan<byte> from, ref int field)
    {
        byte header = Byte(ref from);
        int step = header >> 4;
        var type = (ThriftType)(header & 0xF);
        if (type != ThriftType.Stop)
        {
            field = step > 0 ? field + step : (int)(Varint(ref from) >> 1);
        }

        return type;
    }

    private static void Skip(ref ReadOnlySpan<byte> from, ThriftType type, int depth)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Take(ref from, 1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                _ = Varint(ref from);
                break;
            case ThriftType.Double:
                Take(ref from, sizeof(double));
                break;
            case ThriftType.Binary:
                Take(ref from, Varint(ref from));
                break;
            case ThriftType.List when depth > 0:
                byte header = Byte(ref from);
                ulong count = header >> 4 == 0xF ? Varint(ref from) : (ulong)(header >> 4);
                for (; count > 0; count--)
                {
                    Skip(ref from, (ThriftType)(header & 0xF), depth - 1);
                }

                break;
            case ThriftType.Struct when depth > 0:
                int field = 0;
                for (ThriftType inner = Header(ref from, ref field); inner != ThriftType.Stop; inner = Header(ref from, ref field))
                {
                    Skip(ref from, inner, depth - 1);
                }

                break;
            default:
                throw new EndOfStreamException();
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte(ref from);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new EndOfStreamException();
    }

    private static byte Byte(ref ReadOnlySpan<byte> from)
    {
        Take(ref from, 1, out ReadOnlySpan<byte> taken);
        return taken[0];
    }

    private static void Take(ref ReadOnlySpan<byte> from, ulong count) => Take(ref from, count, out _);

    private static void Take(ref ReadOnlySpan<byte> from, ulong count, out ReadOnlySpan<byte> taken)
    {
        if (count > (ulong)from.Length)
        {
            throw new EndOfStreamException();
        }

        taken = from[..(int)count];
        from = from[(int)count..];
    }
}
