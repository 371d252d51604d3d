using System.Buffers;
using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <summary>A growing byte array from the shared pool, written at its end.</summary>
internal sealed class ByteBuffer : IDisposable
{
    /// <summary>The largest array that is taken from the pool.</summary>
    private const int PooledBytes = 1024 * 1024;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    /// <summary>
    /// Makes room for what will probably be written, at once instead of step by step; each step leaves an array behind.
    /// </summary>
    public void Expect(long count)
    {
        // A little more than there is costs one step at most, and perhaps none.
        if (_bytes.Length - Length < count - (count / 4))
        {
            Resize(Length + count);
        }
    }

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
        Return();
        _bytes = [];
        Length = 0;
    }

    private void Grow(int count)
    {
        long needed = (long)Length + count;
        long wanted = Math.Max(Math.Max(needed, 256), 2L * _bytes.Length);
        Resize(wanted <= PooledBytes ? wanted : Math.Max(needed, Math.Min(_bytes.Length + (_bytes.Length / 4L), Array.MaxLength)));
    }

    private void Resize(long wanted)
    {
        // The pool deals in powers of two and keeps what is outgrown: of ten megabytes it would make thirty.
        byte[] larger = wanted <= PooledBytes
            ? ArrayPool<byte>.Shared.Rent((int)wanted)
            : GC.AllocateUninitializedArray<byte>(checked((int)wanted));
        Span.CopyTo(larger);
        Return();
        _bytes = larger;
    }

    private void Return()
    {
        if (_bytes.Length is > 0 and <= PooledBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
