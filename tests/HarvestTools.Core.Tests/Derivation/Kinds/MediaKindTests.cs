using HarvestTools.Derivation.Tallies;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Tasks with several images, pages, cameras or videos: every row is on its own, and compared within it.</summary>
public sealed class MediaKindTests
{
    private const string Triangle = "[[10,10],[60,10],[35,70]]";
    private static readonly string[] s_compared = ["media", "to_name", "item_index", "region_id", "annotators", "annotator_ids"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_only_one_labelled_on_the_second_of_three_images_is_his_alone(bool inOrder)
    {
        string all = Annotation("1", "5",
            Box("a", "img", item: 0),
            Box("b", "img", rotation: 30, item: 1),
            Polygon("c", "img", Triangle, item: 1),
            Point("d", "img", item: 2));
        string first = Annotation("2", "6", Box("e", "img"), Point("f", "img", item: 0));
        const string Data = """{"image":["/d/ep/1.jpg","/d/ep/2.jpg","/d/ep/3.jpg"]}""";
        using KindSlice slice = KindSlice.Of(Export(Task("1", Data, inOrder ? [all, first] : [first, all])));

        Assert.Equal(["/d/ep/1.jpg img 0 a 2 5,6", "/d/ep/2.jpg img 1 b 1 5"], slice.Read("boxes", s_compared));
        Assert.Equal(["b 2 30"], slice.Read("boxes", "region_id", "frame", "rotation").Skip(1));
        Assert.Equal(["/d/ep/2.jpg img 1 c 1 5"], slice.Read("polygons", s_compared));
        Assert.Equal(["/d/ep/1.jpg img 0 f 1 6", "/d/ep/3.jpg img 2 d 1 5"], slice.Read("keypoints", s_compared));
        Assert.Empty(slice.Rows("rejected"));
        Assert.Empty(slice.Tally.Notes);
    }

    [Fact]
    public void What_only_one_labelled_on_the_second_of_three_tags_is_his_alone()
    {
        string all = Annotation("1", "5", Box("a", "front"), Box("b", "side", rotation: 30), Polygon("c", "side", Triangle));
        string first = Annotation("2", "6", Box("d", "front"));
        const string Data = """{"front":"/d/front/7.jpg","side":"/d/side/7.jpg","top":"/d/top/7.jpg"}""";
        using KindSlice slice = KindSlice.Of(Export(Task("1", Data, all, first)));

        Assert.Equal(["/d/front/7.jpg front ∅ a 2 5,6", "/d/side/7.jpg side ∅ b 1 5"], slice.Read("boxes", s_compared));
        Assert.Equal(["/d/side/7.jpg side ∅ c 1 5"], slice.Read("polygons", s_compared));
        Assert.Equal(["front", "side"], slice.Read("boxes", "episode"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void A_track_on_the_second_of_three_videos_is_on_that_one()
    {
        string all = Annotation("1", "5",
            Track("a", "front", Key("1", 10) + "," + Key("2", 10, enabled: false)),
            Track("b", "side", Key("1", 10) + "," + Key("2", 20, enabled: false)));
        string first = Annotation("2", "6", Track("c", "front", Key("1", 10) + "," + Key("2", 10, enabled: false)));
        const string Data = """{"front":"/d/pour/f.mp4","side":"/d/pour/s.mp4","top":"/d/pour/t.mp4"}""";
        using KindSlice slice = KindSlice.Of(Export(Task("1", Data, all, first)));

        Assert.Equal(
            ["f 1 front a 2", "f 2 front a 2", "s 1 side b 1", "s 2 side b 1"],
            slice.Read("boxes", "episode", "frame", "to_name", "region_id", "annotators"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void What_one_labelled_alone_is_rejected_on_its_medium_where_two_are_asked_for()
    {
        string all = Annotation("1", "5", Box("a", "img", item: 0), Box("b", "img", item: 1));
        string first = Annotation("2", "6", Box("c", "img", item: 0));
        using KindSlice slice = KindSlice.Of(
            Export(Task("1", """{"image":["/d/ep/1.jpg","/d/ep/2.jpg"]}""", all, first)), KindSlice.Rule("require_two_annotators", true));

        Assert.Equal(["a 2"], slice.Read("boxes", "region_id", "annotators"));
        string rejected = Assert.Single(slice.Read("rejected", "region_id", "reason", "detail"));
        Assert.StartsWith("b single-annotator to_name=img item_index=1 from_name=box label=cup", rejected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page-3", """{"scans":["/d/s0.jpg","/d/s1.jpg","/d/s2.jpg","/d/s3.jpg"]}""", "/d/s3.jpg")]
    [InlineData("page_0", """{"scans":["/d/s0.jpg","/d/s1.jpg"]}""", "/d/s0.jpg")]
    [InlineData("page_1", """{"thumbs":["/d/t0.jpg","/d/t1.jpg"],"pages":["/d/p0.jpg","/d/p1.jpg"]}""", "/d/p1.jpg")]
    [InlineData("image1", """{"images":["/d/i0.jpg","/d/i1.jpg"]}""", "/d/i1.jpg")]
    [InlineData("page_1", """{"pages":[{"page":"/d/p_001.jpg","n":1},{"page":"/d/p_002.jpg","n":2}]}""", "/d/p_002.jpg")]
    [InlineData("page_1", """{"pages":["/d/p0.jpg","/d/p1.jpg"],"cover":"/d/c.jpg","tags":["a","b"]}""", "/d/p1.jpg")]
    [InlineData("page_1", """{"pages":["/d/p0.jpg","/d/p1.jpg"],"page_1":"/d/own.jpg"}""", "/d/own.jpg")]
    [InlineData("img1", """{"picture":"/d/only.jpg"}""", "/d/only.jpg")]
    public void A_numbered_tag_over_a_list_shows_the_element_of_its_number(string tag, string data, string media)
    {
        using KindSlice slice = KindSlice.Of(One(data, Box("a", tag)));

        Assert.Equal([$"{media} {tag} ∅"], slice.Read("boxes", "media", "to_name", "item_index"));
        Assert.Empty(slice.Tally.Notes);
    }

    [Theory]
    [InlineData("page_5", """{"pages":["/d/p0.jpg","/d/p1.jpg"]}""")]
    [InlineData("page_0", """{"left":["/d/l0.jpg"],"right":["/d/r0.jpg"]}""")]
    [InlineData("img1", """{"scans":["/d/s0.jpg","/d/s1.jpg"]}""")]
    [InlineData("vl", """{"video_left":"/d/l.mp4","video_right":"/d/r.mp4"}""")]
    [InlineData("page_0", """{"pages":[{"scan":"/d/s0.jpg","thumb":"/d/t0.jpg"},{"scan":"/d/s1.jpg","thumb":"/d/t1.jpg"}]}""")]
    [InlineData("front", """{"cameras":{"left":"/d/l.jpg","right":"/d/r.jpg"}}""")]
    [InlineData("front", """{"rig":{"cameras":[[{"url":"/d/l.jpg"}]]},"note":"two"}""")]
    public void Where_nothing_says_which_medium_it_is_that_is_counted_and_told_once(string tag, string data)
    {
        string task = Annotation("1", "1", Box("a", tag), Box("b", tag, x: 50));
        using KindSlice slice = KindSlice.Of(Export(Task("1", data, task), Task("2", data, task.Replace("\"id\":1,", "\"id\":2,", StringComparison.Ordinal))));

        Assert.All(slice.Rows("boxes"), row => Assert.Equal((null, tag), (row["media"], row["to_name"])));
        Assert.Equal(4, slice.Rows("boxes").Count);
        TallyNote note = slice.Note(TallyNoteKind.UnknownMedia)!;
        Assert.Equal((2L, true), (note.Count, note.IsWarning));
    }

    [Fact]
    public void A_text_and_an_image_are_known_by_keys_of_the_tags_names()
    {
        const string Data = """{"caption":"Pour the water into the cup","photo":"/d/ep/4.jpg","other":"/d/ep/5.jpg"}""";
        using KindSlice slice = KindSlice.Of(One(Data, Choices("c", "caption", """["good"]"""), Box("a", "photo")));

        Assert.Equal(["∅ caption good"], slice.Read("choices", "media", "to_name", "value"));
        Assert.Equal(["/d/ep/4.jpg photo 4"], slice.Read("boxes", "media", "to_name", "frame"));
        Assert.Null(slice.Note(TallyNoteKind.UnknownMedia));
    }

    [Fact]
    public void A_mapping_of_objects_says_which_key_each_shows()
    {
        const string Data = """{"front":"/d/wrong/9.jpg","cameras":{"l":"/d/left/1.jpg","r":["/d/right/2.jpg","/d/right/3.jpg"]},"pages":[{"url":"/d/p/8.jpg"}]}""";
        using KindSlice slice = KindSlice.Of(
            One(Data, Box("a", "front"), Box("b", "back", item: 1), Box("c", "sheet")),
            KindSlice.Objects(("front", "data.cameras.l"), ("back", "data.cameras.r"), ("sheet", "data.pages.0.url")));

        Assert.Equal(
            ["/d/left/1.jpg front ∅ left 1", "/d/p/8.jpg sheet ∅ p 8", "/d/right/3.jpg back 1 right 3"],
            slice.Read("boxes", "media", "to_name", "item_index", "episode", "frame"));
        Assert.Null(slice.Note(TallyNoteKind.UnknownMedia));
    }

    [Fact]
    public void A_mapping_of_media_with_a_pattern_gives_the_link()
    {
        const string Data = """{"a":"/x/1.jpg","b":"/x/2.jpg","uri":"copy of s3://bucket/task_03/ep_5/frame_0077.png at noon"}""";
        using KindSlice slice = KindSlice.Of(One(Data, Box("r", "whatever")), KindSlice.Field("media", "data.uri", "(s3://[^ ]+)"));

        Assert.Equal(
            ["s3://bucket/task_03/ep_5/frame_0077.png task_03 ep_5 77"], slice.Read("boxes", "media", "task_subdir", "episode", "frame"));
        Assert.Empty(slice.Tally.Notes);
    }

    [Fact]
    public void A_labeling_configuration_says_what_tags_show()
    {
        const string Config = """
            <View>
              <Image name="photos" valueList="$shots"/>
              <Image name="cover" value="$meta.cover"/>
              <Repeater on="$pages" indexFlag="{{idx}}">
                <Image name="sheet{{idx}}" value="$pages[{{idx}}].scan"/>
                <RectangleLabels name="box{{idx}}" toName="sheet{{idx}}"><Label value="cup"/></RectangleLabels>
              </Repeater>
              <RectangleLabels name="box" toName="photos"><Label value="cup"/></RectangleLabels>
              <RectangleLabels name="title" toName="cover"><Label value="cup"/></RectangleLabels>
            </View>
            """;
        const string Data = """
            {"shots":["/d/s/1.jpg","/d/s/2.jpg"],"meta":{"cover":"/d/c/3.jpg"},"pages":[{"scan":"/d/p/4.jpg","thumb":"/d/t/4.jpg"},{"scan":"/d/p/5.jpg","thumb":"/d/t/5.jpg"}]}
            """;
        using KindSlice slice = KindSlice.Of(
            One(Data, Box("a", "photos", item: 1), Box("b", "cover", from: "title"), Box("c", "sheet1", from: "box1"), Box("d", "sheet0", "glass", from: "box0")),
            config: Config);

        Assert.Equal(
            ["/d/c/3.jpg cover ∅ 3", "/d/p/4.jpg sheet0 ∅ 4", "/d/p/5.jpg sheet1 ∅ 5", "/d/s/2.jpg photos 1 2"],
            slice.Read("boxes", "media", "to_name", "item_index", "frame"));
        TallyNote note = Assert.Single(slice.Tally.Notes);
        Assert.Equal((TallyNoteKind.UnknownLabels, 1L, true), (note.Kind, note.Count, note.IsWarning));
        Assert.Equal("box0: glass", slice.Tally.UnknownLabel);
        Assert.Contains("box0: glass", note.Message, StringComparison.Ordinal);
    }
}
