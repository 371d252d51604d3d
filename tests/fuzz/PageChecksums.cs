using System.IO.Hashing;
using HarvestTools.Parquet.Reading;

namespace HarvestTools.Fuzz;

/// <summary>
/// Gives the pages of a changed Parquet file checksums that fit, so that a change in a page is decoded and not merely refused for
/// its checksum.
/// </summary>
internal static class PageChecksums
{
    // Of a checksum that takes as many bytes as any: fifteen of sixteen do, and the others stay as they are.
    private const int ChecksumBytes = 5;
    private const int MagicBytes = 4;

    /// <summary>The file with other checksums, up to the first page whose header is none.</summary>
    public static byte[] Mend(byte[] file)
    {
        byte[] mended = [.. file];
        for (int at = MagicBytes; at < mended.Length && Place(mended.AsSpan(at), out int checksumAt, out int bodyAt, out int stored); at += bodyAt + stored)
        {
            int hash = (int)Crc32.HashToUInt32(mended.AsSpan(at + bodyAt, stored));
            uint zigZag = (uint)((hash << 1) ^ (hash >> 31));
            for (int i = 0; checksumAt > 0 && i < ChecksumBytes; i++, zigZag >>= 7)
            {
                mended[at + checksumAt + i] = (byte)((zigZag & 0x7F) | (i < ChecksumBytes - 1 ? 0x80u : 0));
            }
        }

        return mended;
    }

    private static bool Place(ReadOnlySpan<byte> bytes, out int checksumAt, out int bodyAt, out int stored)
    {
        checksumAt = bodyAt = stored = 0;
        try
        {
            var thrift = new ThriftReader(bytes);
            int outer = thrift.BeginStruct();
            bool isDictionary = thrift.Int32(1) == 2;
            _ = thrift.Int32(2);
            stored = thrift.Int32(3);
            int before = bytes.Length - thrift.Left + 1;
            _ = thrift.Int32(4);
            checksumAt = bytes.Length - thrift.Left - before == ChecksumBytes ? before : 0;
            int inner = thrift.BeginStruct(isDictionary ? 7 : 5);
            for (int field = 1; field <= (isDictionary ? 2 : 4); field++)
            {
                _ = thrift.Int32(field);
            }

            thrift.EndStruct(inner);
            thrift.EndStruct(outer);
            bodyAt = bytes.Length - thrift.Left;
            return stored >= 0 && stored <= thrift.Left;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
