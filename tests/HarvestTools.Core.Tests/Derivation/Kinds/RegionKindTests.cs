using HarvestTools.Derivation.Tallies;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>What belongs together and what does not: ids, attributes, parents, controls and several items of one region.</summary>
public sealed class RegionKindTests
{
    private const string TwoImages = """{"image":["/d/ep/1.jpg","/d/ep/2.jpg"]}""";
    private const string TwoTags = """{"front":"/d/f/1.jpg","back":"/d/b/1.jpg"}""";

    [Fact]
    public void Equal_ids_on_two_media_of_one_annotation_are_two_regions()
    {
        using KindSlice tags = KindSlice.Of(One(TwoTags, Box("r", "front"), Box("r", "back")));
        using KindSlice list = KindSlice.Of(One(TwoImages, Box("r", "img", item: 0), Box("r", "img", item: 1)));

        Assert.Equal(["back r", "front r"], tags.Read("boxes", "to_name", "region_id"));
        Assert.Equal(["0 r", "1 r"], list.Read("boxes", "item_index", "region_id"));
    }

    [Fact]
    public void A_shape_without_labels_does_not_borrow_them_from_another_medium()
    {
        string bare = Item("r", "rectangle", "shape", "back", Geometry(), Sized());
        using KindSlice slice = KindSlice.Of(One(TwoTags, Box("r", "front"), Box("r", "front", "glass", from: "kind"), bare));

        Assert.Equal(["front cup", "front glass"], slice.Read("boxes", "to_name", "label"));
        string rejected = Assert.Single(slice.Read("rejected", "region_id", "reason", "detail"));
        Assert.StartsWith("r no-label type=rectangle to_name=back from_name=shape", rejected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_without_labels_does_not_borrow_them_from_one_elsewhere()
    {
        string bare = Item("r", "rectangle", "shape", "front", Geometry(x: 60), Sized());
        using KindSlice slice = KindSlice.Of(One(TwoTags, Box("r", "front"), bare));

        Assert.Equal(["front 10"], slice.Read("boxes", "to_name", "x_pct"));
        Assert.Equal(["r no-label"], slice.Read("rejected", "region_id", "reason"));
    }

    [Fact]
    public void Attributes_belong_to_the_region_on_their_medium()
    {
        string OnMedium(string id, int? item, string value) => Choices(id, "img", $"[\"{value}\"]", more: Sized(item));
        using KindSlice slice = KindSlice.Of(One(
            TwoImages, Box("r", "img", item: 0), Box("r", "img", item: 1), OnMedium("r", 0, "sharp"), OnMedium("r", 1, "blurred")));

        Assert.Equal(
            ["""0 {"quality":["sharp"]}""", """1 {"quality":["blurred"]}"""],
            slice.Read("boxes", "item_index", "attributes"));
        Assert.Empty(slice.Rows("choices"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void Attributes_that_name_no_medium_belong_to_the_region_with_their_id()
    {
        const string Bare = """{"id":"r","type":"choices","from_name":"quality","value":{"choices":["sharp"]}}""";
        using KindSlice slice = KindSlice.Of(One(TwoImages, Box("r", "img", item: 1), Bare, Box("s", "img", item: 0)));

        Assert.Equal(["r {\"quality\":[\"sharp\"]}", "s ∅"], slice.Read("boxes", "region_id", "attributes"));
        Assert.Equal(1, slice.Tally.Attributes);
    }

    [Fact]
    public void An_attribute_on_another_medium_than_its_region_is_rejected()
    {
        using KindSlice slice = KindSlice.Of(One(TwoTags, Box("r", "front"), Choices("r", "back", """["sharp"]""", more: Sized())));

        Assert.Equal(["r ∅"], slice.Read("boxes", "region_id", "attributes"));
        Assert.Single(slice.Rows("rejected"));
    }

    [Fact]
    public void Parents_on_two_media_are_matched_on_their_own()
    {
        // The hands of both images are at one place; only the first image's thumbs agree.
        string[] Hands(string prefix, double second) =>
        [
            Box(prefix + "0", "img", "hand", item: 0),
            Box(prefix + "1", "img", "hand", item: 1),
            Point(prefix + "2", "img", x: 15, y: 15, item: 0, more: $"\"parentID\":\"{prefix}0\""),
            Point(prefix + "3", "img", x: second, y: 15, item: 1, more: $"\"parentID\":\"{prefix}1\""),
        ];
        using KindSlice slice = KindSlice.Of(Export(Task("1", TwoImages, Annotation("1", "5", Hands("a", 15)), Annotation("2", "6", Hands("b", 25)))));

        Assert.Equal(["0 a0 2", "1 a1 2"], slice.Read("boxes", "item_index", "region_id", "annotators"));
        Assert.Equal(["0 a2 a0 2"], slice.Read("keypoints", "item_index", "region_id", "parent_id", "annotators"));
        Assert.Equal(["a3 disagreement", "b3 disagreement"], slice.Read("rejected", "region_id", "reason"));
        Assert.All(slice.Read("rejected", "detail"), static detail => Assert.Contains("nearest=100px", detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_of_one_text_of_two_controls_are_never_compared()
    {
        string first = Annotation("1", "5", Point("a", "img", from: "left_hand"), Point("b", "img", x: 50, from: "right_hand"));
        string second = Annotation("2", "6", Point("c", "img", x: 50, from: "left_hand"), Point("d", "img", from: "right_hand"));
        using KindSlice slice = KindSlice.Of(Export(Task("1", Image, first, second)));

        Assert.Empty(slice.Rows("keypoints"));
        Assert.Equal(4, slice.Rows("rejected").Count);
        Assert.All(slice.Read("rejected", "detail"), static detail => Assert.Contains("nearest=400px", detail, StringComparison.Ordinal));

        using KindSlice alone = KindSlice.Of(Export(Task("1", Image, Annotation("1", "5", Point("a", "img", from: "left_hand")), Annotation("2", "6", Point("d", "img", from: "right_hand")))));
        Assert.Equal(["left_hand 1", "right_hand 1"], alone.Read("keypoints", "from_name", "annotators"));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void Several_items_of_one_region_give_its_labels_as_a_set(int first, int second, int third)
    {
        string[] items =
        [
            Item("r", "rectangle", "shape", "img", Geometry(rotation: 30), Sized()),
            Item("r", "labels", "kind", "img", Geometry(rotation: 30) + ""","labels":["cup","cup"]""", Sized()),
            Box("r", "img", "full", rotation: 30, from: "state"),
        ];
        using KindSlice slice = KindSlice.Of(One(Image, items[first], items[second], items[third]));

        Assert.Equal(["r cup kind 30", "r full state 30"], slice.Read("boxes", "region_id", "label", "from_name", "rotation"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void One_label_that_two_items_of_a_region_have_is_one_row()
    {
        using KindSlice slice = KindSlice.Of(One(Image, Box("r", "img"), Box("r", "img"), Box("s", "img"), Box("t", "img", x: 40)));

        Assert.Equal(["r 10", "s 10", "t 40"], slice.Read("boxes", "region_id", "x_pct"));
    }

    [Fact]
    public void Different_shapes_of_one_id_stay_different_rows()
    {
        const string Square = "[[10,10],[30,10],[30,30],[10,30]]";
        const string Diamond = "[[20,10],[30,20],[20,30],[10,20]]";
        using KindSlice polygons = KindSlice.Of(One(Image, Polygon("r", "img", Square), Polygon("r", "img", Diamond), Polygon("r", "img", Square, closed: false), Polygon("r", "img", Square)));
        string Path(int middle) => $"{Key("1", 10)},{Key("2", middle)},{Key("3", 10, enabled: false)}";
        using KindSlice tracks = KindSlice.Of(One(Video, Track("r", "video", Path(20)), Track("r", "video", Path(40)), Track("r", "video", Path(20))));

        Assert.Equal(
            ["[10,10,30,10,30,30,10,30] False", "[10,10,30,10,30,30,10,30] True", "[20,10,30,20,20,30,10,20] True"], polygons.Read("polygons", "points_pct", "closed"));
        Assert.Equal(["1 10", "1 10", "2 20", "2 40", "3 10", "3 10"], tracks.Read("boxes", "frame", "x_pct"));
    }

    [Theory]
    [InlineData("""[""]""", 0)]
    [InlineData("""["","cup"]""", 1)]
    [InlineData("""[]""", 0)]
    [InlineData("""null""", 0)]
    [InlineData("""["cup","","glass","cup"]""", 2)]
    public void Empty_labels_are_none(string labels, int rows)
    {
        using KindSlice slice = KindSlice.Of(One(
            Image,
            Item("a", "rectanglelabels", "box", "img", Geometry() + $",\"rectanglelabels\":{labels}", Sized()),
            Item("b", "keypointlabels", "kp", "img", $"\"x\":1,\"y\":2,\"width\":0.5,\"keypointlabels\":{labels}", Sized())));

        Assert.Equal(rows, slice.Rows("boxes").Count);
        Assert.Equal(rows, slice.Rows("keypoints").Count);
        Assert.DoesNotContain("", slice.Read("boxes", "label"));
        Assert.Equal(rows > 0 ? [] : ["a no-label", "b no-label"], slice.Read("rejected", "region_id", "reason"));
    }

    [Fact]
    public void A_bare_shape_whose_only_other_item_has_an_empty_label_is_rejected_and_not_lost()
    {
        string bare = Item("r", "rectangle", "shape", "img", Geometry(), Sized());
        using KindSlice slice = KindSlice.Of(One(Image, bare, Box("r", "img", "")));

        Assert.Empty(slice.Rows("boxes"));
        Assert.Contains("r no-label", slice.Read("rejected", "region_id", "reason"));
    }

    [Fact]
    public void Sizes_that_conflict_are_told_on_their_medium_alone()
    {
        string Sizes(int width, int height) => Sized(0, width: width, height: height);
        string Two(string id, string who, int width, int height) => Annotation(id, who,
            Item(id + "a", "keypointlabels", "kp", "img", """
                "x":50,"y":50,"width":0.5,"keypointlabels":["thumb"]
                """, Sizes(width, height)),
            Point(id + "b", "img", item: 1));
        using KindSlice slice = KindSlice.Of(Export(Task("1", TwoImages, Two("1", "5", 4000, 3000), Two("2", "6", 3000, 4000))));

        Assert.Equal(["1 1b 2 1000 500"], slice.Read("keypoints", "item_index", "region_id", "annotators", "image_width", "image_height"));
        Assert.Equal(["1a disagreement", "2a disagreement"], slice.Read("rejected", "region_id", "reason"));
        Assert.All(slice.Read("rejected", "detail"), static detail => Assert.Contains("annotators have the image as 3000x4000 and 4000x3000", detail, StringComparison.Ordinal));
        Assert.Equal(1, slice.Note(TallyNoteKind.SizeConflicts)!.Count);
    }

    [Fact]
    public void A_task_with_two_thousand_regions_on_fifty_pages_and_two_annotators_is_derived()
    {
        string[] Regions(string prefix, double shift) => [.. Enumerable.Range(0, 2000).Select(i =>
            Box(prefix + i, $"page_{i % 50}", x: (i / 50) + shift, y: i / 50, from: $"b{i % 50}"))];
        string pages = string.Join(',', Enumerable.Range(0, 50).Select(static i => $$"""{"page":"/d/doc/p_{{i}}.jpg"}"""));
        string task = Task("1", $$"""{"pages":[{{pages}}]}""", Annotation("1", "5", Regions("a", 0)), Annotation("2", "6", Regions("b", 0.1)));
        using KindSlice slice = KindSlice.Of(Export(task));

        Assert.Equal(2000, slice.Rows("boxes").Count);
        Assert.All(slice.Rows("boxes"), static row => Assert.Equal((2, (string)row["region_id"]!), (row["annotators"], "a" + row["region_id"]!.ToString()![1..])));
        Assert.Equal(50, slice.Rows("boxes").Select(static row => row["media"]).Distinct().Count());
    }
}
