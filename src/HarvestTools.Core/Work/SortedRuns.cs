namespace HarvestTools.Work;

/// <summary>
/// Many items in sorted pieces of bounded size: one growing list of hundreds of thousands is copied whenever it grows, and one
/// sorted list of them would take as much again. <see cref="RunQueue{T}"/> gives them in order.
/// </summary>
/// <param name="pieceItems">Items of a whole piece.</param>
internal sealed class SortedRuns<T>(int pieceItems)
    where T : struct, IComparable<T>
{
    private readonly List<T[]> _pieces = [];
    private T[] _last = [];
    private int _used;

    /// <summary>Whether the newest piece holds nothing yet; items of earlier pieces are settled.</summary>
    public bool IsEmpty => _used == 0;

    /// <summary>The item added last, which may still change as long as its order does not.</summary>
    public ref T Newest => ref _last[_used - 1];

    public void Add(in T item)
    {
        if (_used == _last.Length)
        {
            Complete();

            // A small export has few items: the first piece starts small, those after it are whole.
            _last = new T[_pieces.Count == 0 ? Math.Min(16, pieceItems) : Math.Min(_pieces[^1].Length * 8, pieceItems)];
        }

        _last[_used++] = item;
    }

    /// <summary>Takes over the items of another, which has none afterwards.</summary>
    public void Take(SortedRuns<T> other) => _pieces.AddRange(other.TakeAll());

    /// <summary>Hands the pieces over, each of them sorted: none is kept here when they are read.</summary>
    public IReadOnlyList<T[]> TakeAll()
    {
        Complete();
        T[][] pieces = [.. _pieces];
        _pieces.Clear();
        return pieces;
    }

    private void Complete()
    {
        if (_used > 0)
        {
            Array.Resize(ref _last, _used);
            Array.Sort(_last);
            _pieces.Add(_last);
        }

        _last = [];
        _used = 0;
    }
}

/// <summary>Gives the items of any number of sorted pieces in order.</summary>
internal sealed class RunQueue<T>
    where T : struct, IComparable<T>
{
    private readonly PriorityQueue<(T[] Piece, int At), T> _heads = new();

    public RunQueue(IEnumerable<T[]> pieces)
    {
        foreach (T[] piece in pieces)
        {
            _heads.Enqueue((piece, 0), piece[0]);
        }
    }

    public bool IsEmpty => _heads.Count == 0;

    /// <summary>The item that comes next.</summary>
    public ref readonly T Next
    {
        get
        {
            (T[] piece, int at) = _heads.Peek();
            return ref piece[at];
        }
    }

    public T Take()
    {
        (T[] piece, int at) = _heads.Peek();
        if (at + 1 < piece.Length)
        {
            _heads.DequeueEnqueue((piece, at + 1), piece[at + 1]);
        }
        else
        {
            _heads.Dequeue();
        }

        return piece[at];
    }
}
