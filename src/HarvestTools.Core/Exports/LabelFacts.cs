using HarvestTools.Tasks;

namespace HarvestTools.Exports;

/// <summary>What an export holds, as one worker or several saw it.</summary>
internal sealed class LabelFacts
{
    /// <summary>Digests of a piece: few enough that a piece is no large object to the collector.</summary>
    private const int PieceDigests = 1024;

    /// <summary>In pieces, since one list of them is copied whenever it grows, and a large export has hundreds of thousands.</summary>
    private readonly List<TaskDigest[]> _pieces = [];
    private TaskDigest[] _last = [];
    private int _used;
    private readonly SortedSet<long> _projects = [];
    private readonly TypeCounter _types = new();

    /// <summary>All tasks, also those without annotations.</summary>
    public long Tasks { get; private set; }

    /// <summary>Tasks that have at least one of a task's keys.</summary>
    public long Recognised { get; private set; }

    /// <summary>Entries of <c>annotations[]</c>, cancelled ones included.</summary>
    public long Annotations { get; private set; }

    public long Cancelled { get; private set; }

    public long Drafts { get; private set; }

    /// <summary>The distinct project ids that tasks, or in old exports annotations, name.</summary>
    public IReadOnlyCollection<long> ProjectIds => _projects;

    /// <summary>Items of all results by type, in ordinal order.</summary>
    public IReadOnlyDictionary<string, long> RegionTypes => _types.ToSorted();

    public void AddTask(bool recognised, long? project, int drafts)
    {
        Tasks++;
        Recognised += recognised ? 1 : 0;
        Drafts += drafts;
        if (project is long id)
        {
            _projects.Add(id);
        }
    }

    public void AddAnnotations(long count, long cancelled, List<Utf8Text> types)
    {
        Annotations += count;
        Cancelled += cancelled;
        foreach (Utf8Text type in types)
        {
            _types.Add(type);
        }
    }

    public void Add(TaskDigest digest)
    {
        if (_used == _last.Length)
        {
            Complete();
            _last = new TaskDigest[PieceDigests];
        }

        _last[_used++] = digest;
    }

    /// <summary>Takes over what another worker found.</summary>
    public void Merge(LabelFacts other)
    {
        Tasks += other.Tasks;
        Recognised += other.Recognised;
        Annotations += other.Annotations;
        Cancelled += other.Cancelled;
        Drafts += other.Drafts;
        other.Complete();
        _pieces.AddRange(other._pieces);
        other._pieces.Clear();
        _projects.UnionWith(other._projects);
        _types.Merge(other._types);
    }

    /// <summary>
    /// The digests of all annotated tasks in order; after everything was added. The pieces are merged while they are read: one
    /// sorted list of them would take as much again.
    /// </summary>
    public IEnumerable<TaskDigest> SortedDigests()
    {
        Complete();
        var heads = new PriorityQueue<(TaskDigest[] Piece, int At), TaskDigest>(_pieces.Count);
        foreach (TaskDigest[] piece in _pieces)
        {
            Array.Sort(piece);
            heads.Enqueue((piece, 0), piece[0]);
        }

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
            _pieces.Add(_last);
        }

        _last = [];
        _used = 0;
    }
}
