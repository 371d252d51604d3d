using HarvestTools.Derivation.Tallies;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Where data has several things that may be what a tag shows, none of them is taken for it.</summary>
public sealed class MediaDoubtTests
{
    [Theory]
    [InlineData("page_1", """{"pages":["https://h/img/1","https://h/img/2"],"refs":["r/x/r1.jpg","r/x/r2.jpg"]}""", "https://h/img/2")]
    [InlineData("page_1", """{"pages":[{"page":"https://h/page?id=1"},{"page":"https://h/page?id=2"}],"refs":["r/x/r1.jpg","r/x/r2.jpg"]}""", "https://h/page?id=2")]
    [InlineData("img", """{"image":"/d/e/1.jpg","note":"a cup / a saucer","url_count":2,"readme":"https://h/readme.html"}""", "/d/e/1.jpg")]
    public void A_link_needs_no_extension_to_be_a_tags(string tag, string data, string media)
    {
        using KindSlice slice = KindSlice.Of(One(data, Box("a", tag)));

        Assert.Equal([media], slice.Read("boxes", "media"));
        Assert.Null(slice.Note(TallyNoteKind.UnknownMedia));
    }

    [Theory]
    [InlineData("page_1", """{"pages":[{"url":"t/p/1.jpg","thumb":"t/p/t1.jpg"},{"url":"t/p/2.jpg","thumb":"t/p/t2.jpg"}],"cams":["t/e/b_1.jpg","t/e/b_2.jpg"]}""")]
    [InlineData("img", """{"front":"https://h/img/1","ref":"r/x/r1.jpg"}""")]
    [InlineData("img", """{"image":"data:image/png;base64,AAAA","ref":"r/x/r1.jpg"}""")]
    [InlineData("img", """{"front":{"url":"https://h/img/1"},"ref":"r/x/r1.jpg"}""")]
    [InlineData("cam_1", """{"front":"f/f/f_7.jpg","refs":["r/x/r1.jpg","r/x/r2.jpg"]}""")]
    public void Beside_another_medium_nothing_is_a_tasks_only_one(string tag, string data)
    {
        using KindSlice slice = KindSlice.Of(One(data, Box("a", tag)));

        Assert.Equal(["∅"], slice.Read("boxes", "media"));
        Assert.Equal(1, slice.Note(TallyNoteKind.UnknownMedia)!.Count);
    }

    [Fact]
    public void Of_a_mapped_list_a_region_takes_its_own_element_also_where_its_tag_is_unknown()
    {
        const string Data = """{"images":["/d/c/0.jpg","/d/c/1.jpg","/d/c/2.jpg"],"masks":["/m/c/0.jpg","/m/c/1.jpg","/m/c/2.jpg"],"ep":["e0","e1","e2"]}""";
        string export = One(Data, Box("a", "img", item: 0), Box("b", "img", item: 2));
        using (KindSlice media = KindSlice.Of(export, KindSlice.Field("media", "data.images")))
        {
            Assert.Equal(["/d/c/0.jpg 0", "/d/c/2.jpg 2"], media.Read("boxes", "media", "frame"));
        }

        using (KindSlice episode = KindSlice.Of(export, KindSlice.Field("episode", "data.ep")))
        {
            Assert.Equal(["e0", "e2"], episode.Read("boxes", "episode"));
        }

        // A numbered tag is on some element, and which is not known: the path of what the task names first has to do.
        using KindSlice numbered = KindSlice.Of(
            Export(Task("1", Data, Annotation("1", "1", Box("a", "img", item: 1))), Task("2", Data, Annotation("2", "1", Box("b", "cam_2")))),
            KindSlice.Field("episode", "data.ep"));
        Assert.Equal(["a e1", "b c"], numbered.Read("boxes", "region_id", "episode"));
    }

    [Fact]
    public void A_mapping_of_objects_that_no_task_has_is_refused()
    {
        string export = One("""{"a":"/d/1.jpg","b":"/d/2.jpg"}""", Box("x", "front"));
        HarvestException refused = Assert.Throws<HarvestException>(() => KindSlice.Of(export, KindSlice.Objects(("front", "data.nope"))).Dispose());

        Assert.Equal("MappingFoundNothing", refused.ErrorId);
        Assert.Contains("the field \"objects.front\" is mapped to data.nope", refused.Message, StringComparison.Ordinal);
        Assert.Contains("has: a, b", refused.Message, StringComparison.Ordinal);

        // One for a tag of another project's is no fault of this export.
        KindSlice.Of(export, KindSlice.Objects(("front", "data.a"), ("other", "data.none"))).Dispose();
    }

    [Fact]
    public void Choices_that_the_configuration_does_not_offer_are_counted()
    {
        const string Config = """
            <View><Image name="img" value="$image"/>
              <Choices name="quality" toName="img"><Choice value="yes"/></Choices>
              <Taxonomy name="kind" toName="img"><Choice value="A"><Choice value="C"/></Choice></Taxonomy>
              <RectangleLabels name="box" toName="img"><Label value="cup"/></RectangleLabels>
            </View>
            """;
        using KindSlice slice = KindSlice.Of(
            One(Image, Box("a", "img"), Choices("c", "img", """["yes","maybe"]"""), Item("t", "taxonomy", "kind", "img", "\"taxonomy\":[[\"A\",\"B\"],[\"A\",\"C\"]]")), config: Config);

        Assert.Equal(2, slice.Note(TallyNoteKind.UnknownLabels)!.Count);
        Assert.Equal("kind: B", slice.Tally.UnknownLabel);
    }

