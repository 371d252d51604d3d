using System.Text.Json.Nodes;
using CsCheck;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Small exports with everything that derivation tells apart: several annotators who nearly agree, on several media and with
/// several controls, hands with points, rotated and doubly labelled boxes, polygons, segments, tracks, what is said of a
/// whole medium, attributes, relations, cancelled and empty annotations, ground truth, missing and conflicting sizes,
/// annotations that are there twice, and (unless ids are to be unique) region ids that are.
/// </summary>
internal static class RandomExport
{
    private const int ThingsMax = 7;

    /// <summary>Exports of one to four tasks.</summary>
    /// <param name="uniqueIds">Whether no region's id occurs twice but in the items of one region.</param>
    /// <param name="annotators">So many people who label every task, none of them cancelling; null for any.</param>
    /// <param name="without">What nobody does.</param>
    /// <param name="repeats">Whether annotations are there twice.</param>
    public static Gen<JsonArray> Any(bool uniqueIds = false, int? annotators = null, Quirks without = Quirks.None, bool repeats = false) =>
        Task(uniqueIds, annotators, without, repeats).Array[1, 4].Select(static tasks => new JsonArray([.. tasks.Select(static (make, i) => make(i))]));

    /// <summary>An export and the same labels in another order of tasks, keys, annotations and regions.</summary>
    public static Gen<(JsonArray Export, JsonNode Shuffled)> Shuffled() =>
        Gen.Select(Any(repeats: true), Gen.Int, static (export, order) => (export, Shuffle(export, new Random(order))));

    private static Gen<Func<int, JsonNode>> Task(bool uniqueIds, int? annotators, Quirks without, bool repeats)
    {
        Gen<Person> person = Gen.Select(
            Gen.Frequency((1, (IGen<int?>)Gen.Const((int?)null)), (3, Gen.Int[1, 3].Select(static id => (int?)id))),
            Gen.Select(OneIn(8), OneIn(8), OneIn(8)),
            RandomHand.Any.Array[ThingsMax],
            static (by, is_, hands) => new Person(by, is_.Item1, is_.Item2, is_.Item3, hands));
        return Gen.Select(
            Gen.OneOf(RandomLayout.All),
            RandomThing.Any.Array[0, ThingsMax],
            person.Array[annotators ?? 1, annotators ?? 4],
            (layout, things, people) => (Func<int, JsonNode>)(task =>
            {
                JsonObject[] made =
                [
                    .. people.Select((by, i) => new JsonObject
                    {
                        ["id"] = (task * 100) + i,
                        ["completed_by"] = annotators is not null ? i : by.User,
                        ["was_cancelled"] = annotators is null && by.Cancelled,
                        ["ground_truth"] = by.GroundTruth,
                        ["result"] = RandomRegions.Result(
                            layout,
                            things,
                            [.. by.Hands.Select(hand => hand with { Quirks = hand.Quirks & ~without })],
                            uniqueIds ? $"t{task}a{i}-" : ""),
                    }),
                ];
                return new JsonObject
                {
                    ["id"] = task + 1,
                    ["data"] = layout.Data(task),
                    ["annotations"] = new JsonArray([.. made, .. repeats ? made.Where((_, i) => people[i].Twice).Select(static a => a.DeepClone()) : []]),
                };
            }));
    }

    private static Gen<bool> OneIn(int count) => Gen.Frequency((count - 1, false), (1, true));

    private static JsonNode Shuffle(JsonNode node, Random random, string? key = null)
    {
        switch (node)
        {
            case JsonArray array:
                JsonNode?[] items = [.. array.Select(item => item is null ? null : Shuffle(item, random, item is JsonArray ? "" : null))];

                // Lists inside a value (labels, key frames, choices, points) mean something by their order, as do those in data.
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

    /// <summary>Somebody who labels a task.</summary>
    private sealed record Person(int? User, bool Cancelled, bool GroundTruth, bool Twice, RandomHand[] Hands);
}
