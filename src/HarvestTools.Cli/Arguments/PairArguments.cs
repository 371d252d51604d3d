using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Cli.Arguments;

/// <summary>Options of the form <c>name=value</c>, each name once.</summary>
internal static class PairArguments
{
    public static OrderedDictionary<string, string> Read(string option, IEnumerable<string> texts, string shape, string example)
    {
        var pairs = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int split = text.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0 || split == text.Length - 1)
            {
                throw CliErrors.PairInvalid(option, text, shape, example);
            }

            if (!pairs.TryAdd(text[..split], text[(split + 1)..]))
            {
                throw CliErrors.PairRepeated(option, text[..split]);
            }
        }

        return pairs;
    }

    /// <summary>A number or a truth value where it reads as one (its spelling is kept), else text.</summary>
    public static JsonNode ToJson(string value)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(value);
            return node?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.String
                ? node
                : JsonValue.Create(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}
