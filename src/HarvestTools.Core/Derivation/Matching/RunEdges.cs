using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Matching;

/// <summary>The pairs of a run that agree, the nearest first. Reusable; one a worker.</summary>
internal sealed class RunEdges
{
    // What rounding can make of a distance, in pixels or frames: more than it, so that no pair is passed over.
    private const double Rounding = 1e-6;

    private readonly DistanceMetric _metric;
    private readonly int _crowdNearest;
    private readonly List<int> _annotationAt;
    private readonly List<int> _annotatorAt;
    private readonly Neighbours _neighbours;
    private readonly List<Edge> _edges = [];
    private readonly EdgeOrder _edgeOrder = new();
    private readonly List<Edge> _own = [];
    private readonly List<int> _offsets = [];
    private readonly Func<int, (double X, double Y)> _anchor;
    private readonly Action<int, int> _addEdge;
    private readonly Action _keepNearest;
    private readonly Comparison<Edge> _byNearness;
    private int _most;

    /// <param name="metric">Measures positions.</param>
    /// <param name="limits">How many of a crowd are looked at.</param>
    /// <param name="annotationAt">The annotation of each position, which the owner fills.</param>
    /// <param name="annotatorAt">The person of each position.</param>
    public RunEdges(DistanceMetric metric, DerivationLimits limits, List<int> annotationAt, List<int> annotatorAt)
    {
        (_metric, _annotationAt, _annotatorAt) = (metric, annotationAt, annotatorAt);
        _crowdNearest = limits.CrowdNearest;
        _neighbours = new Neighbours(limits);

        // Kept, because making a delegate of a method costs an allocation each time.
        _anchor = metric.Anchor;
        _addEdge = AddEdge;
        _keepNearest = KeepNearest;
        _byNearness = ByNearness;
    }

    public Edge this[int edge] => _edges[edge];

    /// <summary>Finds the pairs of positions of one run, and gives their places in order; valid until the next call.</summary>
    /// <param name="start">The run's first position.</param>
    /// <param name="end">The position behind its last one.</param>
    /// <param name="kind">What is in the run.</param>
    /// <param name="annotations">How many the task has.</param>
    public ReadOnlySpan<int> Find(int start, int end, RegionKind kind, int annotations)
    {
        // Each annotation can take part in a group once, so a crowd of neighbours is more than can ever be needed.
        _most = Math.Max(_crowdNearest, annotations * 2);
        Number(start, end);
        _edges.Clear();
        _own.Clear();
        double reach = _metric.Reach(kind);
        _neighbours.Visit(start, end, reach, _anchor, _offsets, _addEdge, _keepNearest, sideways: reach + Rounding);
        return _edgeOrder.Sort(_edges);
    }

    /// <summary>Numbers the positions of each annotation within a run, in which they are together.</summary>
    private void Number(int start, int end)
    {
        CollectionsMarshal.SetCount(_offsets, end);
        for (int position = start; position < end; position++)
        {
            bool continues = position > start && _annotationAt[position] == _annotationAt[position - 1];
            _offsets[position] = continues ? _offsets[position - 1] + 1 : 0;
        }
    }

    private void AddEdge(int a, int b)
    {
        if (_annotatorAt[a] == _annotatorAt[b])
        {
            return;
        }

        double distance = _metric.Measure(a, b, out bool agree);
        if (agree)
        {
            _own.Add(new Edge(distance, a, b));
        }
    }

    private void KeepNearest()
    {
        if (_own.Count == 0)
        {
            return;
        }

        if (_own.Count > _most)
        {
            _own.Sort(_byNearness);
            _own.RemoveRange(_most, _own.Count - _most);
        }

        _edges.AddRange(_own);
        _own.Clear();
    }

    /// <summary>In a pile of equal places, the n-th of one annotation and the n-th of another go together.</summary>
    private int ByNearness(Edge a, Edge b)
    {
        int order = a.Distance.CompareTo(b.Distance);
        if (order == 0)
        {
            order = Math.Abs(_offsets[a.A] - _offsets[a.B]).CompareTo(Math.Abs(_offsets[b.A] - _offsets[b.B]));
        }

        return order != 0 ? order : a.CompareTo(b);
    }
}
