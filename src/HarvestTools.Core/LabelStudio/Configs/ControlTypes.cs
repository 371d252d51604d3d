using System.Collections.Frozen;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>Label Studio's control tags by name, in any case.</summary>
internal static class ControlTypes
{
    private const string LabelsSuffix = "Labels";

    // Tags that draw or ask without a set of labels of their own.
    private static readonly FrozenSet<string> s_withoutLabels = FrozenSet.ToFrozenSet(
        [
            "Bitmask", "Brush", "Cube", "DateTime", "Ellipse", "KeyPoint", "MagicWand", "Number", "Pairwise", "Polygon", "Ranker",
            "Rating", "Rectangle", "TextArea", "Vector", "VideoRectangle", "VideoVector",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a tag of that name is a control, also without a toName.</summary>
    public static bool Contains(string type) => HasLabelSet(type) || s_withoutLabels.Contains(type);

    /// <summary>Whether its labels are the Label or Choice tags inside it: RectangleLabels, TimelineLabels, Choices, Taxonomy, …</summary>
    public static bool HasLabelSet(string type) =>
        type.EndsWith(LabelsSuffix, StringComparison.OrdinalIgnoreCase)
        || type.Equals("Choices", StringComparison.OrdinalIgnoreCase)
        || type.Equals("Taxonomy", StringComparison.OrdinalIgnoreCase);
}
