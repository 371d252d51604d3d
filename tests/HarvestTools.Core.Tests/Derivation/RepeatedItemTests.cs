using System.Text;

namespace HarvestTools.Tests.Derivation;

/// <summary>Items of one annotation that have one id: one region where they have one shape, several where they have not.</summary>
public class RepeatedItemTests
{
    [Fact]
    public void Polygons_of_one_id_in_one_rectangle_are_two()
    {
        string[] rows = Rows(
            """{"id":"r","type":"polygonlabels","from_name":"c","to_name":"i","value":{"points":[[0,0],[10,0],[10,10]],"polygonlabels":["leaf"]}}""",
            """{"id":"r","type":"polygonlabels","from_name":"c","to_name":"i","value":{"points":[[0,0],[0,10],[10,10]],"polygonlabels":["leaf"]}}""");

        Assert.Equal(2, rows.Length);
        Assert.All(rows, static row => Assert.StartsWith("polygon ", row, StringComparison.Ordinal));
    }

    [Fact]
    public void Tracks_of_one_id_that_part_between_their_ends_are_two()
    {
        static string Track(int x) => $$$"""
            {"id":"r","type":"videorectangle","from_name":"c","to_name":"v","value":{"framesCount":3,"labels":["cup"],"sequence":[
              {"frame":1,"x":1,"y":1,"width":5,"height":5},{"frame":2,"x":{{{x}}},"y":1,"width":5,"height":5},{"frame":3,"x":1,"y":1,"width":5,"height":5}]}}
            """;

        Assert.Equal(3, Rows(Track(10), Track(10)).Length);
        Assert.Equal(6, Rows(Track(10), Track(20)).Length);
    }

    [Fact]
    public void A_bare_shape_is_not_labelled_by_another_shape_that_has_its_id()
    {
        string[] rows = Rows(
            """{"id":"r","type":"rectangle","from_name":"b","to_name":"i","value":{"x":50,"y":50,"width":5,"height":5}}""",
            """{"id":"r","type":"rectanglelabels","from_name":"c","to_name":"i","value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}""");

        Assert.Equal(2, rows.Length);
        Assert.StartsWith("box ", rows[0], StringComparison.Ordinal);
        Assert.Contains(" r no-label ", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_label_labels_no_other_item()
    {
        string[] rows = Rows(
            """{"id":"r","type":"rectangle","from_name":"b","to_name":"i","value":{"x":1,"y":1,"width":5,"height":5}}""",
            """{"id":"r","type":"rectanglelabels","from_name":"c","to_name":"i","value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":[""]}}""");

        Assert.Equal(2, rows.Length);
        Assert.All(rows, static row => Assert.Contains(" r no-label ", row, StringComparison.Ordinal));
    }

    /// <summary>Of two reasons the one that is asked first, whichever range has it.</summary>
    [Theory]
    [InlineData("""{"start":null,"end":null},{"start":5,"end":null}""")]
    [InlineData("""{"start":5,"end":null},{"start":null,"end":null}""")]
    public void What_belongs_to_a_segment_falls_under_the_first_reason_of_its_ranges(string ranges)
    {
        string[] rows = Rows(
            $$$"""{"id":"r","type":"timelinelabels","from_name":"c","to_name":"v","value":{"ranges":[{{{ranges}}}],"timelinelabels":["reach"]}}""",
            """{"id":"r","type":"choices","from_name":"state","to_name":"v","value":{"choices":["far"]}}""");

        Assert.Equal(3, rows.Length);
        Assert.Contains(" r no-geometry type=choices ", Assert.Single(rows, static row => row.Contains("state", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>The rows of one annotation, which are the same for any order of its items.</summary>
    private static string[] Rows(params string[] items)
    {
        static string[] Derive(IEnumerable<string> result) => ExportRows.Print(Encoding.UTF8.GetBytes(
            $$$"""[{"id":1,"data":{},"annotations":[{"id":1,"completed_by":1,"result":[{{{string.Join(',', result)}}}]}]}]"""));
        string[] rows = Derive(items);
        Assert.Equal(rows, Derive(Enumerable.Reverse(items)));
        return rows;
    }
}
