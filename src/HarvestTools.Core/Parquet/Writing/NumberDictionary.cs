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
        int last = -1;
        for (int i = 0; i < values.Length; i++)
        {
            long value = values[i];
            if (last < 0 || _values[last] != value)
            {
                last = Add(value, layout.DictionaryEntriesMax);
                if (last < 0)
                {
                    return false;
                }
            }

            indices[i] = last;
            if (i == layout.DictionaryTrialValues - 1 && Count > layout.DictionaryTrialEntriesMax)
            {
                return false;
            }
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
        }

        _values[Count] = value;
        _slots[slot] = (ushort)(Count + 1);
        return Count++;
    }
}
