using System.Text;
using HarvestTools.Derivation.Fields;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation.Fields;

/// <summary>Which medium a tag shows, by its name, by the mapping and by the labeling configuration.</summary>
public sealed class MediumFinderTests
{
    private const string Pages = """{"pages":["a/1.jpg","a/2.jpg"]}""";
    private const string Photos = """{"photos":["a/1.jpg","a/2.jpg"]}""";
    private const string Objects = """{"pages":[{"page":"a/1.jpg","n":1},{"n":[1],"page":"a/2.jpg"},{"l":"a/3.jpg","r":"a/4.jpg"},{"n":"word"}]}""";

    [Theory]
    [InlineData("""{"image":"a/1.jpg"}""", "image", 0, "a/1.jpg one 0")]
    [InlineData("""{"image":"a/1.jpg"}""", "image", 1, "unknown")]
    [InlineData(Pages, "pages", 1, "a/2.jpg list 1")]
    [InlineData(Pages, "pages", 2, "unknown list 2")]
    [InlineData("""{"image":"data:image/png;base64,AA"}""", "image", 0, "nothing one 0")]
    [InlineData("""{"text":"hello"}""", "text", 0, "nothing one 0")]
    [InlineData("""{"text":"see /x y"}""", "text", 0, "nothing one 0")]
    [InlineData("""{"text":"/x/y"}""", "text", 0, "/x/y one 0")]
    [InlineData("""{"text":"/x y"}""", "text", 0, "nothing one 0")]
    [InlineData("""{"text":"s3://b/k"}""", "text", 0, "s3://b/k one 0")]
    [InlineData("""{"text":"a/b"}""", "text", 0, "nothing one 0")]
    [InlineData("""{"image":"a/b"}""", "image", 0, "a/b one 0")]
    [InlineData("""{"meta":{"x":"a/2.jpg"}}""", "meta", 0, "unknown")]
    [InlineData(Objects, "pages", 0, "a/1.jpg list 0")]
    [InlineData(Objects, "pages", 1, "a/2.jpg list 1")]
    [InlineData(Objects, "pages", 2, "unknown")]
    [InlineData(Objects, "pages", 3, "unknown")]
    public void A_key_of_the_tags_name_is_what_it_shows(string data, string tag, int index, string expected) =>
        Assert.Equal(expected, Find(data, tag, index, indexed: true));

    [Theory]
    [InlineData(Pages, "page_0", "a/1.jpg one 0")]
    [InlineData(Pages, "page_1", "a/2.jpg one 1")]
    [InlineData(Pages, "page1", "a/2.jpg one 1")]
    [InlineData(Pages, "page_2", "unknown")]
    [InlineData(Pages, "pages_1", "a/2.jpg one 1")]
    [InlineData(Photos, "img_1", "a/2.jpg one 1")]
    [InlineData(Photos, "img-1", "a/2.jpg one 1")]
    [InlineData(Photos, "img.1", "a/2.jpg one 1")]
    [InlineData(Photos, "img1", "unknown")]
    [InlineData(Photos, "1", "unknown")]
    [InlineData(Photos, "_1", "a/2.jpg one 1")]
    [InlineData(Photos, "img", "a/1.jpg list 0")]
    [InlineData(Photos, "", "a/1.jpg list 0")]
    [InlineData("""{"":"a/1.jpg","b":"a/2.jpg"}""", "", "a/1.jpg one 0")]
    [InlineData("""{"photos":["a/1.jpg"]}""", "img1", "a/1.jpg list 0")]
    [InlineData("""{"photos":["a/1.jpg","a/2.jpg"],"x":"b/3.jpg"}""", "img_1", "unknown")]
    [InlineData("""{"boxes":["a/1.jpg","a/2.jpg"],"x":["b/3.jpg"]}""", "box_1", "a/2.jpg one 1")]
    [InlineData("""{"x":["b/3.jpg"],"box_list":["a/1.jpg","a/2.jpg"]}""", "box_1", "a/2.jpg one 1")]
    [InlineData("""{"x":["b/3.jpg"],"boxList":["a/1.jpg","a/2.jpg"]}""", "box_1", "a/2.jpg one 1")]
    [InlineData("""{"boxs":["c/1.jpg","c/2.jpg"],"box":["a/1.jpg","a/2.jpg"]}""", "box_1", "a/2.jpg one 1")]
    [InlineData("""{"s":["b/3.jpg","b/4.jpg"],"x":["b/3.jpg"]}""", "_1", "unknown")]
    [InlineData("""{"tags":["red","blue"],"x":["b/3.jpg","b/4.jpg"]}""", "tag_1", "b/4.jpg one 1")]
    [InlineData(Objects, "page_1", "a/2.jpg one 1")]
    [InlineData(Objects, "page_2", "unknown")]
    [InlineData(Pages, "page_99999999999", "unknown")]
    public void A_numbered_tag_shows_an_element_of_a_list(string data, string tag, string expected) =>
        Assert.Equal(expected, Find(data, tag, 0, indexed: false));

