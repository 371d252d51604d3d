using System.Text.Json.Nodes;
using CsCheck;

namespace HarvestTools.Tests.Derivation;

/// <summary>What there is to be labelled on one medium of a task.</summary>
internal sealed record RandomThing(double X, double Y, int Kind, int Label, int Rotation, int Medium, int Control)
{
    public const int Kinds = 7;

    public static Gen<RandomThing> Any { get; } = Gen.Select(
        Gen.Select(Gen.Int[5, 79], Gen.Int[5, 79], Gen.Int[0, Kinds - 1], Gen.Int[0, 1]),
        Gen.Frequency((2, (IGen<int>)Gen.Const(0)), (1, Gen.Int[0, 359])),
        Gen.Frequency((3, (IGen<int>)Gen.Const(0)), (2, Gen.Int[1, 2])),
        Gen.Frequency((3, 0), (1, 1)),
        static (what, rotation, medium, control) => new RandomThing(what.Item1, what.Item2, what.Item3, what.Item4, rotation, medium, control));
}

/// <summary>How a person draws one region of a thing.</summary>
internal sealed record RandomStroke(string Origin, (int Width, int Height)? Size)
{
    public static Gen<RandomStroke> Any { get; } = Gen.Select(
        Gen.Frequency((1, "prediction"), (1, "prediction-changed"), (2, "manual")),
        Gen.Frequency((12, ((int, int)?)(800, 600)), (2, null), (1, (600, 800))),
        static (origin, size) => new RandomStroke(origin, size));
}

/// <summary>What a person, or the program that they use, does with a thing; each seldom.</summary>
[Flags]
internal enum Quirks
{
    None = 0,
    Missed = 1,
    SameId = 1 << 1,
    OpenEnd = 1 << 2,
    OpenStart = 1 << 3,
    Attributes = 1 << 4,
    Relation = 1 << 5,

    /// <summary>On another medium of the task.</summary>
    Misplaced = 1 << 6,

    /// <summary>The first of a list is written as 0, not left out.</summary>
    ZeroIndex = 1 << 7,

    /// <summary>A second range, key frames that an interpolated export adds, a vertex on a side.</summary>
    More = 1 << 8,

    /// <summary>Key frames without geometry around a track.</summary>
    Ends = 1 << 9,

    /// <summary>A bare shape and a second control's label, as items of the same region.</summary>
    Repeated = 1 << 10,

    /// <summary>The second control's label is an item of type <c>labels</c>.</summary>
    Separate = 1 << 11,
    EmptyLabel = 1 << 12,

    /// <summary>An attribute that has the region's id and another medium.</summary>
    Stray = 1 << 13,
}

/// <summary>How a person labels a thing.</summary>
internal sealed record RandomHand(Quirks Quirks, int Answer, double[] Aside, RandomStroke[] Strokes)
{
    /// <summary>A region, its points and its attributes are drawn as so many regions at most.</summary>
    private const int StrokesMax = 6;

    private static readonly Gen<double> s_aside = Gen.Frequency((4, (IGen<double>)Gen.Const(0.0)), (6, Gen.Double[-0.3, 0.3]), (2, Gen.Double[-1.5, 1.5]));

    private static readonly Gen<Quirks> s_quirk = Gen.OneOf(Enum.GetValues<Quirks>()[1..]);

    public static Gen<RandomHand> Any { get; } = Gen.Select(
        Gen.Frequency((3, (IGen<Quirks>)Gen.Const(Quirks.None)), (4, s_quirk), (3, Gen.Select(s_quirk, s_quirk, s_quirk, static (a, b, c) => a | b | c))),
        Gen.Int[0, 3],
        s_aside.Array[StrokesMax],
        RandomStroke.Any.Array[StrokesMax],
        static (quirks, answer, aside, strokes) => new RandomHand(quirks, answer, aside, strokes));

    public bool Is(Quirks quirk) => (Quirks & quirk) != 0;
}

/// <summary>The items of one annotation's <c>result</c>.</summary>
internal sealed class RandomRegions(RandomLayout layout, string prefix)
{
    private readonly JsonArray _result = [];

    // Of the thing at hand.
    private RandomHand _hand = null!;
    private string _id = "";
    private int _medium;
    private int _drawn;

    public static JsonArray Result(RandomLayout layout, RandomThing[] things, RandomHand[] hands, string prefix)
    {
        var regions = new RandomRegions(layout, prefix);
        for (int i = 0; i < things.Length; i++)
        {
            if (!hands[i].Is(Quirks.Missed))
            {
                regions.Draw(things[i], hands[i], i);
            }
        }

        return regions._result;
    }

