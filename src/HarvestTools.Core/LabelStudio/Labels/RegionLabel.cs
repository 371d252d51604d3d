using System.Text;
using System.Text.Json;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>What people call a region: the labels of whatever tag, also of one that gives no rows.</summary>
internal static class RegionLabel
{
    private const string ValuePrefix = Members.Value + ".";

    /// <summary>The labels of a region's value, joined with commas; null where it has no list of labels.</summary>
    public static string? Of(Region region, TaskTokens tokens)
    {
        int place = region.PlaceOf(RegionMember.Value);
        if (place == 0)
        {
            return null;
        }

        TaskReader reader = tokens.Open();
        tokens.GoTo(ref reader, place);
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (Members.IsLabelList(key) && reader.Json.TokenType == JsonTokenType.StartArray)
            {
                return Joined(ref reader);
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>Whether a path such as <c>value.keypointlabels</c> is a list of labels.</summary>
    public static bool IsLabel(string path) =>
        path.StartsWith(ValuePrefix, StringComparison.Ordinal) && Members.IsLabelList(Encoding.UTF8.GetBytes(path[ValuePrefix.Length..]));

    private static string Joined(ref TaskReader reader)
    {
        var labels = new List<string>();
        while (reader.NextElement())
        {
            labels.Add(reader.Json.TokenType == JsonTokenType.Null ? "null" : reader.Text().ToString());
        }

        return string.Join(", ", labels);
    }
}
