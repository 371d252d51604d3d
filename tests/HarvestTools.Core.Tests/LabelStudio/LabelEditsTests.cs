using System.Globalization;
using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>What was done to a task between two exports, in the words that people read of it.</summary>
public sealed class LabelEditsTests
{
    private const string Box = """{"id":"r","type":"rectanglelabels","from_name":"box","to_name":"img","original_width":200,"original_height":400,"value":{"x":10,"y":20,"width":30,"height":40,"rotation":0,"rectanglelabels":["cup"]}}""";

    [Fact]
    public void Nothing_is_said_of_tasks_that_are_labelled_alike()
    {
        Assert.Empty(Edits(Regions(Box), Regions(Box)));
        Assert.Empty(Edits(Regions(Box, Box.Replace("\"r\"", "\"s\"", StringComparison.Ordinal)), Regions(Box.Replace("\"r\"", "\"s\"", StringComparison.Ordinal), Box)));
        Assert.Empty(Edits("""{"id":1,"data":{},"annotations":[]}""", """{"id":1,"data":{},"annotations":[]}"""));
    }

    [Fact]
    public void Data_is_named_by_its_keys()
    {
        Assert.Equal(["data changed in data.a, data.c"], Edits("""{"id":1,"data":{"a":1,"b":2}}""", """{"id":1,"data":{"a":2,"b":2,"c":3}}"""));
        Assert.Equal(["data changed in data"], Edits("""{"id":1}""", """{"id":1,"data":{"a":1}}"""));
        Assert.Equal(["data changed in data"], Edits("""{"id":1,"data":{"a":1}}""", """{"id":1}"""));
        Assert.Equal(["data changed in data"], Edits("""{"id":1,"data":[1]}""", """{"id":1,"data":7}"""));
    }

    [Fact]
    public void An_annotation_is_added_removed_or_its_annotator_and_flags_are_others()
    {
        Assert.Equal(["annotation 5 by 9: added (1 region)"], Edits("""{"id":1,"data":{}}""", Regions(Box)));
        Assert.Equal(["annotation 5 by 9: removed (2 regions)"], Edits(Regions(Box, Box), """{"id":1,"data":{}}"""));
        Assert.Equal(["annotation 5: annotator 9 → 8"], Edits(Regions(Box), Regions(Box).Replace("\"completed_by\":9", "\"completed_by\":8", StringComparison.Ordinal)));
        Assert.Equal(["annotation 5: annotator none → 9"], Edits(Regions(Box).Replace("\"completed_by\":9,", "", StringComparison.Ordinal), Regions(Box)));
        Assert.Equal(["annotation 5: annotator 9 → none"], Edits(Regions(Box), Regions(Box).Replace("\"completed_by\":9,", "", StringComparison.Ordinal)));
        Assert.Equal(["annotation 5 by 9: submitted → cancelled"], Edits(Regions(Box), Regions(Box).Replace("\"completed_by\"", "\"was_cancelled\":true,\"completed_by\"", StringComparison.Ordinal)));
        Assert.Equal(["annotation 5 by 9: submitted, ground truth → submitted"], Edits(Regions(Box).Replace("\"completed_by\"", "\"ground_truth\":true,\"completed_by\"", StringComparison.Ordinal), Regions(Box)));
    }

    [Fact]
    public void A_region_is_named_by_its_id_medium_control_and_label()
    {
        Assert.Equal(["annotation 5 by 9, region r on img, box (rectanglelabels), cup: region added"], Edits(Regions(), Regions(Box)));
        Assert.Equal(["annotation 5 by 9, region r on img, box (rectanglelabels), cup: region removed"], Edits(Regions(Box), Regions()));
        Assert.Equal(["annotation 5 by 9: region added"], Edits(Regions(), Regions("""{"value":{}}""")));
        Assert.Equal(["annotation 5 by 9, region r: region added"], Edits(Regions(), Regions("""{"id":"r","type":"choices","value":7}""")));
        Assert.Equal(["annotation 5 by 9, region r: region added"], Edits(Regions(), Regions("""{"id":"r"}""")));
        Assert.Equal(["annotation 5 by 9, region r, box, null, 5, a: region added"], Edits(Regions(), Regions("""{"id":"r","from_name":"box","value":{"x":1,"labels":[null,5,"a"]}}""")));
        Assert.Equal(["annotation 5 by 9, region r on img[3], box (rectanglelabels), cup: region removed"], Edits(Regions(With("\"item_index\":3,")), Regions()));
    }

