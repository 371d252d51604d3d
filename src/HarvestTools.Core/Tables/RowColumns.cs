using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <summary>
/// Takes rows in canonical form (<see cref="RowWriter"/>) apart into the columns of a Parquet table: column by column
/// instead of row by row, so that each loop does one thing.
/// </summary>
/// <param name="table">Receives the rows.</param>
/// <param name="project">Value of the first column, which the canonical form leaves out.</param>
/// <param name="descriptor">The table's.</param>
internal sealed partial class RowColumns(ParquetTableWriter table, byte[] project, TableDescriptor descriptor)
{
    // The column that says who drew a row; -1 where the table has none.
    private readonly int _originColumn = descriptor.IndexOf(CommonColumns.Origin);

    // For each column the text that it had last, where rows can leave it out.
    private readonly RememberedText?[] _shared =
        [.. descriptor.Columns.Select(static column => CommonColumns.Shared.Contains(column.Name) ? new RememberedText() : null)];

    private long[] _numbers = [];
    private byte[] _levels = [];
    private long[] _elements = [];
    private bool[] _corrected = [];

    /// <summary>Appends rows and ends them; row groups are cut where they would be had the rows come one by one.</summary>
    /// <param name="buffer">Where the rows lie.</param>
    /// <param name="at">Where each starts; moved to where it ends.</param>
    /// <param name="bytes">Length of all rows with the texts that they leave out.</param>
    /// <returns>For each row whether a person drew or changed it, as against accepting a prediction; until the next call.</returns>
    public ReadOnlySpan<bool> Append(byte[] buffer, Span<int> at, long bytes)
    {
        if (_corrected.Length < at.Length)
        {
            _corrected = new bool[at.Length];
            _numbers = new long[at.Length];
            _levels = new byte[at.Length];
        }

        for (int row = 0; row < at.Length;)
        {
            int rows = Math.Min(at.Length - row, table.RowsAtOnce(bytes + ((long)at.Length * project.Length)));
            AppendTogether(buffer, at, row, row + rows);
            table.EndRows(rows);
            row += rows;
        }

        return _corrected.AsSpan(0, at.Length);
    }

    private void AppendTogether(byte[] buffer, Span<int> all, int first, int end)
    {
        ReadOnlySpan<ParquetColumnWriter> columns = table.Columns;
        Span<int> at = all[first..end];
        columns[0].Append(project, at.Length);
        for (int i = 1; i < columns.Length; i++)
        {
            ParquetColumnWriter column = columns[i];
            if (_shared[i] is { } text)
            {
                AppendShared(column, text, columns[i + 1], _shared[i + 1]!, buffer, at);
                i++;
                continue;
            }

            if (i == _originColumn)
            {
                MarkCorrected(buffer, at, _corrected.AsSpan(first, at.Length));
            }

            switch (column.Column.Type)
            {
                case ParquetType.Utf8 when column.Column.Nullable:
                    AppendNullableTexts(column, buffer, at);
                    break;
                case ParquetType.Utf8:
                    column.AppendTexts(buffer, at);
                    break;
                case ParquetType.DoubleList:
                    AppendLists(column, buffer, at);
                    break;
                case ParquetType.Int32 when column.Column.Nullable:
                    AppendNullableInt32(column, buffer, at);
                    break;
                case ParquetType.Int64 or ParquetType.Double when column.Column.Nullable:
                    AppendNullable(column, buffer, at);
                    break;
                default:
                    AppendNumbers(column, buffer, at);
                    break;
            }
        }
    }

    private static void MarkCorrected(byte[] buffer, ReadOnlySpan<int> at, Span<bool> corrected)
    {
        TextKey prediction = TextKey.Of("prediction"u8);
        for (int i = 0; i < at.Length; i++)
        {
            corrected[i] = !TextKey.At(buffer, at[i]).Is(prediction);
        }
    }

    /// <summary>Two columns of texts that rows leave out, both of them, where the row before has the same.</summary>
    private static void AppendShared(
        ParquetColumnWriter first, RememberedText firstText, ParquetColumnWriter second, RememberedText secondText, byte[] buffer, Span<int> at)
    {
        for (int row = 0; row < at.Length;)
        {
            int end = row;
            if (!RowWriter.AreSame(buffer.AsSpan(at[row])))
            {
                at[row] += Remember(firstText, buffer.AsSpan(at[row]));
                at[row] += Remember(secondText, buffer.AsSpan(at[row]));
                end++;
            }

            while (end < at.Length && RowWriter.AreSame(buffer.AsSpan(at[end])))
            {
                at[end++] += RowWriter.SameBytes;
            }

            Append(first, firstText, end - row);
            Append(second, secondText, end - row);
            row = end;
        }
    }

    private static int Remember(RememberedText text, ReadOnlySpan<byte> from)
    {
        text.Set(from[..(sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(from)))]);
        return text.Bytes;
    }

    private static void Append(ParquetColumnWriter column, RememberedText text, int times)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(text.Written) < 0)
        {
            column.AppendNulls(times);
        }
        else
        {
            column.Append(text.Written[sizeof(int)..], times);
        }
    }

    private static void AppendNullableTexts(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        for (int row = 0, end; row < at.Length; row = end)
        {
            bool absent = IsAbsent(buffer, at[row]);
            for (end = row + 1; end < at.Length && IsAbsent(buffer, at[end]) == absent; end++)
            {
            }

            Span<int> alike = at[row..end];
            if (!absent)
            {
                column.AppendTexts(buffer, alike);
                continue;
            }

            column.AppendNulls(alike.Length);
            foreach (ref int place in alike)
            {
                place += sizeof(int);
            }
        }
    }

    private static bool IsAbsent(byte[] buffer, int at) => BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at)) < 0;

    private void AppendLists(ParquetColumnWriter column, byte[] buffer, Span<int> at)
    {
        foreach (ref int place in at)
        {
            int bytes = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(place));
            place += sizeof(int);
            ReadOnlySpan<byte> list = buffer.AsSpan(place, bytes);
            place += bytes;
            if (BitConverter.IsLittleEndian)
            {
                column.AppendList(MemoryMarshal.Cast<byte, long>(list));
                continue;
            }

            int count = bytes / sizeof(double);
            if (_elements.Length < count)
            {
                _elements = new long[Math.Max(count, _elements.Length * 2)];
            }

            for (int i = 0; i < count; i++)
            {
                _elements[i] = BinaryPrimitives.ReadInt64LittleEndian(list[(i * sizeof(double))..]);
            }

            column.AppendList(_elements.AsSpan(0, count));
        }
    }
}