    [Theory]
    [InlineData("""{"image":"a/1.jpg","caption":"hello"}""", "img", 0, "a/1.jpg one 0")]
    [InlineData("""{"image":"a/1.jpg","caption":"hello"}""", "img", 1, "unknown")]
    [InlineData("""{"image":"a/1.jpg","other":"https://h/x"}""", "img", 0, "unknown")]
    [InlineData("""{"image":"a/1.jpg","other":"data:x"}""", "img", 0, "unknown")]
    [InlineData("""{"image":"a/1.jpg","meta":{"x":"a/2.jpg"}}""", "img", 0, "unknown")]
    [InlineData("""{"image":"a/1.jpg","meta":{"x":"word","y":[1]}}""", "img", 0, "a/1.jpg one 0")]
    [InlineData("""{"image":"a/1.jpg","meta":{"x":{"y":"/a"}}}""", "img", 0, "unknown")]
    [InlineData("""{"image":"a/1.jpg","n":[1,null],"words":["red"]}""", "img", 0, "a/1.jpg one 0")]
    [InlineData(Pages, "page_1", 0, "a/1.jpg list 0")]
    [InlineData("""{"caption":"hello"}""", "img", 0, "unknown")]
    [InlineData("{}", "img", 0, "unknown")]
    public void A_tag_of_another_name_shows_the_only_medium(string data, string tag, int index, string expected) =>
        Assert.Equal(expected, Find(data, tag, index, indexed: true));

    [Theory]
    [InlineData("""{"meta":{"x":"a/2.jpg","y":"b"},"img":"c/1.jpg"}""", "data.meta.x", 0, "a/2.jpg one 0")]
    [InlineData("""{"meta":{"y":"b"},"img":"c/1.jpg"}""", "data.meta.x", 0, "unknown")]
    [InlineData("""{"meta":5,"img":"c/1.jpg"}""", "data.meta.x", 0, "unknown")]
    [InlineData("""{"meta":{"w":{"x":"no.jpg"},"x":5},"img":"c/1.jpg"}""", "data.meta.x", 0, "nothing one 0")]
    [InlineData("""{"l":[{"x":"a/1.jpg"},{"w":1,"x":"a/2.jpg"}]}""", "data.l.1.x", 0, "a/2.jpg one 0")]
    [InlineData("""{"l":[{"x":"a/1.jpg"}]}""", "data.l.1.x", 0, "unknown")]
    [InlineData("""{"l":["a/1.jpg","a/2.jpg"]}""", "data.l", 1, "a/2.jpg list 1")]
    [InlineData("""{"l":["a/1.jpg","a/2.jpg"]}""", "data.l", 2, "unknown list 2")]
    [InlineData("""{"l":[["a/1.jpg"],["b/1.jpg","data:x"]]}""", "data.l.1", 1, "nothing list 1")]
    [InlineData("""{"l":{"1":{"x":"a/2.jpg"}}}""", "data.l.1.x", 0, "a/2.jpg one 0")]
    [InlineData("""{"l":["a/1.jpg","a/2.jpg"]}""", "data.l.x", 0, "unknown")]
    [InlineData("""{"l":[{"x":"a/1.jpg"},{"x":"a/2.jpg"}]}""", "data.l.0.x", 0, "a/1.jpg one 0")]
    [InlineData("", "data.l", 0, "unknown")]
    public void A_mapping_says_where_the_medium_is(string data, string from, int index, string expected) =>
        Assert.Equal(expected, Find(data, "img", index, indexed: true, from: from));

