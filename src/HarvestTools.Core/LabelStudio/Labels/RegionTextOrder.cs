using System.Runtime.InteropServices;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Orders texts that are in one buffer by their bytes. Texts of regions begin alike and differ soon: what all have in common is
/// found once, and the eight bytes behind it are compared as numbers; where these are equal, the same again. Reusable; not
/// thread-safe.
/// </summary>
internal sealed class RegionTextOrder
{
    /// <summary>So many times eight bytes are looked at before texts are compared whole.</summary>
    private const int DepthMax = 16;

    private readonly List<int> _starts = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _keys = [];
    private readonly List<int> _order = [];

    public int Count => _starts.Count;

    public void Clear()
    {
        _starts.Clear();
        _lengths.Clear();
    }

    /// <summary>Adds a text without a NUL byte in it.</summary>
    public void Add(int start, int length)
    {
        _starts.Add(start);
        _lengths.Add(length);
    }

    /// <summary>The text that was added at that place.</summary>
    public ReadOnlySpan<byte> Text(ByteWriter buffer, int place) => buffer.Slice(_starts[place], _lengths[place]);

    /// <summary>The places of the texts in the order of their bytes; valid until the next call.</summary>
    public ReadOnlySpan<int> Sort(ByteWriter buffer)
    {
        CollectionsMarshal.SetCount(_keys, _starts.Count);
        CollectionsMarshal.SetCount(_order, _starts.Count);
        Span<int> order = CollectionsMarshal.AsSpan(_order);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Sort(buffer, order, CollectionsMarshal.AsSpan(_keys), 0, 0);
        return order;
    }

    /// <param name="buffer">Where the texts are.</param>
    /// <param name="order">Their places.</param>
    /// <param name="keys">Room for as many numbers.</param>
    /// <param name="from">How many bytes all of them have in common, at least.</param>
    /// <param name="depth">How often those of equal numbers were looked at again.</param>
    private void Sort(ByteWriter buffer, Span<int> order, Span<long> keys, int from, int depth)
    {
        if (order.Length < 2)
        {
            return;
        }

        if (depth == DepthMax)
        {
            order.Sort((left, right) => Text(buffer, left).SequenceCompareTo(Text(buffer, right)));
            return;
        }

        ReadOnlySpan<byte> first = Text(buffer, order[0])[from..];
        int same = first.Length;
        for (int i = 1; i < order.Length; i++)
        {
            same = first[..same].CommonPrefixLength(Text(buffer, order[i])[from..]);
        }

        from += same;
        for (int i = 0; i < order.Length; i++)
        {
            keys[i] = (long)(TextOrder.Beginning(Text(buffer, order[i])[from..]) ^ (1UL << 63));
        }

        keys.Sort(order);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            // Where the last byte of a number is of no text, equal numbers are of texts that end in them and are equal.
            if (end - start > 1 && (byte)keys[start] != 0)
            {
                Sort(buffer, order[start..end], keys[start..end], from + sizeof(long), depth + 1);
            }
        }
    }
}
