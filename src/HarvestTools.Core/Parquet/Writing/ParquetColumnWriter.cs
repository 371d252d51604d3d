namespace HarvestTools.Parquet.Writing;

/// <summary>
/// The values of one column in the row group under way. One value or null a row, of the column's own type, or of a column of
/// lists any number; memory grows with the rows.
/// </summary>
internal sealed partial class ParquetColumnWriter : IDisposable
{
    private readonly RowGroupBudget _budget;
    private readonly ColumnArrays _arrays;
    private readonly TextDictionary? _dictionary;
    private readonly TextPieces? _text;
    private ColumnArray<long> _numbers;
    private ColumnArray<int> _indices;
    private ColumnArray<byte> _levels;
    private ColumnArray<int> _lengths;
    private bool _hasDictionary;
    private int _emptyLists;

    public ParquetColumnWriter(ParquetColumn column, ParquetLayout layout, RowGroupBudget budget, ColumnArrays arrays)
    {
        _arrays = arrays;
        Column = column;
        Layout = layout;
        _budget = budget;
        if (column.Type == ParquetType.Utf8)
        {
            _dictionary = new TextDictionary(layout);
            _text = new TextPieces(arrays);
            _hasDictionary = MayHaveDictionary;
        }
    }

    public ParquetColumn Column { get; }

    /// <summary>How the column is encoded.</summary>
    public ParquetLayout Layout { get; }

    /// <summary>Rows appended to the row group under way, nulls included.</summary>
    public int Rows { get; private set; }

    /// <summary>Values appended to the row group under way, nulls left out; of lists their elements.</summary>
    public int Count { get; private set; }

    /// <summary>What pages count: a row each, but of a list each element, and one for a list without any.</summary>
    public int Slots => IsList ? Count + _emptyLists : Rows;

    /// <summary>Whether a row has a list of values.</summary>
    public bool IsList => Column.Type == ParquetType.DoubleList;

    /// <summary>Of a column of lists how many elements each row has.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Rows);

