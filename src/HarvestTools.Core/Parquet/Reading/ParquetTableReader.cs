using System.Buffers;
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
    // The footer's length and the closing mark.
    private const int TailBytes = 2 * sizeof(int);

    private readonly VerifiedFile _file;
    private readonly long _footerStart;
    private readonly Net.ParquetReader _reader;
    private readonly Net.Schema.DataField[] _fields;

    /// <param name="file">Disposed with the reader, and where this fails.</param>
    /// <exception cref="HarvestException"><c>ParquetForeign</c>, <c>ParquetDamaged</c>.</exception>
    public ParquetTableReader(VerifiedFile file)
    {
        _file = file;
        try
        {
            _footerStart = CheckEnds(file);
            CheckFooter(file, _footerStart);
            _reader = Complete(() => Net.ParquetReader.CreateAsync(file, leaveStreamOpen: true), static () => "footer");
            Schema = TableFooter.Read(_reader.Metadata!, file.Name);
            Net.Schema.DataField[] found = _reader.Schema.GetDataFields();
            _fields = [.. Schema.Columns.Select((column, i) => column.Type == ParquetType.DoubleList ? found[i] : FieldOf(column))];

            // A field knows its levels once it belongs to a schema; that of a list belongs to the file's.
            _ = new Net.Schema.ParquetSchema(_fields.Where((_, i) => Schema.Columns[i].Type != ParquetType.DoubleList));
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

    /// <summary>Reads a row group; what <paramref name="into"/> had before is overwritten.</summary>
    /// <param name="group">Its number.</param>
    /// <param name="into">Receives the columns.</param>
    /// <param name="only">The columns to read, ascending; null for all. What the others hold then means nothing.</param>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>.</exception>
    public void ReadRowGroup(int group, ParquetRowGroup into, IReadOnlyList<int>? only = null)
    {
        if (into.Columns.Length != _fields.Length)
        {
            into.Columns = [.. _fields.Select(static _ => new ParquetColumnValues())];
        }

        into.Rows = RowsOf(group);
        ReadOnlyMemory<byte>[] texts = ArrayPool<ReadOnlyMemory<byte>>.Shared.Rent(into.Rows);
        string where = "";
        try
        {
            Complete(
                async () =>
                {
                    foreach (int i in only ?? [.. Enumerable.Range(0, _fields.Length)])
                    {
                        where = FormattableString.Invariant($"row group {group}, column {Schema.Columns[i].Name}");
                        Net.ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
                        _file.ReadEnd = CheckChunk(rows.RowGroup.Columns[i].MetaData!, where);
                        await ReadAsync(rows, i, into.Rows, texts, into.Columns[i]).ConfigureAwait(false);
                        _file.ReadEnd = null;
                    }

                    return into;
                },
                () => where);
        }
        finally
        {
            _file.ReadEnd = null;

            // Cleared, so that the pool keeps no text alive.
            ArrayPool<ReadOnlyMemory<byte>>.Shared.Return(texts, clearArray: true);
        }
    }

    public void Dispose() => _file.Dispose();

    private ValueTask ReadAsync(Net.ParquetRowGroupReader group, int index, int rows, Memory<ReadOnlyMemory<byte>> texts, ParquetColumnValues into)
    {
        Net.Schema.DataField field = _fields[index];
        ParquetColumn column = Schema.Columns[index];
        into.Reset(column.Nullable, rows);
        return column.Type switch
        {
            ParquetType.Boolean => ReadAsync(group, field, rows, into.Levels, into.Booleans),
            ParquetType.Int32 => ReadAsync(group, field, rows, into.Levels, into.Int32s),
            ParquetType.Int64 or ParquetType.Double => ReadAsync(group, field, rows, into.Levels, into.Int64s),
            ParquetType.DoubleList => ReadListsAsync(group, field, rows, into.Lists),
            _ => ReadTextsAsync(group, field, rows, into.Levels, texts, into.Texts),
        };
    }

    /// <summary>Reads the values that are there straight into their array, and their levels.</summary>
    private static async ValueTask ReadAsync<T>(
        Net.ParquetRowGroupReader group, Net.Schema.DataField field, int rows, Memory<int>? levels, ColumnSlots<T> into)
        where T : struct
    {
        await group.ReadRawAsync(field, into.Room(rows), levels, repetitionLevels: null).ConfigureAwait(false);
        if (levels is { } present)
        {
            into.Spread(present.Span);
        }
    }

    private static async ValueTask ReadListsAsync(Net.ParquetRowGroupReader group, Net.Schema.DataField field, int rows, ListSlots into)
    {
        int slots = (int)group.GetMetadata(field)!.MetaData!.NumValues;
        (Memory<double> elements, Memory<int> definitions, Memory<int> repetitions) = into.Room(slots);
        await group.ReadRawAsync(field, elements, definitions, repetitions).ConfigureAwait(false);
        if (!into.TryDivide(rows, slots))
        {
            throw new InvalidDataException("The levels are not those of as many lists as there are rows.");
        }
    }

    private static async ValueTask ReadTextsAsync(
        Net.ParquetRowGroupReader group,
        Net.Schema.DataField field,
        int rows,
        Memory<int>? levels,
        Memory<ReadOnlyMemory<byte>> texts,
        TextSlots into)
    {
        await group.ReadRawAsync(field, texts, levels, repetitionLevels: null).ConfigureAwait(false);
        bool shared = group.GetMetadata(field)!.MetaData!.DictionaryPageOffset is not null;
        into.Fill(texts.Span, levels is { } present ? present.Span : default, rows, shared);
    }

    // Texts are read as the bytes that they are: of those that are compared, few ever become strings. Doubles are read as their
    // 64 bits, which is what the file has: Parquet.Net has generic code for each type, and the runtime compiles it for each.
    private static Net.Schema.DataField FieldOf(ParquetColumn column) => new(
        column.Name,
        column.Type switch
        {
            ParquetType.Boolean => typeof(bool),
            ParquetType.Int32 => typeof(int),
            ParquetType.Int64 or ParquetType.Double => typeof(long),
            _ => typeof(ReadOnlyMemory<byte>),
        },
        column.Nullable);

    private long CheckChunk(Net.Meta.ColumnMetaData chunk, string where)
    {
        try
        {
            return ChunkCheck.Check(_file, chunk, _footerStart);
        }
        catch (InvalidDataException exception)
        {
            throw ParquetErrors.ParquetDamaged(_file.Name, where, $"it cannot be decoded: {exception.Message}", exception);
        }
    }

    private static void CheckFooter(VerifiedFile file, long start)
    {
        int length = (int)(file.Length - TailBytes - start);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            file.Position = start;
            file.ReadExactly(bytes, 0, length);
            FooterCheck.Check(bytes.AsSpan(0, length), file.Name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Whether it is a Parquet file at all, in words that Parquet.Net does not have.</summary>
    /// <returns>Where the footer begins.</returns>
    private static long CheckEnds(VerifiedFile file)
    {
        ReadOnlySpan<byte> magic = ParquetFooter.Magic;
        Span<byte> tail = stackalloc byte[TailBytes];
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

        return file.Length - tail.Length - footer;
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
    /// <param name="start">Begins the work.</param>
    /// <param name="where">Where in the file it is.</param>
    private T Complete<T>(Func<Task<T>> start, Func<string> where)
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
            throw ParquetErrors.ParquetDamaged(_file.Name, where(), "it cannot be decoded", exception);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
