using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.History;

/// <summary>Slices in the order in which a history shows them, and how far each is from the first of its line.</summary>
internal sealed class HistoryOrder
{
    private readonly Dictionary<string, SliceHead> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);

    public HistoryOrder(IEnumerable<SliceHead> slices)
    {
        foreach (SliceHead slice in slices)
        {
            _all[slice.Version] = slice;
        }

        foreach (SliceHead slice in _all.Values)
        {
            Measure(slice);
        }
    }

    /// <summary>A parent that exists and is not the slice itself; a hand-edited manifest may name anything.</summary>
    public string? ParentOf(SliceHead slice) =>
        slice.Parent is { } parent && parent != slice.Version && _all.ContainsKey(parent) ? parent : null;

    /// <summary>How many slices are between one and the first of its line.</summary>
    public int DepthOf(string version) => _depths[version];

    /// <summary>By time, but never a parent before its child, whatever the manifests say of their times.</summary>
    public IEnumerable<SliceHead> NewestFirst()
    {
        var children = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SliceHead slice in _all.Values)
        {
            if (ParentOf(slice) is { } parent)
            {
                children[parent] = children.GetValueOrDefault(parent) + 1;
            }
        }

        var ready = new PriorityQueue<SliceHead, (long Time, string Version)>(Comparer<(long Time, string Version)>.Create(
            static (left, right) => left.Time != right.Time
                ? right.Time.CompareTo(left.Time)
                : NaturalOrder.Instance.Compare(right.Version, left.Version)));
        foreach (SliceHead slice in _all.Values.Where(slice => !children.ContainsKey(slice.Version)))
        {
            ready.Enqueue(slice, KeyOf(slice));
        }

        var given = new HashSet<string>(StringComparer.Ordinal);
        while (ready.TryDequeue(out SliceHead slice, out _))
        {
            given.Add(slice.Version);
            yield return slice;
            if (ParentOf(slice) is { } parent && --children[parent] == 0)
            {
                ready.Enqueue(_all[parent], KeyOf(_all[parent]));
            }
        }

        // Slices that name each other as parents have no beginning; they are shown all the same.
        foreach (SliceHead slice in _all.Values.Where(slice => !given.Contains(slice.Version)).OrderBy(static slice => slice.Version, NaturalOrder.Instance))
        {
            yield return slice;
        }
    }

    private void Measure(SliceHead slice)
    {
        // Walked with a list of its own, since a line of thousands of slices would exhaust the stack.
        var line = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        SliceHead? at = slice;
        while (at is { } head && !_depths.ContainsKey(head.Version) && seen.Add(head.Version))
        {
            line.Add(head.Version);
            at = ParentOf(head) is { } parent ? _all[parent] : null;
        }

        int depth = at is { } end && _depths.TryGetValue(end.Version, out int known) ? known + 1 : 0;
        for (int i = line.Count - 1; i >= 0; i--)
        {
            _depths[line[i]] = depth++;
        }
    }

    private static (long Time, string Version) KeyOf(SliceHead slice) => (slice.Time?.UtcTicks ?? 0, slice.Version);
}
