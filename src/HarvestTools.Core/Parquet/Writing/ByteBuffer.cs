using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <summary>Bytes that grow, written at their end; outside of the collector's heap (<see cref="NativeBlock"/>).</summary>
internal sealed class ByteBuffer : IDisposable
{
    /// <summary>Up to here the room is doubled; more takes a quarter more.</summary>
    private const int DoubledBytes = 1024 * 1024;

    private NativeBlock? _block;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _block is null ? default : _block.Span[..Length];

    private int Room => _block?.Length ?? 0;

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    /// <summary>
    /// Makes room for what will probably be written, at once instead of step by step; each step may copy what there is.
    /// </summary>
    public void Expect(long count)
    {
        // A little more than there is costs one step at most, and perhaps none.
        if (Room - Length < count - (count / 4))
        {
            Resize(Length + count);
        }
    }

    /// <summary>Makes room for at least <paramref name="count"/> bytes at the end; <see cref="Advance"/> takes them.</summary>
    public Span<byte> GetSpan(int count)
    {
        if (_block is null || _block.Length - Length < count)
        {
            Grow(count);
        }

        return _block!.Span[Length..];
    }

    public void Advance(int count) => Length += count;

    public Span<byte> Take(int count)
    {
        Span<byte> span = GetSpan(count)[..count];
        Length += count;
        return span;
    }

    public void WriteByte(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void PatchInt32(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_block!.Span[offset..], value);

    /// <summary>Unsigned LEB128, at most ten bytes.</summary>
    public void WriteVarint(ulong value)
    {
        Span<byte> span = GetSpan(10);
        int count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        Length += count;
    }

    public void WriteZigZag(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    public void Dispose()
    {
        _block?.Dispose();
        _block = null;
        Length = 0;
    }

    private void Grow(int count)
    {
        long needed = (long)Length + count;
        long wanted = Math.Max(Math.Max(needed, 256), 2L * Room);
        Resize(wanted <= DoubledBytes ? wanted : Math.Max(needed, Math.Min(Room + (Room / 4L), Array.MaxLength)));
    }

    private void Resize(long wanted)
    {
        int bytes = checked((int)wanted);
        if (_block is null)
        {
            _block = new NativeBlock(bytes);
        }
        else
        {
            _block.Resize(bytes);
        }
    }
}
