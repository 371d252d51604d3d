using System.Buffers;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// The numbers or truth values of one column of a row group, in an array that is used again for the next one. A file has only
/// the values that are there, one after another, and says by levels which rows they belong to.
/// </summary>
/// <typeparam name="T">The values' type in memory.</typeparam>
internal sealed class ColumnSlots<T> : IDisposable
    where T : struct
{
    // A row group's arrays are large objects: taken from the pool, they need no collection before the next table is read.
    private T[] _values = [];

    /// <summary>The value of a row; default for a null.</summary>
    public ref readonly T this[int row] => ref _values[row];

    /// <summary>Room for values, whatever was in it before.</summary>
    public Memory<T> Room(int count)
    {
        if (_values.Length < count)
        {
            Dispose();
            _values = ArrayPool<T>.Shared.Rent(count);
        }

        return _values.AsMemory(0, count);
    }

    /// <summary>Makes this the column of a single row.</summary>
    public void SetOnly(in T value) => Room(1).Span[0] = value;

    /// <summary>Moves the values that were read one after another to their rows.</summary>
    /// <param name="levels">1 for each row that has a value, 0 for a null.</param>
    public void Spread(ReadOnlySpan<int> levels)
    {
        Span<T> values = _values;
        int next = levels.Count(1);

        // From the end on, no value is overwritten before it was moved; where none is missing any more, all are in place.
        for (int row = levels.Length - 1; row >= next; row--)
        {
            values[row] = levels[row] == 1 ? values[--next] : default;
        }
    }

    /// <summary>Gives the array back; there is room again after the next <see cref="Room"/>.</summary>
    public void Dispose()
    {
        if (_values.Length > 0)
        {
            ArrayPool<T>.Shared.Return(_values);
            _values = [];
        }
    }
}
