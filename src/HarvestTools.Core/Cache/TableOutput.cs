using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Parquet;
using HarvestTools.Rows.Log;
using HarvestTools.Rows.Tables;

namespace HarvestTools.Cache;

/// <summary>One table of a part as it was written.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Size of the Parquet file.</param>
/// <param name="Sha256">SHA-256 of the Parquet file.</param>
/// <param name="RowsSha256">SHA-256 of the rows alone: schema and values, blind to encoding.</param>
public sealed record PartTable(string Table, long Rows, long Bytes, string Sha256, string RowsSha256);

/// <summary>
/// Writes one table's merged rows as Parquet and hashes the rows on the way. The row hash is
/// SHA-256(header, then SHA-256(rows of an episode) for each episode in order), where the header names table, project
/// and columns and rows are in canonical form.
/// </summary>
internal sealed class TableOutput<TRow, TTable> : IMergedRows<TRow>, IDisposable
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    private readonly byte[] _project;
    private readonly HashingStream _file;
    private readonly ParquetTableWriter _parquet;
    private readonly IncrementalHash _rowsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _episodeHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<EpisodeFacts> _episodes = [];
    private string? _subdirName;
    private string? _episodeName;
    private RunKey _episode;
    private long _episodeRows;
    private long _episodeCorrections;
    private long _rows;

    /// <param name="project">Value of the project column.</param>
    /// <param name="file">Receives the Parquet file; not disposed.</param>
    /// <param name="threads">How many columns are encoded at once; without effect on the bytes.</param>
    public TableOutput(string project, Stream file, int threads = 1)
    {
        _project = Encoding.UTF8.GetBytes(project);
        _file = new HashingStream(file);
        _parquet = new ParquetTableWriter(_file, TTable.Schema, threads);
        _rowsHash.AppendData(Encoding.UTF8.GetBytes(Header(project)));
    }

    /// <summary>Episodes in row order; empty for the rejected table, whose rows belong to no episode.</summary>
    public IReadOnlyList<EpisodeFacts> Episodes => _episodes;

    public void Accept(in RunKey key, byte[] buffer, int offset, int length, int rows)
    {
        if (_episodeRows == 0 || key.TaskSubdir != _episode.TaskSubdir || key.Episode != _episode.Episode)
        {
            CloseEpisode();
            _episode = key;
        }

        _episodeHash.AppendData(buffer, offset, length);
        var reader = new RowReader(buffer, offset);
        for (int i = 0; i < rows; i++)
        {
            TTable.Read(ref reader, out TRow row);
            TTable.Append(_parquet, _project, row);
            _episodeCorrections += TTable.IsCorrection(row) ? 1 : 0;
        }

        _episodeRows += rows;
        _rows += rows;
    }

    /// <summary>Writes the footer and flushes; the file's owner makes it durable.</summary>
    public PartTable Finish()
    {
        CloseEpisode();
        _parquet.Finish();
        _file.Flush();
        return new PartTable(
            TTable.Schema.Table, _rows, _file.BytesWritten, _file.Sha256(), Convert.ToHexStringLower(_rowsHash.GetCurrentHash()));
    }

    public void Dispose()
    {
        _parquet.Dispose();
        _file.Dispose();
        _rowsHash.Dispose();
        _episodeHash.Dispose();
    }

    private static string Header(string project)
    {
        var text = new StringBuilder("harvest-rows 1\n").Append(TTable.Schema.Table).Append('\n').Append(project).Append('\n');
        foreach (ParquetColumn column in TTable.Schema.Columns)
        {
            text.Append(column.Name).Append(':').Append(column.Type).Append(column.Nullable ? "?" : "").Append('\n');
        }

        return text.ToString();
    }

    private void CloseEpisode()
    {
        if (_episodeRows == 0)
        {
            return;
        }

        byte[] digest = _episodeHash.GetHashAndReset();
        _rowsHash.AppendData(digest);
        if (!_episode.Episode.IsAbsent)
        {
            // Neighbouring episodes share their task folder; one string serves them all.
            string subdir = _episode.TaskSubdir.ToString();
            _subdirName = subdir == _subdirName ? _subdirName : subdir;
            _episodeName = _episode.Episode.ToString();
            _episodes.Add(new EpisodeFacts(
                TTable.Schema.Table, _subdirName, _episodeName, _episodeRows, _episodeCorrections, Convert.ToHexStringLower(digest)));
        }

        _episodeRows = 0;
        _episodeCorrections = 0;
    }
}
