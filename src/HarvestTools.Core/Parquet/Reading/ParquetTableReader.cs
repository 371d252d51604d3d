using System.Buffers.Binary;
using HarvestTools.Parquet.Writing;
using Net = global::Parquet;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Reads tables that <see cref="ParquetTableWriter"/> wrote, row group by row group, with Parquet.Net: the one place where the
/// engine meets that library. What is read was verified before; a file that another program wrote, or that is no table, gives
/// an error all the same. Not thread-safe.
/// </summary>
internal sealed class ParquetTableReader : IDisposable
{
    private readonly VerifiedFile _file;
    private readonly Net.ParquetReader _reader;
    private readonly Net.Schema.DataField[] _fields;

    /// <param name="file">Disposed with the reader, and where this fails.</param>
    /// <exception cref="HarvestException"><c>ParquetForeign</c>, <c>ParquetDamaged</c>.</exception>
    public ParquetTableReader(VerifiedFile file)
    {
        _file = file;
        try
        {
            CheckEnds(file);
            _reader = Complete("footer", () => Net.ParquetReader.CreateAsync(file, leaveStreamOpen: true));
            Schema = TableFooter.Read(_reader.Metadata!, file.Name);
            _fields = [.. Schema.Columns.Select(FieldOf)];

            // A field knows its levels once it belongs to a schema.
            _ = new Net.Schema.ParquetSchema(_fields);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The table's name and columns, as the file has them.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>The file's name, for messages.</summary>
    public string File => _file.Name;

    public long Rows => _reader.Metadata!.NumRows;

    public int RowGroups => _reader.RowGroupCount;

    /// <summary>Verifies a file and opens it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">The SHA-256 that it should have.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>, <c>ParquetForeign</c>, or the file cannot be read.</exception>
    public static ParquetTableReader Open(string path, string sha256, CancellationToken cancellation = default) =>
        new(VerifiedFile.Open(path, sha256, cancellation));

    /// <summary>How many rows a row group has, from 1 to <see cref="ReaderLimits.RowGroupRows"/>.</summary>
    public int RowsOf(int group) => (int)_reader.RowGroups[group].RowCount;

    /// <summary>Reads a row group; what <paramref name="into"/> held before is overwritten.</summary>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>.</exception>
    public void ReadRowGroup(int group, ParquetRowGroup into)
    {
        Net.ParquetRowGroupReader reader = _reader.OpenRowGroupReader(group);
        if (into.Columns.Length != _fields.Length)
        {
            into.Columns = [.. _fields.Select(static _ => new ParquetColumnValues())];
        }

        into.Rows = RowsOf(group);
        for (int i = 0; i < _fields.Length; i++)
        {
            ParquetColumn column = Schema.Columns[i];
            Net.Schema.DataField field = _fields[i];
            ParquetColumnValues values = into.Columns[i];
            values.Reset(column.Nullable, into.Rows);
            Complete(
                FormattableString.Invariant($"row group {group}, column {column.Name}"),
                () => ReadAsync(reader, field, column.Type, into.Rows, values));
        }
    }

    public void Dispose() => _file.Dispose();

    private static Task<int> ReadAsync(
        Net.ParquetRowGroupReader group, Net.Schema.DataField field, ParquetType type, int rows, ParquetColumnValues into) => type switch
        {
            ParquetType.Boolean => ReadAsync(group, field, rows, into.Levels, into.Booleans),
            ParquetType.Int32 => ReadAsync(group, field, rows, into.Levels, into.Int32s),
            ParquetType.Int64 => ReadAsync(group, field, rows, into.Levels, into.Int64s),
            ParquetType.Double => ReadAsync(group, field, rows, into.Levels, into.Doubles),
            _ => ReadAsync(group, field, rows, into.Levels, into.Texts),
        };

    /// <summary>
    /// Reads the values that are there straight into their array, and their levels. A column of lists would be read the same
    /// way, with repetition levels and as many values as its chunk's metadata says.
    /// </summary>
    private static async Task<int> ReadAsync<T>(
        Net.ParquetRowGroupReader group, Net.Schema.DataField field, int rows, Memory<int>? levels, ColumnSlots<T> into)
        where T : struct
    {
        await group.ReadRawAsync(field, into.Room(rows), levels, repetitionLevels: null).ConfigureAwait(false);
        if (levels is { } present)
        {
            into.Spread(present.Span);
        }

        return rows;
    }

    // Texts are read as the bytes that they are: compared, hashed and shown, few of them ever become strings.
    private static Net.Schema.DataField FieldOf(ParquetColumn column) => new(
        column.Name,
        column.Type switch
        {
            ParquetType.Boolean => typeof(bool),
            ParquetType.Int32 => typeof(int),
            ParquetType.Int64 => typeof(long),
            ParquetType.Double => typeof(double),
            _ => typeof(ReadOnlyMemory<byte>),
        },
        column.Nullable);

    /// <summary>Whether it is a Parquet file at all, in words that Parquet.Net does not have.</summary>
    private static void CheckEnds(VerifiedFile file)
    {
        ReadOnlySpan<byte> magic = ParquetFooter.Magic;
        Span<byte> tail = stackalloc byte[sizeof(int) + magic.Length];
        Span<byte> head = stackalloc byte[magic.Length];
        if (file.Length < head.Length + tail.Length || ReadAt(file, 0, head) < head.Length || !head.SequenceEqual(magic))
        {
            throw ParquetErrors.ParquetForeign(file.Name, "it does not begin as a Parquet file");
        }

        if (ReadAt(file, file.Length - tail.Length, tail) < tail.Length || !tail[sizeof(int)..].SequenceEqual(magic))
        {
            throw ParquetErrors.ParquetDamaged(file.Name, "end", "the closing mark is missing, so the file was cut off or overwritten");
        }

        int footer = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (footer <= 0 || footer > file.Length - head.Length - tail.Length)
        {
            throw ParquetErrors.ParquetDamaged(file.Name, "end", "the footer's length is impossible");
        }
    }

    private static int ReadAt(VerifiedFile file, long position, Span<byte> into)
    {
        file.Position = position;
        return file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
    }

    /// <summary>
    /// Waits for Parquet.Net, which is asynchronous in form: over a stream that answers at once nearly all of it runs right
    /// here. Its own errors, of many types, become one that names the place.
    /// </summary>
    private T Complete<T>(string where, Func<Task<T>> start)
    {
        // It continues on the context that it finds. One that runs its work on the waiting thread would never get to it.
        SynchronizationContext? context = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(null);
            return start().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not (HarvestException or OperationCanceledException or OutOfMemoryException))
        {
            throw ParquetErrors.ParquetDamaged(_file.Name, where, "it cannot be decoded", exception);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
