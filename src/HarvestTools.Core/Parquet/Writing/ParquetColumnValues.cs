namespace HarvestTools.Parquet.Writing;

/// <summary>
/// One column of the row group that was read last, addressed by row. A text stays valid until the next row group is
/// read into the same object.
/// </summary>
internal sealed class ParquetColumnValues
{
    private long[] _numbers = [];
    private int[] _textStarts = [];
    private int[] _textLengths = [];
    private byte[] _levels = [];
    private byte[] _text = [];
    private int _textUsed;
    private int _rows;

    public bool IsNull(int row) => _levels[Checked(row)] == 0;

    /// <summary>Of an Int64 column; 0 for a null.</summary>
    public long GetInt64(int row) => _numbers[Checked(row)];

    /// <summary>Of an Int32 column; 0 for a null.</summary>
    public int GetInt32(int row) => (int)_numbers[Checked(row)];

    /// <summary>Of a Double column, with the bits that were written; 0 for a null.</summary>
    public double GetDouble(int row) => BitConverter.Int64BitsToDouble(_numbers[Checked(row)]);

    /// <summary>Of a Boolean column; false for a null.</summary>
    public bool GetBoolean(int row) => _numbers[Checked(row)] != 0;

    /// <summary>Of a Utf8 column; empty for a null.</summary>
    public ReadOnlySpan<byte> GetText(int row) => _text.AsSpan(_textStarts[Checked(row)], _textLengths[row]);

    internal Span<byte> Levels => _levels.AsSpan(0, _rows);

    internal Span<long> Numbers => _numbers.AsSpan(0, _rows);

    internal Span<int> TextStarts => _textStarts.AsSpan(0, _rows);

    internal Span<int> TextLengths => _textLengths.AsSpan(0, _rows);

    /// <summary>Makes room for a row group; every row then holds a value, and its value is zero or an empty text.</summary>
    internal void Reset(ParquetType type, int rows)
    {
        _rows = rows;
        _textUsed = 0;
        Require(ref _levels, rows);
        Levels.Fill(1);
        if (type == ParquetType.Utf8)
        {
            Require(ref _textStarts, rows);
            Require(ref _textLengths, rows);
            TextStarts.Clear();
            TextLengths.Clear();
        }
        else
        {
            Require(ref _numbers, rows);
            Numbers.Clear();
        }
    }

    /// <summary>Keeps a copy of texts and gives where it begins.</summary>
    internal int AddText(ReadOnlySpan<byte> text)
    {
        int start = _textUsed;
        int used = checked(start + text.Length);
        if (used > _text.Length)
        {
            Array.Resize(ref _text, (int)Math.Clamp(used * 2L, 256, Array.MaxLength));
        }

        text.CopyTo(_text.AsSpan(start));
        _textUsed = used;
        return start;
    }

    /// <summary>Makes this the column of a single row, which is copied from another column of the same type.</summary>
    internal void CopyRow(ParquetColumnValues from, int row, ParquetType type)
    {
        Reset(type, 1);
        _levels[0] = from._levels[from.Checked(row)];
        if (type == ParquetType.Utf8)
        {
            ReadOnlySpan<byte> text = from.GetText(row);
            _textStarts[0] = AddText(text);
            _textLengths[0] = text.Length;
        }
        else
        {
            _numbers[0] = from._numbers[row];
        }
    }

    private static void Require<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }

    private int Checked(int row) =>
        (uint)row < (uint)_rows ? row : throw new ArgumentOutOfRangeException(nameof(row), row, "No such row in the row group.");
}

/// <summary>The columns of one row group, in the schema's order; reused from group to group.</summary>
internal sealed class ParquetRowGroup
{
    public int Rows { get; internal set; }

    public ParquetColumnValues[] Columns { get; internal set; } = [];
}
