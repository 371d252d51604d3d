using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>The labels of one region, each once for each control tag that offers it; a region has one or a few.</summary>
internal sealed class LabelSet
{
    private readonly List<(Utf8Text Control, Utf8Text Label)> _labels = [];

    public int Count => _labels.Count;

    public (Utf8Text Control, Utf8Text Label) this[int index] => _labels[index];

    public ReadOnlySpan<(Utf8Text Control, Utf8Text Label)> All => CollectionsMarshal.AsSpan(_labels);

    public void Clear() => _labels.Clear();

    /// <summary>Adds the labels of an item; an empty text is none.</summary>
    public void Add(Region item)
    {
        foreach (ref readonly Utf8Text label in CollectionsMarshal.AsSpan(item.Labels))
        {
            if (!label.IsEmptyOrAbsent && (_labels.Count == 0 || !_labels.Contains((item.FromName, label))))
            {
                _labels.Add((item.FromName, label));
            }
        }
    }
}
