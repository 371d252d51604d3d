using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// Step 4: matches the regions of two or more annotators. Within one medium, control, kind, label and parent the nearest pair is joined
/// first, ties by annotation and region id, then the next nearest, and so on. A region joins a group only if it agrees
/// with every member and the group has none of its annotation, so a group's diameter never exceeds the limit. The order
/// of regions and annotations in the file does not matter.
/// </summary>
internal sealed class Agreement
{
    private readonly DistanceMetric _metric;
    private readonly int _matchedAsPair;
    private readonly ParentGroups _parents;
    private readonly RunEdges _edges;
    private readonly Clusters _clusters = new();
    private readonly RunOrder _candidatesInOrder = new();
    private readonly MediumSizes _sizes = new();
    private readonly List<int> _ranks = [];
    private readonly AnnotatorNumbers _annotators = new();
    private readonly List<int> _parent = [];
    private readonly List<int> _order = [];
    private readonly List<Verdict> _verdicts = [];
    private readonly List<double> _nearest = [];

    // By the lead of a group of two, which most groups are: how far they are apart.
    private readonly List<double> _apart = [];
    private readonly List<int> _annotationAt = [];
    private readonly List<int> _annotatorAt = [];
    private readonly NearestOther _nearestOther;
    private readonly Func<int, (double X, double Y)> _anchor;
    private readonly Func<int, int, double> _distance;
    private readonly Func<Region, ImageSize> _sizeOf;
    private List<Candidate> _candidates = null!;

    public Agreement(HarvestRules rules, DerivationLimits limits)
    {
        _metric = new DistanceMetric(rules, limits);
        _matchedAsPair = Math.Min(2, limits.CompareAllUpTo);
        _parents = new ParentGroups(limits);
        _edges = new RunEdges(_metric, limits, _annotationAt, _annotatorAt);
        _nearestOther = new NearestOther(limits.NearestOtherLook);

        // Kept, because making a delegate of a method costs an allocation each time.
        _anchor = _metric.Anchor;
        _distance = (a, b) => _metric.Measure(a, b, out _);
        _sizeOf = region => _sizes.Of(region) ?? _metric.NominalSize;
    }

    /// <summary>How many different people made the annotations that remained.</summary>
    public int Annotators => _annotators.Count;

    public int Count => _order.Count;

    /// <summary>Finds who made which annotation, before anything is matched.</summary>
    public void Begin(List<Annotation> annotations) => _annotators.Find(annotations);

    /// <summary>Matches all candidates of a task; the results below are by position, in an order of content.</summary>
    public void Match(List<Annotation> annotations, List<Candidate> candidates)
    {
        _candidates = candidates;
        CandidateOrder.Rank(annotations, candidates, _ranks);
        _sizes.Collect(candidates);
        _parents.Find(annotations, _ranks, candidates, _sizeOf, _parent);
        Order();
        _metric.Begin(candidates, CollectionsMarshal.AsSpan(_order), _sizes);
        _clusters.Begin(_order.Count);
        CollectionsMarshal.SetCount(_verdicts, _order.Count);
        CollectionsMarshal.SetCount(_nearest, _order.Count);
        CollectionsMarshal.SetCount(_apart, _order.Count);
        for (int start = 0; start < _order.Count;)
        {
            int end = start + 1;
            while (end < _order.Count && _candidatesInOrder.AreOfOneRun(_order[start], _order[end]))
            {
                end++;
            }

            MatchRun(start, end);
            start = end;
        }
    }

    /// <summary>The candidate at a position.</summary>
    public int Candidate(int position) => _order[position];

    public Verdict VerdictOf(int position) => _verdicts[position];

    /// <summary>The distance to the nearest region that it could have agreed with; null where it is infinite.</summary>
    public double? NearestOf(int position) => double.IsFinite(_nearest[position]) ? _nearest[position] : null;

    public ReadOnlySpan<byte> UnitOf(int position) => _metric.Unit(position);

    /// <summary>The sizes that annotators have of the candidate's medium, where they differ.</summary>
    public ReadOnlySpan<ImageSize> SizesOf(int position) => _sizes.ConflictOf(At(_order[position]).Medium);

    /// <summary>On how many media annotators have different sizes.</summary>
    public int SizeConflicts => _sizes.Conflicts;

    public bool IsLead(int position) => _clusters.Root(position) == position;

    /// <summary>Adds the candidates of the group led by <paramref name="position"/>, the lead first.</summary>
    public void Members(int position, List<int> candidates)
    {
        for (int member = position; member >= 0; member = _clusters.Next(member))
        {
            candidates.Add(_order[member]);
        }
    }

