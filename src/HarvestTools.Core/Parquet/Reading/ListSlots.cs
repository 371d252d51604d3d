namespace HarvestTools.Parquet.Reading;

/// <summary>The lists of one column of a row group, their elements one after another in one array that is used again.</summary>
internal sealed class ListSlots : IDisposable
{
    private readonly ColumnSlots<int> _starts = new();
    private readonly ColumnSlots<double> _elements = new();
    private readonly ColumnSlots<int> _definitions = new();
    private readonly ColumnSlots<int> _repetitions = new();
    private Memory<double> _all;

    /// <summary>A row's list.</summary>
    public ReadOnlySpan<double> this[int row] => _all.Span[_starts[row].._starts[row + 1]];

    /// <summary>Room for what a chunk has, whatever was in it before.</summary>
    public (Memory<double> Elements, Memory<int> Definitions, Memory<int> Repetitions) Room(int slots)
    {
        _all = _elements.Room(slots);
        return (_all, _definitions.Room(slots), _repetitions.Room(slots));
    }

    /// <summary>Finds where each row's list begins in what was read.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="slots">How many slots were read.</param>
    /// <returns>False where the levels are not those of so many lists.</returns>
    public bool TryDivide(int rows, int slots)
    {
        Span<int> starts = _starts.Room(rows + 1).Span;
        int row = 0;
        int element = 0;
        for (int slot = 0; slot < slots; slot++)
        {
            bool hasElement = _definitions[slot] == 1;
            if (_repetitions[slot] == 0)
            {
                if (row == rows)
                {
                    return false;
                }

                starts[row++] = element;
            }
            else if (row == 0 || !hasElement || _definitions[slot - 1] == 0)
            {
                // A list without elements is one slot: nothing continues it, and none is within another.
                return false;
            }

            element += hasElement ? 1 : 0;
        }

        starts[rows] = element;
        return row == rows;
    }

    /// <summary>Makes this the column of a single row.</summary>
    public void SetOnly(ReadOnlySpan<double> list)
    {
        _all = _elements.Room(list.Length);
        list.CopyTo(_all.Span);
        Span<int> starts = _starts.Room(2).Span;
        (starts[0], starts[1]) = (0, list.Length);
    }

    /// <summary>Gives the arrays back.</summary>
    public void Dispose()
    {
        _all = default;
        _starts.Dispose();
        _elements.Dispose();
        _definitions.Dispose();
        _repetitions.Dispose();
    }
}
