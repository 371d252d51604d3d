using System.Text;
using HarvestTools.Rules;
using HarvestTools.Tests.Derivation;

namespace HarvestTools.Tests.Errors;

/// <summary>What stops a derivation names the export, the line, the byte and the task.</summary>
public sealed class DerivationErrorTests
{
    private const string Keypoint = """{"id":"r1","type":"keypointlabels","value":{"x":1,"y":2,"width":1,"keypointlabels":["thumb"]}}""";
    private const string Endless = """{"id":"s1","type":"timelinelabels","value":{"ranges":[{"start":0,"end":99999999999}],"timelinelabels":["pour"]}}""";

    [Theory]
    [InlineData("TaskWithoutId", "", """{"image":"a.jpg"}""", Keypoint, "(task 2)")]
    [InlineData("FrameNotInteger", "\"id\":7,", """{"image":"a.jpg","frame":"zwei"}""", Keypoint, "(task 2, id 7)")]
    [InlineData("TooManyFrames", "\"id\":7,", """{"video":"a.mp4"}""", Endless, "(task 2, id 7)")]
    public void The_file_and_the_place_of_the_task_are_told(string id, string key, string data, string region, string task)
    {
        byte[] export = Encoding.UTF8.GetBytes($$"""
            [{"id":1,"data":{"image":"a.jpg"},"annotations":[]},
             {{{key}}"data":{{data}},"annotations":[{"id":5,"completed_by":1,"result":[{{region}}]}]}]
            """.Replace("\r", "", StringComparison.Ordinal));

        HarvestException error = Assert.Throws<HarvestException>(() => ExportRows.Derive(export));

        Assert.Equal(id, error.ErrorId);
        Assert.StartsWith($"export.json, line 2, byte 54 {task}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("export.json", error.Subject);
    }

    [Fact]
    public void A_pattern_that_keeps_backtracking_engines_busy_for_ever_ends()
    {
        FieldMapping fields = FieldMapping.Default with { Episode = new FieldSource("data.image", "(x+x+)+y") };
        byte[] export = Encoding.UTF8.GetBytes(
            $$"""[{"id":3,"data":{"image":"{{new string('x', 4000)}}"},"annotations":[{"id":5,"completed_by":1,"result":[]}]}]""");

        // It matches nothing, and the path has no folder to take the episode from.
        Assert.Equal(1, ExportRows.Derive(export, fields: fields).Episode.Missing);
    }
}
