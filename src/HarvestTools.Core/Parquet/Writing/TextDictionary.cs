using System.Runtime.CompilerServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// The distinct texts of a column chunk in the order in which they first appear; the order, not the hash, decides the bytes.
/// </summary>
/// <param name="layout">How large it may become.</param>
internal sealed class TextDictionary(ParquetLayout layout) : IDisposable
{
    private const int SlotsAtFirst = 64;

    private readonly ByteBuffer _page = new();
    private Entry[] _entries = [new Entry { Key = TextKey.None }, .. new Entry[(SlotsAtFirst / 2) - 1]];

    // Index plus one, so that a cleared slot is an empty one.
    private int[] _slots = new int[SlotsAtFirst];
    private int _last;

    public int Count { get; private set; }

    /// <summary>Every text behind its length, as a dictionary page has them.</summary>
    public ReadOnlySpan<byte> Page => _page.Span;

    /// <summary>Bytes of the texts, without their lengths.</summary>
    public int TextBytes => _page.Length - (sizeof(int) * Count);

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref readonly Entry entry = ref _entries[index];
            return _page.Span.Slice(entry.Start, entry.Key.Length);
        }
    }

    public void Clear()
    {
        _page.Clear();
        Array.Clear(_slots);
        _entries[0] = new Entry { Key = TextKey.None };
        Count = 0;
        _last = 0;
    }

    /// <summary>The text's index; -1, and nothing added, where the dictionary would grow past its limits.</summary>
    public int Add(ReadOnlySpan<byte> text) => Add(TextKey.Of(text), text);

    /// <summary>Adds texts that are each behind their length in a buffer, as far as its limits allow.</summary>
    /// <param name="buffer">Where the texts are.</param>
    /// <param name="at">Where the length of each is; moved to where the text ends.</param>
    /// <param name="indices">Receives the index of each.</param>
    /// <param name="bytes">Bytes of those that were added.</param>
    /// <returns>How many were added.</returns>
    public int Add(byte[] buffer, Span<int> at, Span<int> indices, out long bytes)
    {
        bytes = 0;
        indices = indices[..at.Length];
        int last = _last;
        TextKey lastKey = _entries[last].Key;
        for (int i = 0; i < at.Length; i++)
        {
            int start = at[i] + sizeof(int);
            TextKey key = TextKey.At(buffer, at[i]);
            int length = key.Length;

            // What Add looks at first, without the call: most texts are short.
            if (length > TextKey.WholeLength || !key.Is(lastKey))
            {
                int next = _entries[last].Next;
                if (length > TextKey.WholeLength || !key.Is(_entries[next].Key))
                {
                    _last = last;
                    next = Add(key, buffer.AsSpan(start, length));
                    if (next < 0)
                    {
                        return i;
                    }
                }

                last = next;
                lastKey = key;
            }

            indices[i] = last;
            at[i] = start + length;
            bytes += length;
        }

        _last = last;
        return at.Length;
    }

    public void Dispose() => _page.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAt(int index, in TextKey key, ReadOnlySpan<byte> text) =>
        key.Is(_entries[index].Key) && (text.Length <= TextKey.WholeLength || text.SequenceEqual(this[index]));

    private int Add(TextKey key, ReadOnlySpan<byte> text)
    {
        // Rows are sorted, so most texts repeat the one before, or what followed it the time before: on each frame of a video there
        // are the same tracks.
        if (IsAt(_last, key, text))
        {
            return _last;
        }

        int next = _entries[_last].Next;
        if (IsAt(next, key, text))
        {
            return _last = next;
        }

        uint hash = key.Hash(text);
        int slot = FreeSlot(hash, key, text, out int index);
        if (index >= 0)
        {
            return Follow(index);
        }

        if (Count == layout.DictionaryEntriesMax || (long)_page.Length + sizeof(int) + text.Length > layout.DictionaryBytesMax)
        {
            return -1;
        }

        if (Count == _entries.Length)
        {
            Grow();
            slot = FreeSlot(hash);
        }

        _page.WriteInt32(text.Length);
        _entries[Count] = new Entry { Key = key, Start = _page.Length, Hash = hash };
        _page.Write(text);
        _slots[slot] = Count + 1;
        return Follow(Count++);
    }

    /// <summary>The slot where a text would go, or the index of the same text, where there is one.</summary>
    private int FreeSlot(uint hash, in TextKey key, ReadOnlySpan<byte> text, out int index)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            index = _slots[slot] - 1;
            if (IsAt(index, key, text))
            {
                return slot;
            }
        }

        index = -1;
        return slot;
    }

    private int FreeSlot(uint hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private int Follow(int index)
    {
        _entries[_last].Next = index;
        return _last = index;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _slots = new int[_slots.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            _slots[FreeSlot(_entries[i].Hash)] = i + 1;
        }
    }

    private struct Entry
    {
        public TextKey Key;

        /// <summary>Where the text is in the page.</summary>
        public int Start;
        public uint Hash;

        /// <summary>What followed it last.</summary>
        public int Next;
    }
}
