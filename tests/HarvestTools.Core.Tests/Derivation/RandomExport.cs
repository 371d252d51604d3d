using System.Text.Json.Nodes;
using CsCheck;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Small exports with everything that derivation tells apart: several annotators who nearly agree, hands with points,
/// rotated and doubly labelled boxes, segments, tracks, polygons, choices, attributes, relations, two images and two controls, cancelled and empty annotations, ground
/// truth, missing sizes, and (unless ids are to be unique) regions' ids that occur twice.
/// </summary>
internal static class RandomExport
{
    private const int ObjectsMax = 7;

    /// <summary>A region, its points and its attributes are drawn as so many regions at most.</summary>
    private const int StrokesMax = 5;

    private static readonly Gen<Thing> s_thing = Gen.Select(
        Gen.Int[5, 79],
        Gen.Int[5, 79],
        Gen.Int[0, 6],
        Gen.Int[0, 1],
        Gen.Frequency((2, (IGen<int>)Gen.Const(0)), (1, Gen.Int[0, 359])),
        Gen.Select(OneIn(3), OneIn(4)),
        static (x, y, kind, label, rotation, aside) => new Thing(x, y, kind, label, rotation, aside.Item1, aside.Item2));

    private static readonly Gen<Stroke> s_stroke = Gen.Select(
        Gen.Frequency((1, "prediction"), (1, "prediction-changed"), (2, "manual")), OneIn(8), static (origin, sizeless) => new Stroke(origin, sizeless));

    private static readonly Gen<double> s_aside = Gen.Frequency((4, (IGen<double>)Gen.Const(0.0)), (6, Gen.Double[-0.3, 0.3]), (2, Gen.Double[-1.5, 1.5]));

    private static readonly Gen<Hand> s_hand = Gen.Select(
        Gen.Select(OneIn(6), OneIn(10), OneIn(6), OneIn(4), OneIn(12)),
        s_aside.Array[StrokesMax],
        s_stroke.Array[StrokesMax],
        static (is_, aside, strokes) => new Hand(is_.Item1, is_.Item2, is_.Item3, is_.Item4, is_.Item5, aside, strokes));

    /// <summary>Exports of one to four tasks.</summary>
    /// <param name="uniqueIds">Whether no id occurs twice.</param>
    /// <param name="annotators">So many people who label every task, none of them cancelling; null for any.</param>
    public static Gen<JsonArray> Any(bool uniqueIds = false, int? annotators = null) =>
        Task(uniqueIds, annotators).Array[1, 4].Select(static tasks => new JsonArray([.. tasks.Select(static (make, i) => make(i))]));

    /// <summary>An export and the same labels in another order of tasks, keys, annotations and regions.</summary>
    public static Gen<(JsonArray Export, JsonNode Shuffled)> Shuffled() =>
        Gen.Select(Any(), Gen.Int, static (export, order) => (export, Shuffle(export, new Random(order))));

    private static Gen<Func<int, JsonNode>> Task(bool uniqueIds, int? annotators)
    {
        Gen<Person> person = Gen.Select(
            Gen.Frequency((1, (IGen<int?>)Gen.Const((int?)null)), (3, Gen.Int[1, 3].Select(static id => (int?)id))),
            OneIn(8),
            OneIn(8),
            s_hand.Array[ObjectsMax],
            static (by, cancelled, truth, hands) => new Person(by, cancelled, truth, hands));
        return Gen.Select(
            s_thing.Array[0, ObjectsMax],
            person.Array[annotators ?? 1, annotators ?? 4],
            (things, people) => (Func<int, JsonNode>)(task => new JsonObject
            {
                ["id"] = task + 1,
                ["data"] = new JsonObject
                {
                    ["image"] = $"s/e{task % 2}/{task:000}.jpg",
                    ["pages"] = new JsonArray($"s/p{task % 2}/001.jpg", $"s/p{task % 2}/002.jpg"),
                    ["frames_count"] = 40,
                },
                ["annotations"] = new JsonArray([.. people.Select((by, i) => new JsonObject
                {
                    ["id"] = (task * 100) + i,
                    ["completed_by"] = annotators is not null ? i : by.User,
                    ["was_cancelled"] = annotators is null && by.Cancelled,
                    ["ground_truth"] = by.GroundTruth,
                    ["result"] = Result(things, by.Hands, uniqueIds ? $"t{task}a{i}-" : ""),
                })]),
            }));
    }

    private static Gen<bool> OneIn(int count) => Gen.Frequency((count - 1, false), (1, true));

