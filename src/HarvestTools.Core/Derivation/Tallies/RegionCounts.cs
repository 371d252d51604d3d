namespace HarvestTools.Derivation.Tallies;

/// <summary>What became of the regions of one label, annotator or task_subdir.</summary>
public sealed class RegionCounts
{
    private readonly long[] _dropped = new long[DropReasons.Count];

    /// <summary>Regions that stand in a row, alone or merged with those that agree; one for each of their labels.</summary>
    public long Kept { get; internal set; }

    /// <summary>Rows of all tables but <c>rejected</c>. An action or a track gives a row a frame.</summary>
    public long Rows { get; internal set; }

    /// <summary>Dropped by reason, only reasons that occurred, in the order of the derivation.</summary>
    public IReadOnlyDictionary<string, long> Dropped
    {
        get
        {
            var dropped = new OrderedDictionary<string, long>(StringComparer.Ordinal);
            for (int i = 0; i < _dropped.Length; i++)
            {
                if (_dropped[i] != 0)
                {
                    dropped.Add(DropReasons.Name((DropReason)i), _dropped[i]);
                }
            }

            return dropped;
        }
    }

    internal long DroppedFor(DropReason reason) => _dropped[(int)reason];

    internal void CountDropped(DropReason reason, long count = 1) => _dropped[(int)reason] += count;

    internal void Merge(RegionCounts other)
    {
        Kept += other.Kept;
        Rows += other.Rows;
        for (int i = 0; i < _dropped.Length; i++)
        {
            _dropped[i] += other._dropped[i];
        }
    }
}
