using System.Text;
using HarvestTools.Derivation.Fields;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Derivation.Fields;

/// <summary>The media that a task's data names, whichever tag shows them.</summary>
public sealed class DataMediaTests
{
    [Theory]
    [InlineData("""{"z":"x/1.jpg","b":"p/2.jpg"}""", "b", "p/2.jpg")]
    [InlineData("""{"a":"x/1.jpg","video":"v"}""", "video", "v")]
    [InlineData("""{"a":"x/1.jpg","video":"v.mp4","image":"w"}""", "image", "w")]
    [InlineData("""{"pages":[{"n":1},"x/1.jpg"],"z":"y.jpg"}""", "pages", "x/1.jpg")]
    [InlineData("""{"image":"data:x","z":"y.jpg"}""", "z", "y.jpg")]
    [InlineData("""{"image":5,"text":"word"}""", null, null)]
    [InlineData("""{"text":"/no/extension"}""", null, null)]
    [InlineData("""{"text":"a.b"}""", null, null)]
    [InlineData("{}", null, null)]
    [InlineData("", null, null)]
    public void The_main_one_is_the_image_or_the_video_or_the_first_by_name(string data, string? key, string? link)
    {
        DataMedia media = Read(data);
        Assert.Equal((key, link), (media.Main()?.Key, media.MainLink()));
    }

    [Theory]
    [InlineData("""{"a":"x/1.jpg"}""", "a x/1.jpg media may")]
    [InlineData("""{"a":"word"}""", "a ")]
    [InlineData("""{"a":"a b."}""", "a a b.")]
    [InlineData("""{"a":"/x/y"}""", "a /x/y may")]
    [InlineData("""{"a":"data:x"}""", "a ∅ may")]
    [InlineData("""{"image":"word"}""", "image word media may")]
    [InlineData("""{"a":null,"b":1,"c":true}""", "")]
    [InlineData("""{"a":["red","blue"]}""", "a red,blue list")]
    [InlineData("""{"a":["x/1.jpg",null,3]}""", "a x/1.jpg,∅,∅ list media may")]
    [InlineData("""{"a":["x/1.jpg",["y/2.jpg"]]}""", "a x/1.jpg,∅ list media nested may")]
    [InlineData("""{"a":[{"p":"x/1.jpg"},{"p":"word"},{"p":"1.jpg","q":"2.jpg"},{"q":{"r":"3.jpg"}}]}""", "a x/1.jpg,∅,∅,∅ list media nested may")]
    [InlineData("""{"a":[1,null]}""", "")]
    [InlineData("""{"a":[["y/2.jpg"]]}""", "a ∅ list nested may")]
    [InlineData("""{"a":{"b":{"c":"1.jpg"}},"d":"word"}""", "a ∅ nested may; d ")]
    [InlineData("""{"a":{"b":"word"},"d":"2.jpg"}""", "d 2.jpg media may")]
    [InlineData("""{"a":["data:x"]}""", "a ∅ list may")]
    [InlineData("""{"\ud800":"1.jpg","\u0061":"2.jpg"}""", "\\ud800 1.jpg media may; a 2.jpg media may")]
    public void Each_key_has_its_links(string data, string expected) => Assert.Equal(
        expected,
        string.Join("; ", Read(data).Entries.Select(static entry =>
            $"{entry.Key} {string.Join(',', entry.Links.Select(static link => link ?? "∅"))}{(entry.IsList ? " list" : "")}{(entry.IsMedia ? " media" : "")}{(entry.IsNested ? " nested" : "")}{(entry.MayBeMedia ? " may" : "")}")));

    [Theory]
    [InlineData("""{"a":{"b":"x/1.jpg"}}""", true)]
    [InlineData("""{"a":["x/1.jpg"]}""", true)]
    [InlineData("""{"a":"x/1.jpg"}""", false)]
    [InlineData("""{"a":{"b":"word","c":5}}""", false)]
    [InlineData("""{"a":{"b":"data:1.jpg"}}""", false)]
    [InlineData("", false)]
    public void Deeper_inside_there_may_be_more(string data, bool nested) => Assert.Equal(nested, DataMedia.HasNested(Encoding.UTF8.GetBytes(data)));

