using System.Buffers.Binary;

namespace HarvestTools.Strings;

/// <summary>The order of texts by numbers: most differ in a few bytes behind what all of them begin with.</summary>
internal static class TextOrder
{
    /// <summary>The first eight bytes as a number, which of a text that comes earlier is no larger.</summary>
    public static ulong Beginning(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(text);
        }

        if (text.Length >= sizeof(uint))
        {
            // Two reads that overlap; what both have is shifted out of the second.
            ulong end = BinaryPrimitives.ReadUInt32BigEndian(text[^sizeof(uint)..]);
            return ((ulong)BinaryPrimitives.ReadUInt32BigEndian(text) << 32) | (uint)(end << (8 * (sizeof(ulong) - text.Length)));
        }

        ulong beginning = 0;
        for (int i = 0; i < text.Length; i++)
        {
            beginning |= (ulong)text[i] << (56 - (8 * i));
        }

        return beginning;
    }

    /// <summary>How many bytes two texts begin with alike.</summary>
    /// <param name="a">One text.</param>
    /// <param name="b">The other.</param>
    /// <param name="most">No more are looked at.</param>
    public static int CommonLength(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int most)
    {
        most = Math.Min(most, Math.Min(a.Length, b.Length));
        int common = 0;
        while (common < most && a[common] == b[common])
        {
            common++;
        }

        return common;
    }
}
