using System.Text;

namespace HarvestTools.Strings;

/// <summary>
/// Counters by text. Looking one up costs no string and no allocation once the text was seen, so it can be asked once
/// a region. Not thread-safe: one a worker, merged afterwards.
/// </summary>
internal sealed class Utf8Table<T>
    where T : class, new()
{
    private static readonly Comparer<byte[]> s_order = Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    private byte[][] _keys = new byte[16][];
    private T[] _values = new T[16];
    private int[] _slots = NewSlots(32);
    private int _count;

    // The place that was asked for after each, and the place that was asked for last.
    private int[] _next = new int[16];
    private int _last;

    public int Count => _count;

    /// <summary>The counter of <paramref name="key"/>, made on first sight.</summary>
    public T this[ReadOnlySpan<byte> key]
    {
        get
        {
            // Tasks are much alike: what was asked for after the last key is mostly asked for after it again.
            int place = _next[_last];
            if (place >= _count || !_keys[place].AsSpan().SequenceEqual(key))
            {
                place = PlaceOf(key);
                _next[_last] = place;
            }

            _last = place;
            return _values[place];
        }
    }

    public T? Find(ReadOnlySpan<byte> key)
    {
        int mask = _slots.Length - 1;
        for (int slot = (int)Utf8Hash.Of(key) & mask; _slots[slot] >= 0; slot = (slot + 1) & mask)
        {
            if (_keys[_slots[slot]].AsSpan().SequenceEqual(key))
            {
                return _values[_slots[slot]];
            }
        }

        return null;
    }

    /// <summary>Every text with its counter in ordinal byte order, which does not depend on the order of arrival.</summary>
    public IEnumerable<KeyValuePair<string, T>> Sorted()
    {
        byte[][] keys = _keys[.._count];
        T[] values = _values[.._count];
        Array.Sort(keys, values, s_order);
        for (int i = 0; i < keys.Length; i++)
        {
            yield return new KeyValuePair<string, T>(Encoding.UTF8.GetString(keys[i]), values[i]);
        }
    }

    /// <summary>Every text with its counter in the order of arrival.</summary>
    public void ForEach(Action<byte[], T> action)
    {
        for (int i = 0; i < _count; i++)
        {
            action(_keys[i], _values[i]);
        }
    }

    private int PlaceOf(ReadOnlySpan<byte> key)
    {
        int mask = _slots.Length - 1;
        int slot = (int)Utf8Hash.Of(key) & mask;
        while (_slots[slot] >= 0)
        {
            if (_keys[_slots[slot]].AsSpan().SequenceEqual(key))
            {
                return _slots[slot];
            }

            slot = (slot + 1) & mask;
        }

        return Add(key, slot);
    }

    private static int[] NewSlots(int length)
    {
        var slots = new int[length];
        Array.Fill(slots, -1);
        return slots;
    }

    private int Add(ReadOnlySpan<byte> key, int slot)
    {
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count * 2);
            Array.Resize(ref _values, _count * 2);
            Array.Resize(ref _next, _count * 2);
        }

        _keys[_count] = key.ToArray();
        _values[_count] = new T();
        _slots[slot] = _count++;
        if (_count * 2 > _slots.Length)
        {
            Rehash();
        }

        return _count - 1;
    }

    private void Rehash()
    {
        _slots = NewSlots(_slots.Length * 2);
        int mask = _slots.Length - 1;
        for (int i = 0; i < _count; i++)
        {
            int slot = (int)Utf8Hash.Of(_keys[i]) & mask;
            while (_slots[slot] >= 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i;
        }
    }
}
