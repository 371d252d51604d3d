namespace HarvestTools.Tests.Derivation;

/// <summary>A region or parent that may be joined with others.</summary>
/// <param name="Id">Its number in the tables of the SQL.</param>
/// <param name="Owner">The annotation that it belongs to.</param>
/// <param name="Order">Annotation id, region id and place: what settles equal distances.</param>
internal sealed record SqlNode(long Id, long Owner, object?[] Order);

/// <param name="Others">Whether two people drew the two, which alone joins groups.</param>
internal sealed record SqlPair(long A, long B, double Distance, bool Others);

/// <summary>One-to-one matching by greatest nearness: the one step of the derivation that is not SQL.</summary>
internal static class SqlMatching
{
    /// <summary>Joins what may be joined, nearest first.</summary>
    /// <param name="nodes">All that may be joined.</param>
    /// <param name="pairs">Only those that agree.</param>
    /// <param name="everyTwo">Whether every two of a group must be a pair; else one pair joins two groups.</param>
    /// <returns>Node to group; a group has an owner once.</returns>
    public static Dictionary<long, long> Match(IReadOnlyList<SqlNode> nodes, IReadOnlyList<SqlPair> pairs, bool everyTwo)
    {
        Dictionary<long, SqlNode> byId = nodes.ToDictionary(static node => node.Id);
        Dictionary<long, List<SqlNode>> groupOf = nodes.ToDictionary(static node => node.Id, static node => new List<SqlNode> { node });
        HashSet<(long, long)> allowed = [.. pairs.Select(static pair => Key(pair.A, pair.B))];
        var sorted = pairs.Where(static pair => pair.Others)
            .Select(pair =>
            {
                (SqlNode m, SqlNode n) = (byId[pair.A], byId[pair.B]);

                // Equal but for rounding is equal: ties go by ids.
                double distance = Math.Round(pair.Distance, 6);
                return Compare(m.Order, n.Order) <= 0 ? (Distance: distance, First: m, Second: n) : (Distance: distance, First: n, Second: m);
            })
            .ToList();
        sorted.Sort(static (p, q) =>
        {
            int order = p.Distance.CompareTo(q.Distance);
            order = order != 0 ? order : Compare(p.First.Order, q.First.Order);
            return order != 0 ? order : Compare(p.Second.Order, q.Second.Order);
        });

        foreach ((_, SqlNode m, SqlNode n) in sorted)
        {
            (List<SqlNode> left, List<SqlNode> right) = (groupOf[m.Id], groupOf[n.Id]);
            if (left != right && left.All(x => right.All(y => x.Owner != y.Owner && (!everyTwo || allowed.Contains(Key(x.Id, y.Id))))))
            {
                left.AddRange(right);
                right.ForEach(node => groupOf[node.Id] = left);
            }
        }

        return nodes.ToDictionary(static node => node.Id, node => groupOf[node.Id][0].Id);
    }

    private static (long, long) Key(long a, long b) => a < b ? (a, b) : (b, a);

    /// <summary>Numbers, texts and nulls; null first, texts in code point order, which UTF-8 bytes have too.</summary>
    private static int Compare(object?[] left, object?[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            int order = (left[i], right[i]) switch
            {
                (null, null) => 0,
                (null, _) => -1,
                (_, null) => 1,
                (string a, string b) => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)),
                var (a, b) => ((IComparable)a).CompareTo(b),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
