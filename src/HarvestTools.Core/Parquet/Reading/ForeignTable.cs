using System.Globalization;
using Net = global::Parquet;

namespace HarvestTools.Parquet.Reading;

/// <summary>A column of a file that another program wrote.</summary>
/// <param name="Name">Its path in the schema.</param>
/// <param name="Type">Its type, with how it may be absent or repeated.</param>
internal sealed record ForeignColumn(string Name, string Type);

/// <summary>A row group of such a file.</summary>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Columns">Their values, each to be read row by row.</param>
internal sealed record ForeignRowGroup(long Rows, IReadOnlyList<ForeignValues> Columns);

/// <summary>
/// Rows of Parquet files that other programs wrote: pyarrow, DuckDB, Spark, Polars. Whatever can be nested is read as the leaves that
/// the file has, with their levels, which say where lists and groups begin and what is absent.
/// </summary>
internal sealed class ForeignTable
{
    private readonly Net.ParquetReader _reader;
    private readonly Net.Schema.DataField[] _fields;

    /// <param name="file">Can seek; the caller's.</param>
    /// <exception cref="InvalidDataException">It is no Parquet file, or has what cannot be read; the message says which.</exception>
    public ForeignTable(Stream file)
    {
        _reader = Complete(() => Net.ParquetReader.CreateAsync(file, leaveStreamOpen: true), "its footer");
        _fields = _reader.Schema.GetDataFields();
        Columns = [.. _fields.Select(static field => new ForeignColumn(
            field.Path.ToString(),
            string.Create(CultureInfo.InvariantCulture, $"{field.ClrType.Name} {field.MaxDefinitionLevel} {field.MaxRepetitionLevel}")))];
    }

    public IReadOnlyList<ForeignColumn> Columns { get; }

    /// <summary>The row groups, one at a time in memory.</summary>
    /// <exception cref="InvalidDataException">Something of it cannot be read.</exception>
    public IEnumerable<ForeignRowGroup> Read(CancellationToken cancellation)
    {
        for (int i = 0; i < _reader.RowGroupCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using Net.ParquetRowGroupReader group = _reader.OpenRowGroupReader(i);
            yield return new ForeignRowGroup(group.RowCount, [.. _fields.Select(field => Column(group, field, cancellation))]);
        }
    }

