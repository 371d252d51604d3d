using System.Runtime.InteropServices;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Work;

namespace HarvestTools.Cache;

/// <summary>One table of a part as it was written.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Size of the Parquet file.</param>
/// <param name="Sha256">SHA-256 of the Parquet file.</param>
/// <param name="RowsSha256">SHA-256 of the rows alone: schema and values, blind to encoding.</param>
internal sealed record PartTable(string Table, long Rows, long Bytes, string Sha256, string RowsSha256);

/// <summary>
/// Writes one table's merged rows as Parquet and hashes the rows on the way. The row
/// hash is SHA-256(header, then SHA-256(rows of an episode) for each episode in order), where the header names table,
/// project and columns and rows are in canonical form.
/// </summary>
internal sealed class TableOutput<TRow, TTable> : IMergedRows, IDisposable
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    private readonly HashingStream _file;
    private readonly ParquetTableWriter _parquet;
    private readonly RowColumns _columns;
    private readonly EpisodeDigests _digests;
    private readonly List<EpisodeCounts> _episodes = [];
    private readonly WorkerPool? _workers;
    private RowBatch _batch = new();
    private RowBatch? _spare;
    private readonly SharedRowTexts _before = new();
    private RunEpisode? _current;
    private WorkBatch? _writing;
    private WorkBatch? _hashing;
    private long _rows;

    /// <param name="project">Value of the project column.</param>
    /// <param name="file">Receives the Parquet file; not disposed.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="pool">Where encoders come from; null for some of its own.</param>
    /// <param name="workers">
    /// Encode columns, and where one of them has nothing else to do hash rows and fill columns with them while the calling thread merges
    /// the next ones; null for the calling thread. Without effect on the bytes.
    /// </param>
    public TableOutput(string project, Stream file, FormatVersion format, EncoderPool? pool = null, WorkerPool? workers = null)
    {
        _file = new HashingStream(file);
        _parquet = new ParquetTableWriter(_file, TTable.Descriptor.Schema, format.Layout, workers, pool);
        _columns = new RowColumns(_parquet, Encoding.UTF8.GetBytes(project), TTable.Descriptor);
        _digests = new EpisodeDigests(Encoding.UTF8.GetBytes(Header(project)));
        _workers = workers;
    }

    public void Accept(RunEpisode episode, ReadOnlySpan<byte> rows)
    {
        bool starts = _current is null || episode != _current;
        _current = episode;
        _batch.BeginPiece(episode, starts);
        while (rows.Length > 0)
        {
            if (_batch.IsFull)
            {
                Flush();
                _batch.BeginPiece(episode, startsEpisode: false);
            }

            rows = _batch.Add(rows, _before, starts);
            starts = false;
        }
    }

    /// <summary>Writes the footer and flushes; the file's owner makes it durable.</summary>
    /// <returns>The table, and its episodes in row order: none of the rejected table, whose rows belong to no episode.</returns>
    public WrittenTable Finish()
    {
        Flush();
        EndBeside();
        string rowsHash = _digests.Finish();
        _parquet.Finish();
        _file.Flush();
        var table = new PartTable(TTable.Descriptor.Name, _rows, _file.BytesWritten, _file.Sha256(), rowsHash);
        return new WrittenTable(table, new EpisodeList(TTable.Descriptor.Name, _episodes, _digests.ToArray()));
    }

    public void Dispose()
    {
        // Where an exception leaves a batch with the other thread, all that it works on must outlive it.
        _writing?.Abandon();
        _hashing?.Abandon();
        _parquet.Dispose();
        _file.Dispose();
        _digests.Dispose();
    }

    private static string Header(string project)
    {
        var text = new StringBuilder("harvest-rows 2\n").Append(TTable.Descriptor.Name).Append('\n').Append(project).Append('\n');
        foreach (TableColumn column in TTable.Descriptor.Columns)
        {
            text.Append(column.Name).Append(':').Append(column.Type).Append(column.Nullable ? "?" : "").Append('\n');
        }

        return text.ToString();
    }

    private void Flush()
    {
        RowBatch batch = _batch;
        if (batch.Rows > 0 && _workers is not null && (_writing is not null || _workers.HasHelp))
        {
            // Batches are written in their order, and so are they hashed. What no other thread has begun with until it is waited for is
            // done here, so that neither waits for the other while there is anything to do.
            _writing?.CompleteHelping();
            _writing = _workers.Begin(1, _ => Write(batch));
            _hashing?.CompleteHelping();
            _hashing = _workers.Begin(1, _ => _digests.Add(batch));
            (_batch, _spare) = (_spare ?? new RowBatch(), batch);
        }
        else if (batch.Rows > 0)
        {
            _digests.Add(batch);
            Write(batch);
        }

        _batch.Clear();
    }

    private void EndBeside()
    {
        _writing?.CompleteHelping();
        _hashing?.CompleteHelping();
        (_writing, _hashing) = (null, null);
    }

    private void Write(RowBatch batch)
    {
        ReadOnlySpan<bool> corrected = _columns.Append(batch.Bytes, batch.Starts, batch.BytesInFull);
        _rows += batch.Rows;
        for (int i = 0; i < batch.Pieces.Count; i++)
        {
            EpisodePiece piece = batch.Pieces[i];
            if (piece.StartsEpisode)
            {
                _episodes.Add(new EpisodeCounts(piece.Episode));
            }

            int rows = batch.RowsOf(i);
            ref EpisodeCounts episode = ref CollectionsMarshal.AsSpan(_episodes)[^1];
            episode.Rows += rows;
            episode.Corrections += corrected.Slice(piece.FirstRow, rows).Count(true);
        }
    }
}
