namespace HarvestTools.Reports;

/// <summary>A slice of the graph.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Parents">The slices that it follows; those that are not in the graph are left out of it.</param>
internal sealed record GraphNode(string Version, IReadOnlyList<string> Parents);

/// <summary>How the lines of descent run past one slice, in lanes from the left.</summary>
/// <param name="Node">The slice's own lane.</param>
/// <param name="Joins">Lanes whose line comes from above and ends in the slice.</param>
/// <param name="Passing">Lanes whose line goes by.</param>
/// <param name="Continues">Whether a line goes on down from the slice in its own lane.</param>
/// <param name="Forks">Lanes to which a line goes from the slice: those of a merge's further parents.</param>
internal sealed record GraphRow(int Node, IReadOnlyList<int> Joins, IReadOnlyList<int> Passing, bool Continues, IReadOnlyList<int> Forks);

/// <summary>
/// Gives every line of descent a lane that it keeps from the slice down to its parent, so that lines are straight and bend
/// only where they end.
/// </summary>
internal static class GraphLanes
{
    /// <summary>The nodes in the given order, but each before all of its parents; slices that name each other stay where they are.</summary>
    public static IReadOnlyList<GraphNode> Order(IReadOnlyList<GraphNode> nodes)
    {
        Dictionary<string, int> places = nodes.Select(static (node, place) => (node.Version, place)).ToDictionary(static pair => pair.Version, static pair => pair.place, StringComparer.Ordinal);
        int[][] parents = [.. nodes.Select(node => node.Parents.Distinct().Where(parent => parent != node.Version && places.ContainsKey(parent)).Select(parent => places[parent]).ToArray())];
        int[] children = new int[nodes.Count];
        foreach (int parent in parents.SelectMany(static all => all))
        {
            children[parent]++;
        }

        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, nodes.Count).Where(place => children[place] == 0).Select(static place => (place, place)));
        var ordered = new List<GraphNode>(nodes.Count);
        bool[] given = new bool[nodes.Count];
        while (ready.TryDequeue(out int place, out _))
        {
            ordered.Add(nodes[place]);
            given[place] = true;
            foreach (int parent in parents[place].Where(parent => --children[parent] == 0))
            {
                ready.Enqueue(parent, parent);
            }
        }

        // A ring has no beginning, and is shown all the same.
        ordered.AddRange(nodes.Where((_, place) => !given[place]));
        return ordered;
    }

    /// <param name="nodes">Newest first, each before its parents.</param>
    public static IReadOnlyList<GraphRow> Of(IReadOnlyList<GraphNode> nodes)
    {
        HashSet<string> known = nodes.Select(static node => node.Version).ToHashSet(StringComparer.Ordinal);
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new List<string?>();
        var rows = new List<GraphRow>(nodes.Count);
        foreach (GraphNode node in nodes)
        {
            int[] joins = [.. Enumerable.Range(0, waiting.Count).Where(lane => waiting[lane] == node.Version)];
            int own = joins.Length > 0 ? joins[0] : FreeLane(waiting);
            foreach (int lane in joins)
            {
                waiting[lane] = null;
            }

            int[] passing = [.. Enumerable.Range(0, waiting.Count).Where(lane => waiting[lane] is not null)];
            drawn.Add(node.Version);

            // A parent that was drawn already, in a ring of slices that name each other, has no line down to it.
            string[] parents = [.. node.Parents.Distinct().Where(parent => known.Contains(parent) && !drawn.Contains(parent))];
            bool continues = node.Parents.Count > 0 && parents.Contains(node.Parents[0]);
            waiting[own] = continues ? node.Parents[0] : null;
            var forks = new List<int>();
            foreach (string parent in continues ? parents.Where(parent => parent != node.Parents[0]) : parents)
            {
                // A line that goes down to the same slice already is met, where one more beside it would say nothing.
                int lane = waiting.IndexOf(parent);
                if (lane < 0)
                {
                    lane = FreeLane(waiting);
                    waiting[lane] = parent;
                }

                forks.Add(lane);
            }

            rows.Add(new GraphRow(own, joins, passing, continues, forks));
        }

        return rows;
    }

    private static int FreeLane(List<string?> waiting)
    {
        int free = waiting.IndexOf(null);
        if (free < 0)
        {
            free = waiting.Count;
            waiting.Add(null);
        }

        return free;
    }
}