    // Type by type: the package's own way to a type that is known as the program runs is one that a trimmed program has not got.
    private static ForeignValues Column(Net.ParquetRowGroupReader group, Net.Schema.DataField field, CancellationToken cancellation)
    {
        ForeignValues Read<T>(Func<T[], Array>? convert = null)
            where T : struct
        {
            string where = $"the column '{field.Path}'";
            long slots = group.GetMetadata(field)?.MetaData?.NumValues ?? -1;
            if (slots < 0 || slots > Array.MaxLength || (field.MaxRepetitionLevel == 0 && slots != group.RowCount))
            {
                throw new InvalidDataException($"{where} has another number of values than the table has rows");
            }

            var values = new T[slots];
            int[]? definitions = field.MaxDefinitionLevel > 0 ? new int[slots] : null;
            int[]? repetitions = field.MaxRepetitionLevel > 0 ? new int[slots] : null;
            _ = Complete(
                async () =>
                {
                    // An array that is null would become a memory of no slots, which is another thing than none.
                    await group.ReadRawAsync<T>(
                        field, values, definitions is null ? (Memory<int>?)null : definitions.AsMemory(), repetitions is null ? (Memory<int>?)null : repetitions.AsMemory(), cancellation).ConfigureAwait(false);
                    return true;
                },
                where);

            // What is absent has a level and no value: those that are there come first.
            int present = definitions?.Count(level => level == field.MaxDefinitionLevel) ?? values.Length;
            Array.Resize(ref values, present);
            return new ForeignValues(convert?.Invoke(values) ?? values, field.MaxDefinitionLevel, definitions, repetitions);
        }

        Type type = field.ClrType;
        return type == typeof(bool) ? Read<bool>()
            : type == typeof(sbyte) ? Read<sbyte>()
            : type == typeof(byte) ? Read<byte>()
            : type == typeof(short) ? Read<short>()
            : type == typeof(ushort) ? Read<ushort>()
            : type == typeof(int) ? Read<int>()
            : type == typeof(uint) ? Read<uint>()
            : type == typeof(long) ? Read<long>()
            : type == typeof(ulong) ? Read<ulong>()
            : type == typeof(float) ? Read<float>(static values => Array.ConvertAll(values, static value => (double)value))
            : type == typeof(double) ? Read<double>()
            : type == typeof(decimal) ? Read<decimal>()
            : type == typeof(Guid) ? Read<Guid>()
            : type == typeof(DateTime) ? Read<DateTime>(static values => Array.ConvertAll(values, static value => value.Ticks))
            : type == typeof(TimeSpan) ? Read<TimeSpan>(static values => Array.ConvertAll(values, static value => value.Ticks))
            : type == typeof(DateOnly) ? Read<DateOnly>(static values => Array.ConvertAll(values, static value => value.DayNumber))
            : type == typeof(TimeOnly) ? Read<TimeOnly>(static values => Array.ConvertAll(values, static value => value.Ticks))
            : type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? Read<ReadOnlyMemory<char>>(static values => Array.ConvertAll(values, static value => value.ToString()))
            : type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) ? Read<ReadOnlyMemory<byte>>(static values => Array.ConvertAll(values, static value => Convert.ToHexStringLower(value.Span)))
            : throw new InvalidDataException($"the column '{field.Path}' has the type {type.Name}, which is not read.");
    }

    /// <summary>As for tables of our own: what answers at once runs right here, and every fault names its place.</summary>
    private static T Complete<T>(Func<Task<T>> start, string where)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(null);
            return start().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not (HarvestException or OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{where} cannot be decoded", exception);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}

/// <summary>The values of one column of a row group, given row by row.</summary>
/// <param name="values">Those that are there, in order.</param>
/// <param name="present">The definition level of a value that is there.</param>
/// <param name="definitions">The level of each slot; null where every value is there.</param>
/// <param name="repetitions">0 where a slot begins a row; null where each row is one slot.</param>
internal sealed class ForeignValues(Array values, int present, int[]? definitions, int[]? repetitions)
{
    private int _slot;
    private int _value;

    /// <summary>Writes the next row: a value, and of a nested column all of the row's with their levels.</summary>
    /// <param name="text">Takes a text, a whole number, or null.</param>
    /// <param name="number">Takes a number with a fraction.</param>
    /// <exception cref="InvalidDataException">The levels are not those of as many rows.</exception>
    public void WriteRow(Action<string?> text, Action<double> number)
    {
        do
        {
            if (_slot >= (definitions?.Length ?? values.Length))
            {
                throw new InvalidDataException("a column has fewer values than the table has rows");
            }

            int level = definitions?[_slot] ?? present;
            if (repetitions is not null || (level < present && present > 1))
            {
                text(string.Create(CultureInfo.InvariantCulture, $"{repetitions?[_slot] ?? 0} {level}"));
            }

            if (level < present)
            {
                text(null);
            }
            else if (values is double[] numbers)
            {
                number(numbers[_value++]);
            }
            else
            {
                text(Convert.ToString(values.GetValue(_value++), CultureInfo.InvariantCulture));
            }

            _slot++;
        }
        while (repetitions is not null && _slot < repetitions.Length && repetitions[_slot] != 0);
    }

    /// <summary>Reads the next row: a value as it is in memory, null, or of a nested column what the row has of it, in order.</summary>
    /// <exception cref="InvalidDataException">The levels are not those of as many rows.</exception>
    public object? ReadRow()
    {
        List<object?>? items = repetitions is null ? null : [];
        object? value;
        do
        {
            if (_slot >= (definitions?.Length ?? values.Length))
            {
                throw new InvalidDataException("a column has fewer values than the table has rows");
            }

            value = (definitions?[_slot] ?? present) < present ? null : values.GetValue(_value++);
            items?.Add(value);
            _slot++;
        }
        while (repetitions is not null && _slot < repetitions.Length && repetitions[_slot] != 0);
        return items is null or [null] ? value : items;
    }
}