    /// <summary>How many people agree in a group, and the largest distance among them.</summary>
    public (int Annotators, double? Distance) Summary(int lead)
    {
        double largest = 0;
        bool metric = true;
        int annotators = 0;
        bool isPair = _clusters.Next(lead) is var second and >= 0 && _clusters.Next(second) < 0;
        for (int a = lead; a >= 0; a = _clusters.Next(a))
        {
            metric &= _metric.IsMetric(a);
            bool first = true;
            for (int b = lead; b != a; b = _clusters.Next(b))
            {
                largest = Math.Max(largest, isPair ? _apart[lead] : _metric.Measure(b, a, out _));
                first &= Annotator(a) != Annotator(b);
            }

            annotators += first ? 1 : 0;
        }

        return (annotators, metric ? largest : null);
    }

    private int Annotator(int position) => _annotatorAt[position];

    private int Annotation(int position) => _annotationAt[position];

    /// <summary>Candidates are large: read them where they lie.</summary>
    private ref readonly Candidate At(int candidate) => ref CollectionsMarshal.AsSpan(_candidates)[candidate];

    private void Order()
    {
        _candidatesInOrder.Sort(_candidates, _ranks, _parent, _order);
        CollectionsMarshal.SetCount(_annotationAt, _order.Count);
        CollectionsMarshal.SetCount(_annotatorAt, _order.Count);
        ReadOnlySpan<Candidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        ReadOnlySpan<int> order = CollectionsMarshal.AsSpan(_order);
        Span<int> annotationAt = CollectionsMarshal.AsSpan(_annotationAt)[..order.Length];
        Span<int> annotatorAt = CollectionsMarshal.AsSpan(_annotatorAt)[..order.Length];
        for (int position = 0; position < order.Length; position++)
        {
            int annotation = candidates[order[position]].Annotation;
            annotationAt[position] = annotation;
            annotatorAt[position] = _annotators[annotation];
        }
    }

    private void MatchRun(int start, int end)
    {
        if (end - start <= _matchedAsPair)
        {
            MatchFew(start, end);
            return;
        }

        RegionKind kind = At(_order[start]).Kind;
        foreach (int which in _edges.Find(start, end, kind, _annotators.Annotations))
        {
            Edge edge = _edges[which];
            int left = _clusters.Root(edge.A);
            int right = _clusters.Root(edge.B);
            if (left != right)
            {
                TryMerge(edge, left, right);
            }
        }

        bool begun = false;
        for (int position = start; position < end; position++)
        {
            _verdicts[position] = Verdict.Agreed;
            if (_clusters.IsAlone(position))
            {
                if (!begun)
                {
                    _nearestOther.Begin(start, end, _anchor, Annotation, Annotator, DistanceMetric.AnchorBounds(kind));
                    begun = true;
                }

                bool any = _nearestOther.Find(position, Annotator(position), _distance, out double nearest);
                _verdicts[position] = any ? Verdict.Disagreed : Verdict.Alone;
                _nearest[position] = nearest;
            }
        }
    }

    /// <summary>
    /// One position, or two, as most runs have where two people label what is there once: with a single pair there is nothing to
    /// be put in order, and each is the other's nearest.
    /// </summary>
    private void MatchFew(int start, int end)
    {
        int last = end - 1;
        _verdicts[start] = _verdicts[last] = Verdict.Alone;
        _nearest[start] = _nearest[last] = double.PositiveInfinity;
        if (start == last || Annotator(start) == Annotator(last))
        {
            return;
        }

        double distance = _metric.Measure(start, last, out bool agree);
        if (agree)
        {
            _verdicts[start] = _verdicts[last] = Verdict.Agreed;
            _apart[start] = distance;
            _clusters.Merge(start, last);
            return;
        }

        _verdicts[start] = _verdicts[last] = Verdict.Disagreed;
        _nearest[start] = distance;
        _nearest[last] = _metric.Measure(last, start, out _);
    }

    private void TryMerge(in Edge edge, int left, int right)
    {
        // An edge is between two that agree, of two annotations: those who have joined no other need no second look.
        if (_clusters.IsAlone(left) && _clusters.IsAlone(right))
        {
            _apart[Math.Min(left, right)] = edge.Measured;
            _clusters.Merge(left, right);
        }
        else if (MayMerge(left, right))
        {
            _clusters.Merge(left, right);
        }
    }

    private bool MayMerge(int left, int right)
    {
        for (int a = left; a >= 0; a = _clusters.Next(a))
        {
            for (int b = right; b >= 0; b = _clusters.Next(b))
            {
                if (Annotation(a) == Annotation(b))
                {
                    return false;
                }

                _metric.Measure(a, b, out bool agree);
                if (!agree)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
