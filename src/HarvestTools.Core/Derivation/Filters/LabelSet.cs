using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>The labels of one region, each once; a region has one or a few.</summary>
internal sealed class LabelSet
{
    private readonly List<Utf8Text> _labels = [];

    public int Count => _labels.Count;

    public Utf8Text this[int index] => _labels[index];

    public void Clear() => _labels.Clear();

    public void Add(List<Utf8Text> labels)
    {
        foreach (Utf8Text label in labels)
        {
            if (_labels.Count == 0 || !_labels.Contains(label))
            {
                _labels.Add(label);
            }
        }
    }
}
