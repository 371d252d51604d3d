using System.Text;

namespace HarvestTools.Tests.Derivation;

/// <summary>What two people's labels of one medium are compared by, where the plain rules leave a question.</summary>
public class ComparedOnOneMediumTests
{
    private const string Thumb = """{"id":"t","parentID":"h","type":"keypointlabels","from_name":"c","to_name":"i","original_width":600,"original_height":800,"value":{"x":32,"y":48,"keypointlabels":["tip"]}}""";
    private const string Hand = """{"id":"h","type":"rectanglelabels","from_name":"c","to_name":"i","original_width":800,"original_height":600,"value":{"x":31,"y":49,"width":10,"height":12,"rectanglelabels":["hand"]}}""";

    /// <summary>Of conflicting sizes the smallest stands in, for parents as for all others, whatever the order of the regions.</summary>
    [Fact]
    public void A_parent_without_a_size_borrows_the_smallest_of_its_medium()
    {
        const string Other = """
            {"id":"g","type":"rectanglelabels","from_name":"c","to_name":"i","value":{"x":31,"y":48,"width":10,"height":12,"rectanglelabels":["hand"]}},
            {"id":"u","parentID":"g","type":"keypointlabels","from_name":"c","to_name":"i","original_width":800,"original_height":600,"value":{"x":32,"y":48,"keypointlabels":["tip"]}}
            """;

        string[] rows = Derive($"{Hand},{Thumb}", Other);

        Assert.Equal(rows, Derive($"{Thumb},{Hand}", Other));
        Assert.Equal(rows, Derive(Other, $"{Hand},{Thumb}", firstId: 2));

        // At 600 x 800 the second hand does not reach the first, so that their thumbs have nothing to do with each other.
        Assert.Equal(2, rows.Count(static row => row.StartsWith("keypoint ", StringComparison.Ordinal) && row.Contains(" n=1 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("choices", """["a","b"]""", """["b","a"]""", true)]
    [InlineData("choices", """["a"]""", """["a","a"]""", true)]
    [InlineData("choices", """["a"]""", "\"a\"", true)]
    [InlineData("choices", """["a"]""", """["a","b"]""", false)]
    [InlineData("taxonomy", """[["a","b"]]""", """[["a","b"]]""", true)]
    [InlineData("taxonomy", """[["a","b"],["c"]]""", """[["c"],["a","b"]]""", true)]
    [InlineData("taxonomy", """[["a","b"]]""", """[["b","a"]]""", false)]
    [InlineData("rating", "4", "4.0", true)]
    [InlineData("number", "9007199254740993", "9007199254740992", false)]
    public void Choices_agree_when_their_sets_are_equal(string type, string first, string second, bool agree)
    {
        string Item(string value) => $$$"""{"id":"x","type":"{{{type}}}","from_name":"q","to_name":"i","value":{"{{{type}}}":{{{value}}}}}""";

        string[] rows = Derive(Item(first), Item(second));

        Assert.Equal(agree ? 1 : 2, rows.Length);
        Assert.All(rows, row => Assert.StartsWith(agree ? "choice " : "rejected ", row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Contains(agree ? " n=2 by=1,2 d=0 " : " disagreement ", row, StringComparison.Ordinal));
    }

    private static string[] Derive(string first, string second, int firstId = 1) => ExportRows.Print(Encoding.UTF8.GetBytes($$"""
        [{"id":1,"data":{"image":"s/e/1.jpg"},"annotations":[
          {"id":{{firstId}},"completed_by":{{firstId}},"result":[{{first}}]},
          {"id":{{3 - firstId}},"completed_by":{{3 - firstId}},"result":[{{second}}]}]}]
        """));
}