    [Theory]
    [InlineData("3000000000")]
    [InlineData("1e300")]
    public void A_size_that_fits_no_column_is_refused_at_its_place(string width)
    {
        HarvestException refused = KindSlice.Refused(One(Image, Box("a", "img").Replace("\"original_width\":1000", $"\"original_width\":{width}", StringComparison.Ordinal)));

        Assert.Equal("ExportValueUnusable", refused.ErrorId);
        Assert.Contains("\"original_width\" must be a number of pixels up to 2147483647", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_without_digits_is_looked_for_in_the_path()
    {
        using (KindSlice empty = KindSlice.Of(One("""{"image":"/d/e/5.jpg","frame":""}""", Box("a", "img"))))
        {
            Assert.Equal(["5"], empty.Read("boxes", "frame"));
        }

        using (KindSlice pattern = KindSlice.Of(
            Export(
                Task("1", """{"image":"t/e/f.jpg"}""", Annotation("1", "1", Box("a", "img"))),
                Task("2", """{"image":"t/e/f7.jpg"}""", Annotation("2", "1", Box("b", "img")))),
            KindSlice.Field("frame", "data.image", @"f([0-9]*)\.jpg")))
        {
            Assert.Equal(["0", "7"], pattern.Read("boxes", "frame"));
        }

        HarvestException dash = KindSlice.Refused(One("""{"image":"/d/e/5.jpg","frame":"-"}""", Box("a", "img")));
        Assert.Contains("gives the frame \"-\", which is not an integer", dash.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_as_near_the_one_of_the_lower_id_is_taken_whatever_rounding_makes_of_the_distances()
    {
        // 9.9 and 10.1 percent of 1000 px are both 1 px from 10, but not as 64-bit numbers.
        using KindSlice slice = KindSlice.Of(Export(Task("1", Image,
            Annotation("1", "1", Point("k", "img", x: 10)),
            Annotation("2", "2", Point("a", "img", x: 9.9), Point("b", "img", x: 10.1)))));

        Assert.Equal(["k 2"], slice.Read("keypoints", "region_id", "annotators"));
        Assert.StartsWith("b disagreement", Assert.Single(slice.Read("rejected", "region_id", "reason")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_is_there_again_without_annotations_is_said_to_be_there_twice()
    {
        string labelled = Task("1", Image, Annotation("1", "1", Box("a", "img")));
        foreach (string export in new[] { Export(labelled, Task("1", """{"image":"/other.jpg"}""")), Export(Task("1", """{"image":"/other.jpg"}"""), labelled) })
        {
            using KindSlice slice = KindSlice.Of(export);
            Assert.Equal((1L, 0L, 1L), (slice.Tally.RepeatedTasks, slice.Tally.Unlabeled, slice.Tally.Tasks));
            Assert.Single(slice.Read("boxes", "region_id"));
        }

        using KindSlice empty = KindSlice.Of(Export(Task("2", Image), Task("2", Image), labelled));
        Assert.Equal((1L, 1L), (empty.Tally.RepeatedTasks, empty.Tally.Unlabeled));
    }

    [Theory]
    [InlineData("https://a.blob.core.windows.net/c/t1/ep 1/f_1.jpg")]
    public void A_signed_link_may_have_a_space_in_its_name(string blob)
    {
        string With(string query) => One($$"""{"image":"{{blob}}?{{query}}"}""", Box("a", "img"));
        using KindSlice one = KindSlice.Of(With("se=2026-01-01&sp=r&sv=2021&sr=b&sig=AAA%3D"));
        using KindSlice other = KindSlice.Of(With("se=2026-02-01&sp=r&sv=2021&sr=b&sig=BBB%3D"));

        Assert.Equal(one.Added.LabelSha256, other.Added.LabelSha256);
        Assert.Equal([$"{blob} ep 1"], one.Read("boxes", "media", "episode"));
    }

    [Theory]
    [InlineData("/storage-data/uploaded/?filepath=upload/1/1a2b3c4d-ep_03.jpg", "", "ep_03", 3)]
    [InlineData("/tasks/5/resolve/?fileuri=%FF%FE", "", "", 0)]
    [InlineData("/tasks/5/resolve/?fileuri=czM6Ly9iL3QvZSUyRjEvZl80LmpwZw==", "t", "e%2F1", 4)]
    [InlineData("/tasks/5/resolve/?fileuri=czM6Ly9iL3QvZT8vZl8zLmpwZw==", "t", "e?", 3)]
    public void Paths_are_read_out_of_what_serves_them(string link, string subdir, string episode, int frame)
    {
        using KindSlice slice = KindSlice.Of(One($$"""{"image":"{{link}}"}""", Box("a", "img")));
        Dictionary<string, object?> row = Assert.Single(slice.Rows("boxes"));

        Assert.Equal((subdir, episode, (long)frame), ((string)row["task_subdir"]!, (string)row["episode"]!, (long)row["frame"]!));
    }
}
