using HarvestTools.Work;

namespace HarvestTools.Parquet.Writing;

/// <summary>What a finished file holds.</summary>
internal readonly record struct ParquetFileInfo(long Rows, long Bytes);

/// <summary>
/// Writes one table as a Parquet file (docs/format.md). The same rows give the same bytes on any
/// machine and with any number of threads. The stream is only appended to, and is left open.
/// For each row: one <c>Append</c> or <c>AppendNull</c> on each of <see cref="Columns"/>, then <see cref="EndRow"/>;
/// at the end <see cref="Finish"/>. Disposing without it leaves an incomplete file. Not thread-safe.
/// </summary>
internal sealed class ParquetTableWriter : IDisposable
{
    private readonly Stream _output;
    private readonly ParquetLayout _layout;
    private readonly WorkerPool? _workers;
    private readonly RowGroupBudget _budget = new();
    private readonly List<RowGroupMetadata> _groups = [];
    private readonly EncoderPool _pool;
    private readonly bool _ownsPool;
    private readonly Lock _writing = new();
    private ParquetColumnWriter[] _columns;

    // With other threads two row groups may exist: this one is being encoded while the other is filled.
    private ParquetColumnWriter[] _others = [];
    private ChunkMetadata[] _chunks = [];
    private ByteBuffer[] _encoded = [];
    private WorkBatch? _encoding;
    private int _written;
    private long _position;
    private long _rows;
    private int _groupRows;
    private bool _finished;

    /// <param name="output">Takes the file's bytes in order; it need not seek.</param>
    /// <param name="schema">The table and its columns.</param>
    /// <param name="layout">Where the file is cut and how its columns are encoded.</param>
    /// <param name="workers">Encode a row group while the next is filled; null for the calling thread. Without effect on the bytes.</param>
    /// <param name="pool">Where encoders come from; null for one of its own.</param>
    public ParquetTableWriter(Stream output, ParquetSchema schema, ParquetLayout layout, WorkerPool? workers = null, EncoderPool? pool = null)
    {
        _output = output;
        _layout = layout;
        _pool = pool ?? new EncoderPool();
        _ownsPool = pool is null;
        _workers = workers;
        Schema = schema;
        _columns = NewColumns();
        Write(ParquetFooter.Magic);
    }

    public ParquetSchema Schema { get; }

    /// <summary>In the schema's order; others for each row group.</summary>
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

        return textBytes < _layout.RowGroupTextBytes ? _layout.RowGroupRows - _groupRows : 1;
    }

    /// <summary>Ends rows to which every column has just got its values, no more of them than <see cref="RowsAtOnce"/> said.</summary>
    /// <exception cref="InvalidOperationException">A column has more or fewer values than the table has rows.</exception>
    public void EndRows(int rows)
    {
        _groupRows += rows;
        if (_groupRows == _layout.RowGroupRows || _budget.TextBytes >= _layout.RowGroupTextBytes)
        {
            EndRowGroup();
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
        EndRowGroup();
        _encoding?.Complete();
        using var footer = new ByteBuffer();
        ParquetFooter.Write(Schema, _layout.FormatVersion, _groups, footer);
        Write(footer.Span);
        return new ParquetFileInfo(_rows, _position);
    }

    public void Dispose()
    {
        _encoding?.Abandon();

        foreach (ParquetColumnWriter column in _columns.Concat(_others))
        {
            column.Dispose();
        }

        foreach (ByteBuffer left in _encoded.Skip(_written).OfType<ByteBuffer>())
        {
            _pool.Return(left);
        }

        if (_ownsPool)
        {
            _pool.Dispose();
        }
    }

    private ParquetColumnWriter[] NewColumns() => [.. Schema.Columns.Select(column => new ParquetColumnWriter(column, _layout, _budget, _pool.Arrays))];

    private void EndRowGroup()
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

        _encoding?.Complete();
        _chunks = new ChunkMetadata[_columns.Length];
        _encoded = new ByteBuffer[_columns.Length];
        _groups.Add(new RowGroupMetadata(_groupRows, _position, _chunks));
        _rows += _groupRows;
        _groupRows = 0;
        _written = 0;
        _budget.TextBytes = 0;
        ParquetColumnWriter[] columns = _columns;
        if (_workers is null)
        {
            for (int i = 0; i < columns.Length; i++)
            {
                Encode(columns, i);
            }

            return;
        }

        // Columns to fill meanwhile cost megabytes, and are worth it where somebody has nothing else to do than to encode.
        bool shared = _workers.HasIdle && !_finished;
        _encoding = _workers.Begin(columns.Length, i => Encode(columns, i));
        if (shared)
        {
            (_columns, _others) = (_others.Length > 0 ? _others : NewColumns(), columns);
        }
        else
        {
            _encoding.Complete();
        }
    }

    /// <summary>Encodes a column, and writes those that are encoded as far as no other stands before them.</summary>
    private void Encode(ParquetColumnWriter[] columns, int place)
    {
        ColumnChunkEncoder encoder = _pool.RentEncoder();
        ByteBuffer encoded = _pool.RentBuffer();
        ChunkMetadata chunk = encoder.Encode(columns[place], encoded);
        _pool.Return(encoder);
        columns[place].Clear();
        lock (_writing)
        {
            _chunks[place] = chunk;
            _encoded[place] = encoded;
            for (; _written < _chunks.Length && _chunks[_written] is { } next; _written++)
            {
                next.Offset = _position;
                Write(_encoded[_written].Span);
                _pool.Return(_encoded[_written]);
            }
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _position += bytes.Length;
    }
}
