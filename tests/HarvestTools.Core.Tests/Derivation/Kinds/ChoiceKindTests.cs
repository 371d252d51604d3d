using System.Text.Json.Nodes;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Polygons, and what is said of a whole medium.</summary>
public sealed class ChoiceKindTests
{
    private const string Triangle = "[[10,10],[60,10],[35,70]]";

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_polygon_is_closed_unless_it_says_otherwise(bool? written, bool closed)
    {
        using KindSlice slice = KindSlice.Of(One(Image, Polygon("r", "img", Triangle, closed: written)));

        Assert.Equal(
            [$"[100,50,600,50,350,350] [10,10,60,10,35,70] {closed} 1000 500"],
            slice.Read("polygons", "points", "points_pct", "closed", "image_width", "image_height"));
    }

    [Fact]
    public void Odd_polygons_are_rows_or_rejected()
    {
        using KindSlice slice = KindSlice.Of(One(
            Image,
            Polygon("one", "img", "[[50,50]]"),
            Polygon("none", "img", "[]"),
            Polygon("null", "img", "null"),
            Item("unlabeled", "polygon", "poly", "img", $"\"points\":{Triangle}", Sized()),
            Item("unsized", "polygonlabels", "poly", "img", $"\"points\":{Triangle},\"polygonlabels\":[\"hand\"]")));

        Assert.Equal(["one [500,250] [50,50]", "unsized [] [10,10,60,10,35,70]"], slice.Read("polygons", "region_id", "points", "points_pct"));
        Assert.Equal(["none no-geometry", "null no-geometry", "unlabeled no-label"], slice.Read("rejected", "region_id", "reason"));
        Assert.Equal(1, slice.Tally.UnknownSizes);
    }

