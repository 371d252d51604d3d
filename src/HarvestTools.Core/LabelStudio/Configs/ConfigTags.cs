using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>A tag that shows data: Image, Video, Text, TimeSeries, …</summary>
/// <param name="Type">The tag's name in the XML.</param>
/// <param name="Name">What regions call it in <c>to_name</c>.</param>
/// <param name="Data">What it shows; null where its value is fixed or composed text.</param>
internal sealed record ObjectTag(string Type, NameTemplate Name, DataPath? Data)
{
    // Asked once a region; only what a Repeater numbers is put together at each question.
    private readonly LabelConfigSource? _source = Name.IsFixed ? Data?.TryFill(RepeatIndices.None) : null;

    /// <summary>Where in a task's data its medium is; null where the configuration does not say it.</summary>
    /// <param name="indices">The positions that the tag's name says.</param>
    public LabelConfigSource? SourceFor(in RepeatIndices indices) => Name.IsFixed ? _source : Data?.TryFill(indices);
}

/// <summary>A tag that labels are made with: RectangleLabels, Choices, TextArea, …</summary>
/// <param name="Type">The tag's name in the XML.</param>
/// <param name="Name">What regions call it in <c>from_name</c>.</param>
/// <param name="ToNames">The object tags that it labels; empty where the configuration leaves it to the editor.</param>
internal sealed record ControlTag(string Type, NameTemplate Name, IReadOnlyList<NameTemplate> ToNames)
{
    // Every label a lookup: a taxonomy has thousands.
    private readonly Utf8Table<object> _labels = new();
    private readonly List<NameTemplate> _repeated = [];

    /// <summary>Whether labels are possible that the configuration does not list.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How many labels it lists.</summary>
    public int Labels => _labels.Count + _repeated.Count;

    public void Open() => IsOpen = true;

    public void Add(NameTemplate label)
    {
        if (label.IsFixed)
        {
            _ = _labels[label.Fixed];
        }
        else
        {
            _repeated.Add(label);
        }
    }

    /// <param name="label">UTF-8.</param>
    /// <param name="indices">The positions that the control's own name says.</param>
    public LabelKnowledge Knows(ReadOnlySpan<byte> label, RepeatIndices indices)
    {
        if (IsOpen)
        {
            return LabelKnowledge.Open;
        }

        if (_labels.Find(label) is not null)
        {
            return LabelKnowledge.Known;
        }

        foreach (NameTemplate repeated in _repeated)
        {
            RepeatIndices tried = indices;
            if (repeated.TryMatch(label, ref tried))
            {
                return LabelKnowledge.Known;
            }
        }

        return LabelKnowledge.Unknown;
    }
}
