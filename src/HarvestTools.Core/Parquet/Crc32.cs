using System.Buffers.Binary;

namespace HarvestTools.Parquet;

/// <summary>
/// CRC-32 as in gzip and in Parquet page headers (polynomial 0x04C11DB7, reflected), eight bytes a step by tables.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        uint crc = 0xFFFF_FFFF;
        while (bytes.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = tables[(int)(0x700 + (word & 0xFF))]
                ^ tables[(int)(0x600 + ((word >> 8) & 0xFF))]
                ^ tables[(int)(0x500 + ((word >> 16) & 0xFF))]
                ^ tables[(int)(0x400 + ((word >> 24) & 0xFF))]
                ^ tables[(int)(0x300 + ((word >> 32) & 0xFF))]
                ^ tables[(int)(0x200 + ((word >> 40) & 0xFF))]
                ^ tables[(int)(0x100 + ((word >> 48) & 0xFF))]
                ^ tables[(int)(word >> 56)];
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte next in bytes)
        {
            crc = (crc >> 8) ^ tables[(byte)(crc ^ next)];
        }

        return ~crc;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
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
