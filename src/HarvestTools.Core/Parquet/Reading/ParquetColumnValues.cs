using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>One column of the row group that was read last, addressed by row.</summary>
internal sealed class ParquetColumnValues
{
    private int[] _levels = [];
    private bool _nullable;
    private int _rows;

    public bool IsNull(int row)
    {
        int at = Checked(row);
        return _nullable && _levels[at] == 0;
    }

    /// <summary>Of an Int64 column; 0 for a null.</summary>
    public long GetInt64(int row) => Int64s[Checked(row)];

    /// <summary>Of an Int32 column; 0 for a null.</summary>
    public int GetInt32(int row) => Int32s[Checked(row)];

    /// <summary>Of a Double column, with the bits that were written; 0 for a null.</summary>
    public double GetDouble(int row) => Doubles[Checked(row)];

    /// <summary>Of a Boolean column; false for a null.</summary>
    public bool GetBoolean(int row) => Booleans[Checked(row)];

    /// <summary>Of a Utf8 column, its bytes; empty for a null.</summary>
    public ReadOnlySpan<byte> GetText(int row) => Texts[Checked(row)].Span;

    // The column's type says which one of these holds its values.
    internal ColumnSlots<long> Int64s { get; } = new();

    internal ColumnSlots<int> Int32s { get; } = new();

    internal ColumnSlots<double> Doubles { get; } = new();

    internal ColumnSlots<bool> Booleans { get; } = new();

    internal ColumnSlots<ReadOnlyMemory<byte>> Texts { get; } = new();

    // A bare null would be converted as an array is, to a buffer without room.
    /// <summary>1 for each row that holds a value, 0 for a null; null where the column has no nulls.</summary>
    internal Memory<int>? Levels => _nullable ? _levels.AsMemory(0, _rows) : default(Memory<int>?);

    /// <summary>Makes room for the levels of a row group.</summary>
    internal void Reset(bool nullable, int rows)
    {
        _rows = rows;
        _nullable = nullable;
        if (nullable && _levels.Length < rows)
        {
            _levels = new int[rows];
        }
    }

    /// <summary>Makes this the column of a single row, which is copied from another column of the same type.</summary>
    internal void CopyRow(ParquetColumnValues from, int row, ParquetType type)
    {
        Reset(from._nullable, 1);
        if (_nullable)
        {
            _levels[0] = from._levels[from.Checked(row)];
        }

        switch (type)
        {
            case ParquetType.Boolean:
                Booleans.SetOnly(from.GetBoolean(row));
                break;
            case ParquetType.Int32:
                Int32s.SetOnly(from.GetInt32(row));
                break;
            case ParquetType.Int64:
                Int64s.SetOnly(from.GetInt64(row));
                break;
            case ParquetType.Double:
                Doubles.SetOnly(from.GetDouble(row));
                break;
            default:
                // A text's bytes are its own and outlive the row group.
                Texts.SetOnly(from.Texts[from.Checked(row)]);
                break;
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
