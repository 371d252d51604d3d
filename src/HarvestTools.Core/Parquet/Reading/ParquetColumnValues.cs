using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// One column of the row group that was read last, addressed by row. A text is valid until the next row group is read into the
/// same object.
/// </summary>
internal sealed class ParquetColumnValues : IDisposable
{
    private readonly ColumnSlots<int> _levels = new();
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
    public double GetDouble(int row) => BitConverter.Int64BitsToDouble(Int64s[Checked(row)]);

    /// <summary>Of a Boolean column; false for a null.</summary>
    public bool GetBoolean(int row) => Booleans[Checked(row)];

    /// <summary>Of a Utf8 column, its bytes; empty for a null.</summary>
    public ReadOnlySpan<byte> GetText(int row) => Texts[Checked(row)];

    /// <summary>Of a column of lists, valid until the next row group is read.</summary>
    public ReadOnlySpan<double> GetList(int row) => Lists[Checked(row)];

    // The column's type says which one of these has its values; doubles are among the numbers of 64 bits, as their bits.
    internal ColumnSlots<long> Int64s { get; } = new();

    internal ColumnSlots<int> Int32s { get; } = new();

    internal ColumnSlots<bool> Booleans { get; } = new();

    internal TextSlots Texts { get; } = new();

    internal ListSlots Lists { get; } = new();

    // A bare null would be converted as an array is, to a buffer without room.
    /// <summary>1 for each row that holds a value, 0 for a null; null where the column has no nulls.</summary>
    internal Memory<int>? Levels => _nullable ? _levels.Room(_rows) : default(Memory<int>?);

    /// <summary>Begins a row group.</summary>
    internal void Reset(bool nullable, int rows)
    {
        _rows = rows;
        _nullable = nullable;
    }

    /// <summary>Gives the arrays back; nothing is valid any more.</summary>
    public void Dispose()
    {
        _rows = 0;
        _levels.Dispose();
        Int64s.Dispose();
        Int32s.Dispose();
        Booleans.Dispose();
        Texts.Dispose();
        Lists.Dispose();
    }

    /// <summary>Makes this the column of a single row, which is copied from another column of the same type.</summary>
    internal void CopyRow(ParquetColumnValues from, int row, ParquetType type)
    {
        Reset(from._nullable, 1);
        if (_nullable)
        {
            _levels.SetOnly(from._levels[from.Checked(row)]);
        }

        switch (type)
        {
            case ParquetType.Boolean:
                Booleans.SetOnly(from.GetBoolean(row));
                break;
            case ParquetType.Int32:
                Int32s.SetOnly(from.GetInt32(row));
                break;
            case ParquetType.Int64 or ParquetType.Double:
                Int64s.SetOnly(from.GetInt64(row));
                break;
            case ParquetType.DoubleList:
                Lists.SetOnly(from.GetList(row));
                break;
            default:
                Texts.SetOnly(from.GetText(row));
                break;
        }
    }

    private int Checked(int row) =>
        (uint)row < (uint)_rows ? row : throw new ArgumentOutOfRangeException(nameof(row), row, "No such row in the row group.");
}

/// <summary>The columns of one row group, in the schema's order; reused from group to group.</summary>
internal sealed class ParquetRowGroup : IDisposable
{
    public int Rows { get; internal set; }

    public ParquetColumnValues[] Columns { get; internal set; } = [];

    /// <summary>Gives the columns' arrays back; nothing is valid any more.</summary>
    public void Dispose()
    {
        foreach (ParquetColumnValues column in Columns)
        {
            column.Dispose();
        }
    }
}
