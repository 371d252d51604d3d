using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>Reads what <see cref="RowWriter"/> wrote, row after row; texts point into the buffer.</summary>
internal struct RowReader(byte[] buffer, int position)
{
    private readonly byte[] _buffer = buffer;
    private SharedTexts _shared;

    /// <summary>Reads a row that leaves its shared texts out.</summary>
    public RowReader(byte[] buffer, int position, in RowTexts texts)
        : this(buffer, position)
    {
        _shared[0] = texts.TaskSubdir;
        _shared[1] = texts.Episode;
        _shared[2] = texts.Media;
        _shared[3] = texts.ToName;
    }

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
