using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Drift;

/// <summary>
/// Tells how the rows of one table differ from those of another by a merge join over their sorted files. Memory holds
/// one row group of each file, however many rows there are. Rows of one key form a multiset: equal ones cancel out,
/// of the others the first of either side are one changed row, and what is left over was added or removed.
/// </summary>
internal sealed class RowDiff : IDisposable
{
    private const int RowsBetweenCancellationChecks = 8192;

    private readonly SortedRows _before;
    private readonly SortedRows _after;
    private readonly CancellationToken _cancellation;

    // Rows of the key at hand that found no equal on the other side; at most one of the two holds any between calls.
    private readonly Queue<ParquetRowGroup> _lost = new();
    private readonly Queue<ParquetRowGroup> _gained = new();
    private readonly Stack<ParquetRowGroup> _free = new();
    private ParquetRowGroup? _heldBefore;
    private ParquetRowGroup? _heldAfter;
    private bool _advanceBefore;
    private bool _advanceAfter;
    private int _sinceCheck;

    /// <param name="schema">The table.</param>
    /// <param name="before">Its files on the one side; disposed with this object, as are the others.</param>
    /// <param name="after">Its files on the other side.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="HarvestException"><c>ParquetForeign</c>, <c>ParquetDamaged</c>.</exception>
    public RowDiff(
        ParquetSchema schema,
        IReadOnlyList<ParquetTableReader> before,
        IReadOnlyList<ParquetTableReader> after,
        CancellationToken cancellation)
    {
        Layout = new RowLayout(schema);
        _cancellation = cancellation;
        try
        {
            _before = new SortedRows(Layout, before);
            _after = new SortedRows(Layout, after);
        }
        catch
        {
            foreach (ParquetTableReader reader in before.Concat(after))
            {
                reader.Dispose();
            }

            throw;
        }
    }

    public RowLayout Layout { get; }

    /// <summary>Opens the files of both sides; where one of them cannot be opened, none stays open.</summary>
    /// <param name="schema">The table.</param>
    /// <param name="before">Its files on the one side.</param>
    /// <param name="after">Its files on the other side.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="HarvestException">A file cannot be read, or <c>ParquetForeign</c>, <c>ParquetDamaged</c>.</exception>
    public static RowDiff Open(
        ParquetSchema schema,
        IEnumerable<Func<ParquetTableReader>> before,
        IEnumerable<Func<ParquetTableReader>> after,
        CancellationToken cancellation)
    {
        var left = new List<ParquetTableReader>();
        var right = new List<ParquetTableReader>();
        try
        {
            foreach (Func<ParquetTableReader> open in before)
            {
                left.Add(open());
            }

            foreach (Func<ParquetTableReader> open in after)
            {
                right.Add(open());
            }

            return new RowDiff(schema, left, right, cancellation);
        }
        catch
        {
            left.Concat(right).ToList().ForEach(static reader => reader.Dispose());
            throw;
        }
    }

    /// <summary>What happened to the row that <see cref="Next"/> found.</summary>
    public string Kind { get; private set; } = RowChangeKind.Changed;

    /// <summary>The row on the one side; of no meaning where it was added. Valid until <see cref="Next"/>.</summary>
    public RowRef Before { get; private set; }

    /// <summary>The row on the other side; of no meaning where it was removed. Valid until <see cref="Next"/>.</summary>
    public RowRef After { get; private set; }

    /// <summary>The side that exists; the one after the change where both do.</summary>
    public RowRef Either => Kind == RowChangeKind.Removed ? Before : After;

    /// <summary>Goes to the next difference; false where there is none any more.</summary>
    public bool Next()
    {
        Settle();
        while (true)
        {
            if (++_sinceCheck >= RowsBetweenCancellationChecks)
            {
                _cancellation.ThrowIfCancellationRequested();
                _sinceCheck = 0;
            }

            if (_lost.Count > 0 && _gained.Count > 0)
            {
                return Changed(Take(_lost, out _heldBefore), Take(_gained, out _heldAfter));
            }

            if (_lost.Count > 0 && !Continues(_after, _lost))
            {
                return Removed(Take(_lost, out _heldBefore));
            }

            if (_gained.Count > 0 && !Continues(_before, _gained))
            {
                return Added(Take(_gained, out _heldAfter));
            }

            if (_before.AtEnd && _after.AtEnd)
            {
                return false;
            }

            if (Step())
            {
                return true;
            }
        }
    }

    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    /// <summary>Looks at the rows at hand; true where they are a difference.</summary>
    private bool Step()
    {
        int column = 0;
        int order = _before.AtEnd ? 1
            : _after.AtEnd ? -1
            : Layout.Compare(_before.Current, _after.Current, out column);
        if (order == 0)
        {
            _before.MoveNext();
            _after.MoveNext();
            return false;
        }

        if (column < Layout.KeyColumns)
        {
            return order < 0 ? OnlyBefore() : OnlyAfter();
        }

        if (_lost.Count == 0 && _gained.Count == 0 && !_before.NextMayShareKey() && !_after.NextMayShareKey())
        {
            _advanceBefore = true;
            _advanceAfter = true;
            return Changed(_before.Current, _after.Current);
        }

        // Several rows of one key: an equal of the lesser row can no longer come on the other side.
        if (order < 0)
        {
            Hold(_before, _lost);
        }
        else
        {
            Hold(_after, _gained);
        }

        return false;
    }

    private bool OnlyBefore()
    {
        _advanceBefore = true;
        return _gained.Count > 0 ? Changed(_before.Current, Take(_gained, out _heldAfter)) : Removed(_before.Current);
    }

    private bool OnlyAfter()
    {
        _advanceAfter = true;
        return _lost.Count > 0 ? Changed(Take(_lost, out _heldBefore), _after.Current) : Added(_after.Current);
    }

    private bool Continues(SortedRows side, Queue<ParquetRowGroup> held) =>
        !side.AtEnd && Layout.SameKey(side.Current, new RowRef(held.Peek(), 0));

    private void Hold(SortedRows side, Queue<ParquetRowGroup> held)
    {
        ParquetRowGroup copy = _free.TryPop(out ParquetRowGroup? free) ? free : new ParquetRowGroup();
        Layout.Copy(side.Current, copy);
        held.Enqueue(copy);
        side.MoveNext();
    }

    private static RowRef Take(Queue<ParquetRowGroup> held, out ParquetRowGroup? taken)
    {
        taken = held.Dequeue();
        return new RowRef(taken, 0);
    }

    private bool Changed(RowRef before, RowRef after) => Found(RowChangeKind.Changed, before, after);

    private bool Removed(RowRef before) => Found(RowChangeKind.Removed, before, default);

    private bool Added(RowRef after) => Found(RowChangeKind.Added, default, after);

    private bool Found(string kind, RowRef before, RowRef after)
    {
        Kind = kind;
        Before = before;
        After = after;
        return true;
    }

    /// <summary>Leaves the difference that was found last.</summary>
    private void Settle()
    {
        if (_advanceBefore)
        {
            _before.MoveNext();
        }

        if (_advanceAfter)
        {
            _after.MoveNext();
        }

        Release(ref _heldBefore);
        Release(ref _heldAfter);
        _advanceBefore = false;
        _advanceAfter = false;
    }

    private void Release(ref ParquetRowGroup? held)
    {
        if (held is not null)
        {
            _free.Push(held);
            held = null;
        }
    }
}
