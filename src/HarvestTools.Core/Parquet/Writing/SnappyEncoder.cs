using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Compresses to the raw Snappy format (google/snappy, format_description.txt): greedy, one pass, a hash table of
/// four-byte sequences for each block of 64 KiB. The output depends on the input alone: no random seed, no
/// dependence on byte order or on what the processor can do, and the same on every release.
/// Not thread-safe: one encoder a thread.
/// </summary>
internal sealed class SnappyEncoder
{
    private const int BlockBytes = 64 * 1024;
    private const int TableBitsMax = 14;
    private const int TableBitsMin = 8;

    // Matches are not searched so close to a block's end, so that eight bytes can always be read at a candidate.
    private const int Margin = 15;

    private readonly ushort[] _table = new ushort[1 << TableBitsMax];

    /// <summary>The most bytes that <paramref name="length"/> bytes can become.</summary>
    /// <exception cref="OverflowException">More than an array can hold.</exception>
    public static int MaxCompressedLength(int length) => checked(32 + length + (length / 6));

    /// <summary>Compresses into <paramref name="destination"/> and gives the number of bytes written.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxCompressedLength"/>.</exception>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        TryCompress(source, destination, out int written)
            ? written
            : throw new ArgumentException("The destination must hold MaxCompressedLength bytes.", nameof(destination));

    /// <summary>False, with nothing written, where the destination is shorter than <see cref="MaxCompressedLength"/>.</summary>
    public bool TryCompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < MaxCompressedLength(source.Length))
        {
            return false;
        }

        uint length = (uint)source.Length;
        while (length >= 0x80)
        {
            destination[written++] = (byte)(length | 0x80);
            length >>= 7;
        }

        destination[written++] = (byte)length;
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(BlockBytes, source.Length)];
            written += CompressBlock(block, destination[written..]);
            source = source[block.Length..];
        }

        return true;
    }

    private int CompressBlock(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        if (block.Length < Margin + 4)
        {
            return EmitLiteral(block, destination);
        }

        // A small block needs a small table only, which costs less to clear.
        int bits = Math.Clamp(BitOperations.Log2((uint)block.Length - 1) + 1, TableBitsMin, TableBitsMax);
        int shift = 32 - bits;
        Span<ushort> slots = _table.AsSpan(0, 1 << bits);
        slots.Clear();

        // Not checked at each look: a position is more than four bytes before the block's end, a candidate before it, and a hash has
        // as many bits as the table.
        ref ushort table = ref MemoryMarshal.GetReference(slots);
        ref byte start = ref MemoryMarshal.GetReference(block);
        int written = 0;
        int literal = 0;
        int position = 1;
        int limit = block.Length - Margin;

        // Where nothing matches, steps grow: every 32 misses add one byte, so incompressible data passes quickly.
        uint misses = 32;
        while (position < limit)
        {
            uint sequence = Read(ref start, position);
            ref ushort slot = ref Slot(ref table, sequence, shift);
            int candidate = slot;
            slot = (ushort)position;

            // A slot never written says 0, and so does one that holds the first position: comparing the bytes tells.
            if (candidate >= position || Read(ref start, candidate) != sequence)
            {
                position += (int)(misses++ >> 5);
                continue;
            }

            if (literal < position)
            {
                written += EmitLiteral(block[literal..position], destination[written..]);
            }

            int matched = 4 + CommonLength(block, candidate + 4, position + 4);
            written += EmitCopy(position - candidate, matched, destination[written..]);
            position += matched;
            literal = position;
            misses = 32;
            if (position < limit)
            {
                // The last position of the match is a likely start of the next one.
                Slot(ref table, Read(ref start, position - 1), shift) = (ushort)(position - 1);
            }
        }

        return literal < block.Length ? written + EmitLiteral(block[literal..], destination[written..]) : written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Read(ref byte start, int at)
    {
        uint value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Slot(ref ushort table, uint sequence, int shift) => ref Unsafe.Add(ref table, (int)((sequence * 0x1E35A7BD) >> shift));

    private static int CommonLength(ReadOnlySpan<byte> block, int left, int right)
    {
        int start = right;
        while (right <= block.Length - sizeof(ulong))
        {
            ulong difference = BinaryPrimitives.ReadUInt64LittleEndian(block[left..]) ^ BinaryPrimitives.ReadUInt64LittleEndian(block[right..]);
            if (difference != 0)
            {
                return right - start + (BitOperations.TrailingZeroCount(difference) >> 3);
            }

            left += sizeof(ulong);
            right += sizeof(ulong);
        }

        while (right < block.Length && block[left] == block[right])
        {
            left++;
            right++;
        }

        return right - start;
    }

    private static int EmitLiteral(ReadOnlySpan<byte> literal, Span<byte> destination)
    {
        int length = literal.Length - 1;
        int header;
        if (length < 60)
        {
            destination[0] = (byte)(length << 2);
            header = 1;
        }
        else if (length < 256)
        {
            destination[0] = 60 << 2;
            destination[1] = (byte)length;
            header = 2;
        }
        else
        {
            destination[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)length);
            header = 3;
        }

        literal.CopyTo(destination[header..]);
        return header + literal.Length;
    }

    private static int EmitCopy(int offset, int length, Span<byte> destination)
    {
        int written = 0;

        // A copy holds at most 64 bytes; what is left over must be at least 4 to be able to take the short form.
        while (length >= 68)
        {
            written += EmitLongCopy(offset, 64, destination[written..]);
            length -= 64;
        }

        if (length > 64)
        {
            written += EmitLongCopy(offset, 60, destination[written..]);
            length -= 60;
        }

        if (length < 12 && offset < 2048)
        {
            destination[written] = (byte)(1 | ((length - 4) << 2) | ((offset >> 8) << 5));
            destination[written + 1] = (byte)offset;
            return written + 2;
        }

        return written + EmitLongCopy(offset, length, destination[written..]);
    }

    private static int EmitLongCopy(int offset, int length, Span<byte> destination)
    {
        destination[0] = (byte)(2 | ((length - 1) << 2));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)offset);
        return 3;
    }
}
