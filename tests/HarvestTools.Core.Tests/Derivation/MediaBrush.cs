using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Derivation;

/// <summary>Draws things of <see cref="MediaExport"/> as one person does: nearly where they are, with the items that Label Studio writes.</summary>
internal sealed class MediaBrush(
    JsonArray result, Random random, MediaExport.Layout layout, int medium, (int Width, int Height) size, bool mayLeaveOutTag)
{
    private static readonly string[] s_tags = ["front", "side", "top"];
    private static readonly string[] s_origins = ["manual", "prediction", "prediction-changed"];

    public void Draw(MediaExport.Thing thing, string id)
    {
        (int kind, double x, double y, int rotation, string label, string control) = thing;
        (x, y) = (Near(x), Near(y));
        switch (kind)
        {
            case 0:
                Add("keypointlabels", id, control, new JsonObject { ["x"] = x, ["y"] = y, ["keypointlabels"] = Labels(label) });
                break;
            case 1:
                Add("rectanglelabels", id, control, Labelled(Box(x, y, rotation), "rectanglelabels", label));
                for (int i = 0; i < 2; i++)
                {
                    Add("keypointlabels", $"{id}p{i}", "points", new JsonObject { ["x"] = Near(x + i), ["y"] = Near(y + 3), ["keypointlabels"] = Labels("tip") }, id);
                }

                break;
            case 2:
                var points = new JsonArray(new JsonArray(x, y), new JsonArray(x + 9, Near(y)), new JsonArray(Near(x + 4), y + 9));
                Add("polygonlabels", id, control, new JsonObject { ["points"] = points, ["closed"] = random.Next(4) > 0, ["polygonlabels"] = Labels(label) });
                break;
            case 3:
                Add("rectanglelabels", id, control, Labelled(Box(x, y, rotation), "rectanglelabels", label));
                Add("choices", id, "state", new JsonObject { ["choices"] = Labels(random.Next(3) == 0 ? "dim" : "bright") }, hasTag: !mayLeaveOutTag || random.Next(2) == 0);
                break;
            case 4 or 12:
                // Of the whole medium, hence with an id that nothing drawn has.
                Add("choices", id + "w", $"weather{thing.X % 3:0}", new JsonObject { ["choices"] = random.Next(2) == 0 ? Labels("rain", "wind") : Labels("wind", "rain") });
                break;
            case 5:
                // One region as three items, of which two may have the same label.
                JsonObject box = Box(x, y, rotation);
                JsonObject bare = Add("rectangle", id, "shape", box);
                Repeat(bare, Add("labels", id, control, Labelled(box, "labels", label), hasTag: !mayLeaveOutTag || random.Next(2) == 0));
                Repeat(bare, Add("rectanglelabels", id, random.Next(2) == 0 ? control : "kind", Labelled(box, "rectanglelabels", label)));
                break;
            case 6 or 14:
                Add("brushlabels", id, control, new JsonObject { ["rle"] = new JsonArray(1, 2), ["brushlabels"] = Labels(label) });
                break;
            case 7:
                Add("rectanglelabels", id, control, Labelled(Box(x, y, rotation), "rectanglelabels", "cup", "hand"));
                break;
            case 8 or 9 or 13:
                int first = (int)(x / 4);
                Add("timelinelabels", id, control, new JsonObject { ["ranges"] = new JsonArray(Range(first, first + (int)(y / 8))), ["timelinelabels"] = Labels(label) });
                break;
            default:
                Add("videorectangle", id, control, new JsonObject { ["framesCount"] = 30, ["sequence"] = Keys(1 + (int)(thing.X / 10), x, y), ["labels"] = Labels(label) });
                break;
        }
    }

    private static JsonArray Labels(params string[] labels) => [.. labels.Select(static label => JsonValue.Create(label))];

    private static JsonObject Box(double x, double y, int rotation) =>
        new() { ["x"] = x, ["y"] = y, ["width"] = 12, ["height"] = 9, ["rotation"] = rotation };

    private static JsonObject Labelled(JsonObject value, string list, params string[] labels)
    {
        JsonObject labelled = value.DeepClone().AsObject();
        labelled[list] = Labels(labels);
        return labelled;
    }

    private JsonObject Range(int start, int end) => random.Next(5) switch
    {
        0 => new JsonObject { ["start"] = null, ["end"] = end },
        1 => new JsonObject { ["start"] = start, ["end"] = null },
        2 when random.Next(2) == 0 => new JsonObject { ["start"] = null, ["end"] = null },
        _ => new JsonObject { ["start"] = start, ["end"] = end },
    };

    private JsonArray Keys(int from, double x, double y)
    {
        JsonObject Key(int frame, double at, bool enabled) =>
            new() { ["frame"] = frame, ["enabled"] = enabled, ["x"] = at, ["y"] = y, ["width"] = 5, ["height"] = 5, ["rotation"] = 0 };
        var keys = new JsonArray(Key(from, x, enabled: true));
        if (random.Next(3) == 0)
        {
            JsonObject auto = Key(from + 1, x + 1, enabled: true);
            auto["auto"] = true;
            keys.Add(auto);
        }

        keys.Add(Key(from + 4, x + 4, enabled: random.Next(2) == 0));
        if (random.Next(2) == 0)
        {
            keys.Add(new JsonObject { ["frame"] = from + 9, ["enabled"] = false, ["time"] = 0.5 });
        }

        return keys;
    }

    private double Near(double value) => random.Next(3) switch { 0 => value, 1 => value + (random.NextDouble() * 0.4), _ => value + (random.NextDouble() * 2) };

    /// <summary>Gives an item what all items of its region have.</summary>
    private static void Repeat(JsonObject first, JsonObject item)
    {
        foreach (string member in (string[])["item_index", "origin", "original_width", "original_height"])
        {
            item.Remove(member);
            if (first[member] is { } value && (member != "item_index" || item["to_name"] is not null))
            {
                item[member] = value.DeepClone();
            }
        }
    }

    private JsonObject Add(string type, string id, string control, JsonObject value, string? parent = null, bool hasTag = true)
    {
        var item = new JsonObject { ["id"] = id, ["type"] = type, ["from_name"] = layout == MediaExport.Layout.Numbered ? $"{control}_{medium}" : control, ["value"] = value.DeepClone() };
        if (hasTag)
        {
            item["to_name"] = layout switch { MediaExport.Layout.List => "image", MediaExport.Layout.Numbered => $"page_{medium}", _ => s_tags[medium] };
            if (layout == MediaExport.Layout.List && (medium > 0 || random.Next(2) == 0))
            {
                item["item_index"] = medium;
            }
        }

        if (parent is not null)
        {
            item["parentID"] = parent;
        }

        if (random.Next(2) == 0)
        {
            item["origin"] = s_origins[random.Next(3)];
        }

        if (layout != MediaExport.Layout.Videos && random.Next(8) > 0)
        {
            (item["original_width"], item["original_height"]) = (size.Width, size.Height);
        }

        result.Add(item);
        return item;
    }
}
