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

    private static ForeignValues Column(Net.ParquetRowGroupReader group, Net.Schema.DataField field, CancellationToken cancellation)
    {
        string where = $"the column '{field.Path}'";
        using Net.Data.RawColumnData data = Complete(() => group.ReadRawColumnDataBaseAsync(field, cancellation).AsTask(), where);
        Array values = data switch
        {
            Net.Data.RawColumnData<bool> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<sbyte> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<byte> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<short> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<ushort> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<int> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<uint> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<long> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<ulong> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<float> typed => Array.ConvertAll(typed.Values.ToArray(), static value => (double)value),
            Net.Data.RawColumnData<double> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<decimal> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<Guid> typed => typed.Values.ToArray(),
            Net.Data.RawColumnData<DateTime> typed => Array.ConvertAll(typed.Values.ToArray(), static value => value.Ticks),
            Net.Data.RawColumnData<TimeSpan> typed => Array.ConvertAll(typed.Values.ToArray(), static value => value.Ticks),
            Net.Data.RawColumnData<DateOnly> typed => Array.ConvertAll(typed.Values.ToArray(), static value => value.DayNumber),
            Net.Data.RawColumnData<TimeOnly> typed => Array.ConvertAll(typed.Values.ToArray(), static value => value.Ticks),
            Net.Data.RawColumnData<ReadOnlyMemory<char>> typed => Array.ConvertAll(typed.Values.ToArray(), static value => value.ToString()),
            Net.Data.RawColumnData<ReadOnlyMemory<byte>> typed => Array.ConvertAll(typed.Values.ToArray(), static value => Convert.ToHexStringLower(value.Span)),
            _ => throw new InvalidDataException($"{where} has the type {field.ClrType.Name}, which is not read."),
        };
        return new ForeignValues(
            values, field.MaxDefinitionLevel, field.MaxDefinitionLevel > 0 ? data.DefinitionLevels.ToArray() : null, field.MaxRepetitionLevel > 0 ? data.RepetitionLevels.ToArray() : null);
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
}
