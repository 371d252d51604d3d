namespace HarvestTools.Work;

/// <summary>
/// Sorts numbers that are a few ascending stretches one after another, as the regions of several labels are, by merging these two and
/// two. Reusable; not thread-safe.
/// </summary>
internal sealed class StretchMerge
{
    /// <summary>Numbers a stretch must have on average, for merging to take less than sorting.</summary>
    private const int NumbersMany = 8;

    private readonly List<int> _ends = [];
    private long[] _keys = [];
    private int[] _items = [];

    /// <summary>Sorts numbers and what belongs to them; equal ones stay in their order. False, with nothing changed, where the stretches are short.</summary>
    /// <param name="keys">The numbers.</param>
    /// <param name="items">As many as there are numbers.</param>
    public bool TrySort(Span<long> keys, Span<int> items)
    {
        _ends.Clear();
        for (int i = 1; i < keys.Length; i++)
        {
            if (keys[i - 1] > keys[i])
            {
                _ends.Add(i);
                if ((long)(_ends.Count + 1) * NumbersMany > keys.Length)
                {
                    return false;
                }
            }
        }

        _ends.Add(keys.Length);

        if (_keys.Length < keys.Length)
        {
            _keys = new long[Math.Max(keys.Length, 2 * _keys.Length)];
            _items = new int[_keys.Length];
        }

        Span<long> otherKeys = _keys.AsSpan(0, keys.Length);
        Span<int> otherItems = _items.AsSpan(0, keys.Length);
        bool inOther = false;
        for (; _ends.Count > 1; inOther = !inOther)
        {
            if (inOther)
            {
                MergePairs(otherKeys, otherItems, keys, items);
            }
            else
            {
                MergePairs(keys, items, otherKeys, otherItems);
            }
        }

        if (inOther)
        {
            otherKeys.CopyTo(keys);
            otherItems.CopyTo(items);
        }

        return true;
    }

    private void MergePairs(ReadOnlySpan<long> keys, ReadOnlySpan<int> items, Span<long> toKeys, Span<int> toItems)
    {
        int merged = 0;
        int start = 0;
        for (int i = 0; i < _ends.Count; i += 2)
        {
            int middle = _ends[i];
            int end = i + 1 < _ends.Count ? _ends[i + 1] : middle;
            int left = start;
            int right = middle;
            for (int at = start; at < end; at++)
            {
                int from = right == end || (left < middle && keys[left] <= keys[right]) ? left++ : right++;
                toKeys[at] = keys[from];
                toItems[at] = items[from];
            }

            _ends[merged++] = end;
            start = end;
        }

        _ends.RemoveRange(merged, _ends.Count - merged);
    }
}
