using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Strings;

namespace HarvestTools.Reports;

/// <summary>
/// Text that came from files, as the page's data holds it: control characters and marks of direction written out, and half of a
/// surrogate pair, which is no character, as the replacement character. The script has nothing left to do but to show it.
/// </summary>
internal static class PageText
{
    public static string Of(string text)
    {
        string plain = PlainText.Of(text);
        return HasLoneSurrogate(plain) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(plain)) : plain;
    }

    /// <summary>A copy of a value from a manifest, every name and text in it as <see cref="Of(string)"/> has them.</summary>
    public static JsonNode? Of(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(static member => KeyValuePair.Create(Of(member.Key), Of(member.Value))).DistinctBy(static member => member.Key)),
        JsonArray items => new JsonArray([.. items.Select(Of)]),
        JsonValue single when single.TryGetValue(out string? text) => JsonValue.Create(Of(text)),
        _ => value?.DeepClone(),
    };

    private static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
