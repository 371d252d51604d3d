using System.Runtime.InteropServices;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Matching;

/// <summary>Which parents of different annotators may be one, and how near they are to each other. Reused from task to task.</summary>
internal sealed class ParentEdges(DerivationLimits limits)
{
    private readonly List<Edge> _edges = [];
    private readonly List<int> _counts = [];
    private readonly Dictionary<(int Place, int Annotation), int> _sharing = [];
    private readonly Neighbours _neighbours = new(limits);
    private readonly List<int> _offsets = [];
    private readonly List<int> _run = [];
    private ParentNodes _nodes = null!;
    private bool _severalLabels;

    /// <summary>Begins another task.</summary>
    /// <param name="nodes">Its parents.</param>
    /// <param name="annotations">How many annotations it has.</param>
    public void Begin(ParentNodes nodes, int annotations)
    {
        _nodes = nodes;
        CollectionsMarshal.SetCount(_counts, annotations);
    }

    /// <summary>The pairs of a run that may be one, nearest first; valid until the next call.</summary>
    /// <param name="run">Places of nodes that are equal in all but where they are, ascending.</param>
    /// <param name="severalLabels">Whether their labels may differ, since some have several.</param>
    public List<Edge> Find(ReadOnlySpan<int> run, bool severalLabels)
    {
        _severalLabels = severalLabels;
        _sharing.Clear();
        _edges.Clear();
        _run.Clear();
        _run.AddRange(run);
        CollectionsMarshal.AsSpan(_counts).Clear();
        foreach (int place in run)
        {
            _counts[_nodes[place].Annotation]++;
        }

        if (run.Length > limits.CompareAllUpTo)
        {
            AddOfCrowd();
        }
        else
        {
            for (int i = 0; i < run.Length; i++)
            {
                for (int j = i + 1; j < run.Length; j++)
                {
                    Add(run[i], run[j]);
                }
            }
        }

        _edges.Sort(static (a, b) => a.CompareTo(b));
        return _edges;
    }

    private void AddOfCrowd()
    {
        double reach = limits.CrowdParentReach;
        CollectionsMarshal.SetCount(_offsets, _run.Count);
        for (int i = 0; i < _run.Count; i++)
        {
            reach = Math.Max(reach, _nodes[_run[i]].Extent());
            _offsets[i] = i > 0 && _nodes[_run[i]].Annotation == _nodes[_run[i - 1]].Annotation ? _offsets[i - 1] + 1 : 0;
        }

        _neighbours.Visit(
            0,
            _run.Count,
            reach,
            i => _nodes[_run[i]].Box is { } box ? (box.Centre.X, box.Centre.Y) : (0, 0),
            _offsets,
            (a, b) => Add(_run[a], _run[b]),
            static () => { });

        // Equal ids belong together however far apart, which neighbours in a crowd would not show. One joins the next, so that
        // not each has to be compared with each, unless the one between is of another label.
        int[] byId = [.. _run.OrderBy(place => _nodes[place].Id).ThenBy(static place => place)];
        for (int i = 0; i < byId.Length; i++)
        {
            for (int j = i + 1; j < byId.Length && _nodes[byId[i]].Id == _nodes[byId[j]].Id; j++)
            {
                Add(byId[i], byId[j]);
                if (!_severalLabels)
                {
                    break;
                }
            }
        }
    }

    private void Add(int a, int b)
    {
        ParentNode left = _nodes[a];
        ParentNode right = _nodes[b];
        if (left.Annotation == right.Annotation || (_severalLabels && !left.SharesLabel(right)))
        {
            return;
        }

        if (left.Id == right.Id)
        {
            _edges.Add(new Edge(-1, a, b));
        }
        else if (left.DistanceTo(right) is { } distance)
        {
            _edges.Add(new Edge(distance, a, b));
        }
        else if (left.Box is null && right.Box is null && CountOf(left.Annotation, right) == 1 && CountOf(right.Annotation, left) == 1)
        {
            _edges.Add(new Edge(double.MaxValue, a, b));
        }
    }

    /// <summary>How many nodes of an annotation are of a label that <paramref name="node"/> has.</summary>
    private int CountOf(int annotation, ParentNode node)
    {
        if (!_severalLabels || _counts[annotation] < 2)
        {
            return _counts[annotation];
        }

        // Of a crowd each asks for the same many times.
        if (_sharing.TryGetValue((node.Place, annotation), out int known))
        {
            return known;
        }

        int count = 0;
        foreach (int place in _run)
        {
            count += _nodes[place].Annotation == annotation && _nodes[place].SharesLabel(node) ? 1 : 0;
        }

        _sharing.Add((node.Place, annotation), count);
        return count;
    }
}
