namespace HarvestTools.Tests.Parquet;

/// <summary>Decoders written from Parquet's Encodings.md alone, plain and slow: what the encoders are held against.</summary>
internal static class SpecificationDecoders
{
    /// <summary>The hybrid of runs and bit-packed groups; fails unless all of the data is used.</summary>
    public static int[] Hybrid(ReadOnlySpan<byte> data, int width, int count)
    {
        var values = new List<int>();
        int at = 0;
        while (values.Count < count)
        {
            ulong header = Varint(data, ref at);
            if ((header & 1) == 1)
            {
                int packed = checked((int)(header >> 1) * 8);
                values.AddRange(Unpack(data, ref at, packed, width).Select(static value => checked((int)value)));
            }
            else
            {
                int value = 0;
                for (int i = 0; i < (width + 7) / 8; i++)
                {
                    value |= data[at++] << (8 * i);
                }

                values.AddRange(Enumerable.Repeat(value, checked((int)(header >> 1))));
            }
        }

        Assert.Equal(data.Length, at);

        // Only the last group may be filled up.
        Assert.InRange(values.Count, count, count + 7);
        return [.. values.Take(count)];
    }

    /// <summary>Binary packed differences; fails unless all of the data is used.</summary>
    public static long[] Deltas(ReadOnlySpan<byte> data, bool narrow)
    {
        int at = 0;
        int block = (int)Varint(data, ref at);
        int parts = (int)Varint(data, ref at);
        int count = (int)Varint(data, ref at);
        Assert.Equal(0, block % 128);
        Assert.Equal(0, block / parts % 32);
        long value = ZigZag(data, ref at);
        var values = new List<long>();
        if (count > 0)
        {
            values.Add(value);
        }

        while (values.Count < count)
        {
            long least = ZigZag(data, ref at);
            byte[] widths = data.Slice(at, parts).ToArray();
            at += parts;
            for (int part = 0; part < parts && values.Count < count; part++)
            {
                foreach (ulong difference in Unpack(data, ref at, block / parts, widths[part]).Take(count - values.Count))
                {
                    value = unchecked(value + least + (long)difference);
                    value = narrow ? unchecked((int)value) : value;
                    values.Add(value);
                }
            }
        }

        Assert.Equal(data.Length, at);
        return [.. values];
    }

    private static List<ulong> Unpack(ReadOnlySpan<byte> data, ref int at, int count, int width)
    {
        var values = new List<ulong>(count);
        for (int i = 0; i < count; i++)
        {
            ulong value = 0;
            for (int bit = 0; bit < width; bit++)
            {
                int place = (i * width) + bit;
                value |= (ulong)((data[at + (place / 8)] >> (place % 8)) & 1) << bit;
            }

            values.Add(value);
        }

        at += count * width / 8;
        return values;
    }

    private static long ZigZag(ReadOnlySpan<byte> data, ref int at)
    {
        ulong bits = Varint(data, ref at);
        return (long)(bits >> 1) ^ -(long)(bits & 1);
    }

    private static ulong Varint(ReadOnlySpan<byte> data, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = data[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
