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
        catch (Exception fault) when (FileErrors.IsFileFault(fault) || fault is InvalidDataException)
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

    /// <exception cref="InvalidDataException">The metadata is not in what was read.</exception>
    private static long? RowsOf(ReadOnlySpan<byte> metadata)
    {
        var thrift = new ThriftReader(metadata);
        for (ThriftType type = thrift.NextField(out int field); type != ThriftType.Stop; type = thrift.NextField(out field))
        {
            if (field == RowsField)
            {
                return type == ThriftType.Int64 && thrift.ZigZag() is >= 0 and var rows ? rows : null;
            }

            thrift.Skip(type);
        }

        return null;
    }
}
