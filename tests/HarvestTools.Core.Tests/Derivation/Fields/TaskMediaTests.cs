using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation.Fields;

/// <summary>The media that a task's regions are on, each with its link and its key columns.</summary>
public sealed class TaskMediaTests
{
    private const string Pages = """{"pages":["t/e0/1.jpg","t/e1/1.jpg"]}""";

    private readonly Tally _tally = new();
    private TaskMedia _media = new(FieldMapping.Default, null, new TextArena());

    [Fact]
    public void Media_are_in_the_order_of_the_regions_and_the_first_by_tag_and_index_is_the_tasks()
    {
        Begin("""{"a":["t/e0/1.jpg","t/e1/1.jpg","t/e2/1.jpg"],"b":"t/f/1.jpg","image":"t/g/1.jpg"}""", ("b", null), ("a", 2), ("a", 1), ("a", 1), ("b", null));
        Assert.Equal(["b 0 t/f/1.jpg f", "a 2 t/e2/1.jpg e2", "a 1 t/e1/1.jpg e1"], Shown());
        Assert.Equal("e1", _media.Main.Episode.ToString());

        // In another order the task's is the same.
        Begin("""{"a":["t/e0/1.jpg","t/e1/1.jpg","t/e2/1.jpg"],"b":"t/f/1.jpg","image":"t/g/1.jpg"}""", ("a", 1), ("b", null), ("a", 2));
        Assert.Equal(("e1", 3), (_media.Main.Episode.ToString(), _media.All.Count));
        Begin("""{"c":"t/e/1.jpg","b":"t/f/1.jpg","a":"t/g/1.jpg"}""", ("c", null), ("b", null));
        Assert.Equal("f", _media.Main.Episode.ToString());

        // Of a task without such regions it is that of its data; a relation is on no medium.
        Begin("""{"b":"t/f/1.jpg","image":"t/g/1.jpg"}""");
        Assert.Equal(("g", 0), (_media.Main.Episode.ToString(), _media.All.Count));
    }

    [Fact]
    public void Each_of_many_media_is_found_again()
    {
        const string Data = """{"p":["t/e0/1.jpg","t/e1/1.jpg","t/e2/1.jpg","t/e3/1.jpg","t/e4/1.jpg","t/e5/1.jpg","t/e6/1.jpg"]}""";
        (string, int?)[] six = [.. Enumerable.Range(0, 6).Select(static index => ("p", (int?)index))];
        foreach ((string, int?)[] regions in new[] { six, [.. six.Reverse()], six })
        {
            Region[] all = Begin(Data, regions);
            Assert.Equal([0, 1, 2, 3, 4, 5], all.Select(_media.IndexOf));
            Assert.Equal(regions.Select(static region => $"e{region.Item2}"), all.Select(region => Found(region)?.Fields.Episode.ToString()));
            Assert.Equal(6, _media.All.Count);
        }

        // An item on one that no region is on adds it where its place is asked for; to be found it is not there.
        Region late = Region("p", 6);
        Assert.Null(Found(late));
        Assert.Equal((6, 6), (_media.IndexOf(late), _media.IndexOf(late)));
        Assert.Equal("e6", Found(late)?.Fields.Episode.ToString());

        Medium? Found(Region region) => _media.TryFind(region, out int place) ? _media.All[place] : null;
    }

    [Fact]
    public void What_an_index_says_of_a_tag_is_forgotten_with_its_task()
    {
        Begin(Pages, ("page_1", 0));
        Assert.Equal(["page_1 0 t/e0/1.jpg e0"], Shown());
        Begin(Pages, ("page_1", null));
        Assert.Equal(["page_1 0 t/e1/1.jpg e1"], Shown());

        // One region's index is enough for all of its tag.
        Begin(Pages, ("page_1", null), ("page_1", 1));
        Assert.Equal(["page_1 0 t/e0/1.jpg e0", "page_1 1 t/e1/1.jpg e1"], Shown());
        Assert.True(_media.All[0].IsList);
    }

