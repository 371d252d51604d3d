using System.Buffers.Binary;
using System.Numerics;

namespace HarvestTools.Strings;

/// <summary>
/// A 64-bit hash of UTF-8 bytes that is the same on every machine and in every run, since tallies store hashes of
/// episodes. Not for security: it only tells texts apart.
/// </summary>
internal static class Utf8Hash
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;

    public static ulong Of(ReadOnlySpan<byte> text, ulong seed = 0)
    {
        ulong hash = seed + Prime1 + ((ulong)text.Length * Prime2);
        while (text.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }

        hash = Mix(hash, Tail(text));
        hash ^= hash >> 33;
        hash *= Prime2;
        return hash ^ (hash >> 29);
    }

    /// <summary>A number of up to 32 bits that is the same for equal texts, from their last bytes alone: for filters, not for tables.</summary>
    public static uint OfEnd(ReadOnlySpan<byte> text, int bits)
    {
        ulong end = (ulong)text.Length;
        if (text.Length >= sizeof(ulong))
        {
            end ^= BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
        }
        else
        {
            foreach (byte next in text)
            {
                end = (end << 8) ^ next;
            }
        }

        return (uint)((end * Prime1) >> (64 - bits));
    }

    /// <summary>Up to seven bytes as one number, the first the lowest: two reads that overlap in place of one a byte.</summary>
    private static ulong Tail(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(uint))
        {
            ulong end = BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]);
            return BinaryPrimitives.ReadUInt32LittleEndian(text) | (end << (8 * (text.Length - sizeof(uint))));
        }

        if (text.Length >= sizeof(ushort))
        {
            return BinaryPrimitives.ReadUInt16LittleEndian(text) | ((ulong)text[^1] << (8 * (text.Length - 1)));
        }

        return text.IsEmpty ? 0 : (ulong)text[0];
    }

    private static ulong Mix(ulong hash, ulong word) =>
        (BitOperations.RotateLeft(hash ^ (word * Prime2), 31) * Prime1) + Prime2;
}
