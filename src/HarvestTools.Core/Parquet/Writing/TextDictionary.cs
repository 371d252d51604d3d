using System.Buffers.Binary;
using System.Numerics;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// The distinct texts of a column chunk in the order in which they first appear; the order, not the hash, decides the bytes.
/// </summary>
/// <param name="layout">How large it may become.</param>
internal sealed class TextDictionary(ParquetLayout layout) : IDisposable
{
    private const int SlotsAtFirst = 64;

    private readonly ByteBuffer _text = new();
    private int[] _ends = new int[SlotsAtFirst / 2];
    private uint[] _hashes = new uint[SlotsAtFirst / 2];

    // Index plus one, so that a cleared slot is an empty one.
    private int[] _slots = new int[SlotsAtFirst];
    private int _last;

    // For each text the one that followed it last.
    private int[] _next = new int[SlotsAtFirst / 2];

    public int Count { get; private set; }

    /// <summary>Bytes of the texts, without their lengths.</summary>
    public int TextBytes => _text.Length;

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return _text.Span[start.._ends[index]];
        }
    }

    public void Clear()
    {
        _text.Clear();
        Array.Clear(_slots);
        Count = 0;
        _last = 0;
    }

    /// <summary>The text's index; -1, and nothing added, where the dictionary would grow past its limits.</summary>
    public int Add(ReadOnlySpan<byte> text)
    {
        // Rows are sorted, so most texts repeat the one before, or what followed it the time before: on each frame of a video there
        // are the same tracks.
        if (Count > 0)
        {
            if (text.SequenceEqual(this[_last]))
            {
                return _last;
            }

            int next = _next[_last];
            if (text.SequenceEqual(this[next]))
            {
                return _last = next;
            }
        }

        uint hash = Hash(text);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            int index = _slots[slot] - 1;
            if (_hashes[index] == hash && text.SequenceEqual(this[index]))
            {
                return Follow(index);
            }

            slot = (slot + 1) & mask;
        }

        if (Count == layout.DictionaryEntriesMax
            || (long)_text.Length + text.Length + (sizeof(int) * (Count + 1L)) > layout.DictionaryBytesMax)
        {
            return -1;
        }

        if (Count == _ends.Length)
        {
            Grow();
            mask = _slots.Length - 1;
            for (slot = (int)hash & mask; _slots[slot] != 0;)
            {
                slot = (slot + 1) & mask;
            }
        }

        _text.Write(text);
        _ends[Count] = _text.Length;
        _hashes[Count] = hash;
        _slots[slot] = Count + 1;
        _next[Count] = 0;
        return Follow(Count++);
    }

    public void Dispose() => _text.Dispose();

    private int Follow(int index)
    {
        _next[_last] = index;
        return _last = index;
    }

    private void Grow()
    {
        Array.Resize(ref _next, _ends.Length * 2);
        Array.Resize(ref _ends, _ends.Length * 2);
        Array.Resize(ref _hashes, _hashes.Length * 2);
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 0; i < Count; i++)
        {
            int slot = (int)_hashes[i] & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (ulong)text.Length * Multiplier;
        while (text.Length > sizeof(ulong))
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * Multiplier;
            text = text[sizeof(ulong)..];
        }

        ulong tail = 0;
        if (text.Length >= sizeof(uint))
        {
            tail = BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]) << 32);
        }
        else
        {
            foreach (byte next in text)
            {
                tail = (tail << 8) | next;
            }
        }

        hash = (BitOperations.RotateLeft(hash, 23) ^ tail) * Multiplier;
        return (uint)(hash >> 32) ^ (uint)hash;
    }
}
