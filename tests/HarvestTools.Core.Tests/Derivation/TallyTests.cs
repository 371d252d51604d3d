using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Derivation.Tallies;

namespace HarvestTools.Tests.Derivation;

public class TallyTests
{
    [Fact]
    public void What_was_met_and_what_became_of_it_is_counted()
    {
        Tally tally = Derive(0).Tally;

        Assert.Equal((1, 3, 6, 2, 0), (tally.Tasks, tally.Annotations, tally.Regions, tally.Drafts, tally.Unlabeled));
        Assert.Equal([("keypoints", 1), ("boxes", 1), ("actions", 0), ("polygons", 0), ("choices", 0), ("rejected", 4)], tally.RowsByTable.Select(static rows => (rows.Key, (int)rows.Value)));
        Assert.Equal((3, 2), (tally.Total.Kept, tally.Total.Rows));
        Assert.Equal(
            [("cancelled", 1L), ("unsupported-type", 1L), ("disagreement", 2L)],
            tally.Total.Dropped.Select(static d => (d.Key, d.Value)));
        Assert.Equal(["cup", "thumb", "wrist"], tally.ByLabel.Keys);
        Assert.Equal((0, 2), (tally.ByLabel["wrist"].Kept, tally.ByLabel["wrist"].Dropped["disagreement"]));
        Assert.Equal(["", "1", "2"], tally.ByAnnotator.Keys);
        Assert.Equal(2, tally.ByAnnotator["1"].Rows + tally.ByAnnotator["2"].Rows);
        Assert.Equal(3, tally.ByTaskSubdir["t0"].Kept);
    }

    [Fact]
    public void Tasks_without_annotations_are_only_counted()
    {
        var task = new TaskBuilder(id: null);
        task.Task.Extras.Drafts = 3;

        Derived derived = task.Derive();

        Assert.Empty(derived.Print());
        Assert.Equal((1, 1, 3, 0), (derived.Tally.Tasks, derived.Tally.Unlabeled, derived.Tally.Drafts, derived.Tally.ByTaskSubdir.Count));
    }

    [Fact]
    public void Merging_gives_the_same_in_any_order_and_the_same_as_one_tally()
    {
        var one = new Tally();
        Tally[] parts = [.. Enumerable.Range(0, 5).Select(static i => Derive(i).Tally)];
        for (int i = 4; i >= 0; i--)
        {
            Derive(i, one);
        }

        Tally forward = Merge(parts);
        Tally backward = Merge(parts.Reverse());

        Assert.Equal(one.ToJson().ToJsonString(), forward.ToJson().ToJsonString());
        Assert.Equal(one.ToJson().ToJsonString(), backward.ToJson().ToJsonString());
        Assert.Equal(5, one.Tasks);
    }

    [Fact]
    public void Json_gives_the_tally_back()
    {
        Tally tally = Merge(Enumerable.Range(0, 5).Select(static i => Derive(i).Tally));
        string json = tally.ToJson().ToJsonString();

        Tally read = Read(JsonNode.Parse(json)!);

        Assert.Equal(json, read.ToJson().ToJsonString());
        Assert.Equal(2, read.ByModel[""].Annotators);
        Assert.Equal(5, read.ByModel[""].Episodes);
    }

    [Fact]
    public void Json_that_lacks_a_field_or_holds_another_type_is_no_tally()
    {
        JsonObject whole = Merge(Enumerable.Range(0, 5).Select(static i => Derive(i).Tally)).ToJson();
        int places = 0;
        foreach (string path in Paths(whole))
        {
            JsonNode lacking = whole.DeepClone();
            (JsonObject parent, string name) = At(lacking, path);
            bool counted = parent[name] is JsonValue || name is "rows" or "total" or "fields" or "dropped" or "strata" || name.StartsWith("by_", StringComparison.Ordinal);
            if (!counted || path.Contains("dropped/", StringComparison.Ordinal) || name == "first_data")
            {
                continue;
            }

            places++;
            parent.Remove(name);
            Assert.ThrowsAny<FormatException>(() => Read(lacking));
            JsonNode other = whole.DeepClone();
            (parent, name) = At(other, path);
            parent[name] = new JsonArray(true);
            Exception? fault = Record.Exception(() => Read(other));
            Assert.True(fault is FormatException or InvalidOperationException, $"{path}: {fault}");
        }

        Assert.True(places > 60, $"{places} places");
    }

