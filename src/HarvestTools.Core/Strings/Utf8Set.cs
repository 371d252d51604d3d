
namespace HarvestTools.Strings;

/// <summary>A set of texts that is refilled again and again without allocating.</summary>
internal sealed class Utf8Set
{
    private int[] _slots = new int[64];
    private Utf8Text[] _ids = new Utf8Text[32];
    private int _count;

    public int Count => _count;

    public void Clear()
    {
        Array.Clear(_slots);
        _count = 0;
    }

    /// <summary>False where the id is in the set already.</summary>
    public bool Add(Utf8Text id)
    {
        int slot = Find(id);
        if (_slots[slot] != 0)
        {
            return false;
        }

        if (_count == _ids.Length)
        {
            Grow();
            slot = Find(id);
        }

        _ids[_count++] = id;
        _slots[slot] = _count;
        return true;
    }

    /// <summary>The text that was added as that many before it.</summary>
    public Utf8Text this[int place] => _ids[place];

    /// <summary>Whether as many texts were added before this one; false where there are no more than that.</summary>
    public bool IsAt(int place, Utf8Text id)
    {
        // Lengths first: most of two different texts differ in them, and then no bytes are looked at.
        if (place >= _count)
        {
            return false;
        }

        ref readonly Utf8Text known = ref _ids[place];
        return known.Length == id.Length && known.IsAbsent == id.IsAbsent && known.Span.SequenceEqual(id.Span);
    }

    public bool Contains(Utf8Text id) => _slots[Find(id)] != 0;

    /// <summary>How many texts were added before this one; -1 where it is not in the set.</summary>
    public int PlaceOf(Utf8Text id) => _slots[Find(id)] - 1;

    /// <summary>The slot that holds the id, or the free one where it would go; slots hold places from 1.</summary>
    private int Find(Utf8Text id)
    {
        int mask = _slots.Length - 1;
        int slot = (int)Utf8Hash.Of(id.Span) & mask;
        while (_slots[slot] != 0 && _ids[_slots[slot] - 1] != id)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _ids, _ids.Length * 2);
        _slots = new int[_ids.Length * 2];
        for (int i = 0; i < _count; i++)
        {
            _slots[Find(_ids[i])] = i + 1;
        }
    }
}
