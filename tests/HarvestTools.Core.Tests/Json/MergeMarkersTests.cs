using System.Text;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

/// <summary>What git leaves in a file that it could not merge.</summary>
public sealed class MergeMarkersTests
{
    [Theory]
    [InlineData("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> other\n}\n", "<<<<<<< in line 2", "======= in line 4", ">>>>>>> in line 6")]
    [InlineData("{\r\n<<<<<<< HEAD\r\n||||||| base\r\n=======\r\n>>>>>>> other\r\n}", "<<<<<<< in line 2", "||||||| in line 3", "======= in line 4", ">>>>>>> in line 5")]
    [InlineData(">>>>>>>", ">>>>>>> in line 1")]
    [InlineData("{ \"a\": \"<<<<<<< HEAD\" }")]
    [InlineData("<<<<<<<< eight\n<<<<<< six\n======")]
    [InlineData("")]
    public void Are_found_with_their_lines(string text, params string[] expected) =>
        Assert.Equal(expected, MergeMarkers.Find(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Are_an_error_of_their_own_where_the_file_is_read()
    {
        var file = new JsonFileText("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> other\n}\n"u8.ToArray(), "x.json");
        HarvestException error = Assert.Throws<HarvestException>(file.ParseObject);
        Assert.Equal("MergeConflict", error.ErrorId);
        Assert.Contains("'x.json' has an unresolved merge conflict of git: <<<<<<< in line 2, ======= in line 4 and >>>>>>> in line 6", error.Message, StringComparison.Ordinal);
    }
}
