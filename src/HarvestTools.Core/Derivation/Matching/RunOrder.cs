using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// The candidates of a task in runs, those that can agree with each other, and in a run by annotation and content. Texts are mostly
/// compared once a run and not once a pair: a task has few runs, and the beginning of a region's id mostly says the rest.
/// </summary>
internal sealed class RunOrder
{
    // Finding a candidate's run looks at the runs one by one; where there are more, comparing candidates costs less.
    private const int MostRuns = 64;

    // Of fewer candidates there are too few in a run for that to pay: merging them needs no look at the runs.
    private const int Crowd = 200;

    // What of a number says which run and which annotation, and what is left for the beginning of a region's id.
    private const int RunsAndRanksMost = 1 << 15;
    private const int IdBits = 48;

    private readonly List<int> _leads = [];
    private readonly List<int> _places = [];
    private readonly List<int> _runOf = [];
    private readonly RunKeys _keys = new();
    private readonly KeyedOrder _order = new();
    private readonly IComparer<int> _byContent;
    private readonly Comparison<int> _compare;
    private bool _keyed;
    private bool _numbered;
    private List<Candidate> _candidates = null!;
    private List<int> _ranks = null!;
    private List<int> _parents = null!;

    public RunOrder()
    {
        // Kept, because making a delegate of a method costs an allocation each time.
        _compare = Compare;
        _byContent = Comparer<int>.Create((a, b) => CandidateOrder.CompareContent(At(a), At(b)));
    }

    /// <summary>Fills <paramref name="order"/> with the indices of the candidates.</summary>
    /// <param name="candidates">Of all annotators.</param>
    /// <param name="ranks">Each annotation's place, see <see cref="CandidateOrder.Rank"/>.</param>
    /// <param name="parents">Each candidate's group of parents.</param>
    /// <param name="order">What was in it before is gone.</param>
    public void Sort(List<Candidate> candidates, List<int> ranks, List<int> parents, List<int> order)
    {
        (_candidates, _ranks, _parents) = (candidates, ranks, parents);
        CollectionsMarshal.SetCount(order, candidates.Count);
        Span<int> places = CollectionsMarshal.AsSpan(order);
        _keyed = _keys.TryBegin(candidates, ranks, parents);
        _numbered = _keyed && candidates.Count >= Crowd && TryNumber(_order.Begin(candidates.Count));
        if (_numbered)
        {
            _order.Sort(_byContent).CopyTo(places);
            return;
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        if (_keyed)
        {
            _keys.Sort(places);
        }
        else
        {
            places.Sort(_compare);
        }
    }

    /// <summary>Whether two candidates can agree by what they are.</summary>
    public bool AreOfOneRun(int a, int b) => _numbered ? _runOf[a] == _runOf[b] : _keyed ? _keys.AreOfOneRun(a, b) : CompareRun(a, b) == 0;

    /// <summary>Numbers candidates by run and annotation, and by the beginning of their region's id behind what all ids begin with.</summary>
    private bool TryNumber(Span<long> numbers)
    {
        if (!FindRuns() || (long)_leads.Count * _ranks.Count > RunsAndRanksMost)
        {
            return false;
        }

        ReadOnlySpan<Candidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        ReadOnlySpan<byte> first = candidates[0].Region.Id.Span;
        int common = first.Length;
        foreach (ref readonly Candidate candidate in candidates)
        {
            common = TextOrder.CommonLength(first, candidate.Region.Id.Span, common);
        }

        ReadOnlySpan<int> runs = CollectionsMarshal.AsSpan(_runOf);
        for (int i = 0; i < numbers.Length; i++)
        {
            ref readonly Candidate candidate = ref candidates[i];
            long bucket = ((long)_places[runs[i]] * _ranks.Count) + _ranks[candidate.Annotation];
            numbers[i] = (bucket << IdBits) | (long)(TextOrder.Beginning(candidate.Region.Id.Span[common..]) >> (64 - IdBits));
        }

        return true;
    }

    /// <summary>Only candidates equal in this can agree.</summary>
    private int CompareRun(int a, int b)
    {
        ref readonly Candidate left = ref At(a);
        ref readonly Candidate right = ref At(b);
        if (left.Kind != right.Kind)
        {
            return left.Kind < right.Kind ? -1 : 1;
        }

        int order = left.Medium.CompareTo(right.Medium);
        if (order != 0
            || (order = left.Control.CompareTo(right.Control)) != 0
            || (order = left.Label.CompareTo(right.Label)) != 0)
        {
            return order;
        }

        return _parents[a].CompareTo(_parents[b]);
    }

    /// <summary>Gives each candidate its run, and each run its place among them; false where there are too many.</summary>
    private bool FindRuns()
    {
        _leads.Clear();
        CollectionsMarshal.SetCount(_runOf, _candidates.Count);
        int last = 0;
        for (int i = 0; i < _candidates.Count; i++)
        {
            // A person labels one thing after another: mostly it is the run of the candidate before, or the one after that run.
            int run = _leads.Count > 0 && _keys.AreOfOneRun(_leads[last], i) ? last : Find(i, last);
            if (run == _leads.Count)
            {
                if (run == MostRuns)
                {
                    return false;
                }

                _leads.Add(i);
            }

            _runOf[i] = last = run;
        }

        CollectionsMarshal.SetCount(_places, _leads.Count);
        for (int run = 0; run < _leads.Count; run++)
        {
            int place = 0;
            foreach (int other in _leads)
            {
                place += other != _leads[run] && _keys.IsRunBefore(other, _leads[run]) ? 1 : 0;
            }

            _places[run] = place;
        }

        return true;
    }

    private int Find(int candidate, int last)
    {
        for (int step = 1; step < _leads.Count; step++)
        {
            int run = (last + step) % _leads.Count;
            if (_keys.AreOfOneRun(_leads[run], candidate))
            {
                return run;
            }
        }

        return _leads.Count;
    }

    private int Compare(int a, int b)
    {
        int order = CompareRun(a, b);
        return order != 0 || (order = _ranks[At(a).Annotation].CompareTo(_ranks[At(b).Annotation])) != 0
            ? order
            : CandidateOrder.CompareContent(At(a), At(b));
    }

    /// <summary>Candidates are large: read them where they are.</summary>
    private ref readonly Candidate At(int candidate) => ref CollectionsMarshal.AsSpan(_candidates)[candidate];
}