    [Theory]
    [InlineData("""{"pages":["t/a/1.jpg","t/b/1.jpg"],"episode":["e0","e1"]}""", "page_1", null, "e1 known path")]
    [InlineData("""{"photos":["t/a/1.jpg","t/b/1.jpg"],"episode":["e0","e1"]}""", "img1", null, "a unknown path")]
    [InlineData("""{"x":"t/a/1.jpg","y":"t/b/1.jpg","episode":["e0","e1"]}""", "img", null, "e0 unknown path")]
    [InlineData("""{"x":"t/a/1.jpg","y":"t/b/1.jpg","episode":["e0","e1"]}""", "img", 1, "e1 unknown path")]
    [InlineData("""{"x":"t/a/1.jpg","y":"t/b/1.jpg","episode":["e0","e1"]}""", "img1", 1, "e1 unknown path")]
    [InlineData("""{"x":"t/a/1.jpg","y":"t/b/1.jpg"}""", "img", null, "a unknown path")]
    [InlineData("""{"text":"word"}""", "img", null, " known none")]
    [InlineData("""{"meta":{"x":"t/a/1.jpg"}}""", "img", null, " unknown none")]
    [InlineData("""{"image":"data:x","z":"t/a/1.jpg"}""", "image", null, "a known path")]
    [InlineData("""{"image":"data:x"}""", "image", null, " known none")]
    [InlineData("""{"text":"/x/y"}""", "text", null, "x known path")]
    [InlineData("""{"b":"t/b/1.jpg","image":"t/a/1.jpg"}""", "b", null, "b known path")]
    public void Columns_are_those_of_the_medium_or_of_what_the_task_names_first(string data, string tag, int? index, string expected)
    {
        Begin(data, (tag, index));
        Medium medium = Assert.Single(_media.All);
        Assert.Equal(expected, $"{medium.Fields.Episode} {(medium.IsKnown ? "known" : "unknown")} {(medium.HasPath ? "path" : "none")}");
        Assert.Equal(medium.IsKnown ? 0 : 1, _tally.UnknownMedia);
    }

    [Fact]
    public void A_mapping_of_media_or_of_tags_is_taken_and_noted()
    {
        _media = new TaskMedia(FieldMapping.Default with { Media = new FieldSource("data.m") }, null, new TextArena());
        Begin("""{"x":"t/a/1.jpg","y":"t/b/1.jpg","m":["t/c/1.jpg","t/d/1.jpg"]}""", ("img", 1));
        Assert.Equal(["img 1 t/d/1.jpg d"], Shown());
        Assert.True(_media.All[0].IsKnown);

        var objects = new Dictionary<string, string> { ["img"] = "data.meta.x", ["other"] = "data.meta.z" };
        _media = new TaskMedia(FieldMapping.Default with { Objects = objects }, null, new TextArena());
        Begin("""{"meta":{"x":"t/a/1.jpg"},"image":"t/b/1.jpg"}""", ("img", null), ("other", null), ("image", null));
        Assert.Equal(["img 0 t/a/1.jpg a", "other 0  b", "image 0 t/b/1.jpg b"], Shown());
        Assert.Equal([("img", true), ("other", false)], _tally.MappedTags.Select(static tag => (tag.Key, tag.Value)).Order());
        Assert.True(_media.All[1].Link.IsAbsent);
    }

    [Fact]
    public void A_row_names_the_tag_and_the_place_only_where_there_are_several()
    {
        Assert.Equal(("", null, false), Row("""{"image":"t/a/1.jpg"}""", static region => region.ToName = default));
        Assert.Equal(("image", null, false), Row("""{"image":"t/a/1.jpg"}""", static _ => { }));
        Assert.Equal(("image", 0, false), Row("""{"image":["t/a/1.jpg"]}""", static _ => { }));
        Assert.Equal(("image", 1, false), Row("""{"image":["t/a/1.jpg","t/b/1.jpg"]}""", static region => region.ItemIndex = 1));

        static (string, int?, bool) Row(string data, Action<Region> change)
        {
            var task = new TaskBuilder(data: data);
            task.By(1).Keypoint("a", "cup", 1, 1, change);
            RowKey key = Assert.Single(task.Derive().Keypoints).Key;
            return (key.ToName.ToString(), key.ItemIndex, key.ToName.IsAbsent);
        }
    }

    [Fact]
    public void An_episode_that_is_left_out_is_known_by_the_regions_medium()
    {
        Region[] regions = Begin(Pages, ("pages", 0), ("pages", 1));
        Assert.False(_media.IsExcluded(regions[0], Exclusion.None));
        var one = new Exclusion([], ["t/e1"]);
        Assert.Equal((false, true), (_media.IsExcluded(regions[0], one), _media.IsExcluded(regions[1], one)));
    }

    private Region[] Begin(string data, params (string Tag, int? Index)[] regions)
    {
        var task = new TaskBuilder(data: data);
        AnnotationBuilder by = task.By(1).Region(RegionKind.Relation, "relation", null, null, static region => region.ToName = Utf8Text.From("zz"));
        foreach ((string tag, int? index) in regions)
        {
            by.Keypoint(null, "cup", 1, 1, region => (region.ToName, region.ItemIndex) = (Utf8Text.From(tag), index));
        }

        _media.Begin(task.Task.Labels, task.Task.Place, _tally);
        return [.. by.Annotation.Regions.Skip(1)];
    }

    private static Region Region(string tag, int? index) => new() { Kind = RegionKind.Keypoint, ToName = Utf8Text.From(tag), ItemIndex = index };

    private string[] Shown() => [.. _media.All.Select(static medium => $"{medium.ToName} {medium.Index} {medium.Link} {medium.Fields.Episode}")];
}
