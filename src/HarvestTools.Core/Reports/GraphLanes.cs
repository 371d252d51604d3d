using HarvestTools.History;

namespace HarvestTools.Reports;

/// <summary>How the lines of descent run past one slice, in lanes from the left.</summary>
/// <param name="Node">The slice's own lane.</param>
/// <param name="Joins">Lanes whose line comes from above and ends in the slice.</param>
/// <param name="Passing">Lanes whose line goes by.</param>
/// <param name="Continues">Whether a line goes on down from the slice.</param>
internal sealed record GraphRow(int Node, IReadOnlyList<int> Joins, IReadOnlyList<int> Passing, bool Continues);

/// <summary>
/// Gives every line of descent a lane that it keeps from the slice down to its parent, so that lines are straight and bend
/// only where they end.
/// </summary>
internal static class GraphLanes
{
    /// <param name="entries">Newest first, each before its parent.</param>
    public static IReadOnlyList<GraphRow> Of(IReadOnlyList<SliceHistoryEntry> entries)
    {
        HashSet<string> known = entries.Select(static entry => entry.Version).ToHashSet(StringComparer.Ordinal);
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new List<string?>();
        var rows = new List<GraphRow>(entries.Count);
        foreach (SliceHistoryEntry entry in entries)
        {
            int[] joins = [.. Enumerable.Range(0, waiting.Count).Where(lane => waiting[lane] == entry.Version)];
            int node = joins.Length > 0 ? joins[0] : waiting.IndexOf(null);
            if (node < 0)
            {
                node = waiting.Count;
                waiting.Add(null);
            }

            foreach (int lane in joins)
            {
                waiting[lane] = null;
            }

            int[] passing = [.. Enumerable.Range(0, waiting.Count).Where(lane => waiting[lane] is not null)];
            drawn.Add(entry.Version);

            // A parent that was drawn already, in a ring of slices that name each other, has no line down to it.
            bool continues = entry.Parent is { } parent && known.Contains(parent) && !drawn.Contains(parent);
            waiting[node] = continues ? entry.Parent : null;
            rows.Add(new GraphRow(node, joins, passing, continues));
        }

        return rows;
    }
}