    [Fact]
    public void Fields_of_a_later_version_are_passed_over()
    {
        JsonObject json = Derive(1).Tally.ToJson();
        string written = json.ToJsonString();
        json["later"] = new JsonObject { ["x"] = new JsonArray(1, 2) };

        Assert.Equal(written, Read(json).ToJson().ToJsonString());
    }

    private static Tally Read(JsonNode json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.ToJsonString()));
        return TallyReader.Read(ref reader);
    }

    /// <summary>The paths of all members, with slashes.</summary>
    private static IEnumerable<string> Paths(JsonNode? node, string at = "") => node switch
    {
        JsonObject members => members.SelectMany(member => Paths(member.Value, $"{at}/{member.Key}").Prepend($"{at}/{member.Key}")),
        JsonArray items => items.SelectMany((item, i) => Paths(item, $"{at}/{i}")),
        _ => [],
    };

    private static (JsonObject Parent, string Name) At(JsonNode root, string path)
    {
        string[] steps = path.Split('/')[1..];
        JsonNode node = root;
        foreach (string step in steps[..^1])
        {
            node = node is JsonArray items ? items[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!;
        }

        return (node.AsObject(), steps[^1]);
    }

    [Fact]
    public void Odd_coordinates_and_unknown_sizes_are_kept_and_counted()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Box("a", "hand", 101.56, 5, 10, -60.7)
            .Keypoint("b", "thumb", -1.9e-49, 5)
            .Keypoint("c", "thumb", 5, 5, static r => r.OriginalHeight = 0);

        Derived derived = task.Derive();

        Assert.Equal((2, 1), (derived.Tally.OutOfRange, derived.Tally.UnknownSizes));
        Assert.Equal((101.56, -60.7), (derived.Boxes[0].XPct, derived.Boxes[0].HeightPct));
        Assert.Equal([-1.9e-49, 5], derived.Keypoints.Select(static r => r.XPct));
        Assert.Equal((null, null), (derived.Keypoints[1].X, derived.Keypoints[1].Y));
    }

    private static Derived Derive(int seed, Tally? tally = null)
    {
        var task = new TaskBuilder(seed + 1, $$"""{"task_subdir":"t{{seed % 2}}","episode":"e{{seed}}"}""");
        task.At(seed + 1);
        task.Task.Extras.Drafts = 2;
        task.By(1).Keypoint("a", "thumb", 10, 20).Keypoint("w", "wrist", 40, 40).Box("c", "cup", 10, 10, 5, 5);
        task.By(2).Keypoint("b", "thumb", 10.1, 20).Keypoint("v", "wrist", 60, 40);
        task.By(null).Cancelled().Region(HarvestTools.LabelStudio.Tasks.RegionKind.Unsupported, "polygonlabels", "p", "leaf");
        task.Task.Labels.Annotations[0].AddRegion().Kind = HarvestTools.LabelStudio.Tasks.RegionKind.Relation;
        task.Task.Labels.Annotations[0].Regions[^1].Type = HarvestTools.Strings.Utf8Text.From("relation");
        task.Task.Labels.Annotations[2].Reset();
        task.Task.Labels.Annotations[2].WasCancelled = true;
        return task.Derive(tally: tally);
    }

    private static Tally Merge(IEnumerable<Tally> tallies)
    {
        var merged = new Tally();
        foreach (Tally tally in tallies)
        {
            merged.Merge(tally);
        }

        return merged;
    }
}
