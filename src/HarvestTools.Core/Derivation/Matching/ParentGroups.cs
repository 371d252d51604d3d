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
    private readonly ParentEdges _edges = new(limits);
    private readonly Clusters _clusters = new();
    private readonly List<int> _places = [];

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

        _edges.Begin(_nodes, annotations.Count);
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
            ParentNode first = _nodes[_places[start]];
            bool several = first.HasSeveralLabels;
            int end = start + 1;
            for (; end < _places.Count && first.CompareKeyButLabels(_nodes[_places[end]]) == 0; end++)
            {
                several |= _nodes[_places[end]].HasSeveralLabels;
            }

            MatchAlike(start, end, several);
            start = end;
        }

        foreach (int place in _places)
        {
            _nodes[place].Group = _clusters.Root(place);
        }
    }

    /// <summary>Matches places that are alike but for their labels and where they are.</summary>
    private void MatchAlike(int start, int end, bool severalLabels)
    {
        Span<int> places = CollectionsMarshal.AsSpan(_places);
        if (severalLabels)
        {
            // One may be the same as others of each of its labels, so that labels part none from the rest.
            places[start..end].Sort();
            MatchRun(start, end, severalLabels);
            return;
        }

        while (start < end)
        {
            int endOfLabel = start + 1;
            while (endOfLabel < end && _nodes[places[start]].CompareKey(_nodes[places[endOfLabel]]) == 0)
            {
                endOfLabel++;
            }

            MatchRun(start, endOfLabel, severalLabels);
            start = endOfLabel;
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

    private void MatchRun(int start, int end, bool severalLabels)
    {
        // Of one alone there is nothing to be joined.
        if (end - start < 2)
        {
            return;
        }

        foreach (Edge edge in _edges.Find(CollectionsMarshal.AsSpan(_places)[start..end], severalLabels))
        {
            int left = _clusters.Root(edge.A);
            int right = _clusters.Root(edge.B);
            if (left != right && AreDisjoint(left, right))
            {
                _clusters.Merge(left, right);
            }
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