    private static JsonNode Shuffle(JsonNode node, Random random, string? key = null)
    {
        switch (node)
        {
            case JsonArray array:
                JsonNode?[] items = [.. array.Select(item => item is null ? null : Shuffle(item, random, key ?? "tasks"))];

                // Lists inside a value (labels, key frames, points, choices) mean something by their order.
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

    private static JsonArray Result(Thing[] things, Hand[] hands, string prefix)
    {
        var result = new JsonArray();
        for (int i = 0; i < things.Length; i++)
        {
            (double x, double y, int kind, int label, int rotation, bool page, bool second) = things[i];
            Hand hand = hands[i];
            if (hand.Missed)
            {
                continue;
            }

            int drawn = 0;
            double Near(double value, int which) => value + hand.Aside[which];
            void Add(string type, string id, JsonObject value, string? parent = null, string? from = null) =>
                result.Add(Region(hand.Strokes[drawn++], id, type, value, parent, from ?? (second ? "second" : "tag"), page));
            string id = prefix.Length > 0 || !hand.SameId ? $"{prefix}r{i}" : "same";
            switch (kind)
            {
                case 0:
                    Add("keypointlabels", id, new JsonObject { ["x"] = Near(x, 0), ["y"] = Near(y, 1), ["keypointlabels"] = new JsonArray($"k{label}") });
                    break;
                case 1:
                    JsonArray labels = label == 0 ? new JsonArray("b0") : new JsonArray("b0", "b1");
                    Add("rectanglelabels", id, new JsonObject { ["x"] = Near(x, 0), ["y"] = Near(y, 1), ["width"] = 10, ["height"] = Near(12, 2), ["rotation"] = rotation, ["rectanglelabels"] = labels });
                    for (int point = 0; point < 3; point++)
                    {
                        Add("keypointlabels", $"{id}p{point}", new JsonObject { ["x"] = Near(x + point, 2 + point), ["y"] = Near(y, 4 - point), ["keypointlabels"] = new JsonArray("tip") }, id);
                    }

                    break;
                case 2:
                    int start = (int)Near(x / 3, 0);
                    JsonNode? end = hand.OpenEnd ? null : JsonValue.Create((int)(Near(x / 3, 1) + (y / 8)));
                    Add("timelinelabels", id, new JsonObject { ["ranges"] = new JsonArray(new JsonObject { ["start"] = start, ["end"] = end }), ["timelinelabels"] = new JsonArray($"a{label}") });
                    break;
                case 3:
                    int from = 1 + (int)(x / 10);
                    Add("videorectangle", id, new JsonObject
                    {
                        ["framesCount"] = 30,
                        ["sequence"] = new JsonArray(
                            new JsonObject { ["frame"] = from, ["enabled"] = true, ["x"] = Near(x, 0), ["y"] = y, ["width"] = 5, ["height"] = 5, ["rotation"] = 0 },
                            hand.OpenEnd
                                ? new JsonObject { ["frame"] = from + 4, ["enabled"] = false }
                                : new JsonObject { ["frame"] = from + 5, ["enabled"] = label == 0, ["x"] = x, ["y"] = Near(y, 1), ["width"] = 5, ["height"] = 5, ["rotation"] = rotation }),
                        ["labels"] = new JsonArray("track"),
                    });
                    break;
                case 4:
                    Add("brushlabels", id, new JsonObject { ["rle"] = new JsonArray(), ["brushlabels"] = new JsonArray("leaf") });
                    break;
                case 5:
                    var points = new JsonArray(new JsonArray(Near(x, 0), y), new JsonArray(x + 8, Near(y, 1)), new JsonArray(Near(x + 4, 2), y + 9));
                    Add("polygonlabels", id, new JsonObject { ["points"] = hand.OpenEnd ? new JsonArray() : points, ["closed"] = label == 0, ["polygonlabels"] = new JsonArray("leaf") });
                    break;
                default:
                    var chosen = new JsonArray(hand.Aside[0] > 0 ? "near" : "far");
                    if (label == 1)
                    {
                        chosen.Insert(hand.Aside[1] > 0 ? 0 : 1, "bright");
                    }

                    Add("choices", id, new JsonObject { ["choices"] = chosen }, from: $"weather{i}");
                    continue;
            }

            if (hand.Choices)
            {
                Add("choices", id, new JsonObject { ["choices"] = new JsonArray("far", "dim") }, from: "state");
            }

            if (hand.Relation)
            {
                result.Add(new JsonObject { ["type"] = "relation", ["from_id"] = id, ["to_id"] = "r0" });
            }
        }

        return result;
    }

    private static JsonObject Region(Stroke stroke, string id, string type, JsonObject value, string? parent, string from, bool page)
    {
        var region = new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["from_name"] = from,
            ["to_name"] = page ? "pages" : "image",
            ["origin"] = stroke.Origin,
            ["value"] = value,
        };
        if (page)
        {
            region["item_index"] = 1;
        }

        if (parent is not null)
        {
            region["parentID"] = parent;
        }

        if (!stroke.Sizeless)
        {
            region["original_width"] = 800;
            region["original_height"] = 600;
        }

        return region;
    }

    /// <summary>What there is to be labelled: a point, a box with three points, a segment, a track, a brush, a polygon or a choice.</summary>
    private sealed record Thing(double X, double Y, int Kind, int Label, int Rotation, bool Page, bool Second);

    private sealed record Stroke(string Origin, bool Sizeless);

    /// <summary>How a person labels a thing.</summary>
    private sealed record Hand(bool Missed, bool SameId, bool OpenEnd, bool Choices, bool Relation, double[] Aside, Stroke[] Strokes);

    private sealed record Person(int? User, bool Cancelled, bool GroundTruth, Hand[] Hands);
}
