using System.Buffers.Binary;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <content>Columns of numbers.</content>
internal sealed partial class RowColumns
{
    private void AppendNullable(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        Span<long> numbers = _numbers.AsSpan(0, at.Length);
        int present = 0;
        foreach (int place in at)
        {
            present += buffer[place];
        }

        if (present == at.Length && column.Count == column.Rows)
        {
            for (int i = 0; i < at.Length; i++)
            {
                numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at[i] + 1));
                at[i] += 1 + sizeof(long);
            }

            column.AppendNumbers(numbers);
            return;
        }

        Span<byte> levels = _levels.AsSpan(0, at.Length);
        int count = 0;
        for (int i = 0; i < at.Length; i++)
        {
            byte level = buffer[at[i]++];
            levels[i] = level;
            if (level != 0)
            {
                numbers[count++] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at[i]));
                at[i] += sizeof(long);
            }
        }

        column.AppendNumbers(numbers[..count], levels);
    }

    private void AppendNullableInt32(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        int present = 0;
        foreach (int place in at)
        {
            present += buffer[place];
        }

        if (present == at.Length && column.Count == column.Rows)
        {
            Span<long> numbers = _numbers.AsSpan(0, at.Length);
            for (int i = 0; i < at.Length; i++)
            {
                numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[i] + 1));
                at[i] += 1 + sizeof(int);
            }

            column.AppendNumbers(numbers);
            return;
        }

        if (present == 0)
        {
            column.AppendNulls(at.Length);
            foreach (ref int place in at)
            {
                place++;
            }

            return;
        }

        Span<long> some = _numbers.AsSpan(0, present);
        Span<byte> levels = _levels.AsSpan(0, at.Length);
        for (int i = 0, count = 0; i < at.Length; i++)
        {
            byte level = buffer[at[i]++];
            levels[i] = level;
            if (level != 0)
            {
                some[count++] = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at[i]));
                at[i] += sizeof(int);
            }
        }

        column.AppendNumbers(some, levels);
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
