using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// Tells which parents of different annotators are the same thing, so that the thumb of a left hand is compared with
/// the thumb of that hand and never with the right one's. A region names its parent by an id that only its own
/// annotation knows; parents are therefore matched among themselves, nearest first: those with the same region id
/// (both began from one prediction) on one medium and of one control, boxes of one label that overlap, points of one label, and other shapes where each
/// annotation has only one of that label. Unlike agreement this needs no limit in pixels: two people whose hand boxes
/// differ by 20 px still mean the same hand.
/// </summary>
internal sealed class ParentGroups(DerivationLimits limits)
{
    /// <summary>The parent of regions without one.</summary>
    private const int None = -1;

    // Up to here putting each in its place costs less than a sort.
    private const int FewPlaces = 16;

    private readonly ParentNodes _nodes = new();
    private readonly List<int> _counts = [];
    private readonly Clusters _clusters = new();
    private readonly List<Edge> _edges = [];
    private readonly List<int> _places = [];
    private readonly Neighbours _neighbours = new(limits);
    private readonly List<int> _offsets = [];

    /// <summary>
    /// Fills <paramref name="parents"/>, for each candidate, with a number that equal parents share; <paramref name="size"/>
    /// gives the image's where a parent's own item has none.
    /// </summary>
    public void Find(List<Annotation> annotations, List<int> ranks, List<Candidate> candidates, Func<Region, ImageSize> size, List<int> parents)
    {
        CollectionsMarshal.SetCount(parents, candidates.Count);
        CollectionsMarshal.AsSpan(parents).Fill(None);
        _nodes.Collect(annotations, ranks, candidates, size);
        if (_nodes.Count == 0)
        {
            return;
        }

        CollectionsMarshal.SetCount(_counts, annotations.Count);
        MatchLevels();
        Span<int> numbers = CollectionsMarshal.AsSpan(parents);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_nodes.OfCandidate(i) is { } node)
            {
                numbers[i] = _clusters.Root(node.Place);
            }
        }
    }

    /// <summary>Outermost parents first; the others when their own parent's group is known.</summary>
    private void MatchLevels()
    {
        _clusters.Begin(_nodes.Count);
        bool any = true;
        for (int level = 0; any && level < limits.ParentLevelsMax; level++)
        {
            _places.Clear();
            for (int i = 0; i < _nodes.Count; i++)
            {
                if (_nodes[i].Group is null && GroupOfParent(_nodes[i]) is { } parent)
                {
                    _nodes[i].ParentGroup = parent;
                    _places.Add(i);
                }
            }

            any = _places.Count > 0;
            MatchPlaces();
        }

        // Regions that are each other's parents have no outermost one, and nesting may be deeper than is followed.
        _places.Clear();
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Group is null)
            {
                _nodes[i].ParentGroup = None;
                _places.Add(i);
            }
        }

        MatchPlaces();
    }

    private static int? GroupOfParent(ParentNode node) =>
        node.Parent is { } parent ? parent.Group : None;

    private void MatchPlaces()
    {
        OrderPlaces();
        for (int start = 0; start < _places.Count;)
        {
            int end = start + 1;
            while (end < _places.Count && _nodes[_places[start]].CompareKey(_nodes[_places[end]]) == 0)
            {
                end++;
            }

            MatchRun(CollectionsMarshal.AsSpan(_places)[start..end]);
            start = end;
        }

        foreach (int place in _places)
        {
            _nodes[place].Group = _clusters.Root(place);
        }
    }

    private void OrderPlaces()
    {
        if (_places.Count > FewPlaces)
        {
            _places.Sort((a, b) =>
            {
                int order = _nodes[a].CompareKey(_nodes[b]);
                return order != 0 ? order : a.CompareTo(b);
            });
            return;
        }

        // They come in ascending order, so that equal ones are where they belong.
        Span<int> places = CollectionsMarshal.AsSpan(_places);
        for (int i = 1; i < places.Length; i++)
        {
            int place = places[i];
            int j = i;
            for (; j > 0 && _nodes[places[j - 1]].CompareKey(_nodes[place]) > 0; j--)
            {
                places[j] = places[j - 1];
            }

            places[j] = place;
        }
    }

    private void MatchRun(Span<int> run)
    {
        // Of one alone there is nothing to be joined.
        if (run.Length < 2)
        {
            return;
        }

        _edges.Clear();
        CollectionsMarshal.AsSpan(_counts).Clear();
        foreach (int place in run)
        {
            _counts[_nodes[place].Annotation]++;
        }

        FindEdges(run);
        _edges.Sort(static (a, b) => a.CompareTo(b));
        foreach (Edge edge in _edges)
        {
            int left = _clusters.Root(edge.A);
            int right = _clusters.Root(edge.B);
            if (left != right && AreDisjoint(left, right))
            {
                _clusters.Merge(left, right);
            }
        }
    }

    private void FindEdges(Span<int> run)
    {
        if (run.Length > limits.CompareAllUpTo)
        {
            FindEdgesInCrowd(run.ToArray());
            return;
        }

        for (int i = 0; i < run.Length; i++)
        {
            for (int j = i + 1; j < run.Length; j++)
            {
                AddEdge(run[i], run[j]);
            }
        }
    }

    private void FindEdgesInCrowd(int[] run)
    {
        double reach = limits.CrowdParentReach;
        CollectionsMarshal.SetCount(_offsets, run.Length);
        for (int i = 0; i < run.Length; i++)
        {
            reach = Math.Max(reach, _nodes[run[i]].Extent());
            _offsets[i] = i > 0 && _nodes[run[i]].Annotation == _nodes[run[i - 1]].Annotation ? _offsets[i - 1] + 1 : 0;
        }

        _neighbours.Visit(
            0,
            run.Length,
            reach,
            i => _nodes[run[i]].Box is { } box ? (box.Centre.X, box.Centre.Y) : (0, 0),
            _offsets,
            (a, b) => AddEdge(run[a], run[b]),
            static () => { });

        // Equal ids belong together however far apart, which neighbours in a crowd would not show.
        int[] byId = [.. run.OrderBy(place => _nodes[place].Id).ThenBy(static place => place)];
        for (int i = 1; i < byId.Length; i++)
        {
            if (_nodes[byId[i - 1]].Id == _nodes[byId[i]].Id)
            {
                AddEdge(byId[i - 1], byId[i]);
            }
        }
    }

    private void AddEdge(int a, int b)
    {
        ParentNode left = _nodes[a];
        ParentNode right = _nodes[b];
        if (left.Annotation == right.Annotation)
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
        else if (left.Box is null && right.Box is null && _counts[left.Annotation] == 1 && _counts[right.Annotation] == 1)
        {
            _edges.Add(new Edge(double.MaxValue, a, b));
        }
    }

    private bool AreDisjoint(int left, int right)
    {
        for (int a = left; a >= 0; a = _clusters.Next(a))
        {
            for (int b = right; b >= 0; b = _clusters.Next(b))
            {
                if (_nodes[a].Annotation == _nodes[b].Annotation)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