    [Theory]
    [InlineData("""[[10,10],["20",10]]""", "\"20\"")]
    [InlineData("""[[10,10],[20]]""", "[20]")]
    [InlineData("""[[10,10],[20,10,5]]""", "[20,10,5]")]
    [InlineData("""[[10,10],7]""", "7]")]
    [InlineData("""[[10,10],[20,null]]""", "[20,null]")]
    [InlineData("\"M10 10\"", "\"M10 10\"")]
    public void A_vertex_that_is_no_pair_of_numbers_is_an_error_at_its_place(string points, string place)
    {
        string export = One(Image, Polygon("r", "img", points));

        HarvestException error = KindSlice.Refused(export);

        Assert.Equal(HarvestFault.InvalidData, error.Fault);
        Assert.Contains($"line 1, byte {export.IndexOf(place, export.IndexOf("\"points\":", StringComparison.Ordinal) + 9, StringComparison.Ordinal)} (task 1, id 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"points\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outlines_agree_whatever_vertex_comes_first_and_disagree_beyond_the_limit()
    {
        string Both(string first, string second, bool? closed = null) => Export(Task(
            "1", Image, Annotation("1", "5", Polygon("a", "img", first, closed: closed)), Annotation("2", "6", Polygon("b", "img", second, closed: closed))));
        using KindSlice turned = KindSlice.Of(Both(Triangle, "[[35,70],[35,70.4],[10,10],[30,10],[60,10]]"));
        using KindSlice far = KindSlice.Of(Both(Triangle, "[[10,10],[60,10],[35,80]]"));
        using KindSlice open = KindSlice.Of(Both(Triangle, "[[35,70],[10,10],[60,10]]", closed: false));

        // Four tenths of a percent of 500 px.
        Assert.Equal(["a 2 5,6 2"], turned.Read("polygons", "region_id", "annotators", "annotator_ids", "agreement").Select(Rounded));
        Assert.Equal(["a disagreement", "b disagreement"], far.Read("rejected", "region_id", "reason"));

        // Every vertex of either is on the other, though their open sides differ.
        Assert.Equal(["a 2"], open.Read("polygons", "region_id", "annotators"));
    }

    [Fact]
    public void Every_type_that_is_said_of_a_medium_is_a_row()
    {
        using KindSlice slice = KindSlice.Of(One(
            Image,
            Item("1", "choices", "quality", "img", "\"choices\":[\"good\"]"),
            Item("2", "choices", "faults", "img", "\"choices\":[\"dark\",\"blurred\"]"),
            Item("3", "rating", "stars", "img", "\"rating\":4"),
            Item("4", "number", "count", "img", "\"number\":9007199254740993"),
            Item("5", "number", "mass", "img", "\"number\":1.50"),
            Item("6", "textarea", "note", "img", "\"text\":[\"two\\nlines \\u00e9\"]"),
            Item("7", "textarea", "plain", "img", "\"text\":\"one\""),
            Item("8", "taxonomy", "tree", "img", "\"taxonomy\":[[\"food\",\"fruit\"],[\"red\"]]"),
            Item("9", "taxonomy", "path", "img", "\"taxonomy\":[[\"food\",\"fruit\"]]"),
            Item("10", "datetime", "when", "img", "\"datetime\":\"2026-01-05T10:00\"")));

        Assert.Equal(
            [
                "count 4 9007199254740993", """faults 2 ["dark","blurred"]""", "mass 5 1.5", "note 6 two\nlines é", """path 9 ["food","fruit"]""", "plain 7 one",
                "quality 1 good", "stars 3 4", """tree 8 [["food","fruit"],["red"]]""", "when 10 2026-01-05T10:00",
            ],
            slice.Read("choices", "label", "region_id", "value"));
        Assert.All(slice.Rows("choices"), static row => Assert.Equal((row["label"], "img", 12L), (row["from_name"], row["to_name"], row["frame"])));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void What_is_not_chosen_or_written_is_rejected()
    {
        using KindSlice slice = KindSlice.Of(One(
            Image,
            Item("1", "choices", "quality", "img", "\"choices\":[]"),
            Item("2", "textarea", "note", "img", "\"text\":[\"\"]"),
            Item("3", "rating", "stars", "img", "\"rating\":null"),
            Item("4", "number", "zero", "img", "\"number\":0")));

        Assert.Equal(["zero 0"], slice.Read("choices", "label", "value"));
        Assert.Equal(["1 no-label", "2 no-label", "3 no-label"], slice.Read("rejected", "region_id", "reason"));
    }

    [Theory]
    [InlineData("choices", """["dark","blurred"]""", """["blurred","dark"]""", true)]
    [InlineData("choices", """["dark","blurred"]""", """["blurred","dark","dark"]""", true)]
    [InlineData("choices", """["dark"]""", """["blurred","dark"]""", false)]
    [InlineData("choices", """["dark"]""", "\"dark\"", true)]
    [InlineData("taxonomy", """[["food","fruit"],["red"]]""", """[["red"],["food","fruit"]]""", true)]
    [InlineData("taxonomy", """[["food","fruit"]]""", """[["fruit","food"]]""", false)]
    [InlineData("taxonomy", """[["food","fruit"]]""", """[["food"],["fruit"]]""", false)]
    [InlineData("taxonomy", """[["food","fruit"],["red"]]""", """[["fruit","food"],["red"]]""", false)]
    [InlineData("rating", "4", "4.0", true)]
    [InlineData("rating", "4", "5", false)]
    [InlineData("number", "9007199254740993", "9007199254740992", false)]
    public void Choices_agree_where_the_sets_are_equal(string type, string first, string second, bool agree)
    {
        string By(string id, string who, string value) => Annotation(id, who, Item(id, type, "q", "img", $"\"{type}\":{value}"));
        using KindSlice slice = KindSlice.Of(Export(Task("1", Image, By("1", "5", first), By("2", "6", second))));

        Assert.Equal(agree ? ["1 2"] : [], slice.Read("choices", "region_id", "annotators"));
        Assert.Equal(agree ? 0 : 2, slice.Rows("rejected").Count(static row => (string)row["reason"]! == "disagreement"));
    }

    [Fact]
    public void Choices_of_two_media_are_not_compared()
    {
        string By(string id, string who, string to) => Annotation(id, who, Choices(id, to, """["good"]"""));
        using KindSlice slice = KindSlice.Of(Export(Task("1", """{"a":"/d/ep/1.jpg","b":"/d/ep/2.jpg"}""", By("1", "5", "a"), By("2", "6", "b"))));

        Assert.Equal(["a 1 5", "b 1 6"], slice.Read("choices", "to_name", "annotators", "annotator_ids"));
    }

    [Fact]
    public void An_item_that_repeats_the_geometry_of_a_region_that_is_gone_is_rejected()
    {
        using KindSlice slice = KindSlice.Of(One(
            Image, Box("r", "img"), Item("gone", "choices", "quality", "img", Geometry() + ",\"choices\":[\"good\"]", Sized())));

        Assert.Empty(slice.Rows("choices"));
        Assert.Equal(["gone unsupported-type"], slice.Read("rejected", "region_id", "reason"));
    }

    [Fact]
    public void Untouched_predictions_are_left_out_where_they_are_not_accepted()
    {
        string export = One(Image, Polygon("r", "img", Triangle), Choices("c", "img", """["good"]""")).Replace("\"origin\":\"manual\"", "\"origin\":\"prediction\"", StringComparison.Ordinal);
        using KindSlice slice = KindSlice.Of(export, KindSlice.Rule("accept_untouched", JsonValue.Create(false)));

        Assert.Equal(["c untouched-prediction", "r untouched-prediction"], slice.Read("rejected", "region_id", "reason"));
        Assert.Empty(slice.Rows("choices"));
    }

    private static string Rounded(string row)
    {
        string[] cells = row.Split(' ');
        cells[^1] = Math.Round(double.Parse(cells[^1], System.Globalization.CultureInfo.InvariantCulture), 6).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return string.Join(' ', cells);
    }
}
