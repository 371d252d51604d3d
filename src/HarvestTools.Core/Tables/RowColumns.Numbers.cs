using System.Buffers.Binary;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <content>Columns of numbers.</content>
internal sealed partial class RowColumns
{
    private void AppendNullable(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        Span<long> numbers = _numbers.AsSpan(0, at.Length);
        int absent = SkipAbsent(buffer, at);
        int count = 0;
        for (; absent == 0 && count < at.Length && buffer[at[count]] != 0; count++)
        {
            numbers[count] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at[count] + 1));
            at[count] += 1 + sizeof(long);
        }

        Span<byte> levels = BeginLevels(at.Length, absent, count);
        for (int row = absent + count; row < at.Length; row++)
        {
            byte level = buffer[at[row]++];
            levels[row] = level;
            if (level != 0)
            {
                numbers[count++] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at[row]));
                at[row] += sizeof(long);
            }
        }

        Append(column, numbers[..count], levels);
    }

    private void AppendNullableInt32(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        Span<long> numbers = _numbers.AsSpan(0, at.Length);
        int absent = SkipAbsent(buffer, at);
        int count = 0;
        for (; absent == 0 && count < at.Length && buffer[at[count]] != 0; count++)
        {
            numbers[count] = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[count] + 1));
            at[count] += 1 + sizeof(int);
        }

        Span<byte> levels = BeginLevels(at.Length, absent, count);
        for (int row = absent + count; row < at.Length; row++)
        {
            byte level = buffer[at[row]++];
            levels[row] = level;
            if (level != 0)
            {
                numbers[count++] = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[row]));
                at[row] += sizeof(int);
            }
        }

        Append(column, numbers[..count], levels);
    }

    /// <summary>Passes the marks of the first rows without a number, and says how many they are.</summary>
    private static int SkipAbsent(byte[] buffer, Span<int> at)
    {
        int rows = 0;
        while (rows < at.Length && buffer[at[rows]] == 0)
        {
            at[rows++]++;
        }

        return rows;
    }

    /// <summary>Levels of rows of which the first have no numbers or have; none where all of them have.</summary>
    private Span<byte> BeginLevels(int rows, int absent, int present)
    {
        if (present == rows)
        {
            return default;
        }

        _levels.AsSpan(0, absent).Clear();
        _levels.AsSpan(absent, present).Fill(1);
        return _levels.AsSpan(0, rows);
    }

    private void Append(ParquetColumnWriter column, ReadOnlySpan<long> numbers, ReadOnlySpan<byte> levels)
    {
        if (!levels.IsEmpty)
        {
            column.AppendNumbers(numbers, levels);
        }
        else if (column.Count == column.Rows)
        {
            column.AppendNumbers(numbers);
        }
        else
        {
            Span<byte> present = _levels.AsSpan(0, numbers.Length);
            present.Fill(1);
            column.AppendNumbers(numbers, present);
        }
    }

    private void AppendNumbers(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        Span<long> numbers = _numbers.AsSpan(0, at.Length);
        switch (column.Column.Type)
        {
            case ParquetType.Boolean:
                for (int i = 0; i < at.Length; i++)
                {
                    numbers[i] = buffer[at[i]++];
                }

                break;
            case ParquetType.Int32:
                for (int i = 0; i < at.Length; i++)
                {
                    numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[i]));
                    at[i] += sizeof(int);
                }

                break;
            default:
                for (int i = 0; i < at.Length; i++)
                {
                    numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at[i]));
                    at[i] += sizeof(long);
                }

                break;
        }

        column.AppendNumbers(numbers);
    }
}