    [Fact]
    public void A_task_is_read_without_what_the_one_before_had()
    {
        var media = new DataMedia();
        media.Read("""{"a":"x/1.jpg"}"""u8);
        media.Read("""{"b":"x/2.jpg"}"""u8);
        Assert.Equal("b", Assert.Single(media.Entries).Key);
        Assert.Equal((null, "x/2.jpg", null), (media.Find("a"), media.Find("b")!.At(0), media.Find("b")!.At(1)));
        media.Read(default);
        Assert.Empty(media.Entries);
    }

    [Theory]
    [InlineData("""{"image":"t/e/1.jpg"}""", null, "t/e", "t/e/1.jpg")]
    [InlineData("""{"image":"t/e/1.jpg","other":"u/f/2.jpg","text":"word"}""", null, "t/e u/f", "t/e/1.jpg u/f/2.jpg")]
    [InlineData("""{"pages":["t/e/1.jpg","u/f/2.jpg"]}""", null, "t/e t/e u/f", "t/e/1.jpg t/e/1.jpg u/f/2.jpg")]
    [InlineData("""{"image":"t/e/1.jpg","meta":{"x":"u/f/2.jpg"}}""", "data.meta.x", "t/e u/f", "t/e/1.jpg u/f/2.jpg")]
    [InlineData("""{"episode":"mine","image":"t/e/1.jpg"}""", null, "t/mine", "t/e/1.jpg")]
    [InlineData("""{"episode":"mine","task_subdir":"s"}""", null, "s/mine", "")]
    [InlineData("{}", null, "/", "")]
    public void The_episodes_of_a_task_are_those_of_all_its_media(string data, string? from, string episodes, string links)
    {
        FieldMapping fields = from is null ? FieldMapping.Default : FieldMapping.Default with { Objects = new Dictionary<string, string> { ["img"] = from } };
        var found = new List<(string TaskSubdir, string Episode)>();
        var named = new List<string>();
        new NamedEpisodes(fields, null).Add(new TaskBuilder(data: data).Task.Labels, default, found, named);
        Assert.Equal((episodes, links), (string.Join(' ', found.Select(static one => $"{one.TaskSubdir}/{one.Episode}")), string.Join(' ', named)));
    }

    [Fact]
    public void A_mapping_of_media_takes_the_place_of_what_the_data_names()
    {
        FieldMapping fields = FieldMapping.Default with { Media = new FieldSource("data.m") };
        var found = new List<(string TaskSubdir, string Episode)>();
        new NamedEpisodes(fields, null).Add(new TaskBuilder(data: """{"image":["t/e/1.jpg","t/g/1.jpg"],"m":["u/f/2.jpg"]}""").Task.Labels, default, found);
        Assert.Equal([("u", "f"), ("t", "e"), ("t", "g")], found);
    }

    [Fact]
    public void A_labeling_configuration_leads_to_what_is_deeper_in_the_data()
    {
        LabelConfig config = LabelConfig.Parse("""<View><Image name="l" value="$cams.left.file"/></View>"""u8.ToArray(), "config.xml");
        var found = new List<(string TaskSubdir, string Episode)>();
        new NamedEpisodes(FieldMapping.Default, config).Add(new TaskBuilder(data: """{"image":"t/e/1.jpg","cams":{"left":{"file":"u/f/2.jpg"}}}""").Task.Labels, default, found);
        Assert.Equal([("t", "e"), ("u", "f")], found);
    }

    private static DataMedia Read(string data)
    {
        var media = new DataMedia();
        media.Read(Encoding.UTF8.GetBytes(data));
        return media;
    }
}
