using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Derivation;

/// <summary>The same labels written in another order: of tasks, annotations, regions and keys. Lists inside values stay as they are.</summary>
internal static class Permutation
{
    public static JsonArray Of(JsonArray export, Random random) => Permute(export, random, isUnordered: true).AsArray();

    private static JsonNode Permute(JsonNode node, Random random, bool isUnordered)
    {
        switch (node)
        {
            case JsonArray array:
                JsonNode?[] items = [.. array.Select(item => item is null ? null : Permute(item, random, isUnordered: false))];
                if (isUnordered)
                {
                    random.Shuffle(items);
                }

                return new JsonArray(items);
            case JsonObject json:
                KeyValuePair<string, JsonNode?>[] members =
                    [.. json.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Permute(m.Value, random, m.Key is "annotations" or "result")))];
                random.Shuffle(members);
                return new JsonObject(members);
            default:
                return node.DeepClone();
        }
    }
}
