using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// A text's length with its first and its last bytes as two numbers: what keeps most texts apart without a look at their
/// bytes again, and all of it that there is of a short one.
/// </summary>
/// <param name="head">The first eight bytes of the text behind its length in four bytes, zeros where it ends before.</param>
/// <param name="tail">The last eight bytes of the same, and 0 of a text of less than four.</param>
internal readonly struct TextKey(ulong head, ulong tail)
{
    /// <summary>A text that is no longer is its key: two with the same one are equal.</summary>
    public const int WholeLength = sizeof(uint) + sizeof(ulong);

    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong _head = head;
    private readonly ulong _tail = tail;

    /// <summary>The key of no text.</summary>
    public static TextKey None => new(ulong.MaxValue, 0);

    /// <summary>The text's length.</summary>
    public int Length => (int)_head;

    /// <summary>The key of a text that is behind its length in a buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextKey At(byte[] buffer, int at)
    {
        // Only at the buffer's very end there are less than eight bytes.
        int room = buffer.Length - at - sizeof(uint);
        if (at < 0 || room < sizeof(uint))
        {
            return Of(buffer.AsSpan(at + sizeof(uint), BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at))));
        }

        ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), at);
        ulong head = Read(ref start);
        int length = (int)head;
        if (length < sizeof(uint))
        {
            return new TextKey(head & (ulong.MaxValue >> (8 * (sizeof(uint) - length))), 0);
        }

        if (length > room)
        {
            throw new ArgumentOutOfRangeException(nameof(at));
        }

        return new TextKey(head, Read(ref Unsafe.Add(ref start, length - sizeof(uint))));
    }

    public static TextKey Of(ReadOnlySpan<byte> text)
    {
        ulong head = (uint)text.Length;
        if (text.Length < sizeof(uint))
        {
            for (int i = 0; i < text.Length; i++)
            {
                head |= (ulong)text[i] << (8 * (sizeof(uint) + i));
            }

            return new TextKey(head, 0);
        }

        head |= (ulong)BinaryPrimitives.ReadUInt32LittleEndian(text) << 32;
        return new TextKey(head, text.Length >= sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..])
            : (uint)(head >> (8 * (text.Length - sizeof(uint)))) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]) << 32));
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

            foreach (byte next in text)
            {
                hash = Mix(hash, next);
            }
        }

        // A product's low bits know nothing of the last bytes, which are the ones in which ids mostly differ.
        return (uint)((hash ^ (hash >> 32)) * Multiplier >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ref byte at)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    private static ulong Mix(ulong hash, ulong word) => (BitOperations.RotateLeft(hash, 23) ^ word) * Multiplier;
}
