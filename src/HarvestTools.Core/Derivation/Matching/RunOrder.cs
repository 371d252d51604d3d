using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// The candidates of a task in runs, those that can agree with each other, and in a run by annotation and content. Texts are mostly
/// compared once a run and not once a pair: a task has few runs, and the beginning of a region's id mostly says the rest.
/// </summary>
internal sealed class RunOrder
{
    // Finding a candidate's run looks at the runs one by one; where there are more, comparing candidates costs less.
    private const int MostRuns = 64;

    // Of fewer candidates there are too few in a run for that to pay: their keys hold more, and need no look at the runs.
    private const int Crowd = 200;

    private readonly List<int> _leads = [];
    private readonly List<int> _places = [];
    private readonly List<int> _runOf = [];
    private readonly List<Key> _keys = [];
    private readonly RunKeys _few = new();
    private readonly Comparison<int> _compare;
    private bool _fewAreKeyed;
    private List<Candidate> _candidates = null!;
    private List<int> _ranks = null!;
    private List<int> _parents = null!;

    public RunOrder()
    {
        // Kept, because making a delegate of a method costs an allocation each time.
        _compare = Compare;
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
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        _fewAreKeyed = candidates.Count < Crowd && _few.TryBegin(candidates, ranks, parents);
        if (_fewAreKeyed)
        {
            _few.Sort(places);
            return;
        }

        if (candidates.Count < Crowd || !FindRuns())
        {
            places.Sort(_compare);
            return;
        }

        CollectionsMarshal.SetCount(_keys, candidates.Count);
        Span<Key> keys = CollectionsMarshal.AsSpan(_keys);
        for (int i = 0; i < keys.Length; i++)
        {
            ref readonly Candidate candidate = ref At(i);
            keys[i] = new Key(((long)_places[_runOf[i]] << 32) | (uint)ranks[candidate.Annotation], RunKeys.Beginning(candidate.Region.Id.Span));
        }

        keys.Sort(places);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                places[start..end].Sort((a, b) => CandidateOrder.CompareContent(At(a), At(b)));
            }
        }
    }

    /// <summary>Whether two candidates can agree by what they are.</summary>
    public bool AreOfOneRun(int a, int b) => _fewAreKeyed ? _few.AreOfOneRun(a, b) : CompareRun(a, b) == 0;

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
            int run = _leads.Count > 0 && CompareRun(_leads[last], i) == 0 ? last : Find(i, last);
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
                place += CompareRun(other, _leads[run]) < 0 ? 1 : 0;
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
            if (CompareRun(_leads[run], candidate) == 0)
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

    private readonly record struct Key(long RunAndRank, ulong Id) : IComparable<Key>
    {
        public int CompareTo(Key other) => RunAndRank != other.RunAndRank ? RunAndRank.CompareTo(other.RunAndRank) : Id.CompareTo(other.Id);
    }
}
