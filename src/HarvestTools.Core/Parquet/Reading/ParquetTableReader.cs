using System.Buffers.Binary;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Reads Parquet files as <see cref="ParquetTableWriter"/> writes them, row group by row group.
/// It trusts no byte: a damaged or foreign file gives an error that names the place, whatever is wrong with it.
/// Not thread-safe.
/// </summary>
internal sealed class ParquetTableReader : IDisposable
{
    private readonly Stream _input;
    private readonly string _file;
    private readonly RowGroupMetadata[] _groups;
    private readonly ColumnChunkDecoder _decoder;
    private readonly ByteBuffer _bytes = new();

    /// <param name="input">Must be able to seek; the reader disposes it.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>, <c>ParquetForeign</c>.</exception>
    public ParquetTableReader(Stream input, string file)
    {
        _input = input;
        _file = file;
        _decoder = new ColumnChunkDecoder(file);
        try
        {
            Schema = ReadFooter(out _groups);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The table's name and columns, as the file has them.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>The file's name, for messages.</summary>
    public string File => _file;

    public long Rows => _groups.Sum(static group => group.Rows);

    public int RowGroups => _groups.Length;

    /// <summary>Opens a file; errors of the file system come as they are.</summary>
    public static ParquetTableReader Open(string path)
    {
        // Whole column chunks are read at once, so a buffer in between would only copy.
        var input = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return new ParquetTableReader(input, path);
    }

    /// <summary>How many rows a row group has, from 1 to <see cref="ReaderLimits.RowGroupRows"/>.</summary>
    public int RowsOf(int group) => (int)_groups[group].Rows;

    /// <summary>Reads a row group; what <paramref name="into"/> held before is overwritten.</summary>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>.</exception>
    public void ReadRowGroup(int group, ParquetRowGroup into)
    {
        RowGroupMetadata metadata = _groups[group];
        if (into.Columns.Length != Schema.Columns.Count)
        {
            into.Columns = [.. Schema.Columns.Select(static _ => new ParquetColumnValues())];
        }

        into.Rows = (int)metadata.Rows;
        for (int i = 0; i < metadata.Chunks.Length; i++)
        {
            ChunkMetadata chunk = metadata.Chunks[i];
            ReadOnlySpan<byte> bytes = Read(chunk.Offset, (int)chunk.StoredBytes, "row group " + group);
            _decoder.Decode(bytes, Schema.Columns[i], chunk, group, into.Columns[i]);
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _bytes.Dispose();
        _decoder.Dispose();
    }

    private ParquetSchema ReadFooter(out RowGroupMetadata[] groups)
    {
        int magic = ParquetFooter.Magic.Length;
        int tailBytes = sizeof(int) + magic;
        long length = _input.Length;
        if (length < magic + tailBytes || !Read(0, magic, "start").SequenceEqual(ParquetFooter.Magic))
        {
            throw ParquetErrors.ParquetForeign(_file, "it does not begin as a Parquet file");
        }

        ReadOnlySpan<byte> tail = Read(length - tailBytes, tailBytes, "end");
        int footerBytes = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail[sizeof(int)..].SequenceEqual(ParquetFooter.Magic))
        {
            throw ParquetErrors.ParquetDamaged(_file, "end", "the closing mark is missing, so the file was cut off or overwritten");
        }

        long footerStart = length - tailBytes - footerBytes;
        if (footerBytes < 0 || footerStart < magic)
        {
            throw ParquetErrors.ParquetDamaged(_file, "end", "the footer's length is impossible");
        }

        return ParquetFooterReader.Read(Read(footerStart, footerBytes, "footer"), footerStart, _file, out groups);
    }

    private ReadOnlySpan<byte> Read(long offset, int length, string where)
    {
        _bytes.Clear();
        Span<byte> bytes = _bytes.Take(length);
        _input.Position = offset;
        if (_input.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length)
        {
            throw ParquetErrors.ParquetDamaged(_file, where, "the file has become shorter while it was read");
        }

        return bytes;
    }
}
