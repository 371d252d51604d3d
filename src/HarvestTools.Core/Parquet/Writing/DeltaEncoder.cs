using System.Numerics;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// DELTA_BINARY_PACKED: differences to the value before, packed by miniblocks relative to the block's least difference.
/// Differences wrap around in the column's own width, as the format demands.
/// </summary>
internal static class DeltaEncoder
{
    /// <summary>Values of a block. Other sizes are other bytes, and so an encoding of another format version.</summary>
    public const int Block = 128;

    /// <summary>Values of a miniblock.</summary>
    public const int Miniblock = 32;

    private const int Miniblocks = Block / Miniblock;

    /// <summary>No more than so many differences take: a block's least one and the widths of its miniblocks.</summary>
    public static long LeastBytes(int differences) => (long)(differences / Block) * (1 + Miniblocks);

    /// <param name="values">In a column of 32 bits, sign-extended.</param>
    /// <param name="narrow">True for a column of 32 bits.</param>
    /// <param name="output">Where the encoded values are appended.</param>
    public static void Encode(ReadOnlySpan<long> values, bool narrow, ByteBuffer output)
    {
        output.WriteVarint(Block);
        output.WriteVarint(Miniblocks);
        output.WriteVarint((ulong)values.Length);
        output.WriteZigZag(values.IsEmpty ? 0 : values[0]);
        Span<ulong> deltas = stackalloc ulong[Block];
        for (int at = 1; at < values.Length; at += Block)
        {
            int count = Math.Min(Block, values.Length - at);
            EncodeBlock(values.Slice(at - 1, count + 1), deltas[..count], narrow, output);
        }
    }

    private static void EncodeBlock(ReadOnlySpan<long> values, Span<ulong> deltas, bool narrow, ByteBuffer output)
    {
        long least = long.MaxValue;
        for (int i = 0; i < deltas.Length; i++)
        {
            long delta = values[i + 1] - values[i];
            if (narrow)
            {
                delta = (int)delta;
            }

            least = Math.Min(least, delta);
            deltas[i] = (ulong)delta;
        }

        output.WriteZigZag(least);
        Span<byte> widths = stackalloc byte[Miniblocks];
        widths.Clear();
        for (int start = 0; start < deltas.Length; start += Miniblock)
        {
            ulong all = 0;
            foreach (ref ulong delta in deltas[start..Math.Min(start + Miniblock, deltas.Length)])
            {
                delta -= (ulong)least;
                if (narrow)
                {
                    delta = (uint)delta;
                }

                all |= delta;
            }

            widths[start / Miniblock] = (byte)(64 - BitOperations.LeadingZeroCount(all));
        }

        output.Write(widths);
        for (int start = 0; start < deltas.Length; start += Miniblock)
        {
            // A miniblock that has begun is written whole, padded with zeros; one that has not is left out.
            int width = widths[start / Miniblock];
            if (width > 0)
            {
                BitPacker.Pack(deltas[start..Math.Min(start + Miniblock, deltas.Length)], width, output.Take(width * Miniblock / 8));
            }
        }
    }
}
