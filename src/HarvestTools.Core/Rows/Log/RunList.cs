using HarvestTools.Rows.Tables;

namespace HarvestTools.Rows.Log;

/// <summary>
/// The runs of one row log in sorted pieces of fixed size: a large export has hundreds of thousands, and one growing list of
/// them, copied to be sorted, would take as much memory as the rows' budget.
/// </summary>
internal sealed class RunList
{
    private const int PieceRuns = 4096;

    private readonly List<RowRun[]> _pieces = [];
    private RowRun[] _last = [];
    private int _used;

    /// <summary>Whether the newest piece holds nothing yet; runs of earlier pieces are settled.</summary>
    public bool IsEmpty => _used == 0;

    /// <summary>The run added last, which may still be lengthened.</summary>
    public ref RowRun Newest => ref _last[_used - 1];

    public void Add(in RowRun run)
    {
        if (_used == _last.Length)
        {
            Complete();

            // A small export has few runs: the first piece starts small, those after it are whole.
            _last = new RowRun[_pieces.Count == 0 ? 64 : Math.Min(_pieces[^1].Length * 8, PieceRuns)];
        }

        _last[_used++] = run;
    }

    /// <summary>Hands the pieces over, each sorted by the runs' first rows: none is kept here when the merge is through.</summary>
    public IReadOnlyList<RowRun[]> TakeSorted()
    {
        Complete();
        RowRun[][] pieces = [.. _pieces];
        _pieces.Clear();
        return pieces;
    }

    private void Complete()
    {
        if (_used > 0)
        {
            Array.Resize(ref _last, _used);
            Array.Sort(_last, static (left, right) => left.First.CompareTo(right.First));
            _pieces.Add(_last);
        }

        _last = [];
        _used = 0;
    }
}

/// <summary>Gives the runs of any number of sorted pieces in order.</summary>
internal sealed class RunQueue
{
    private readonly PriorityQueue<(RowRun[] Piece, int At), RunKey> _heads = new();

    public RunQueue(IEnumerable<RowRun[]> pieces)
    {
        foreach (RowRun[] piece in pieces)
        {
            _heads.Enqueue((piece, 0), piece[0].First);
        }
    }

    public bool IsEmpty => _heads.Count == 0;

    /// <summary>Where the next run starts.</summary>
    public RunKey Next
    {
        get
        {
            (RowRun[] piece, int at) = _heads.Peek();
            return piece[at].First;
        }
    }

    public RowRun Take()
    {
        (RowRun[] piece, int at) = _heads.Peek();
        if (at + 1 < piece.Length)
        {
            _heads.DequeueEnqueue((piece, at + 1), piece[at + 1].First);
        }
        else
        {
            _heads.Dequeue();
        }

        return piece[at];
    }
}
