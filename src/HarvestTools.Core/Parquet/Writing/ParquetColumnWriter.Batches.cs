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

        int before = Count;
        long textBytes = 0;
        foreach (ref int place in at)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(place));
            ReadOnlySpan<byte> text = buffer.AsSpan(place + sizeof(int), length);
            place += sizeof(int) + length;
            AppendIndexOf(text);
            textBytes += length;
        }

        TextBytes += textBytes;
        Rows += Count - before;
    }
}
