namespace HarvestTools.Packs;

/// <summary>Whole numbers of few bytes: seven bits a byte, the lowest first, the top bit set where more follow (LEB128).</summary>
internal static class Varint
{
    public static void Write(List<byte> target, ulong value)
    {
        while (value >= 0x80)
        {
            target.Add((byte)(value | 0x80));
            value >>= 7;
        }

        target.Add((byte)value);
    }

    /// <summary>A number of either sign: 0, -1, 1, -2, … become 0, 1, 2, 3, ….</summary>
    public static void WriteSigned(List<byte> target, long value) => Write(target, ((ulong)value << 1) ^ (ulong)(value >> 63));

    /// <summary>False where the bytes end first, or the number has more than 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && position < source.Length; shift += 7)
        {
            byte b = source[position++];
            if (shift == 63 && b > 1)
            {
                return false;
            }

            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="TryRead"/>
    public static bool TryReadSigned(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        bool read = TryRead(source, ref position, out ulong folded);
        value = (long)(folded >> 1) ^ -(long)(folded & 1);
        return read;
    }
}