    /// <summary>The values of a column of numbers: integers sign-extended, doubles as bits, booleans as 0 and 1.</summary>
    public ReadOnlySpan<long> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>The values' dictionary indices, or, where <see cref="Dictionary"/> is null, the texts' lengths.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, Count);

    /// <summary>Null where the texts do not repeat enough.</summary>
    public TextDictionary? Dictionary => _hasDictionary ? _dictionary : null;

    /// <summary>The texts one after the other, where there is no dictionary.</summary>
    public TextPieces Text => _text ?? throw new InvalidOperationException($"Column {Column.Name} holds no texts.");

    /// <summary>Bytes of all the values' texts, repetitions included, or of all elements of lists.</summary>
    public long TextBytes { get; private set; }

    /// <summary>A byte a row: 1 for a value, 0 for a null. Empty in a column that holds no null.</summary>
    public ReadOnlySpan<byte> Levels => Count == Rows ? default : _levels.AsSpan(0, Rows);

    private bool MayHaveDictionary => Layout.TextEncodings.Contains(ParquetEncoding.RleDictionary);

    public void Append(long value)
    {
        Require(ParquetType.Int64);
        AppendNumber(value);
    }

    public void Append(int value)
    {
        Require(ParquetType.Int32);
        AppendNumber(value);
    }

    public void Append(double value)
    {
        Require(ParquetType.Double);
        AppendNumber(BitConverter.DoubleToInt64Bits(value));
    }

    public void Append(bool value)
    {
        Require(ParquetType.Boolean);
        AppendNumber(value ? 1 : 0);
    }

    /// <param name="utf8">Well-formed UTF-8; the bytes are written as they are.</param>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        Require(ParquetType.Utf8);
        Reserve(ref _indices, Count, 1);
        if (Count != Rows)
        {
            AppendLevel(1);
        }

        AppendIndexOf(utf8);
        TextBytes += utf8.Length;
        Rows++;
    }

    /// <summary>Appends a text without its level or its row, for which there is room.</summary>
    private void AppendIndexOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Layout.TextBytesMax)
        {
            throw ParquetErrors.ParquetTextTooLong(Column.Name, utf8.Length, Layout.TextBytesMax);
        }

        if (_hasDictionary)
        {
            int before = _dictionary!.TextBytes;
            int index = _dictionary.Add(utf8);
            if (index >= 0)
            {
                _indices[Count++] = index;
                _budget.TextBytes += _dictionary.TextBytes - before;
                EndTrial();
                return;
            }

            GiveUpDictionary();
        }

        _text!.Add(utf8);
        _indices[Count++] = utf8.Length;
        _budget.TextBytes += utf8.Length;
    }

    /// <summary>Appends one text several times.</summary>
    public void Append(ReadOnlySpan<byte> utf8, int times)
    {
        while (times > 0)
        {
            Append(utf8);
            times--;
            if (_hasDictionary)
            {
                Repeat(times, utf8.Length);
                return;
            }
        }
    }

    /// <summary>Appends a list, its doubles as bits.</summary>
    public void AppendList(ReadOnlySpan<long> elements)
    {
        Require(ParquetType.DoubleList);
        int most = Layout.TextBytesMax / sizeof(long);
        if (elements.Length > most)
        {
            throw ParquetErrors.ParquetListTooLong(Column.Name, elements.Length, most);
        }

        int bytes = elements.Length * sizeof(long);
        Reserve(ref _numbers, Count, elements.Length);
        elements.CopyTo(_numbers.AsSpan(Count));
        Reserve(ref _lengths, Rows, 1);
        _lengths[Rows] = elements.Length;
        _emptyLists += elements.IsEmpty ? 1 : 0;
        Count += elements.Length;
        Rows++;
        TextBytes += bytes;
        _budget.TextBytes += bytes;
    }

    public void AppendNull() => AppendNulls(1);

    public void AppendNulls(int times)
    {
        if (times == 0)
        {
            return;
        }

        RequireNullable();
        ReserveLevels(times);
        _levels.AsSpan(Rows, times).Clear();
        Rows += times;
    }

    private void RequireNullable()
    {
        if (!Column.Nullable)
        {
            throw new InvalidOperationException($"Column {Column.Name} takes no null.");
        }
    }

    /// <summary>Makes room for the levels of more rows. They are kept from the first null on; the rows before it all have values.</summary>
    private void ReserveLevels(int rows)
    {
        if (Count == Rows)
        {
            Reserve(ref _levels, Rows, 1);
            _levels.AsSpan(0, Rows).Fill(1);
        }

        Reserve(ref _levels, Rows, rows);
    }

    /// <summary>Forgets the row group's values; the memory stays for the next one.</summary>
    public void Clear()
    {
        Rows = 0;
        Count = 0;
        TextBytes = 0;
        _emptyLists = 0;
        if (_dictionary is not null)
        {
            _dictionary.Clear();
            _text!.Clear();
            _hasDictionary = MayHaveDictionary;
        }
    }

    public void Dispose()
    {
        PooledArray.Return(ref _numbers, _arrays);
        PooledArray.Return(ref _indices, _arrays);
        PooledArray.Return(ref _levels, _arrays);
        PooledArray.Return(ref _lengths, _arrays);
        _dictionary?.Dispose();
        _text?.Dispose();
    }

    private void Reserve<T>(ref ColumnArray<T> array, int used, int more)
        where T : unmanaged => PooledArray.Reserve(ref array, used, more, Layout.RowGroupRows, _arrays);

    private void Require(ParquetType type)
    {
        if (Column.Type != type)
        {
            throw new InvalidOperationException($"Column {Column.Name} holds {Column.Type}, not {type}.");
        }
    }

    /// <summary>Appends the dictionary's index of the text before several times.</summary>
    private void Repeat(int times, int textBytes)
    {
        Reserve(ref _indices, Count, times);
        _indices.AsSpan(Count, times).Fill(_indices[Count - 1]);
        if (Count != Rows)
        {
            Reserve(ref _levels, Rows, times);
            _levels.AsSpan(Rows, times).Fill(1);
        }

        bool tried = Count >= Layout.DictionaryTrialValues;
        Count += times;
        Rows += times;
        TextBytes += (long)times * textBytes;
        if (!tried && Count >= Layout.DictionaryTrialValues && _dictionary!.Count > Layout.DictionaryTrialEntriesMax)
        {
            GiveUpDictionary();
        }
    }

    /// <summary>Gives the dictionary up where by now too few of the values were repetitions.</summary>
    private void EndTrial()
    {
        if (Count == Layout.DictionaryTrialValues && _dictionary!.Count > Layout.DictionaryTrialEntriesMax)
        {
            GiveUpDictionary();
        }
    }

    private void AppendLevel(byte level)
    {
        Reserve(ref _levels, Rows, 1);
        _levels[Rows] = level;
    }

    private void GiveUpDictionary()
    {
        // The rows so far move into plain form: their texts one after the other, their lengths where the indices were.
        _budget.TextBytes -= _dictionary!.TextBytes;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> text = _dictionary[_indices[i]];
            _text!.Add(text);
            _indices[i] = text.Length;
        }

        _budget.TextBytes += _text!.Length;
        _dictionary.Clear();
        _hasDictionary = false;
    }
}
