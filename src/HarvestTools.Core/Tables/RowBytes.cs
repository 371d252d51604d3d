using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// Appends rows in the canonical row form: fixed little-endian widths, texts as length and bytes, a flag byte before every
/// nullable value. The texts that neighbours mostly have in common, which are the longest, are written in full only where they
/// change. So a row's bytes follow from its values and those of the row before it in its episode, and the same form serves
/// the row log and the row hash.
/// </summary>
internal sealed class RowWriter
{
    /// <summary>In the place of a text's length: the text is that of the row before.</summary>
    public const int SameText = -2;

    private byte[] _buffer = new byte[4096];
    private bool _sharesTexts;
    private int _start;
    private int _medium;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Begins a row with room for its header (<see cref="RowHeader"/>).</summary>
    /// <param name="sharesTexts">Its shared texts are those of the row that was written before it, and left out.</param>
    public void BeginRow(bool sharesTexts)
    {
        _sharesTexts = sharesTexts;
        Take(RowHeader.Size(sharesTexts));
        _start = Length;
        _medium = -1;
    }

    /// <summary>Ends the row and fills in its header.</summary>
    public void EndRow()
    {
        int length = Length - _start;
        Span<byte> header = _buffer.AsSpan(_start - RowHeader.Size(_sharesTexts));
        RowHeader.Write(header, length, _sharesTexts, _medium < 0 ? -1 : _medium - _start);
    }

    /// <summary>Appends one of the texts that neighbours mostly have in common.</summary>
    public void WriteShared(Utf8Text text)
    {
        if (_sharesTexts)
        {
            Write(SameText);
            return;
        }

        Write(text);
    }

    /// <summary>Appends the texts of the medium, which follow each other and are shared both or neither.</summary>
    public void WriteMedium(Utf8Text link, Utf8Text tag)
    {
        _medium = Length;
        WriteShared(link);
        WriteShared(tag);
    }

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Write(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(sizeof(double)), value);

    public void Write(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    public void Write(long? value)
    {
        if (!value.HasValue)
        {
            Write(false);
            return;
        }

        Span<byte> room = Take(1 + sizeof(long));
        room[0] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(room[1..], value.GetValueOrDefault());
    }

    public void Write(int? value)
    {
        if (!value.HasValue)
        {
            Write(false);
            return;
        }

        Span<byte> room = Take(1 + sizeof(int));
        room[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(room[1..], value.GetValueOrDefault());
    }

    public void Write(double? value)
    {
        if (!value.HasValue)
        {
            Write(false);
            return;
        }

        Span<byte> room = Take(1 + sizeof(double));
        room[0] = 1;
        BinaryPrimitives.WriteDoubleLittleEndian(room[1..], value.GetValueOrDefault());
    }

    public void Write(Utf8Text text)
    {
        ReadOnlySpan<byte> bytes = text.Span;
        Span<byte> room = Take(sizeof(int) + bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(room, text.IsAbsent ? -1 : bytes.Length);
        bytes.CopyTo(room[sizeof(int)..]);
    }

    public void Write(DoubleList list) => Write(list.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Grow(count);
        }

        Span<byte> room = _buffer.AsSpan(Length, count);
        Length += count;
        return room;
    }

    private void Grow(int count) => Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
}

/// <summary>Reads what <see cref="RowWriter"/> wrote, row after row; texts point into the buffer.</summary>
internal struct RowReader(byte[] buffer, int position)
{
    private readonly byte[] _buffer = buffer;
    private SharedTexts _shared;

    public int Position { get; set; } = position;

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

    /// <summary>Reads one of the texts that a row may share with the one before, which was read by this reader.</summary>
    public Utf8Text ReadShared(int which)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(Position)) == RowWriter.SameText)
        {
            Position += sizeof(int);
        }
        else
        {
            _shared[which] = ReadText();
        }

        return _shared[which];
    }

    /// <summary>The length of two texts that follow each other, as they were written.</summary>
    public static int TwoTexts(ReadOnlySpan<byte> texts)
    {
        int first = TextBytes(texts);
        return first + TextBytes(texts[first..]);
    }

    private static int TextBytes(ReadOnlySpan<byte> text) => sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(text));

    /// <summary>Passes a text, or the mark in the place of one that is shared.</summary>
    public void SkipText() => Position += TextBytes(_buffer.AsSpan(Position));

    /// <summary>Passes a row's header.</summary>
    public void SkipHeader() => Position += RowHeader.Read(_buffer.AsSpan(Position)).HeaderBytes;

    public DoubleList ReadList() => new(ReadText());

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _buffer.AsSpan(Position, count);
        Position += count;
        return taken;
    }

    [InlineArray(CommonColumns.SharedTexts)]
    private struct SharedTexts
    {
        private Utf8Text _first;
    }
}
