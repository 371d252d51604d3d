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

    [Theory]
    [InlineData("{\n  \"a\": 1,\n  \"runs\": [\n    {\n<<<<<<< HEAD\n      \"name\": 1\n=======\n      \"name\": 2\n>>>>>>> other\n    }\n  ]\n}\n", true)]
    [InlineData("{\n  \"a\": 1,\n<<<<<<< HEAD\n  \"runs\": [1]\n=======\n  \"runs\": [2]\n>>>>>>> other\n}\n", true)]
    [InlineData("{\n<<<<<<< HEAD\n  \"a\": 1,\n  \"runs\": [1]\n=======\n  \"a\": 2,\n  \"runs\": [2]\n>>>>>>> other\n}\n", false)]
    [InlineData("{\n  \"a\": [\n<<<<<<< HEAD\n    1\n=======\n    2\n>>>>>>> other\n  ],\n  \"runs\": []\n}\n", false)]
    [InlineData("{\n  \"runs\": [\n<<<<<<< HEAD\n    1\n=======\n    2\n>>>>>>> other\n  ],\n  \"b\": [\n<<<<<<< HEAD\n    1\n=======\n    2\n>>>>>>> other\n  ]\n}\n", false)]
    public void Are_within_one_member_or_not(string text, bool within) =>
        Assert.Equal(within, MergeMarkers.AreWithin(Encoding.UTF8.GetBytes(text), "runs"u8));

    [Fact]
    public void Are_an_error_of_their_own_where_the_file_is_read()
    {
        var file = new JsonFileText("{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> other\n}\n"u8.ToArray(), "x.json");
        HarvestException error = Assert.Throws<HarvestException>(file.ParseObject);
        Assert.Equal("MergeConflict", error.ErrorId);
        Assert.Contains("'x.json' has an unresolved merge conflict of git: <<<<<<< in line 2, ======= in line 4 and >>>>>>> in line 6", error.Message, StringComparison.Ordinal);
    }
}
