using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Counts regions by type. An export has a handful of types and they come in runs, so a short list is searched.
/// Items without a type count as "untyped".</summary>
internal sealed class TypeCounter
{
    private readonly List<byte[]> _names = [];
    private readonly List<long> _counts = [];
    private int _last;

    public void Add(Utf8Text type, long count = 1)
    {
        ReadOnlySpan<byte> name = type.IsAbsent ? "untyped"u8 : type.Span;
        if (_last >= _names.Count || !name.SequenceEqual(_names[_last]))
        {
            _last = IndexOf(name);
        }

        _counts[_last] += count;
    }

    public void Merge(TypeCounter other)
    {
        for (int i = 0; i < other._names.Count; i++)
        {
            Add(new Utf8Text(other._names[i], 0, other._names[i].Length), other._counts[i]);
        }
    }

    /// <summary>The counts, in the ordinal order of the types.</summary>
    public OrderedDictionary<string, long> ToSorted()
    {
        var sorted = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string name, long count) in _names.Select(Encoding.UTF8.GetString).Zip(_counts).OrderBy(static pair => pair.First, StringComparer.Ordinal))
        {
            sorted.Add(name, count);
        }

        return sorted;
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        _names.Add(name.ToArray());
        _counts.Add(0);
        return _names.Count - 1;
    }
}
