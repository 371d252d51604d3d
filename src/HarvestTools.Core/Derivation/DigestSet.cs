using HarvestTools.Strings;

namespace HarvestTools.Derivation;

/// <summary>
/// Digests that were met, each with marks. They are hashes already, so that their own bits choose the place; and emptying it for the
/// next task costs nothing, since what is of an earlier one counts as absent.
/// </summary>
internal sealed class DigestSet
{
    private const int LeastPlaces = 64;

    private Entry[] _entries = new Entry[LeastPlaces];
    private int _count;
    private int _round = 1;

    public void Clear()
    {
        _count = 0;

        // After four milliards of tasks an entry of the first would be taken for one of this.
        if (++_round == 0)
        {
            Array.Clear(_entries);
            _round = 1;
        }
    }

    /// <summary>Adds marks to a digest, and gives those that it did not have.</summary>
    public byte Add(Digest128 digest, byte marks)
    {
        if (2 * _count >= _entries.Length)
        {
            Grow();
        }

        ref Entry entry = ref Find(digest);
        if (entry.Round != _round)
        {
            entry = new Entry { Digest = digest, Round = _round };
            _count++;
        }

        byte added = (byte)(marks & ~entry.Marks);
        entry.Marks |= marks;
        return added;
    }

    private ref Entry Find(Digest128 digest)
    {
        int mask = _entries.Length - 1;
        int place = (int)digest.Low & mask;
        while (_entries[place].Round == _round && _entries[place].Digest != digest)
        {
            place = (place + 1) & mask;
        }

        return ref _entries[place];
    }

    private void Grow()
    {
        Entry[] entries = _entries;
        _entries = new Entry[2 * entries.Length];
        foreach (Entry entry in entries)
        {
            if (entry.Round == _round)
            {
                Find(entry.Digest) = entry;
            }
        }
    }

    private struct Entry
    {
        public Digest128 Digest;
        public int Round;
        public byte Marks;
    }
}
