using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <summary>Packs numbers of a fixed width bit by bit, lowest bits first, as Parquet's encodings have it.</summary>
internal static class BitPacker
{
    /// <summary>Fills the whole destination; where values end before it, zeros follow.</summary>
    /// <param name="values">Numbers that need no more than <paramref name="width"/> bits.</param>
    /// <param name="width">1 to 32.</param>
    /// <param name="destination">At least as long as the packed values.</param>
    public static void Pack(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        ulong bits = 0;
        int held = 0;
        int at = 0;
        foreach (int value in values)
        {
            bits |= (ulong)(uint)value << held;
            held += width;
            if (held >= 32)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], (uint)bits);
                at += sizeof(uint);
                bits >>= 32;
                held -= 32;
            }
        }

        Flush(bits, held, destination[at..]);
    }

    /// <summary>As above, for numbers up to 64 bits wide.</summary>
    public static void Pack(ReadOnlySpan<ulong> values, int width, Span<byte> destination)
    {
        ulong bits = 0;
        int held = 0;
        int at = 0;
        foreach (ulong value in values)
        {
            bits |= value << held;
            held += width;
            if (held >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], bits);
                at += sizeof(ulong);
                held -= 64;

                // Shifting by 64 would shift by nothing.
                bits = held == 0 ? 0 : value >> (width - held);
            }
        }

        Flush(bits, held, destination[at..]);
    }

    private static void Flush(ulong bits, int held, Span<byte> destination)
    {
        destination.Clear();
        for (int at = 0; held > 0; held -= 8)
        {
            destination[at++] = (byte)bits;
            bits >>= 8;
        }
    }
}
