using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HarvestTools.Strings;

namespace HarvestTools.Json;

/// <summary>
/// A byte buffer that grows and is reused: after the first tasks of an export, appending allocates nothing.
/// Not thread-safe.
/// </summary>
internal sealed class ByteWriter(int capacity = 256)
{
    /// <summary>A buffer grown beyond this by one huge value is not kept for the next.</summary>
    private const int KeptBytes = 8 * 1024 * 1024;

    private byte[] _bytes = new byte[capacity];

    /// <summary>How many bytes are written. May be set back to drop what was written last.</summary>
    public int Length { get; set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[capacity];
        }
    }

    /// <summary>Room for at least <paramref name="count"/> more bytes; what is used of it is given to <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte value)
    {
        byte[] bytes = _bytes;
        int length = Length;
        if ((uint)length < (uint)bytes.Length)
        {
            bytes[length] = value;
            Length = length + 1;
        }
        else
        {
            Grow(1);
            _bytes[Length++] = value;
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> room = Reserve(bytes.Length);
        if (bytes.Length <= Vector128<byte>.Count && room.Length >= Vector128<byte>.Count)
        {
            // Most texts are short: two fixed moves, which may overlap, instead of a call that looks for the best way.
            CopyShort(bytes, room);
        }
        else
        {
            bytes.CopyTo(room);
        }

        Length += bytes.Length;
    }

    public void Add(long value)
    {
        if (!System.Buffers.Text.Utf8Formatter.TryFormat(value, Reserve(20), out int written))
        {
            throw new InvalidOperationException("20 bytes hold every 64-bit integer");
        }

        Length += written;
    }

    /// <summary>What is written, where it is: valid until something is added or cleared.</summary>
    public Utf8Text AsText() => new(_bytes, 0, Length);

    public byte[] ToArray() => Written.ToArray();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyShort(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int length = from.Length;
        if (length >= sizeof(ulong))
        {
            ulong head = MemoryMarshal.Read<ulong>(from);
            ulong tail = MemoryMarshal.Read<ulong>(from[(length - sizeof(ulong))..]);
            MemoryMarshal.Write(to, head);
            MemoryMarshal.Write(to[(length - sizeof(ulong))..], tail);
        }
        else if (length >= sizeof(uint))
        {
            uint head = MemoryMarshal.Read<uint>(from);
            uint tail = MemoryMarshal.Read<uint>(from[(length - sizeof(uint))..]);
            MemoryMarshal.Write(to, head);
            MemoryMarshal.Write(to[(length - sizeof(uint))..], tail);
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                to[i] = from[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        // Doubling is for small buffers: a huge one would take twice what it needs.
        int more = _bytes.Length > KeptBytes ? _bytes.Length / 8 : _bytes.Length;
        Array.Resize(ref _bytes, checked(Length + Math.Max(count, more)));
    }
}
