using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// A text's length with its first and its last bytes as two numbers: what most texts are told apart by without a look at their
/// bytes again, and all of it that there is of a short one.
/// </summary>
/// <param name="head">The length in the lower half, the first four bytes in the upper one.</param>
/// <param name="tail">The last eight bytes, of less than eight the last four, of up to four none.</param>
internal readonly struct TextKey(ulong head, ulong tail)
{
    /// <summary>A text that is no longer is its key: two with the same one are equal.</summary>
    public const int WholeLength = sizeof(uint) + sizeof(ulong);

    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong _head = head;
    private readonly ulong _tail = tail;

    /// <summary>The key of no text.</summary>
    public static TextKey None => new(ulong.MaxValue, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextKey Of(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong))
        {
            return new TextKey(
                (uint)text.Length | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text) << 32),
                BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]));
        }

        return OfShort(text);
    }

    public bool Is(in TextKey other) => _head == other._head && _tail == other._tail;

    /// <summary>A hash of the text whose key it is.</summary>
    public uint Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = Mix(Mix(0, _head), _tail);
        if (text.Length > WholeLength)
        {
            for (text = text[sizeof(uint)..^sizeof(ulong)]; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
            {
                hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
            }

            TextKey rest = OfShort(text);
            hash = Mix(Mix(hash, rest._head), rest._tail);
        }

        return (uint)(hash >> 32) ^ (uint)hash;
    }

    private static TextKey OfShort(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(uint))
        {
            return new TextKey(
                (uint)text.Length | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text) << 32),
                text.Length == sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]));
        }

        ulong head = 0;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            head = (head << 8) | text[i];
        }

        return new TextKey((head << 32) | (uint)text.Length, 0);
    }

    private static ulong Mix(ulong hash, ulong word) => (BitOperations.RotateLeft(hash, 23) ^ word) * Multiplier;
}
