using System.Buffers.Binary;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// Appends a row's values in the canonical row form: fixed little-endian widths, texts as length and bytes,
/// a flag byte before every nullable value. Two rows have equal values exactly if they have equal bytes, so the same
/// form serves the row log, the row hash and the comparison of rows.
/// </summary>
internal sealed class RowWriter
{
    private byte[] _buffer = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void PatchInt32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(at), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Write(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(sizeof(double)), value);

    public void Write(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    public void Write(long? value)
    {
        Write(value.HasValue);
        if (value.HasValue)
        {
            Write(value.GetValueOrDefault());
        }
    }

    public void Write(int? value)
    {
        Write(value.HasValue);
        if (value.HasValue)
        {
            Write(value.GetValueOrDefault());
        }
    }

    public void Write(double? value)
    {
        Write(value.HasValue);
        if (value.HasValue)
        {
            Write(value.GetValueOrDefault());
        }
    }

    public void Write(Utf8Text text)
    {
        Span<byte> room = Take(sizeof(int) + text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(room, text.IsAbsent ? -1 : text.Length);
        text.Span.CopyTo(room[sizeof(int)..]);
    }

    public void Write(DoubleList list) => Write(list.Bytes);

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        Span<byte> room = _buffer.AsSpan(Length, count);
        Length += count;
        return room;
    }
}

/// <summary>Reads what <see cref="RowWriter"/> wrote; texts point into the buffer.</summary>
internal struct RowReader(byte[] buffer, int position)
{
    private readonly byte[] _buffer = buffer;

    public int Position { get; private set; } = position;

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public bool ReadBoolean() => Take(1)[0] != 0;

    public long? ReadNullableInt64() => ReadBoolean() ? ReadInt64() : null;

    public int? ReadNullableInt32() => ReadBoolean() ? ReadInt32() : null;

    public double? ReadNullableDouble() => ReadBoolean() ? ReadDouble() : null;

    public Utf8Text ReadText()
    {
        int length = ReadInt32();
        if (length < 0)
        {
            return default;
        }

        var text = new Utf8Text(_buffer, Position, length);
        Position += length;
        return text;
    }

    public DoubleList ReadList() => new(ReadText());

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _buffer.AsSpan(Position, count);
        Position += count;
        return taken;
    }
}
