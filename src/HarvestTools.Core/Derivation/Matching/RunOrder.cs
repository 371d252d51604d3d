using System.Numerics;
using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// The candidates of a task in runs, those that can agree with each other, and in a run by annotation and content. What can agree is
/// one number, so that texts are compared where they are new, and where candidates of one run and annotation follow each other: then
/// the beginning of a region's id mostly says the rest.
/// </summary>
internal sealed class RunOrder
{
    // Of fewer candidates hardly any two are of one run and annotation: then ids need no look at what all begin with.
    private const int Crowd = 200;
    private const int SignBit = 63;
    private const int IdBitsMost = 48;

    private readonly TextNumbers _labels = new();
    private readonly TextNumbers _controls = new();

    // Of each candidate the number of its run, which is larger for a later one.
    private readonly List<long> _runs = [];
    private readonly KeyedOrder _order = new();
    private readonly IComparer<int> _byContent;
    private readonly Comparison<int> _compare;
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
        _numbered = TryNumber(_order.Begin(candidates.Count));
        if (_numbered)
        {
            _order.Sort(_byContent).CopyTo(places);
            return;
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        places.Sort(_compare);
    }

    /// <summary>Whether two candidates can agree by what they are.</summary>
    public bool AreOfOneRun(int a, int b) => _numbered ? _runs[a] == _runs[b] : CompareRun(a, b) == 0;

    /// <summary>
    /// Numbers candidates by run and annotation, and in a crowd by the beginning of their region's id behind what all ids begin with;
    /// false where what the task has of each is too much for one number.
    /// </summary>
    private bool TryNumber(Span<long> numbers)
    {
        ReadOnlySpan<Candidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        ReadOnlySpan<int> parents = CollectionsMarshal.AsSpan(_parents);
        CollectionsMarshal.SetCount(_runs, candidates.Length);
        Span<long> runs = CollectionsMarshal.AsSpan(_runs);
        _labels.Begin();
        _controls.Begin();
        (uint kinds, uint media, uint groups) = (0, 0, 0);
        (Utf8Text Text, int Number) control = (default, _controls.Of(default));
        for (int i = 0; i < candidates.Length; i++)
        {
            ref readonly Candidate candidate = ref candidates[i];
            kinds |= (uint)candidate.Kind;
            media |= (uint)candidate.Medium;
            groups |= (uint)(parents[i] + 1);
            if (!candidate.Control.IsSamePiece(control.Text))
            {
                control = (candidate.Control, _controls.Of(candidate.Control));
            }

            runs[i] = ((long)control.Number << 32) | (uint)_labels.Of(candidate.Label);
        }

        int mediumBits = Bits(media);
        int controlBits = Bits((uint)_controls.Count);
        int labelBits = Bits((uint)_labels.Count);
        int parentBits = Bits(groups);
        int rankBits = Bits((uint)_ranks.Count);
        int rest = SignBit - (Bits(kinds) + mediumBits + controlBits + labelBits + parentBits + rankBits);
        if (rest < 0)
        {
            return false;
        }

        ReadOnlySpan<int> controlRanks = CollectionsMarshal.AsSpan(_controls.Ranks());
        ReadOnlySpan<int> labelRanks = CollectionsMarshal.AsSpan(_labels.Ranks());
        ReadOnlySpan<int> ranks = CollectionsMarshal.AsSpan(_ranks);
        for (int i = 0; i < candidates.Length; i++)
        {
            ref readonly Candidate candidate = ref candidates[i];
            long run = ((long)candidate.Kind << mediumBits) | (uint)candidate.Medium;
            run = (run << controlBits) | (uint)controlRanks[(int)(runs[i] >> 32)];
            run = (run << labelBits) | (uint)labelRanks[(int)runs[i]];
            run = (run << parentBits) | (uint)(parents[i] + 1);
            runs[i] = run;
            numbers[i] = (run << rankBits) | (uint)ranks[candidate.Annotation];
        }

        if (candidates.Length >= Crowd)
        {
            AddIds(numbers, Math.Min(rest, IdBitsMost));
        }

        return true;
    }

    /// <summary>Puts the beginning of each region's id behind its number.</summary>
    private void AddIds(Span<long> numbers, int bits)
    {
        ReadOnlySpan<Candidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        ReadOnlySpan<byte> first = candidates[0].Region.Id.Span;
        int common = first.Length;
        foreach (ref readonly Candidate candidate in candidates)
        {
            common = TextOrder.CommonLength(first, candidate.Region.Id.Span, common);
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            // One bit less in a step of its own, since a number is not shifted by all of its bits.
            ulong beginning = TextOrder.Beginning(candidates[i].Region.Id.Span[common..]) >> 1 >> (SignBit - bits);
            numbers[i] = (numbers[i] << bits) | (long)beginning;
        }
    }

    private static int Bits(uint most) => 32 - BitOperations.LeadingZeroCount(most);

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
