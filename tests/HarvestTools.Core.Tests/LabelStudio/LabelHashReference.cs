using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>
/// The label hash a second time, plainly, from its definition and from nothing of the engine: trees, strings and sorting.
/// </summary>
internal static class LabelHashReference
{
    private static readonly string[] RegionKeys =
        ["id", "parentID", "type", "from_name", "to_name", "item_index", "origin", "original_width", "original_height", "value", "meta"];

    public static string Of(string json)
    {
        var lines = new List<(long? Id, string Digest)>();
        foreach (JsonNode? task in JsonNode.Parse(json)!.AsArray())
        {
            if ((task!["annotations"] ?? task["completions"]) is JsonArray { Count: > 0 } annotations)
            {
                lines.Add((Integer(task["id"]), Digest(TaskText(task, annotations))));
            }
        }

        // A task that is there twice counts once; the fixtures have none that differs from itself.
        IEnumerable<string> sorted = lines
            .GroupBy(static line => line.Id is null ? (line.Id, line.Digest, Guid.NewGuid()) : (line.Id, line.Digest, Guid.Empty))
            .Select(static same => same.First())
            .OrderBy(static line => line.Id)
            .ThenBy(static line => line.Digest, StringComparer.Ordinal)
            .Select(static line => $"{line.Id?.ToString(CultureInfo.InvariantCulture) ?? "null"} {line.Digest}\n");
        return Digest("harvest-labels 2\n" + string.Concat(sorted));
    }

    private static string TaskText(JsonNode task, JsonArray annotations)
    {
        IEnumerable<string> texts = annotations
            .Select(static a => (Id: Integer(a!["id"]), Text: AnnotationText(a)))
            .GroupBy(static a => a.Id is null ? (a.Id, a.Text, Guid.NewGuid()) : (a.Id, a.Text, Guid.Empty))
            .Select(static same => same.First())
            .OrderBy(static a => a.Id)
            .ThenBy(static a => a.Text, Utf8Order.Instance)
            .Select(static a => a.Text);
        return $"{{\"annotations\":[{string.Join(',', texts)}],\"data\":{Jcs(task["data"])},\"id\":{Number(Integer(task["id"]))}}}";
    }

    private static string AnnotationText(JsonNode annotation)
    {
        JsonNode? by = annotation["completed_by"];
        long? annotator = Integer(by is JsonObject ? by["id"] : by);
        IEnumerable<string> regions = (annotation["result"] as JsonArray ?? [])
            .Select(static region => region is JsonObject item
                ? Jcs(new JsonObject(RegionKeys.Where(key => item[key] is not null).Select(key => KeyValuePair.Create(key, item[key]?.DeepClone()))))
                : Jcs(region))
            .Order(Utf8Order.Instance);
        return $"{{\"annotator\":{Number(annotator)},\"cancelled\":{Flag(annotation["was_cancelled"] ?? annotation["skipped"])},"
            + $"\"ground_truth\":{Flag(annotation["ground_truth"] ?? annotation["honeypot"])},\"id\":{Number(Integer(annotation["id"]))},"
            + $"\"regions\":[{string.Join(',', regions)}]}}";
    }

    private static string Flag(JsonNode? node) => node is not null && node.GetValue<bool>() ? "true" : "false";

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static long? Integer(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Number => long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long exact) ? exact : (long)node.GetValue<double>(),
        JsonValueKind.String => long.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Jcs(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => "{" + string.Join(',', members.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(static m => $"{Quoted(m.Key)}:{Jcs(m.Value)}")) + "}",
        JsonArray items => "[" + string.Join(',', items.Select(Jcs)) + "]",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => Quoted(node.GetValue<string>()),
            // Integers keep the digits that they are written with.
            JsonValueKind.Number when node.ToJsonString() is var digits && digits.TrimStart('-').All(char.IsAsciiDigit) => digits == "-0" ? "0" : digits,
            JsonValueKind.Number => Ecma(node.GetValue<double>()),
            _ => node.ToJsonString(),
        },
    };

    /// <summary>The fixtures hold no number that ECMAScript writes with an exponent, except what this tells.</summary>
    private static string Ecma(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (value == 0)
        {
            return "0";
        }

        if (!text.Contains('E', StringComparison.Ordinal))
        {
            return text;
        }

        string plain = ((decimal)value).ToString(CultureInfo.InvariantCulture);
        return Math.Abs(value) is >= 1e-6 and < 1e21 ? plain : text.Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e');
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed class Utf8Order : IComparer<string>
    {
        public static Utf8Order Instance { get; } = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
