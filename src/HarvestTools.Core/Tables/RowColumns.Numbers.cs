using System.Buffers.Binary;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <content>Columns of numbers.</content>
internal sealed partial class RowColumns
{
    private void AppendNullable(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        Span<long> numbers = _numbers.AsSpan(0, at.Length);
        int row = 0;
        for (; row < at.Length && buffer[at[row]] != 0; row++)
        {
            numbers[row] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at[row] + 1));
            at[row] += 1 + sizeof(long);
        }

        int count = row;
        Span<byte> levels = BeginLevels(at.Length, row);
        for (; row < at.Length; row++)
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
        int row = 0;
        for (; row < at.Length && buffer[at[row]] != 0; row++)
        {
            numbers[row] = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[row] + 1));
            at[row] += 1 + sizeof(int);
        }

        int count = row;
        Span<byte> levels = BeginLevels(at.Length, row);
        for (; row < at.Length; row++)
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

    /// <summary>Levels of rows of which the first have numbers; none where all of them have.</summary>
    private Span<byte> BeginLevels(int rows, int present)
    {
        if (present == rows)
        {
            return default;
        }

        _levels.AsSpan(0, present).Fill(1);
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
