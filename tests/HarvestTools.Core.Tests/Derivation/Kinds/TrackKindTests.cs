using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Tracks and segments as newer and older versions of Label Studio write them.</summary>
public sealed class TrackKindTests
{
    [Fact]
    public void Marks_in_the_middle_are_a_gap()
    {
        using KindSlice slice = KindSlice.Of(One(
            Video, Track("r", "video", $"{Mark("1")},{Key("2", 10)},{Key("3", 20)},{Mark("5")},{Mark("7")},{Key("8", 80)},{Mark("10")}")));

        Assert.Equal(["2 10 False", "3 20 False", "4 20 True", "8 80 False", "9 80 True"], slice.Read("boxes", "frame", "x_pct", "interpolated"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Theory]
    [InlineData(true, "2 3 4")]
    [InlineData(false, "2")]
    public void A_mark_after_a_held_frame_is_no_key_frame_of_its_own(bool interpolate, string frames)
    {
        using KindSlice slice = KindSlice.Of(
            One(Video, Track("r", "video", $"{Key("2", 10)},{Mark("5")}")), KindSlice.Rule("interpolate_tracks", interpolate));

        Assert.Equal(frames, string.Join(' ', slice.Read("boxes", "frame")));
        Assert.Equal(["False"], slice.Read("boxes", "interpolated").Take(1));
    }

    [Fact]
    public void A_disabled_key_frame_with_geometry_is_visible_itself()
    {
        using KindSlice slice = KindSlice.Of(One(
            Video, Track("r", "video", $"{Key("1", 10)},{Key("3", 30, enabled: false)},{Key("6", 60)},{Key("7", 70, enabled: false)}")));

        Assert.Equal(["1 10 False", "2 20 True", "3 30 False", "6 60 False", "7 70 False"], slice.Read("boxes", "frame", "x_pct", "interpolated"));
    }

    [Fact]
    public void Nothing_but_marks_is_no_geometry()
    {
        using KindSlice slice = KindSlice.Of(One(Video, Track("r", "video", $"{Mark("1")},{Mark("4")}"), Track("s", "video", $"{Key("3", 1)},{Mark("3")}")));

        Assert.Empty(slice.Rows("boxes"));
        Assert.Equal(["r no-geometry", "s no-geometry"], slice.Read("rejected", "region_id", "reason"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frames_that_an_export_added_change_no_row(bool interpolate)
    {
        const string Keys = "{0},{1},{2}";
        string keys = string.Format(null, Keys, Key("1", 10), Key("4", 40), Key("6", 0, enabled: false));
        string added = string.Join(',', Key("1", 10), Key("2", 20, auto: true), Key("3", 30, auto: true), Key("4", 40), Key("5", 20, auto: true), Key("6", 0, enabled: false));
        using KindSlice without = KindSlice.Of(One(Video, Track("r", "video", keys)), KindSlice.Rule("interpolate_tracks", interpolate));
        using KindSlice with = KindSlice.Of(One(Video, Track("r", "video", added)), KindSlice.Rule("interpolate_tracks", interpolate));

        Assert.Equal(without.ReadAll("boxes"), with.ReadAll("boxes"));
        Assert.Equal(interpolate ? ["1", "2", "3", "4", "5", "6"] : ["1", "4", "6"], with.Read("boxes", "frame"));

        // What was edited is the same, though the labels as the file has them are not.
        Assert.NotEqual(without.Added.LabelSha256, with.Added.LabelSha256);
    }

    [Fact]
    public void Two_annotators_one_of_whose_exports_was_interpolated_agree()
    {
        string first = Annotation("1", "5", Track("a", "video", $"{Key("1", 10)},{Key("3", 30, enabled: false)}"));
        string second = Annotation("2", "6", Track("b", "video", $"{Key("1", 10)},{Key("2", 20, auto: true)},{Key("3", 30)},{Mark("4")}"));
        using KindSlice slice = KindSlice.Of(Export(Task("1", Video, first, second)));

        Assert.Equal(["1 10 2 ∅", "2 20 2 ∅", "3 30 2 ∅"], slice.Read("boxes", "frame", "x_pct", "annotators", "agreement"));
    }

    [Fact]
    public void Ranges_with_a_null_are_what_the_editor_shows()
    {
        const string Data = """{"video":"/d/task_01/ep.mp4","frames_count":4}""";
        using KindSlice slice = KindSlice.Of(One(
            Data,
            Segment("neither", "video", "null", "null"),
            Segment("end", "video", "null", "3"),
            Segment("start", "video", "2", "null"),
            Segment("both", "video", "1", "1"),
            Segment("turned", "video", "3", "2")));

        Assert.Equal(
            ["both 1 1 1", "end 3 3 3", "start 2 4 2", "start 2 4 3", "start 2 4 4"], slice.Read("actions", "region_id", "start", "end", "frame"));
        Assert.Equal(["neither no-geometry", "turned no-geometry"], slice.Read("rejected", "region_id", "reason"));

        using KindSlice unknown = KindSlice.Of(One(Video, Segment("start", "video", "2", "null")));
        Assert.Equal(["start open-end"], unknown.Read("rejected", "region_id", "reason"));
    }

    [Fact]
    public void The_length_of_one_video_does_not_end_a_segment_of_another()
    {
        using KindSlice slice = KindSlice.Of(One(
            """{"a":"/d/t/a.mp4","b":"/d/t/b.mp4"}""",
            Track("r", "a", Key("9", 10), frames: "9"),
            Track("s", "b", Key("3", 10), frames: "3"),
            Segment("t", "b", "2", "null")));

        Assert.Equal(["b 2 3 2", "b 2 3 3"], slice.Read("actions", "episode", "start", "end", "frame"));
    }
}
