using HarvestTools.Work;

namespace HarvestTools.Derivation.Matching;

/// <summary>The order of edges. Reusable; not thread-safe.</summary>
internal sealed class EdgeOrder
{
    private readonly KeyedOrder _order = new();
    private readonly IComparer<int> _byEdge;
    private List<Edge> _edges = [];

    public EdgeOrder() => _byEdge = Comparer<int>.Create((left, right) => _edges[left].CompareTo(_edges[right]));

    /// <summary>The places of the edges in their order; valid until the next call.</summary>
    public ReadOnlySpan<int> Sort(List<Edge> edges)
    {
        _edges = edges;
        Span<long> keys = _order.Begin(edges.Count);
        for (int i = 0; i < keys.Length; i++)
        {
            double distance = edges[i].Distance;
            if (double.IsNaN(distance))
            {
                // Which has no place among numbers.
                return _order.SortBy(_byEdge);
            }

            keys[i] = KeyedOrder.Of(distance);
        }

        return _order.Sort(_byEdge);
    }
}