    private void Draw(RandomThing thing, RandomHand hand, int number)
    {
        _hand = hand;
        _drawn = 0;
        _medium = (thing.Medium + (hand.Is(Quirks.Misplaced) ? 1 : 0)) % layout.Media.Length;
        _id = prefix.Length > 0 || !hand.Is(Quirks.SameId) ? $"{prefix}r{number}" : "same";
        string control = thing.Control == 0 ? "tag" : "other";
        switch (thing.Kind)
        {
            case 0:
                Add("keypointlabels", control, new JsonObject { ["x"] = Near(thing.X, 0), ["y"] = Near(thing.Y, 1), ["keypointlabels"] = Labels($"k{thing.Label}") });
                break;
            case 1:
                DrawHand(thing, control);
                break;
            case 2:
                Add("timelinelabels", control, new JsonObject { ["ranges"] = Ranges(thing), ["timelinelabels"] = Labels($"a{thing.Label}") });
                break;
            case 3:
                Add("videorectangle", control, new JsonObject { ["framesCount"] = 30, ["sequence"] = Sequence(thing), ["labels"] = Labels("track") });
                break;
            case 4:
                DrawPolygon(thing, control);
                break;
            case 5:
                (string type, JsonObject answer) = Answer(thing.Rotation % 5);
                Add(type, $"{control}-{type}", answer);
                break;
            default:
                Add("ellipselabels", control, new JsonObject { ["x"] = thing.X, ["y"] = thing.Y, ["radiusX"] = 3, ["radiusY"] = 4, ["ellipselabels"] = Labels("leaf") });
                break;
        }

        if (hand.Is(Quirks.Attributes) && thing.Kind != 5)
        {
            JsonObject item = Add("choices", "state", new JsonObject { ["choices"] = new JsonArray("far", "dim") });
            item.Remove(hand.Is(Quirks.ZeroIndex) ? "to_name" : "item_index");
        }

        if (hand.Is(Quirks.Stray) && thing.Kind != 5)
        {
            Add("rating", "stars", new JsonObject { ["rating"] = 3 })["to_name"] = "elsewhere";
        }

        if (hand.Is(Quirks.Relation))
        {
            _result.Add(new JsonObject { ["type"] = "relation", ["from_id"] = _id, ["to_id"] = "r0" });
        }
    }

    /// <summary>A box with three points that name it as their parent.</summary>
    private void DrawHand(RandomThing thing, string control)
    {
        JsonObject Box(string? list, string[] labels)
        {
            var value = new JsonObject { ["x"] = Near(thing.X, 0), ["y"] = Near(thing.Y, 1), ["width"] = 10, ["height"] = Near(12, 2), ["rotation"] = thing.Rotation };
            if (list is not null)
            {
                value[list] = Labels(labels);
            }

            return value;
        }

        Repeat(control, "rectangle", Box, thing.Label == 0 ? ["b0"] : ["b0", "b1"]);
        for (int point = 0; point < 3; point++)
        {
            var value = new JsonObject { ["x"] = Near(thing.X + point, 2 + point), ["y"] = Near(thing.Y, 4 - point), ["keypointlabels"] = new JsonArray("tip") };
            JsonObject item = Add("keypointlabels", control, value);
            item["id"] = $"{_id}p{point}";
            item["parentID"] = _id;
        }
    }

    private void DrawPolygon(RandomThing thing, string control)
    {
        JsonObject Polygon(string? list, string[] labels)
        {
            (double x, double y) = (thing.X, thing.Y);
            double[][] points =
            [
                [Near(x, 0), y],
                .. _hand.Is(Quirks.More) ? new double[][] { [Near(x, 0) + 3, y] } : [],
                [Near(x, 1) + 9, y],
                [x + 9, Near(y, 2) + 7 + (thing.Rotation / 60)],
                [x, Near(y, 3) + 7],
            ];
            var value = new JsonObject { ["points"] = new JsonArray([.. points.Select(static point => new JsonArray(point[0], point[1]))]) };
            if (_hand.Is(Quirks.Ends))
            {
                value["points"] = new JsonArray();
            }

            if (thing.Label == 1)
            {
                value["closed"] = thing.Rotation % 2 == 0;
            }

            if (list is not null)
            {
                value[list] = Labels(labels);
            }

            return value;
        }

        Repeat(control, "polygon", Polygon, [$"p{thing.Label}"]);
    }

    /// <summary>A region of one item, or of three that have its id and geometry.</summary>
    private void Repeat(string control, string type, Func<string?, string[], JsonObject> shape, string[] labels)
    {
        string list = type + "labels";
        int stroke = _drawn;
        if (_hand.Is(Quirks.Repeated))
        {
            Add(type, "bare", shape(null, []));
            _drawn = stroke;
            bool separate = _hand.Is(Quirks.Separate);
            Add(separate ? "labels" : list, "zone", shape(separate ? "labels" : list, ["doc", labels[0]]));
            _drawn = stroke;
        }

        Add(list, control, shape(list, labels));
    }

