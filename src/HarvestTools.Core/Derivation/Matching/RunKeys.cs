using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// What candidates are ordered by, as numbers: those of a task of a few dozen regions and a few dozen labels are compared a few
/// hundred times, those of a crowd with each run, mostly without a look at a text.
/// </summary>
internal sealed class RunKeys
{
    // Up to here putting each in its place costs less than merging.
    private const int Short = 12;
    private const int LabelBytes = 16;

    private readonly List<Key> _keys = [];
    private readonly List<Utf8Text> _controls = [];
    private int[] _merged = new int[64];
    private List<Candidate> _candidates = null!;

    /// <summary>Makes the keys; false where the controls of the task are too many for it.</summary>
    public bool TryBegin(List<Candidate> candidates, List<int> ranks, List<int> parents)
    {
        _candidates = candidates;
        ReadOnlySpan<Candidate> all = CollectionsMarshal.AsSpan(candidates);
        if (!FindControls(all))
        {
            return false;
        }

        CollectionsMarshal.SetCount(_keys, all.Length);
        Span<Key> keys = CollectionsMarshal.AsSpan(_keys);
        int control = 0;
        for (int i = 0; i < all.Length; i++)
        {
            ref readonly Candidate candidate = ref all[i];
            if (_controls[control] != candidate.Control)
            {
                control = _controls.IndexOf(candidate.Control);
            }

            ref Key key = ref keys[i];
            key.Place = ((ulong)(uint)candidate.Kind << 56) | ((ulong)(uint)candidate.Medium << 16) | (uint)control;
            key.ParentAndRank = ((long)parents[i] << 32) | (uint)ranks[candidate.Annotation];
            ReadOnlySpan<byte> label = candidate.Label.Span;
            key.LabelLength = candidate.Label.IsAbsent ? -1 : label.Length;
            key.Label = TextOrder.Beginning(label);
            key.LabelRest = label.Length > sizeof(ulong) ? TextOrder.Beginning(label[sizeof(ulong)..]) : 0;
        }

        return true;
    }

    /// <summary>Whether two candidates are of one kind, medium, control, label and parent.</summary>
    public bool AreOfOneRun(int a, int b)
    {
        ReadOnlySpan<Key> keys = CollectionsMarshal.AsSpan(_keys);
        ref readonly Key left = ref keys[a];
        ref readonly Key right = ref keys[b];
        return left.Place == right.Place && left.Label == right.Label && left.ParentAndRank >> 32 == right.ParentAndRank >> 32
            && CompareLabels(left, right, a, b) == 0;
    }

    /// <summary>Whether all of the run of one candidate come before those of another's, which is not its own.</summary>
    public bool IsRunBefore(int a, int b)
    {
        ReadOnlySpan<Key> keys = CollectionsMarshal.AsSpan(_keys);
        ref readonly Key left = ref keys[a];
        ref readonly Key right = ref keys[b];
        int order = left.Place != right.Place ? left.Place.CompareTo(right.Place) : CompareLabels(left, right, a, b);
        return order != 0 ? order < 0 : left.ParentAndRank >> 32 < right.ParentAndRank >> 32;
    }

    /// <summary>Puts indices of candidates in order.</summary>
    public void Sort(Span<int> places)
    {
        ReadOnlySpan<Key> keys = CollectionsMarshal.AsSpan(_keys);
        for (int start = 0; start < places.Length; start += Short)
        {
            Insert(keys, places[start..Math.Min(start + Short, places.Length)]);
        }

        if (places.Length <= Short)
        {
            return;
        }

        if (_merged.Length < places.Length)
        {
            _merged = new int[places.Length * 2];
        }

        Span<int> from = places;
        Span<int> to = _merged.AsSpan(0, places.Length);
        for (int width = Short; width < places.Length; width *= 2)
        {
            for (int start = 0; start < from.Length; start += width * 2)
            {
                int middle = Math.Min(start + width, from.Length);
                int end = Math.Min(middle + width, from.Length);
                Merge(keys, from[start..middle], from[middle..end], to[start..end]);
            }

            Span<int> merged = to;
            to = from;
            from = merged;
        }

        if (from != places)
        {
            from.CopyTo(places);
        }
    }

    /// <summary>Puts the controls of the candidates in order, each once.</summary>
    private bool FindControls(ReadOnlySpan<Candidate> candidates)
    {
        _controls.Clear();
        int last = 0;
        foreach (ref readonly Candidate candidate in candidates)
        {
            // One control after the other, of which equal ones are mostly the same piece of text.
            if ((_controls.Count > 0 && _controls[last] == candidate.Control) || _controls.Contains(candidate.Control))
            {
                continue;
            }

            if (_controls.Count == ushort.MaxValue)
            {
                return false;
            }

            // There are a few, so that a sort would cost more, and first of all its making.
            int place = _controls.Count;
            while (place > 0 && _controls[place - 1] > candidate.Control)
            {
                place--;
            }

            _controls.Insert(place, candidate.Control);
            last = place;
        }

        return true;
    }

    private void Insert(ReadOnlySpan<Key> keys, Span<int> places)
    {
        for (int i = 1; i < places.Length; i++)
        {
            int place = places[i];
            int j = i;
            for (; j > 0 && IsAfter(keys, places[j - 1], place); j--)
            {
                places[j] = places[j - 1];
            }

            places[j] = place;
        }
    }

    private void Merge(ReadOnlySpan<Key> keys, ReadOnlySpan<int> left, ReadOnlySpan<int> right, Span<int> merged)
    {
        int a = 0;
        int b = 0;
        for (int i = 0; i < merged.Length; i++)
        {
            bool takeLeft = b == right.Length || (a < left.Length && !IsAfter(keys, left[a], right[b]));
            merged[i] = takeLeft ? left[a++] : right[b++];
        }
    }

    /// <summary>Most pairs differ by the beginnings of their labels, which is seen without a call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAfter(ReadOnlySpan<Key> keys, int a, int b)
    {
        ref readonly Key left = ref keys[a];
        ref readonly Key right = ref keys[b];
        return left.Place != right.Place ? left.Place > right.Place
            : left.Label != right.Label ? left.Label > right.Label
            : CompareRest(left, right, a, b) > 0;
    }

    private int CompareRest(in Key left, in Key right, int a, int b)
    {
        int order = CompareLabels(left, right, a, b);
        if (order != 0)
        {
            return order;
        }

        if (left.ParentAndRank != right.ParentAndRank)
        {
            return left.ParentAndRank < right.ParentAndRank ? -1 : 1;
        }

        ReadOnlySpan<Candidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        return CandidateOrder.CompareContent(candidates[a], candidates[b]);
    }

    private int CompareLabels(in Key left, in Key right, int a, int b)
    {
        if (left.Label != right.Label)
        {
            return left.Label < right.Label ? -1 : 1;
        }

        if (left.LabelRest != right.LabelRest)
        {
            return left.LabelRest < right.LabelRest ? -1 : 1;
        }

        // Of texts that begin alike and are no longer than that, the longer one has zeros behind the other's end.
        if (left.LabelLength <= LabelBytes && right.LabelLength <= LabelBytes)
        {
            return left.LabelLength.CompareTo(right.LabelLength);
        }

        ReadOnlySpan<Candidate> candidates = CollectionsMarshal.AsSpan(_candidates);
        return candidates[a].Label.CompareTo(candidates[b].Label);
    }

    private struct Key
    {
        // Kind, medium and control.
        public ulong Place;
        public ulong Label;
        public ulong LabelRest;

        // Parents before ranks; the number for no parent is negative.
        public long ParentAndRank;
        public int LabelLength;
    }
}
