namespace HarvestTools.Exports;

/// <summary>
/// The digests of tasks in sorted pieces. A large export has hundreds of thousands: one growing list of them is copied whenever
/// it grows, and one sorted list would take as much again.
/// </summary>
internal sealed class DigestPieces
{
    /// <summary>Digests of a piece: few enough that a piece is no large object to the collector.</summary>
    private const int PieceDigests = 1024;

    private readonly List<TaskDigest[]> _pieces = [];
    private TaskDigest[] _last = [];
    private int _used;

    public void Add(TaskDigest digest)
    {
        if (_used == _last.Length)
        {
            Complete();
            _last = new TaskDigest[PieceDigests];
        }

        _last[_used++] = digest;
    }

    /// <summary>Takes over the digests of another, which has none afterwards.</summary>
    public void Take(DigestPieces other)
    {
        other.Complete();
        _pieces.AddRange(other._pieces);
        other._pieces.Clear();
    }

    /// <summary>All digests in order, merged while they are read, and gone afterwards.</summary>
    public IEnumerable<TaskDigest> TakeSorted()
    {
        Complete();
        var heads = new PriorityQueue<(TaskDigest[] Piece, int At), TaskDigest>(_pieces.Count);
        foreach (TaskDigest[] piece in _pieces)
        {
            heads.Enqueue((piece, 0), piece[0]);
        }

        _pieces.Clear();
        while (heads.TryPeek(out (TaskDigest[] Piece, int At) head, out TaskDigest digest))
        {
            int next = head.At + 1;
            if (next < head.Piece.Length)
            {
                heads.DequeueEnqueue((head.Piece, next), head.Piece[next]);
            }
            else
            {
                heads.Dequeue();
            }

            yield return digest;
        }
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