    [Fact]
    public void A_label_a_medium_and_other_members_are_told_apart()
    {
        const string Region = "annotation 5 by 9, region r on img, box (rectanglelabels)";
        Assert.Equal([$"{Region}: label cup → mug"], Edits(Regions(Box), Regions(Box.Replace("cup", "mug", StringComparison.Ordinal))));
        Assert.Equal([$"{Region}: label cup → none"], Edits(Regions(Box), Regions(Box.Replace(",\"rectanglelabels\":[\"cup\"]", "", StringComparison.Ordinal))));
        Assert.Equal([$"{Region}: label none → cup"], Edits(Regions(Box.Replace(",\"rectanglelabels\":[\"cup\"]", "", StringComparison.Ordinal)), Regions(Box)));
        Assert.Equal(
            ["annotation 5 by 9, region r on front, box (rectanglelabels), cup: moved from img to front"],
            Edits(Regions(Box), Regions(Box.Replace("\"img\"", "\"front\"", StringComparison.Ordinal).Replace("\"x\":10", "\"x\":15", StringComparison.Ordinal)))[..1]);
        Assert.Equal(
            ["annotation 5 by 9, region r on img[2], box (rectanglelabels), cup: moved from img to img[2]"],
            Edits(Regions(With("\"item_index\":0,")), Regions(With("\"item_index\":2,"))));
        Assert.Equal(["annotation 5 by 9, region r on img[0], box (rectanglelabels), cup: changed in item_index"], Edits(Regions(Box), Regions(With("\"item_index\":0,"))));
        Assert.Equal(
            ["annotation 5 by 9, region r, box (rectanglelabels), cup: moved from img to the task"],
            Edits(Regions(Box), Regions(Box.Replace("\"to_name\":\"img\",", "", StringComparison.Ordinal))));
        Assert.Equal(
            ["annotation 5 by 9, region r on img, box (rectanglelabels), cup: changed in parentID, origin, meta.text, value.note"],
            Edits(
                Regions(With("\"meta\":{\"text\":\"a\"},\"origin\":\"manual\",")),
                Regions(With("\"meta\":{\"text\":\"b\"},\"origin\":\"prediction\",\"parentID\":\"p\",").Replace("\"rotation\"", "\"note\":1,\"rotation\"", StringComparison.Ordinal))));
    }

    /// <summary>The farthest corner, start, end or vertex, in pixels where the size of the image is known.</summary>
    [Theory]
    [InlineData("\"x\":10,", "\"x\":13,", "moved by 6 px")]
    [InlineData("\"y\":20,", "\"y\":19,", "moved by 4 px")]
    [InlineData("\"width\":30,", "\"width\":32.5,", "moved by 5 px")]
    [InlineData("\"height\":40,", "\"height\":39.5,", "moved by 2 px")]
    [InlineData("\"x\":10,\"y\":20,", "\"x\":11.5,\"y\":21,", "moved by 5 px")]
    [InlineData("\"rotation\":0,", "\"rotation\":90,", "moved by 241.66 px")]
    [InlineData("\"rotation\":0,", "\"rotation\":0.0,", null)]
    public void A_box_moves_by_its_farthest_corner(string before, string after, string? moved) =>
        Assert.Equal(moved is null ? [] : [$"annotation 5 by 9, region r on img, box (rectanglelabels), cup: {moved}"], Edits(Regions(Box), Regions(Box.Replace(before, after, StringComparison.Ordinal))));

