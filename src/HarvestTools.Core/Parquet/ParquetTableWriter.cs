using System.Collections.Concurrent;

namespace HarvestTools.Parquet;

/// <summary>What a finished file holds.</summary>
internal readonly record struct ParquetFileInfo(long Rows, long Bytes);

/// <summary>
/// Writes one table as a Parquet file of format version 1 (docs/format.md). The same rows give the same bytes on any
/// machine and with any number of threads. The stream is only appended to, and is left open.
/// For each row: one <c>Append</c> or <c>AppendNull</c> on each of <see cref="Columns"/>, then <see cref="EndRow"/>;
/// at the end <see cref="Finish"/>. Disposing without it leaves an incomplete file. Not thread-safe.
/// </summary>
internal sealed class ParquetTableWriter : IDisposable
{
    private readonly Stream _output;
    private readonly int _threads;
    private readonly ParquetColumnWriter[] _columns;
    private readonly RowGroupBudget _budget = new();
    private readonly List<RowGroupMetadata> _groups = [];
    private readonly ConcurrentBag<ColumnChunkEncoder> _encoders = [];
    private readonly ByteBuffer[] _encoded;
    private long _position;
    private long _rows;
    private int _groupRows;
    private bool _finished;

    /// <param name="output">Takes the file's bytes in order; it need not seek.</param>
    /// <param name="schema">The table and its columns.</param>
    /// <param name="threads">How many columns are encoded at once; without effect on the bytes.</param>
    public ParquetTableWriter(Stream output, ParquetSchema schema, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _output = output;
        _threads = threads;
        Schema = schema;
        _columns = [.. schema.Columns.Select(column => new ParquetColumnWriter(column, _budget))];

        _encoded = [.. Enumerable.Range(0, threads).Select(static _ => new ByteBuffer())];
        Write(ParquetFooter.Magic);
    }

    public ParquetSchema Schema { get; }

    /// <summary>In the schema's order.</summary>
    public ReadOnlySpan<ParquetColumnWriter> Columns => _columns;

    /// <summary>Ends the row to which every column has just got its value.</summary>
    /// <exception cref="InvalidOperationException">A column has more or fewer values than the table has rows.</exception>
    public void EndRow() => EndRows(1);

    /// <summary>
    /// How many rows may be appended before they are ended: as many as lie within the row group whatever becomes of
    /// their columns' dictionaries. At least one.
    /// </summary>
    /// <param name="textBytes">The most that the texts of the rows to come can take.</param>
    public int RowsAtOnce(long textBytes)
    {
        foreach (ParquetColumnWriter column in _columns)
        {
            textBytes += column.TextBytes;
        }

        return textBytes < ParquetLayout.RowGroupTextBytes ? ParquetLayout.RowGroupRows - _groupRows : 1;
    }

    /// <summary>Ends rows to which every column has just got its values, no more of them than <see cref="RowsAtOnce"/> said.</summary>
    /// <exception cref="InvalidOperationException">A column has more or fewer values than the table has rows.</exception>
    public void EndRows(int rows)
    {
        _groupRows += rows;
        if (_groupRows == ParquetLayout.RowGroupRows || _budget.TextBytes >= ParquetLayout.RowGroupTextBytes)
        {
            FlushRowGroup();
        }
    }

    /// <summary>Writes what is left and the footer. Nothing can be appended after it.</summary>
    public ParquetFileInfo Finish()
    {
        if (_finished)
        {
            throw new InvalidOperationException("The file is finished.");
        }

        _finished = true;
        FlushRowGroup();
        ByteBuffer footer = _encoded[0];
        footer.Clear();
        ParquetFooter.Write(Schema, _groups, footer);
        Write(footer.Span);
        return new ParquetFileInfo(_rows, _position);
    }

    public void Dispose()
    {
        foreach (ParquetColumnWriter column in _columns)
        {
            column.Dispose();
        }

        foreach (ByteBuffer buffer in _encoded)
        {
            buffer.Dispose();
        }

        while (_encoders.TryTake(out ColumnChunkEncoder? encoder))
        {
            encoder.Dispose();
        }
    }

    private void FlushRowGroup()
    {
        foreach (ParquetColumnWriter column in _columns)
        {
            if (column.Rows != _groupRows)
            {
                throw new InvalidOperationException(
                    $"Column {column.Column.Name} of {Schema.Table} has {column.Rows} values for {_groupRows} rows.");
            }
        }

        if (_groupRows == 0)
        {
            return;
        }

        var chunks = new ChunkMetadata[_columns.Length];
        var group = new RowGroupMetadata(_groupRows, _position, chunks);
        for (int from = 0; from < chunks.Length; from += _threads)
        {
            // As many columns at once as there are threads, and not more: each holds its encoded bytes until its turn.
            int count = Math.Min(_threads, chunks.Length - from);
            if (count == 1)
            {
                Encode(from, _encoded[0], chunks);
            }
            else
            {
                int first = from;
                Parallel.For(0, count, i => Encode(first + i, _encoded[i], chunks));
            }

            for (int i = 0; i < count; i++)
            {
                WriteChunk(chunks[from + i], _encoded[i]);
            }
        }

        _groups.Add(group);
        _rows += _groupRows;
        _groupRows = 0;
        _budget.TextBytes = 0;
        foreach (ParquetColumnWriter column in _columns)
        {
            column.Clear();
        }
    }

    private void Encode(int column, ByteBuffer into, ChunkMetadata[] chunks)
    {
        if (!_encoders.TryTake(out ColumnChunkEncoder? encoder))
        {
            encoder = new ColumnChunkEncoder();
        }

        into.Clear();
        chunks[column] = encoder.Encode(_columns[column], into);
        _encoders.Add(encoder);
    }

    private void WriteChunk(ChunkMetadata chunk, ByteBuffer bytes)
    {
        chunk.Offset = _position;
        Write(bytes.Span);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _position += bytes.Length;
    }
}
