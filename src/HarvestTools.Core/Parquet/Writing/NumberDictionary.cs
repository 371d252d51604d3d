using System.Numerics;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// The distinct numbers of a column chunk in the order in which they first appear. Doubles come as their bits, so
/// 0 and -0 are two values and so are NaNs of other bits: what is read back is what was written.
/// </summary>
internal sealed class NumberDictionary
{
    private const int SlotBitsMin = 6;
    private const int SlotBitsMax = 16;

    private long[] _values = new long[64];

    // For each number the one that followed it last.
    private int[] _next = new int[64];

    // Index plus one, so that a cleared slot is an empty one. Twice the entries, so that a search always ends.
    private ushort[] _slots = [];
    private int _slotBits;

    public int Count { get; private set; }

    public ReadOnlySpan<long> Values => _values.AsSpan(0, Count);

    /// <summary>Gives every value its index; false where the dictionary would grow past its limits.</summary>
    public bool TryBuild(ReadOnlySpan<long> values, Span<int> indices, ParquetLayout layout)
    {
        Count = 0;
        _slotBits = Math.Clamp(BitOperations.Log2((uint)values.Length) + 2, SlotBitsMin, SlotBitsMax);
        if (_slots.Length < 1 << _slotBits)
        {
            _slots = new ushort[1 << _slotBits];
        }

        Array.Clear(_slots, 0, 1 << _slotBits);
        int trial = Math.Min(values.Length, layout.DictionaryTrialValues);
        return TryAdd(values[..trial], indices, layout.DictionaryEntriesMax)
            && !(trial == layout.DictionaryTrialValues && Count > layout.DictionaryTrialEntriesMax)
            && TryAdd(values[trial..], indices[trial..], layout.DictionaryEntriesMax);
    }

    private bool TryAdd(ReadOnlySpan<long> values, Span<int> indices, int most)
    {
        if (values.IsEmpty)
        {
            return true;
        }

        long last = ~values[0];
        int index = 0;
        indices = indices[..values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            // The value before is asked for first, and then what followed it the time before: rows are sorted, and most columns of
            // numbers are long runs, or those of several tracks in turn.
            long value = values[i];
            if (value != last)
            {
                int next = _next[index];
                if (Count == 0 || _values[next] != value)
                {
                    next = Add(value, most);
                    if (next < 0)
                    {
                        return false;
                    }

                    _next[index] = next;
                }

                index = next;
                last = value;
            }

            indices[i] = index;
        }

        return true;
    }

    private int Add(long value, int most)
    {
        ulong hash = ((ulong)value ^ ((ulong)value >> 32)) * 0x9E37_79B9_7F4A_7C15;
        int slot = (int)(hash >> (64 - _slotBits));
        while (_slots[slot] != 0)
        {
            int index = _slots[slot] - 1;
            if (_values[index] == value)
            {
                return index;
            }

            slot = (slot + 1) & ((1 << _slotBits) - 1);
        }

        if (Count == most)
        {
            return -1;
        }

        if (Count == _values.Length)
        {
            Array.Resize(ref _values, Count * 2);
            Array.Resize(ref _next, Count * 2);
        }

        _values[Count] = value;
        _next[Count] = 0;
        _slots[slot] = (ushort)(Count + 1);
        return Count++;
    }
}
