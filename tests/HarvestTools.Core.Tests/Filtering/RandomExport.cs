using System.Globalization;
using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Filtering;

/// <summary>
/// Small exports with everything that derivation tells apart: several annotators who nearly agree, hands with points,
/// rotated and doubly labelled boxes, segments, tracks, attributes, relations, cancelled and empty annotations, ground
/// truth, missing sizes, and (unless ids are to be unique) ids and annotations that occur twice.
/// </summary>
internal static class RandomExport
{
    public static JsonArray Make(int seed, bool uniqueIds = false, int? annotators = null)
    {
        var random = new Random(seed);
        var export = new JsonArray();
        int tasks = random.Next(1, 5);
        for (int task = 0; task < tasks; task++)
        {
            var annotations = new JsonArray();
            int count = annotators ?? random.Next(1, 5);
            int objects = random.Next(0, 8);
            int scene = random.Next();
            for (int i = 0; i < count; i++)
            {
                bool certain = annotators is not null;
                var annotation = new JsonObject
                {
                    ["id"] = (task * 100) + (uniqueIds || certain ? i : random.Next(3)),
                    ["completed_by"] = certain ? i : random.Next(4) switch { 0 => null, int n => JsonValue.Create(n) },
                    ["was_cancelled"] = !certain && random.Next(8) == 0,
                    ["ground_truth"] = random.Next(8) == 0,
                    ["result"] = Result(new Random(scene), random, objects, uniqueIds ? $"t{task}a{i}-" : string.Empty),
                };
                annotations.Add(annotation);
            }

            export.Add(new JsonObject
            {
                ["id"] = task + 1,
                ["data"] = new JsonObject { ["image"] = $"s/e{task % 2}/{task:000}.jpg", ["frames_count"] = 40 },
                ["annotations"] = annotations,
            });
        }

        return export;
    }

    /// <summary>The same labels in another order of tasks, keys, annotations and regions.</summary>
    public static JsonNode Shuffle(JsonNode node, Random random, string? key = null)
    {
        switch (node)
        {
            case JsonArray array:
                JsonNode?[] items = [.. array.Select(item => item is null ? null : Shuffle(item, random))];

                // Lists inside a value (labels, key frames, choices) mean something by their order.
                if (key is null or "annotations" or "result")
                {
                    random.Shuffle(items);
                }

                return new JsonArray(items);
            case JsonObject json:
                KeyValuePair<string, JsonNode?>[] members = [.. json.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Shuffle(m.Value, random, m.Key)))];
                random.Shuffle(members);
                return new JsonObject(members);
            default:
                return node.DeepClone();
        }
    }

    private static JsonArray Result(Random scene, Random hand, int objects, string prefix)
    {
        var result = new JsonArray();
        for (int i = 0; i < objects; i++)
        {
            double x = scene.Next(5, 80);
            double y = scene.Next(5, 80);
            int kind = scene.Next(5);
            int label = scene.Next(2);
            int rotation = scene.Next(3) == 0 ? scene.Next(360) : 0;
            if (hand.Next(6) == 0)
            {
                continue;
            }

            double Near(double value) => value + (hand.Next(3) == 0 ? 0 : (hand.NextDouble() - 0.5) * (hand.Next(4) == 0 ? 3 : 0.6));
            string id = prefix.Length > 0 || hand.Next(10) > 0 ? string.Create(CultureInfo.InvariantCulture, $"{prefix}r{i}") : "same";
            switch (kind)
            {
                case 0:
                    Add(result, hand, id, "keypointlabels", new JsonObject { ["x"] = Near(x), ["y"] = Near(y), ["keypointlabels"] = new JsonArray($"k{label}") });
                    break;
                case 1:
                    JsonArray labels = label == 0 ? new JsonArray("b0") : new JsonArray("b0", "b1");
                    Add(result, hand, id, "rectanglelabels", new JsonObject { ["x"] = Near(x), ["y"] = Near(y), ["width"] = 10, ["height"] = Near(12), ["rotation"] = rotation, ["rectanglelabels"] = labels });
                    for (int point = 0; point < 3; point++)
                    {
                        Add(result, hand, $"{id}p{point}", "keypointlabels", new JsonObject { ["x"] = Near(x + point), ["y"] = Near(y), ["keypointlabels"] = new JsonArray("tip") }, id);
                    }

                    break;
                case 2:
                    int start = (int)Near(x / 3);
                    JsonNode? end = hand.Next(6) == 0 ? null : JsonValue.Create((int)(Near(x / 3) + (y / 8)));
                    Add(result, hand, id, "timelinelabels", new JsonObject { ["ranges"] = new JsonArray(new JsonObject { ["start"] = start, ["end"] = end }), ["timelinelabels"] = new JsonArray($"a{label}") });
                    break;
                case 3:
                    int from = 1 + (int)(x / 10);
                    Add(result, hand, id, "videorectangle", new JsonObject
                    {
                        ["framesCount"] = 30,
                        ["sequence"] = new JsonArray(
                            new JsonObject { ["frame"] = from, ["enabled"] = true, ["x"] = Near(x), ["y"] = y, ["width"] = 5, ["height"] = 5, ["rotation"] = 0 },
                            new JsonObject { ["frame"] = from + 5, ["enabled"] = label == 0, ["x"] = x, ["y"] = Near(y), ["width"] = 5, ["height"] = 5, ["rotation"] = rotation }),
                        ["labels"] = new JsonArray("track"),
                    });
                    break;
                default:
                    Add(result, hand, id, "polygonlabels", new JsonObject { ["points"] = new JsonArray(), ["polygonlabels"] = new JsonArray("leaf") });
                    break;
            }

            if (hand.Next(4) == 0)
            {
                Add(result, hand, id, "choices", new JsonObject { ["choices"] = new JsonArray("far", "dim") }, from: "state");
            }

            if (hand.Next(12) == 0)
            {
                result.Add(new JsonObject { ["type"] = "relation", ["from_id"] = id, ["to_id"] = "r0" });
            }
        }

        return result;
    }

    private static void Add(JsonArray result, Random hand, string id, string type, JsonObject value, string? parent = null, string from = "tag")
    {
        var region = new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["from_name"] = from,
            ["to_name"] = "image",
            ["origin"] = hand.Next(4) switch { 0 => "prediction", 1 => "prediction-changed", _ => "manual" },
            ["value"] = value,
        };
        if (parent is not null)
        {
            region["parentID"] = parent;
        }

        if (hand.Next(8) > 0)
        {
            region["original_width"] = 800;
            region["original_height"] = 600;
        }

        result.Add(region);
    }
}