    private JsonArray Ranges(RandomThing thing)
    {
        int start = 1 + (int)Near(thing.X / 3, 0);
        var ranges = new JsonArray(new JsonObject
        {
            ["start"] = _hand.Is(Quirks.OpenStart) ? null : start,
            ["end"] = _hand.Is(Quirks.OpenEnd) ? null : (int)(Near(thing.X / 3, 1) + (thing.Y / 8)),
        });
        if (_hand.Is(Quirks.More))
        {
            ranges.Add(new JsonObject { ["start"] = start + 20, ["end"] = _hand.Is(Quirks.Ends) ? start : start + 22 });
        }

        return ranges;
    }

    private JsonArray Sequence(RandomThing thing)
    {
        int from = 1 + (int)(thing.X / 10);
        JsonObject Key(int frame, bool enabled, double x, double y, double rotation) => new()
        {
            ["frame"] = frame, ["enabled"] = enabled, ["x"] = x, ["y"] = y, ["width"] = 5, ["height"] = 5, ["rotation"] = rotation,
        };

        var keys = new JsonArray(Key(from, true, Near(thing.X, 0), thing.Y, 0), Key(from + 5, thing.Label == 0, thing.X, Near(thing.Y, 1), thing.Rotation));
        if (_hand.Is(Quirks.More))
        {
            for (int frame = from + 1; frame < from + 8; frame++)
            {
                // What the exporter worked out counts for nothing.
                JsonObject added = Key(frame, true, thing.X + 50, thing.Y, 0);
                added["auto"] = true;
                keys.Insert(frame == from + 3 ? 0 : keys.Count, added);
            }
        }

        if (_hand.Is(Quirks.Ends))
        {
            keys.Insert(0, new JsonObject { ["frame"] = from - 1, ["enabled"] = false });
            keys.Add(new JsonObject { ["frame"] = from + 6 + (_hand.Answer % 2 * 3), ["enabled"] = false, ["time"] = 0.5 });
        }

        if (_hand.Is(Quirks.OpenStart))
        {
            // Between key frames: the track is gone until the next one.
            keys.Insert(1, new JsonObject { ["frame"] = from + 2, ["enabled"] = _hand.Is(Quirks.OpenEnd), ["x"] = null });
        }

        return keys;
    }

    private (string Type, JsonObject Value) Answer(int control)
    {
        int answer = _hand.Answer;
        return control switch
        {
            0 => ("choices", new JsonObject { ["choices"] = answer switch { 0 => new JsonArray("near"), 1 => new JsonArray("near", "far"), 2 => new JsonArray("far", "near"), _ => [] } }),
            1 => ("rating", new JsonObject { ["rating"] = 3 + (answer / 2) }),
            2 => ("textarea", new JsonObject { ["text"] = answer switch { 0 => "a \"b\"\n", 1 => new JsonArray("a \"b\"\n"), 2 => new JsonArray("é/\\", ""), _ => new JsonArray("") } }),
            3 => ("number", new JsonObject { ["number"] = answer < 2 ? 9_007_199_254_740_993 : 2.5 }),
            _ => ("taxonomy", new JsonObject
            {
                ["taxonomy"] = answer switch
                {
                    0 => new JsonArray(new JsonArray("a", "b")),
                    1 => new JsonArray(new JsonArray("b", "a")),
                    2 => new JsonArray(new JsonArray("a"), new JsonArray("a", "b")),
                    _ => new JsonArray(new JsonArray("a", "b"), new JsonArray("a")),
                },
            }),
        };
    }

    private JsonArray Labels(params string[] labels) => new([.. labels.Select(label => (JsonNode)(_hand.Is(Quirks.EmptyLabel) ? "" : label))]);

    private double Near(double value, int which) => value + _hand.Aside[which];

    private JsonObject Add(string type, string control, JsonObject value)
    {
        RandomStroke stroke = _hand.Strokes[_drawn++];
        (string toName, int? index) = layout.Media[_medium];
        var item = new JsonObject
        {
            ["id"] = _id, ["type"] = type, ["from_name"] = control, ["to_name"] = toName, ["origin"] = stroke.Origin, ["value"] = value,
        };
        if (index is not null || _hand.Is(Quirks.ZeroIndex))
        {
            item["item_index"] = index ?? 0;
        }

        if (stroke.Size is { } size)
        {
            item["original_width"] = size.Width;
            item["original_height"] = size.Height;
        }

        _result.Add(item);
        return item;
    }
}
