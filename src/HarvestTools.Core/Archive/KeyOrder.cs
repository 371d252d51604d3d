namespace HarvestTools.Archive;

/// <summary>Compares two keys without a copy of them.</summary>
internal delegate int KeyComparison(in RecordKey x, in RecordKey y);

/// <summary>One order of the keys of records: their places, sorted.</summary>
/// <param name="comparison">The order.</param>
internal sealed class KeyOrder(KeyComparison comparison)
{
    private int[] _places = [];

    public int Count { get; private set; }

    /// <summary>The place of the key that is the <paramref name="index"/>th in this order.</summary>
    public int this[int index] => _places[index];

    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    /// <summary>Takes an order over as it was kept.</summary>
    public void Take(int[] places) => (_places, Count) = (places, places.Length);

    /// <summary>Sorts all keys.</summary>
    public void Sort(RecordKey[] keys, int count)
    {
        _places = [.. Enumerable.Range(0, count)];
        Count = count;
        Array.Sort(_places, (x, y) => comparison(keys[x], keys[y]));
    }

    public void Insert(RecordKey[] keys, int place)
    {
        int index = First(keys, keys[place]);
        if (Count == _places.Length)
        {
            Array.Resize(ref _places, Math.Max(64, Count * 2));
        }

        _places.AsSpan(index, Count - index).CopyTo(_places.AsSpan(index + 1));
        _places[index] = place;
        Count++;
    }

    public void Remove(int place)
    {
        int index = Places.IndexOf(place);
        _places.AsSpan(index + 1, Count - index - 1).CopyTo(_places.AsSpan(index));
        Count--;
    }

    /// <summary>How many keys are before the given one, which need not be among them.</summary>
    public int First(RecordKey[] keys, in RecordKey key)
    {
        (int low, int high) = (0, Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = comparison(keys[_places[middle]], key) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
