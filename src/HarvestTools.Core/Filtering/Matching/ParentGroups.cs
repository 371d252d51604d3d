using System.Runtime.InteropServices;
using HarvestTools.Rows;
using HarvestTools.Tasks;

namespace HarvestTools.Filtering.Matching;

/// <summary>
/// Tells which parents of different annotators are the same thing, so that the thumb of a left hand is compared with
/// the thumb of that hand and never with the right one's. A region names its parent by an id that only its own
/// annotation knows; parents are therefore matched among themselves, nearest first: those with the same region id
/// (both began from one prediction), boxes of one label that overlap, points of one label, and other shapes where each
/// annotation has only one of that label. Unlike agreement this needs no limit in pixels: two people whose hand boxes
/// differ by 20 px still mean the same hand.
/// </summary>
internal sealed class ParentGroups
{
    /// <summary>The parent of regions without one.</summary>
    private const int None = -1;

    /// <summary>Parents of one label up to which every pair is looked at; beyond, each looks at its neighbours by x.</summary>
    private const int AllPairs = 512;

    private const int Look = 32;

    /// <summary>Nesting that is followed; a finger of a hand of a person is three deep.</summary>
    private const int Depth = 32;

    private readonly List<Node> _nodes = [];
    private readonly List<(int Annotation, Region Region)> _regions = [];
    private readonly List<int> _counts = [];
    private readonly Clusters _clusters = new();
    private readonly List<Edge> _edges = [];
    private readonly List<int> _places = [];

    /// <summary>Fills <paramref name="parents"/>, for each candidate, with a number that equal parents share.</summary>
    public void Find(List<Annotation> annotations, List<int> ranks, List<Candidate> candidates, List<int> parents)
    {
        CollectionsMarshal.SetCount(parents, candidates.Count);
        CollectionsMarshal.AsSpan(parents).Fill(None);
        _nodes.Clear();
        foreach (Candidate candidate in candidates)
        {
            if (!candidate.Region.ParentId.IsEmptyOrAbsent)
            {
                _nodes.Add(new Node(candidate.Annotation, ranks[candidate.Annotation], candidate.Region.ParentId));
            }
        }

        if (_nodes.Count == 0)
        {
            return;
        }

        CollectionsMarshal.SetCount(_counts, annotations.Count);
        Collect(annotations, ranks);
        MatchLevels();
        for (int i = 0; i < parents.Count; i++)
        {
            Region region = candidates[i].Region;
            if (!region.ParentId.IsEmptyOrAbsent)
            {
                parents[i] = _clusters.Root(Index(ranks[candidates[i].Annotation], region.ParentId));
            }
        }
    }

    /// <summary>Makes the nodes distinct, finds their regions, and adds the parents of parents.</summary>
    private void Collect(List<Annotation> annotations, List<int> ranks)
    {
        IndexRegions(annotations);
        var known = new HashSet<(int, Utf8Text)>();
        int kept = 0;
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (known.Add((_nodes[i].Annotation, _nodes[i].Id)))
            {
                _nodes[kept++] = _nodes[i];
            }
        }

        _nodes.RemoveRange(kept, _nodes.Count - kept);
        for (int i = 0; i < _nodes.Count; i++)
        {
            Node node = _nodes[i];
            Resolve(node);
            if (!node.ParentId.IsEmptyOrAbsent && known.Add((node.Annotation, node.ParentId)))
            {
                _nodes.Add(new Node(node.Annotation, ranks[node.Annotation], node.ParentId));
            }
        }