    [Theory]
    [InlineData("\"x\":1,\"y\":2,\"width\":7", "\"x\":4,\"y\":6,\"width\":8", 5.0, "%")]
    [InlineData("\"points\":[[1,1],[9,9]]", "\"points\":[[1,2],[6,5]]", 5.0, "%")]
    [InlineData("\"points\":[[1,1],[9,9]]", "\"points\":[[4,5],[9,8]]", 5.0, "%")]
    [InlineData("\"points\":[[1,1],[9,9]]", "\"points\":[[1,1],[9,9],[2,2]]", null, null)]
    [InlineData("\"ranges\":[{\"start\":3,\"end\":9}]", "\"ranges\":[{\"start\":5,\"end\":8}]", 2.0, "frames")]
    [InlineData("\"ranges\":[{\"start\":3,\"end\":9}]", "\"ranges\":[{\"start\":4,\"end\":2}]", 7.0, "frames")]
    [InlineData("\"ranges\":[{\"start\":3,\"end\":9}]", "\"ranges\":[{\"start\":3}]", null, null)]
    [InlineData("\"ranges\":[{\"start\":3,\"end\":9}]", "\"ranges\":[{\"start\":3,\"end\":9},{\"start\":11,\"end\":12}]", null, null)]
    [InlineData("\"ranges\":[{\"start\":3,\"end\":9},{\"start\":11,\"end\":12}]", "\"ranges\":[{\"start\":5,\"end\":9}]", null, null)]
    [InlineData("\"sequence\":[{\"frame\":1,\"x\":1,\"y\":1,\"width\":2,\"height\":2},{\"frame\":5,\"x\":1,\"y\":1,\"width\":2,\"height\":2}]", "\"sequence\":[{\"frame\":5,\"x\":1,\"y\":1,\"width\":2,\"height\":2},{\"frame\":1,\"x\":4,\"y\":5,\"width\":2,\"height\":2}]", 5.0, "%")]
    [InlineData("\"sequence\":[{\"frame\":1,\"x\":1,\"y\":1,\"width\":2,\"height\":2}]", "\"sequence\":[{\"frame\":2,\"x\":4,\"y\":5,\"width\":2,\"height\":2}]", null, null)]
    [InlineData("\"sequence\":[{\"frame\":1,\"x\":1,\"y\":1,\"width\":2,\"height\":2}]", "\"sequence\":[{\"frame\":1,\"x\":4,\"y\":5,\"width\":2,\"height\":2},{\"frame\":3,\"enabled\":false}]", null, null)]
    public void A_shape_moves_by_its_farthest_part_or_is_changed(string before, string after, double? distance, string? unit)
    {
        string Of(string value)
        {
            string type = value.Split('"')[1] switch { "points" => "polygonlabels", "ranges" => "timelinelabels", "sequence" => "videorectangle", _ => "keypointlabels" };
            return Regions($$"""{"id":"r","type":"{{type}}","from_name":"c","to_name":"o","value":{ {{value}},"labels":["a"]} }""");
        }

        LabelEdit edit = Assert.Single(EditsOf(Of(before), Of(after)));

        Assert.Equal(distance is null ? LabelEditKind.RegionChanged : LabelEditKind.RegionMoved, edit.Kind);
        Assert.Equal((distance, unit), (edit.Distance is { } moved ? Math.Round(moved, 9) : null, edit.Unit));
    }

    [Theory]
    [InlineData("polygonlabels", "\"points\":[[X,Y],[9,9]]")]
    [InlineData("videorectangle", "\"sequence\":[{\"frame\":1,\"x\":X,\"y\":Y,\"width\":2,\"height\":2}]")]
    [InlineData("keypointlabels", "\"x\":X,\"y\":Y,\"width\":7")]
    public void A_distance_is_in_pixels_where_the_size_of_the_image_is_known(string type, string value)
    {
        string Of(string x, string y) => Regions(
            $$"""{"id":"r","type":"{{type}}","original_width":200,"original_height":400,"value":{ {{value.Replace("X", x, StringComparison.Ordinal).Replace("Y", y, StringComparison.Ordinal)}} } }""");

        LabelEdit edit = Assert.Single(EditsOf(Of("1", "1"), Of("2.5", "2")));

        Assert.Equal((5.0, "px"), (Math.Round(edit.Distance!.Value, 9), edit.Unit));
    }

    [Fact]
    public void Texts_of_edits_do_not_follow_the_culture_and_the_size_may_be_that_of_either()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            string sized = Box.Replace("\"x\":10,", "\"x\":10.25,", StringComparison.Ordinal);
            string unsized = Box.Replace("\"original_width\":200,", "", StringComparison.Ordinal);
            Assert.Equal(["annotation 5 by 9, region r on img, box (rectanglelabels), cup: moved by 0.5 px"], Edits(Regions(Box), Regions(sized)));
            Assert.StartsWith("annotation 5 by 9, region r on img, box (rectanglelabels), cup: moved by 0.5 px", Edits(Regions(sized), Regions(unsized))[0], StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string With(string members) => Box.Replace("\"id\":\"r\",", "\"id\":\"r\"," + members, StringComparison.Ordinal);

    private static string Regions(params string[] regions) => $$$"""{"id":1,"data":{},"annotations":[{"id":5,"completed_by":9,"result":[{{{string.Join(',', regions)}}}]}]}""";

    private static string[] Edits(string before, string after) => [.. EditsOf(before, after).Select(static edit => edit.ToString())];

    private static IReadOnlyList<LabelEdit> EditsOf(string before, string after) => LabelEdits.Between(Parse(before), Parse(after));

    private static ExportTask Parse(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        var task = new ExportTask();
        TaskParser.Parse(new RawTask("a.json", bytes, 0, bytes.Length, 1, 0, 1), task, LabelEdits.Parts);
        return task;
    }
}
