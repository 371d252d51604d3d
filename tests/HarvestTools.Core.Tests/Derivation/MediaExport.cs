using System.Text.Json.Nodes;
using CsCheck;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Small exports whose tasks show three images or videos, in every way that Label Studio has: one tag over a list, a tag each,
/// numbered tags over a list, videos, and tags that nothing maps. Several people label some of them each, with two controls of
/// the same labels, sizes that conflict or are missing, and ids that are unique, come from predictions or occur on every medium.
/// </summary>
internal static class MediaExport
{
    public const int Media = 3;

    public static Gen<JsonArray> Any() => Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[0, 5], Gen.Int, Make);

    /// <summary>The medium that an item is on: the place of its tag, or its index; null for one that names none.</summary>
    public static string? MediumOf(JsonNode item) =>
        item["to_name"] is { } tag ? $"{tag} {item["item_index"]?.GetValue<int>() ?? 0}" : null;

    /// <summary>Only what is on media for which <paramref name="keep"/> is true, without annotations that are then empty.</summary>
    public static JsonArray Only(JsonArray export, Func<string, bool> keep)
    {
        JsonArray kept = export.DeepClone().AsArray();
        foreach (JsonNode? task in kept)
        {
            foreach (JsonNode annotation in task!["annotations"]!.AsArray().Select(static a => a!).ToArray())
            {
                JsonArray result = annotation["result"]!.AsArray();

                // What names no medium goes where the region with its id is; such ids are on one medium alone.
                var ids = result.Where(item => MediumOf(item!) is { } medium && keep(medium)).Select(static item => (string?)item!["id"]).ToHashSet();
                foreach (JsonNode item in result.Select(static item => item!).ToArray())
                {
                    if (MediumOf(item) is { } medium ? !keep(medium) : !ids.Contains((string?)item["id"]))
                    {
                        result.Remove(item);
                    }
                }

                if (result.Count == 0)
                {
                    task["annotations"]!.AsArray().Remove(annotation);
                }
            }
        }

        return kept;
    }

    private static JsonArray Make(int tasks, int people, int things, int seed)
    {
        var random = new Random(seed);
        return new JsonArray([.. Enumerable.Range(1, tasks).Select(task => Task(task, people, things, random))]);
    }

    private static JsonObject Task(int task, int people, int things, Random random)
    {
        var layout = (Layout)random.Next(5);
        var ids = (Ids)random.Next(3);
        Thing[][] all = [.. Enumerable.Range(0, Media).Select(_ => Enumerable.Range(0, random.Next(things + 1)).Select(_ => Thing.Random(layout, random)).ToArray())];
        var annotations = new JsonArray();
        var sizes = new Dictionary<(int, int), (int Width, int Height)>();
        for (int person = 0; person < people; person++)
        {
            int by = random.Next(6) == 0 ? 1 : person + 1;
            var result = new JsonArray();
            for (int medium = 0; medium < Media; medium++)
            {
                if (random.Next(3) == 0)
                {
                    continue;
                }

                // A person's browser turns an image by its EXIF rotation or does not.
                if (!sizes.TryGetValue((by, medium), out (int Width, int Height) size))
                {
                    sizes.Add((by, medium), size = random.Next(4) == 0 ? (500, 1000) : (1000, 500));
                }

                for (int i = 0; i < all[medium].Length; i++)
                {
                    if (random.Next(8) > 0)
                    {
                        string id = ids switch { Ids.Unique => $"p{person}m{medium}r{i}", Ids.Predicted => $"m{medium}r{i}", _ => $"r{i}" };
                        new MediaBrush(result, random, layout, medium, size, mayLeaveOutTag: ids != Ids.OnEveryMedium).Draw(all[medium][i], id);
                    }
                }
            }

            if (result.Count > 0)
            {
                annotations.Add(new JsonObject { ["id"] = (task * 100) + person, ["completed_by"] = by, ["result"] = result });
            }
        }

        return new JsonObject { ["id"] = task, ["data"] = Data(layout, task), ["annotations"] = annotations };
    }

    private static JsonObject Data(Layout layout, int task)
    {
        string[] links = [.. Enumerable.Range(0, Media).Select(i => $"/d/task_{task}/ep_{i}/frame_{i + 1:000}.{(layout == Layout.Videos ? "mp4" : "jpg")}")];
        JsonArray list = [.. links.Select(static link => JsonValue.Create(link))];
        return layout switch
        {
            Layout.List => new JsonObject { ["image"] = list },
            Layout.Tags => new JsonObject { ["front"] = links[0], ["side"] = links[1], ["top"] = links[2] },
            Layout.Numbered => new JsonObject { ["pages"] = list },
            Layout.Videos => new JsonObject { ["front"] = links[0], ["side"] = links[1], ["top"] = links[2], ["frames_count"] = 30 },
            _ => new JsonObject { ["a"] = links[0], ["b"] = links[1], ["c"] = links[2] },
        };
    }

    internal enum Layout
    {
        List,
        Tags,
        Numbered,
        Videos,
        Unmapped,
    }

    private enum Ids
    {
        Unique,
        Predicted,
        OnEveryMedium,
    }

    /// <summary>What there is to be labelled on a medium.</summary>
    internal sealed record Thing(int Kind, double X, double Y, int Rotation, string Label, string Control)
    {
        public const int Kinds = 8;

        public static Thing Random(Layout layout, Random random) => new(
            (layout == Layout.Videos ? Kinds : 0) + random.Next(Kinds),
            5 + random.Next(60),
            5 + random.Next(60),
            random.Next(3) == 0 ? random.Next(360) : 0,
            random.Next(2) == 0 ? "cup" : "hand",
            random.Next(3) == 0 ? "second" : "first");
    }
}