        _nodes.Sort();
    }

    private void IndexRegions(List<Annotation> annotations)
    {
        _regions.Clear();
        for (int i = 0; i < annotations.Count; i++)
        {
            foreach (Region region in annotations[i].Regions)
            {
                if (!region.Id.IsAbsent && region.Kind is not (RegionKind.Attribute or RegionKind.Relation))
                {
                    _regions.Add((i, region));
                }
            }
        }

        _regions.Sort(static (a, b) => Compare(a, b.Annotation, b.Region.Id));
    }

    private void Resolve(Node node)
    {
        int low = 0;
        int high = _regions.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Compare(_regions[middle], node.Annotation, node.Id) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; low < _regions.Count && Compare(_regions[low], node.Annotation, node.Id) == 0; low++)
        {
            node.Take(_regions[low].Region);
        }
    }

    private static int Compare((int Annotation, Region Region) item, int annotation, Utf8Text id)
    {
        int order = item.Annotation.CompareTo(annotation);
        return order != 0 ? order : item.Region.Id.CompareTo(id);
    }

    private int Index(int rank, Utf8Text id)
    {
        int low = 0;
        int high = _nodes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = _nodes[middle].Rank.CompareTo(rank);
            if (order == 0)
            {
                order = _nodes[middle].Id.CompareTo(id);
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Outermost parents first; the others when their own parent's group is known.</summary>
    private void MatchLevels()
    {
        _clusters.Begin(_nodes.Count);
        foreach (Node node in _nodes)
        {
            node.Group = null;
        }

        bool any = true;
        for (int level = 0; any && level < Depth; level++)
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

        _places.Clear();
        // Regions that are each other's parents have no outermost one, and nesting may be deeper than is followed.
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

    private int? GroupOfParent(Node node) =>
        node.ParentId.IsEmptyOrAbsent ? None : _nodes[Index(node.Rank, node.ParentId)].Group;

    private void MatchPlaces()
    {
        _places.Sort((a, b) =>
        {
            int order = _nodes[a].CompareKey(_nodes[b]);
            return order != 0 ? order : a.CompareTo(b);
        });
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

    private void MatchRun(Span<int> run)
    {
        _edges.Clear();
        CollectionsMarshal.AsSpan(_counts).Clear();
        foreach (int place in run)
        {
            _counts[_nodes[place].Annotation]++;
        }

        if (run.Length <= AllPairs)
        {
            for (int i = 0; i < run.Length; i++)
            {
                for (int j = i + 1; j < run.Length; j++)
                {
                    AddEdge(run[i], run[j]);
                }
            }
        }
        else
        {
            int[] byX = run.ToArray();
            Array.Sort(byX, (a, b) => _nodes[a].X.CompareTo(_nodes[b].X) is var order && order != 0 ? order : a.CompareTo(b));
            for (int i = 0; i < byX.Length; i++)
            {
                for (int j = i + 1; j < byX.Length && j <= i + Look; j++)
                {
                    AddEdge(Math.Min(byX[i], byX[j]), Math.Max(byX[i], byX[j]));
                }
            }
        }

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

    private void AddEdge(int a, int b)
    {
        Node left = _nodes[a];
        Node right = _nodes[b];
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

    private readonly record struct Edge(double Distance, int A, int B) : IComparable<Edge>
    {
        public int CompareTo(Edge other)
        {
            int order = Distance.CompareTo(other.Distance);
            if (order != 0 || (order = A.CompareTo(other.A)) != 0)
            {
                return order;
            }

            return B.CompareTo(other.B);
        }
    }

    /// <summary>A region that others name as their parent, whatever became of it itself.</summary>
    private sealed class Node(int annotation, int rank, Utf8Text id) : IComparable<Node>
    {
        private bool _found;

        public int Annotation { get; } = annotation;

        public int Rank { get; } = rank;

        public Utf8Text Id { get; } = id;

        public Utf8Text ParentId { get; private set; }

        public int ParentGroup { get; set; } = None;

        public int? Group { get; set; }

        /// <summary>In pixels, or on the nominal image where the size is unknown; null for shapes without a box or point.</summary>
        public RotatedBox? Box { get; private set; }

        public double X => Box?.X ?? 0;

        private RegionKind Kind { get; set; }

        private Utf8Text Label { get; set; }

        /// <summary>Takes over what an item with this id tells; of two shapes with one id the same one for any order.</summary>
        public void Take(Region region)
        {
            foreach (Utf8Text label in region.Labels)
            {
                Label = Label.IsAbsent || label < Label ? label : Label;
            }

            // An item of type labels gives its label to the shape of its id, and is no shape itself.
            if (region.Kind == RegionKind.Labels)
            {
                return;
            }

            RotatedBox? box = BoxOf(region);
            if (!_found || Compare(box, region, Box, Kind, ParentId) < 0)
            {
                _found = true;
                Box = box;
                Kind = region.Kind;
                ParentId = region.ParentId;
            }
        }

        public int CompareTo(Node? other)
        {
            int order = Rank.CompareTo(other!.Rank);
            return order != 0 ? order : Id.CompareTo(other.Id);
        }

        /// <summary>Only nodes equal in this can be the same thing.</summary>
        public int CompareKey(Node other)
        {
            int order = ParentGroup.CompareTo(other.ParentGroup);
            if (order != 0 || (order = Kind.CompareTo(other.Kind)) != 0)
            {
                return order;
            }

            return Label.CompareTo(other.Label);
        }

        /// <summary>Null where they cannot be the same by their places.</summary>
        public double? DistanceTo(Node other)
        {
            if (Box is not { } left || other.Box is not { } right)
            {
                return null;
            }

            if (Kind != RegionKind.Keypoint && !Overlap(left, right))
            {
                return null;
            }

            return BoxDistance.Measure(left, right, 0, out _);
        }

        private static RotatedBox? BoxOf(Region region)
        {
            ImageSize size = ImageSize.Of(region) ?? new ImageSize(Gauge.NominalSide, Gauge.NominalSide);
            bool isBox = region.Kind == RegionKind.Rectangle && region.Width is not null && region.Height is not null;
            return (isBox || region.Kind == RegionKind.Keypoint) && region.X is { } x && region.Y is { } y
                ? RotatedBox.FromPercent(
                    x, y, isBox ? region.Width!.Value : 0, isBox ? region.Height!.Value : 0, region.Rotation ?? 0, size.Width, size.Height)
                : null;
        }

        private static int Compare(RotatedBox? box, Region region, RotatedBox? otherBox, RegionKind otherKind, Utf8Text otherParent)
        {
            int order = region.Kind.CompareTo(otherKind);
            if (order != 0
                || (order = Nullable.Compare(box?.X, otherBox?.X)) != 0
                || (order = Nullable.Compare(box?.Y, otherBox?.Y)) != 0
                || (order = Nullable.Compare(box?.Width, otherBox?.Width)) != 0
                || (order = Nullable.Compare(box?.Height, otherBox?.Height)) != 0)
            {
                return order;
            }

            return region.ParentId.CompareTo(otherParent);
        }

        private static bool Overlap(in RotatedBox a, in RotatedBox b)
        {
            (double left, double top, double right, double bottom) = Bounds(a);
            (double otherLeft, double otherTop, double otherRight, double otherBottom) = Bounds(b);
            return left <= otherRight && otherLeft <= right && top <= otherBottom && otherTop <= bottom;
        }

        private static (double Left, double Top, double Right, double Bottom) Bounds(in RotatedBox box)
        {
            Span<PixelPoint> corners = stackalloc PixelPoint[4];
            box.Corners(corners);
            (double left, double top, double right, double bottom) = (corners[0].X, corners[0].Y, corners[0].X, corners[0].Y);
            foreach (PixelPoint corner in corners[1..])
            {
                left = Math.Min(left, corner.X);
                top = Math.Min(top, corner.Y);
                right = Math.Max(right, corner.X);
                bottom = Math.Max(bottom, corner.Y);
            }

            return (left, top, right, bottom);
        }
    }
}
