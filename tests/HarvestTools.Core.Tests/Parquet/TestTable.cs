using System.Text;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Work;

namespace HarvestTools.Tests.Parquet;

/// <summary>Rows of a table as plain objects: long, int, double, bool, string or null.</summary>
internal sealed class TestTable(ParquetSchema schema)
{
    public ParquetSchema Schema { get; } = schema;

    public List<object?[]> Rows { get; } = [];

    public void Add(params object?[] row) => Rows.Add(row);

    public byte[] Write(int threads = 1)
    {
        using var stream = new MemoryStream();
        using WorkerPool? workers = threads == 1 ? null : new WorkerPool(threads);
        using var writer = new ParquetTableWriter(new AppendOnlyStream(stream), Schema, workers);
        foreach (object?[] row in Rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                Append(writer.Columns[i], row[i]);
            }

            writer.EndRow();
        }

        ParquetFileInfo info = writer.Finish();
        Assert.Equal(Rows.Count, info.Rows);
        Assert.Equal(stream.Length, info.Bytes);
        return stream.ToArray();
    }

    /// <summary>Reads a file back with the project's own reader.</summary>
    public static TestTable Read(byte[] file)
    {
        using var reader = new ParquetTableReader(new MemoryStream(file), "test.parquet");
        var table = new TestTable(reader.Schema);
        var group = new ParquetRowGroup();
        for (int i = 0; i < reader.RowGroups; i++)
        {
            reader.ReadRowGroup(i, group);
            Assert.Equal(reader.RowsOf(i), group.Rows);
            for (int row = 0; row < group.Rows; row++)
            {
                table.Add([.. reader.Schema.Columns.Select((column, c) => Get(column.Type, group.Columns[c], row))]);
            }
        }

        Assert.Equal(reader.Rows, table.Rows.Count);
        return table;
    }

    /// <summary>Fails at the first cell that differs; doubles are compared bit by bit.</summary>
    public void AssertEqual(TestTable actual)
    {
        Assert.Equal(Schema.Table, actual.Schema.Table);
        Assert.Equal(Schema.Columns, actual.Schema.Columns);
        AssertEqualRows(actual);
    }

    public void AssertEqualRows(TestTable actual)
    {
        Assert.Equal(Rows.Count, actual.Rows.Count);
        for (int row = 0; row < Rows.Count; row++)
        {
            for (int c = 0; c < Rows[row].Length; c++)
            {
                if (!SameCell(Rows[row][c], actual.Rows[row][c]))
                {
                    Assert.Fail($"Row {row}, column {Schema.Columns[c].Name}: wrote {Rows[row][c] ?? "null"}, read {actual.Rows[row][c] ?? "null"}");
                }
            }
        }
    }

    private static bool SameCell(object? left, object? right) => left is double a && right is double b
        ? BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b)
        : Equals(left, right);

    private static object? Get(ParquetType type, ParquetColumnValues values, int row) => values.IsNull(row) ? null : type switch
    {
        ParquetType.Boolean => values.GetBoolean(row),
        ParquetType.Int32 => values.GetInt32(row),
        ParquetType.Int64 => values.GetInt64(row),
        ParquetType.Double => values.GetDouble(row),
        _ => Encoding.UTF8.GetString(values.GetText(row)),
    };

    private static void Append(ParquetColumnWriter column, object? value)
    {
        switch (value)
        {
            case null:
                column.AppendNull();
                break;
            case long number:
                column.Append(number);
                break;
            case int number:
                column.Append(number);
                break;
            case double number:
                column.Append(number);
                break;
            case bool flag:
                column.Append(flag);
                break;
            default:
                column.Append(Encoding.UTF8.GetBytes((string)value));
                break;
        }
    }
}

/// <summary>Refuses what an archive or a hashing stream would not do: seek, read, tell its length.</summary>
internal sealed class AppendOnlyStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
}
