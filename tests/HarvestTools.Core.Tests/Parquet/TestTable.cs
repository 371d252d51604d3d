using System.Text;
using HarvestTools.Parquet;

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
        using var writer = new ParquetTableWriter(new AppendOnlyStream(stream), Schema, threads);
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
