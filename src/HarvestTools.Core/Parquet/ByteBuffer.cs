using System.Buffers;
using System.Buffers.Binary;

namespace HarvestTools.Parquet;

/// <summary>A growing byte array from the shared pool, written at its end.</summary>
internal sealed class ByteBuffer : IDisposable
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    /// <summary>Makes room for at least <paramref name="count"/> bytes at the end; <see cref="Advance"/> takes them.</summary>
    public Span<byte> GetSpan(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(Length);
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
        if (Length == _bytes.Length)
        {
            Grow(1);
        }

        _bytes[Length++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void PatchInt32(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(offset), value);

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
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        Length = 0;
    }

    private void Grow(int count)
    {
        long wanted = Math.Max(Math.Max((long)Length + count, 256), Math.Min(2L * _bytes.Length, Array.MaxLength));
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked((int)wanted));
        Span.CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
