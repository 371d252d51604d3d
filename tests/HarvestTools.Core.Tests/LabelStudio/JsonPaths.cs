using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Places in a JSON tree as paths, for example <c>0/annotations/1/id</c>.</summary>
internal static class JsonPaths
{
    /// <summary>The path with a sign for each number: what of an export the leaf is.</summary>
    public static string KindOf(string path) => string.Join('/', path.Split('/').Select(static part => char.IsAsciiDigit(part[0]) ? "#" : part));

    /// <summary>Gives a leaf another value of the same type.</summary>
    public static void Change(JsonNode root, string path)
    {
        int slash = path.LastIndexOf('/');
        JsonNode parent = At(root, path[..slash]);
        string key = path[(slash + 1)..];
        JsonNode? value = parent is JsonArray list ? list[int.Parse(key, CultureInfo.InvariantCulture)] : parent[key];
        JsonNode changed = value?.GetValueKind() switch
        {
            null => JsonValue.Create("x"),
            // An id must not become a neighbour's: then it would be a task or an annotation twice.
            JsonValueKind.Number => JsonValue.Create(value.GetValue<double>() + (key == "id" ? 1_000_003 : 1)),
            JsonValueKind.True => JsonValue.Create(false),
            JsonValueKind.False => JsonValue.Create(true),
            _ => JsonValue.Create(value.GetValue<string>() + "x"),
        };
        if (parent is JsonArray array)
        {
            array[int.Parse(key, CultureInfo.InvariantCulture)] = changed;
        }
        else
        {
            parent[key] = changed;
        }
    }

    public static JsonNode At(JsonNode node, string path)
    {
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node is JsonArray array ? array[int.Parse(part, CultureInfo.InvariantCulture)] : node[part])!;
        }

        return node;
    }

    public static IEnumerable<string> Leaves(JsonNode root) => Paths(root, "").Where(static found => found.Node is null or JsonValue).Select(static found => found.Path);

    public static IEnumerable<string> Objects(JsonNode root) => Paths(root, "").Where(static found => found.Node is JsonObject).Select(static found => found.Path);

    private static IEnumerable<(string Path, JsonNode? Node)> Paths(JsonNode? node, string path)
    {
        IEnumerable<(string Key, JsonNode? Value)> children = node switch
        {
            JsonObject members => members.Select(static member => (member.Key, member.Value)),
            JsonArray items => items.Select(static (item, i) => (i.ToString(CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        return children
            .SelectMany(child => Paths(child.Value, path.Length == 0 ? child.Key : $"{path}/{child.Key}"))
            .Prepend((path, node))
            .Where(static found => found.Item1.Length > 0);
    }
}
