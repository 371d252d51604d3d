using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>Reads back what <see cref="BitPacker"/> writes.</summary>
internal static class BitUnpacker
{
    /// <param name="source">At least as many bytes as the values take.</param>
    /// <param name="width">1 to 32.</param>
    /// <param name="values">Filled completely.</param>
    public static void Unpack(ReadOnlySpan<byte> source, int width, Span<int> values)
    {
        ulong bits = 0;
        int held = 0;
        int at = 0;
        ulong mask = (1UL << width) - 1;
        foreach (ref int value in values)
        {
            while (held < width)
            {
                bits |= (ulong)source[at++] << held;
                held += 8;
            }

            value = (int)(bits & mask);
            bits >>= width;
            held -= width;
        }
    }

    /// <summary>The number of <paramref name="width"/> bits (0 to 64) that begins at a bit of the source.</summary>
    public static ulong Extract(ReadOnlySpan<byte> source, int bit, int width)
    {
        ulong value = 0;
        for (int done = 0; done < width;)
        {
            int within = (bit + done) & 7;
            int taken = Math.Min(8 - within, width - done);
            ulong part = ((ulong)source[(bit + done) >> 3] >> within) & ((1UL << taken) - 1);
            value |= part << done;
            done += taken;
        }

        return value;
    }
}