    [Theory]
    [InlineData("""{"meta":{"x":"a/2.jpg"},"img":"c/1.jpg"}""", "$meta.x", 0, "a/2.jpg one 0")]
    [InlineData("""{"meta":{"x":"a/2.jpg"},"meta.x":"c/1.jpg"}""", "$meta.x", 0, "c/1.jpg one 0")]
    [InlineData("""{"l":[{"x":"a/1.jpg"},{"x":"a/2.jpg"}]}""", "$l[1].x", 0, "a/2.jpg one 0")]
    [InlineData("""{"l":{"1":{"x":"a/1.jpg"}}}""", "$l[2].x", 0, "unknown")]
    [InlineData("""{"l":["a/1.jpg","a/2.jpg"]}""", "$l", 1, "a/2.jpg list 1")]
    [InlineData("""{"img":"c/1.jpg"}""", "$l", 0, "unknown")]
    [InlineData("", "$l", 0, "unknown")]
    public void A_labeling_configuration_says_where_the_medium_is(string data, string value, int index, string expected) =>
        Assert.Equal(expected, Find(data, "img", index, indexed: true, value: value));

    [Fact]
    public void The_mapping_goes_before_the_configuration_and_tags_take_turns()
    {
        var finder = new MediumFinder(FieldMapping.Default with { Objects = new Dictionary<string, string> { ["a"] = "data.x" } }, Config("$y"));
        var media = new DataMedia();
        Utf8Text data = Utf8Text.From("""{"x":"1.jpg","y":"2.jpg","b":"3.jpg"}""");
        media.Read(data.Span);
        Assert.Equal((true, false), (finder.HasPlaceFor("a"), finder.HasPlaceFor("img")));
        Assert.Equal(
            ["1.jpg", "2.jpg", "3.jpg", "1.jpg"],
            ((string[])["a", "img", "b", "a"]).Select(tag => finder.Find(data, media, Utf8Text.From(tag), 0, indexed: false).Link));
    }

    [Fact]
    public void A_numbered_tag_ends_in_a_digit() =>
        Assert.Equal((false, false, true, false), (MediumFinder.IsNumbered(""u8), MediumFinder.IsNumbered("page"u8), MediumFinder.IsNumbered("page_1"u8), MediumFinder.IsNumbered("1_page"u8)));

    private static string Find(string data, string tag, int index, bool indexed, string? from = null, string? value = null)
    {
        var media = new DataMedia();
        media.Read(Encoding.UTF8.GetBytes(data));
        FieldMapping fields = from is null ? FieldMapping.Default : FieldMapping.Default with { Objects = new Dictionary<string, string> { [tag] = from } };
        var finder = new MediumFinder(fields, value is null ? null : Config(value));
        MediumFinder.Shown shown = finder.Find(Utf8Text.From(data), media, Utf8Text.From(tag), index, indexed);
        return shown == default ? "unknown" : $"{(shown.Known ? shown.Link ?? "nothing" : "unknown")} {(shown.IsList ? "list" : "one")} {shown.Place}";
    }

    private static LabelConfig Config(string value) => LabelConfig.Parse(Encoding.UTF8.GetBytes($"""<View><Image name="img" value="{value}"/></View>"""), "config.xml");
}
