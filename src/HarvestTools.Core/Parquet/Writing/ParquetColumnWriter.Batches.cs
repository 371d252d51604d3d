using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <content>Values of many rows in one step, by callers who know the column's type.</content>
internal sealed partial class ParquetColumnWriter
{
    /// <summary>Appends a value as <see cref="Numbers"/> holds it; the caller knows the column's type.</summary>
    public void AppendNumber(long value)
    {
        Reserve(ref _numbers, Count, 1);
        _numbers[Count] = value;
        if (Count != Rows)
        {
            AppendLevel(1);
        }

        Count++;
        Rows++;
    }

    /// <summary>Appends values as <see cref="Numbers"/> holds them to a column that holds no null so far.</summary>
    public void AppendNumbers(ReadOnlySpan<long> values)
    {
        Reserve(ref _numbers, Count, values.Length);
        values.CopyTo(_numbers.AsSpan(Count));
        Count += values.Length;
        Rows += values.Length;
    }

    /// <summary>Appends numbers and nulls in any order.</summary>
    /// <param name="values">The numbers, nulls left out.</param>
    /// <param name="levels">For each row 1 where it has a number, and 0 where it has none.</param>
    public void AppendNumbers(ReadOnlySpan<long> values, ReadOnlySpan<byte> levels)
    {
        RequireNullable();
        ReserveLevels(levels.Length);
        levels.CopyTo(_levels.AsSpan(Rows));
        Reserve(ref _numbers, Count, values.Length);
        values.CopyTo(_numbers.AsSpan(Count));
        Count += values.Length;
        Rows += levels.Length;
    }

    /// <summary>Appends texts that are each behind their length in a buffer, in one step.</summary>
    /// <param name="buffer">Well-formed UTF-8 and little-endian lengths.</param>
    /// <param name="at">Where the length of each text is; moved to where the text ends.</param>
    public void AppendTexts(byte[] buffer, Span<int> at)
    {
        Require(ParquetType.Utf8);
        Reserve(ref _indices, Count, at.Length);
        if (Count != Rows)
        {
            ReserveLevels(at.Length);
            _levels.AsSpan(Rows, at.Length).Fill(1);
        }

        for (int i = 0; i < at.Length;)
        {
            int added = AppendIndices(buffer, at[i..]);
            if (added == 0)
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[i]));
                AppendIndexOf(buffer.AsSpan(at[i] + sizeof(int), length));
                at[i] += sizeof(int) + length;
                TextBytes += length;
                added = 1;
            }

            i += added;
        }

        Rows += at.Length;
    }

    /// <summary>Appends texts that the dictionary takes, as far as that is in question at one go; none where there is no dictionary.</summary>
    private int AppendIndices(byte[] buffer, Span<int> at)
    {
        if (!_hasDictionary)
        {
            return 0;
        }

        // Not past the value at which it is decided whether the dictionary is kept.
        int trial = Layout.DictionaryTrialValues - Count;
        int most = trial > 0 ? Math.Min(trial, at.Length) : at.Length;
        int before = _dictionary!.TextBytes;
        int added = _dictionary.Add(buffer, at[..most], _indices.AsSpan(Count, most), out long bytes);
        Count += added;
        TextBytes += bytes;
        _budget.TextBytes += _dictionary.TextBytes - before;
        if (added > 0)
        {
            EndTrial();
        }

        return added;
    }
}
