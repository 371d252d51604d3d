using System.Security.Cryptography;
using System.Text;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tests.Shared;
using HarvestTools.Work;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

/// <summary>Rows of a table as plain objects: long, int, double, bool, string, a list of doubles, or null.</summary>
internal sealed class TestTable(ParquetSchema schema)
{
    public ParquetSchema Schema { get; } = schema;

    public List<object?[]> Rows { get; } = [];

    public void Add(params object?[] row) => Rows.Add(row);

    public byte[] Write(int threads = 1)
    {
        using var stream = new MemoryStream();
        using WorkerPool? workers = threads == 1 ? null : new WorkerPool(threads);
        using var writer = new ParquetTableWriter(new AppendOnlyStream(stream), Schema, FormatVersion.Current.Layout, workers);
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

    /// <summary>SHA-256 of a file, as a manifest has it.</summary>
    public static string Sha256Of(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    /// <summary>Opens a file for the engine's reader.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="sha256">The hash that it should have; null for the one that it has.</param>
    public static ParquetTableReader Open(byte[] file, string? sha256 = null) =>
        new(VerifiedFile.Open(new MemoryStream(file), "test.parquet", sha256 ?? Sha256Of(file)));

    /// <summary>Reads a file back with the engine's reader.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="sha256">The hash that it should have; null for the one that it has.</param>
    public static TestTable Read(byte[] file, string? sha256 = null)
    {
        using ParquetTableReader reader = Open(file, sha256);
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

    /// <summary>Writes the table, and reads it with the engine's reader and with those that share no code with the writer.</summary>
    public void AssertReadBack()
    {
        byte[] bytes = Write();
        AssertEqual(Read(bytes));
        TemporaryFile.With(bytes, file =>
        {
            Assert.Equal(Schema.Columns, IndependentReaders.Columns(file));
            foreach (string reader in IndependentReaders.All)
            {
                (string[] names, List<object?[]> rows) = IndependentReaders.Read(file, reader);
                Assert.Equal(Schema.Columns.Select(static column => column.Name), names);
                AssertEqualRows(rows, reader);
            }
        });
    }

    /// <summary>Reads a file with Apache's reader.</summary>
    public static TestTable ReadIndependently(string file, string table)
    {
        var read = new TestTable(new ParquetSchema(table, IndependentReaders.Columns(file)));
        read.Rows.AddRange(IndependentReaders.Read(file, IndependentReaders.Arrow).Rows);
        return read;
    }

    public override string ToString() => string.Join('\n', Rows.Select(static row => string.Join(" | ", row.Select(static cell => cell ?? "null"))));

    /// <summary>Fails at the first cell that differs; doubles are compared bit by bit.</summary>
    public void AssertEqual(TestTable actual)
    {
        Assert.Equal(Schema.Table, actual.Schema.Table);
        Assert.Equal(Schema.Columns, actual.Schema.Columns);
        AssertEqualRows(actual);
    }

    public void AssertEqualRows(TestTable actual) => AssertEqualRows(actual.Rows, "the engine");

    private void AssertEqualRows(List<object?[]> actual, string reader)
    {
        Assert.Equal(Rows.Count, actual.Count);
        for (int row = 0; row < Rows.Count; row++)
        {
            for (int c = 0; c < Rows[row].Length; c++)
            {
                if (!SameCell(Rows[row][c], actual[row][c]))
                {
                    Assert.Fail($"Row {row}, column {Schema.Columns[c].Name}: wrote {Rows[row][c] ?? "null"}, {reader} read {actual[row][c] ?? "null"}");
                }
            }
        }
    }

    private static bool SameCell(object? left, object? right) => left is double a && right is double b
        ? BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b)
        : left is double[] list && right is double[] other
            ? list.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(other.Select(BitConverter.DoubleToInt64Bits))
            : Equals(left, right);

    private static object? Get(ParquetType type, ParquetColumnValues values, int row) => values.IsNull(row) ? null : type switch
    {
        ParquetType.Boolean => values.GetBoolean(row),
        ParquetType.Int32 => values.GetInt32(row),
        ParquetType.Int64 => values.GetInt64(row),
        ParquetType.Double => values.GetDouble(row),
        ParquetType.DoubleList => values.GetList(row).ToArray(),
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
            case double[] list:
                column.AppendList([.. list.Select(BitConverter.DoubleToInt64Bits)]);
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
