using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// CRC-32 as in gzip and in Parquet page headers (polynomial 0x04C11DB7, reflected), sixteen bytes a step by tables.
/// </summary>
internal static class Crc32
{
    private const int Step = 16;

    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        uint crc = 0xFFFF_FFFF;
        while (bytes.Length >= Step)
        {
            // Only the first four bytes wait for the step before; the other look-ups overlap with it.
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            ulong second = BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]);
            crc = Fold(tables[0x800..], first) ^ Fold(tables, second);
            bytes = bytes[Step..];
        }

        foreach (byte next in bytes)
        {
            crc = (crc >> 8) ^ tables[(byte)(crc ^ next)];
        }

        return ~crc;
    }

    private static uint Fold(ReadOnlySpan<uint> tables, ulong word)
    {
        ReadOnlySpan<uint> t = tables[..0x800];
        return t[(int)(0x700 + (word & 0xFF))]
            ^ t[(int)(0x600 + ((word >> 8) & 0xFF))]
            ^ t[(int)(0x500 + ((word >> 16) & 0xFF))]
            ^ t[(int)(0x400 + ((word >> 24) & 0xFF))]
            ^ t[(int)(0x300 + ((word >> 32) & 0xFF))]
            ^ t[(int)(0x200 + ((word >> 40) & 0xFF))]
            ^ t[(int)(0x100 + ((word >> 48) & 0xFF))]
            ^ t[(int)(word >> 56)];
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[Step * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * 0xEDB8_8320);
            }

            tables[i] = value;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 0xFF];
        }

        return tables;
    }
}
