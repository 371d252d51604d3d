using HarvestTools.LabelStudio.Labels;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Integers that a double cannot hold: every digit is kept, or the number is an error at its place.</summary>
public sealed class NumberKindTests
{
    private const string Odd = "9007199254740993";
    private const string Even = "9007199254740992";
    private const string Largest = "9223372036854775807";
    private const string Beyond = "9223372036854775808";

    [Fact]
    public void Ids_keep_every_digit()
    {
        using KindSlice slice = KindSlice.Of(Export(
            Task(Odd, Image, Annotation("1000000000000000001", Largest, Box("a", "img"))),
            Task(Even, Image.Replace("12", "13", StringComparison.Ordinal), Annotation("1000000000000000003", """{"id":9223372036854775806,"email":"a@example.com"}""", Box("b", "img")))));

        Assert.Equal(
            [$"{Even} 1000000000000000003 9223372036854775806", $"{Odd} 1000000000000000001 {Largest}"],
            slice.Read("boxes", "task_id", "annotation_id", "annotator_ids"));
    }

    [Theory]
    [InlineData(Odd, Odd)]
    [InlineData(Largest, Largest)]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("\"0012345678901234567890\"", "0012345678901234567890")]
    [InlineData("12.0", "12")]
    [InlineData("1.2e1", "12")]
    public void An_episode_is_text_with_every_digit(string written, string episode)
    {
        using KindSlice slice = KindSlice.Of(One($$"""{"image":"/d/x.jpg","task_subdir":{{written}},"episode":{{written}},"frame":1}""", Box("a", "img")));

        Assert.Equal([$"{episode} {episode} 1"], slice.Read("boxes", "task_subdir", "episode", "frame"));
    }

    [Theory]
    [InlineData(Odd, Odd)]
    [InlineData(Largest, Largest)]
    [InlineData("\"1403636579763555584\"", "1403636579763555584")]
    [InlineData("7.0", "7")]
    public void A_frame_is_an_int64(string written, string frame)
    {
        using KindSlice slice = KindSlice.Of(One($$"""{"image":"/d/x.jpg","episode":"e","frame":{{written}}}""", Box("a", "img")));

        Assert.Equal([frame], slice.Read("boxes", "frame"));
    }

    [Theory]
    [InlineData("/rec/cam0/1403636579763555584.png", "1403636579763555584")]
    [InlineData("/rec/cam0/left_01403636579763555584.png", "1403636579763555584")]
    [InlineData("/rec/cam0/9223372036854775807.png", Largest)]
    [InlineData("/rec/cam0/9223372036854775808.png", "0")]
    [InlineData("/rec/cam0/14036365797635555840.png", "0")]
    public void A_name_of_nineteen_digits_is_its_frame_and_one_beyond_is_none(string image, string frame)
    {
        using KindSlice slice = KindSlice.Of(One($$"""{"image":"{{image}}"}""", Point("a", "img")));

        Assert.Equal([$"rec cam0 {frame}"], slice.Read("keypoints", "task_subdir", "episode", "frame"));
        Assert.Equal(frame == "0" ? 1 : 0, slice.Tally.Frame.Missing);
    }

    [Fact]
    public void Frames_of_videos_are_int64()
    {
        using KindSlice slice = KindSlice.Of(One(
            Video,
            Track("r", "video", $"{Key(Odd, 10)},{Key("9007199254740994", 20, enabled: false)}", frames: Largest),
            Segment("s", "video", Odd, Odd)));

        Assert.Equal([$"{Odd} 10", "9007199254740994 20"], slice.Read("boxes", "frame", "x_pct"));
        Assert.Equal([$"{Odd} {Odd} {Odd}"], slice.Read("actions", "start", "end", "frame"));
    }

    [Fact]
    public void Numbers_in_attributes_keep_every_digit()
    {
        using KindSlice slice = KindSlice.Of(One(
            Image,
            Box("r", "img"),
            Item("r", "number", "stamp", "img", Geometry() + $",\"number\":{Odd}", Sized()),
            Item("r", "number", "huge", "img", Geometry() + ",\"number\":123456789012345678901234567890", Sized()),
            Item("r", "number", "mass", "img", Geometry() + ",\"number\":1.50", Sized())));

        Assert.Equal([$$"""{"huge":123456789012345678901234567890,"mass":1.5,"stamp":{{Odd}}}"""], slice.Read("boxes", "attributes"));
    }

    [Fact]
    public void A_number_that_does_not_fit_is_an_error_at_its_place()
    {
        AssertRefused(Export(Task(Beyond, Image, Annotation("1", "1", Box("a", "img")))));
        AssertRefused(Export(Task("1", Image, Annotation(Beyond, "1", Box("a", "img")))));
        AssertRefused(Export(Task("1", Image, Annotation("1", Beyond, Box("a", "img")))));
        AssertRefused(Export(Task("1", Image, Annotation("1", $$"""{"id":{{Beyond}}}""", Box("a", "img")))));
        AssertRefused(One(Image, Box("a", "img", more: $"\"item_index\":{Beyond}")));
        AssertRefused(One(Image, Box("a", "img", more: "\"item_index\":2147483648")), "2147483648");
        AssertRefused(One(Video, Track("r", "video", Key(Beyond, 10))));
        AssertRefused(One(Video, Track("r", "video", Key("1", 10), frames: Beyond)));
        AssertRefused(One(Video, Segment("r", "video", "1", Beyond)));
    }

    [Fact]
    public void A_frame_of_the_data_that_does_not_fit_names_the_task()
    {
        HarvestException error = KindSlice.Refused(One($$"""{"image":"/d/x.jpg","frame":{{Beyond}}}""", Box("a", "img")));

        Assert.Equal(HarvestFault.InvalidData, error.Fault);
        Assert.Contains(Beyond, error.Message, StringComparison.Ordinal);
        Assert.Contains("line 1, byte 1 (task 1, id 1)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("data")]
    [InlineData("annotator")]
    [InlineData("number")]
    [InlineData("frame")]
    public void The_label_hash_tells_neighbours_apart_and_takes_spellings_for_one(string where)
    {
        string With(string number) => where switch
        {
            "id" => Export(Task(number, Image, Annotation("1", "1", Box("a", "img")))),
            "data" => One($$"""{"image":"/d/x.jpg","extra":{"list":[{{number}}] } }""", Box("a", "img")),
            "annotator" => Export(Task("1", Image, Annotation("1", number, Box("a", "img")))),
            "number" => One(Image, Item("n", "number", "n", "img", $"\"number\":{number}")),
            _ => One(Video, Track("r", "video", Key(number, 1), frames: number)),
        };

        Assert.NotEqual(LabelsOf(With(Even)), LabelsOf(With(Odd)));
        Assert.NotEqual(LabelsOf(With("1000000000000000000")), LabelsOf(With("1000000000000000001")));
        Assert.Equal(LabelsOf(With("1")), LabelsOf(With("1.0")));
        Assert.Equal(LabelsOf(With("100")), LabelsOf(With("1e2")));
    }

    [Fact]
    public void A_difference_of_the_last_digit_is_found_between_two_exports()
    {
        using var temporary = new TemporaryRepository();
        string With(string number) => One($$"""{"image":"/d/x.jpg","stamp":{{number}}}""", Box("a", "img"));
        string first = temporary.WriteText("1.json", With(Even));
        string second = temporary.WriteText("2.json", With(Odd));

        TaskChange change = Assert.Single(CompareExport.Tasks(ComparedExport.OfFile(first), ComparedExport.OfFile(second), WorkContext.Default));
        LabelEdit edit = Assert.Single(change.Edits);
        Assert.Equal((LabelEditKind.DataChanged, "data.stamp"), (edit.Kind, edit.After));
    }

    private static void AssertRefused(string export, string number = Beyond)
    {
        HarvestException error = KindSlice.Refused(export);

        Assert.Equal(HarvestFault.InvalidData, error.Fault);
        Assert.Contains($", byte {export.IndexOf(number, StringComparison.Ordinal)} ", error.Message, StringComparison.Ordinal);
    }

    private static string LabelsOf(string export)
    {
        using var temporary = new TemporaryRepository();
        return HashExport.Run(temporary.WriteText("a.json", export), labels: true, temporary.Context).LabelSha256!;
    }
}
