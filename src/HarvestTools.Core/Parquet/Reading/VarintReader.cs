namespace HarvestTools.Parquet.Reading;

/// <summary>Unsigned LEB128, the form of numbers in Parquet's encodings.</summary>
internal static class VarintReader
{
    /// <summary>Takes a number from the source's beginning; false where it is cut off or has more than 64 bits.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < source.Length; i++)
        {
            value |= (ulong)(source[i] & 0x7F) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    public static bool TryReadZigZag(ref ReadOnlySpan<byte> source, out long value)
    {
        bool read = TryRead(ref source, out ulong raw);
        value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return read;
    }
}
