namespace HarvestTools.Work;

/// <summary>
/// The rows of several lists in ascending order of their first number, those that have it in common at once: of lists that are
/// each ascending themselves (<see cref="PackedNumbers.IsAscending"/>), and without taking them out of their packing.
/// </summary>
internal sealed class PackedGroups
{
    private readonly PackedNumbers.Reader?[] _readers;
    private readonly List<int> _lists = [];
    private readonly List<long[]> _rows = [];

    public PackedGroups(IReadOnlyList<PackedNumbers> lists)
    {
        _readers = new PackedNumbers.Reader?[lists.Count];
        for (int i = 0; i < _readers.Length; i++)
        {
            PackedNumbers.Reader reader = lists[i].Read();
            _readers[i] = reader.Next() ? reader : null;
        }
    }

    /// <summary>How many rows the group has.</summary>
    public int Count { get; private set; }

    /// <summary>A row of the group, until the next one.</summary>
    public ReadOnlySpan<long> this[int row] => _rows[row];

    /// <summary>Which list a row of the group is from.</summary>
    public int ListOf(int row) => _lists[row];

    /// <summary>Goes on to the next group; false after the last.</summary>
    public bool Next()
    {
        Count = 0;
        _lists.Clear();
        long? least = null;
        foreach (PackedNumbers.Reader? reader in _readers)
        {
            if (reader is not null && (least is null || reader.Row[0] < least))
            {
                least = reader.Row[0];
            }
        }

        for (int i = 0; i < _readers.Length; i++)
        {
            while (_readers[i] is { } reader && reader.Row[0] == least)
            {
                Add(i, reader.Row);
                if (!reader.Next())
                {
                    _readers[i] = null;
                }
            }
        }

        return Count > 0;
    }

    private void Add(int list, ReadOnlySpan<long> row)
    {
        if (Count == _rows.Count)
        {
            _rows.Add(new long[row.Length]);
        }

        row.CopyTo(_rows[Count++]);
        _lists.Add(list);
    }
}
