using System.Numerics;

namespace HarvestTools.Work;

/// <summary>
/// Sorts many numbers by counting: twice by as many of the upper bits in which they differ as there are numbers, which mostly leaves
/// hardly any two that are not apart. Reusable; not thread-safe.
/// </summary>
internal sealed class RadixSort
{
    /// <summary>Of fewer numbers a sort that compares takes less.</summary>
    public const int NumbersLeast = 128;

    private const int DigitBitsMost = 11;

    // Up to here putting each in its place costs less than a sort.
    private const int Few = 16;

    private readonly int[] _low = new int[1 << DigitBitsMost];
    private readonly int[] _high = new int[1 << DigitBitsMost];
    private long[] _keys = [];
    private int[] _items = [];

    /// <summary>Sorts numbers and what belongs to them.</summary>
    /// <param name="keys">The numbers.</param>
    /// <param name="items">As many as there are numbers.</param>
    public void Sort(Span<long> keys, Span<int> items)
    {
        (long least, long most) = (keys[0], keys[0]);
        foreach (long key in keys)
        {
            least = Math.Min(least, key);
            most = Math.Max(most, key);
        }

        int digitBits = Math.Min(BitOperations.Log2((uint)keys.Length), DigitBitsMost);
        int shift = Math.Max(0, BitOperations.Log2(unchecked((ulong)(most - least)) | 1) + 1 - (2 * digitBits));
        if (_keys.Length < keys.Length)
        {
            _keys = new long[Math.Max(keys.Length, 2 * _keys.Length)];
            _items = new int[_keys.Length];
        }

        int mask = (1 << digitBits) - 1;
        Span<int> low = _low.AsSpan(0, mask + 1);
        Span<int> high = _high.AsSpan(0, mask + 1);
        low.Clear();
        high.Clear();
        foreach (long key in keys)
        {
            int upper = (int)((ulong)(key - least) >> shift);
            low[upper & mask]++;
            high[upper >> digitBits]++;
        }

        Sum(low);
        Sum(high);
        Span<long> otherKeys = _keys.AsSpan(0, keys.Length);
        Span<int> otherItems = _items.AsSpan(0, keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            int place = low[(int)((ulong)(keys[i] - least) >> shift) & mask]++;
            otherKeys[place] = keys[i];
            otherItems[place] = items[i];
        }

        for (int i = 0; i < otherKeys.Length; i++)
        {
            int place = high[(int)((ulong)(otherKeys[i] - least) >> shift >> digitBits)]++;
            keys[place] = otherKeys[i];
            items[place] = otherItems[i];
        }

        if (shift > 0)
        {
            SortAlike(keys, items, least, shift);
        }
    }

    /// <summary>Makes of counts where the first of each begins.</summary>
    private static void Sum(Span<int> counts)
    {
        int sum = 0;
        foreach (ref int count in counts)
        {
            (count, sum) = (sum, sum + count);
        }
    }

    /// <summary>Sorts those whose upper bits are equal, which follow each other.</summary>
    private static void SortAlike(Span<long> keys, Span<int> items, long least, int shift)
    {
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start + 1;
            while (end < keys.Length && (ulong)(keys[end] - least) >> shift == (ulong)(keys[start] - least) >> shift)
            {
                end++;
            }

            if (end - start > Few)
            {
                keys[start..end].Sort(items[start..end]);
            }
            else if (end - start > 1)
            {
                Insert(keys[start..end], items[start..end]);
            }
        }
    }

    private static void Insert(Span<long> keys, Span<int> items)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            (long key, int item) = (keys[i], items[i]);
            int place = i;
            for (; place > 0 && keys[place - 1] > key; place--)
            {
                (keys[place], items[place]) = (keys[place - 1], items[place - 1]);
            }

            (keys[place], items[place]) = (key, item);
        }
    }
}
