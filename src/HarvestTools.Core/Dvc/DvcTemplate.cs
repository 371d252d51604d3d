using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HarvestTools.Dvc;

/// <summary>Fills <c>${…}</c> in a dvc.yaml with values by their keys.</summary>
/// <param name="file">The file, for messages.</param>
internal sealed partial class DvcTemplate(string file)
{
    /// <summary>The node with every text and key filled.</summary>
    /// <param name="node">A part of the file.</param>
    /// <param name="values">By key.</param>
    /// <param name="place">For messages.</param>
    /// <exception cref="HarvestException">DvcFileInvalid: a key is unknown, or is no value that a text can have in it.</exception>
    public JsonNode? Fill(JsonNode? node, JsonObject values, string place)
    {
        switch (node)
        {
            case JsonObject map:
                var filled = new JsonObject();
                foreach ((string key, JsonNode? value) in map)
                {
                    filled[Text(key, values, place)] = Fill(value, values, $"{place}.{key}");
                }

                return filled;
            case JsonArray list:
                return new JsonArray([.. list.Select((item, index) => Fill(item, values, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]")))]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                string text = value.GetValue<string>();
                Match whole = Expression().Match(text);
                return whole.Success && whole.Length == text.Length ? Find(values, whole.Groups["key"].Value, place)?.DeepClone() : JsonValue.Create(Text(text, values, place));
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>The value of a key: <c>train.layers[0].size</c>.</summary>
    /// <exception cref="HarvestException">DvcFileInvalid.</exception>
    private JsonNode? Find(JsonObject values, string key, string place) =>
        TryFind(values, key.Trim(), out JsonNode? found) ? found : throw DvcErrors.DvcFileInvalid(file, place, $"nothing says what ${{{key}}} is");

    /// <summary>Looks a key up.</summary>
    public static bool TryFind(JsonNode? values, string key, out JsonNode? found)
    {
        found = values;
        foreach (string part in key.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.'))
        {
            switch (found)
            {
                case JsonObject map when map.TryGetPropertyValue(part, out JsonNode? member):
                    found = member;
                    break;
                case JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count:
                    found = list[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>A value as DVC writes it into a text; null for one that has no such form.</summary>
    public static string? TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => Number(value.ToJsonString()),
        _ => null,
    };

    private string Text(string text, JsonObject values, string place) =>
        Expression().Replace(text, match => TextOf(Find(values, match.Groups["key"].Value, place))
            ?? throw DvcErrors.DvcFileInvalid(file, place, $"{match.Value} is a list, a mapping or nothing, which is not written into a text here"))
        .Replace("\\${", "${", StringComparison.Ordinal);

    /// <summary>As Python writes it: 1e-3 is 0.001, and a whole number with a point keeps it.</summary>
    private static string Number(string token)
    {
        if (token.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            return token;
        }

        string text = double.Parse(token, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
    }

    [GeneratedRegex(@"(?<!\\)\$\{(?<key>[^{}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Expression();
}
