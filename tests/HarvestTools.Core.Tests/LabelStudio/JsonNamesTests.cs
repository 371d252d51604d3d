using System.Text;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>A task is known by the names of its members; whatever is not known so is looked at closely.</summary>
public sealed class JsonNamesTests
{
    [Theory]
    [InlineData("{\"id\":1,\"data\":{}}", true)]
    [InlineData("{\"id\":1,\"annotations\":[{\"a\":\"]}\\\"\"}],\"drafts\":[]}", true)]
    [InlineData(" {\"completions\" : [ ] , \"x\" : -1.5e+3 }", true, 1)]
    [InlineData("{\"x\":\"a\\\\\",\"y\":\"b\\\"c\",\"z\":null,\"data\":", false)]
    [InlineData("{\"x\":\"a\\\\\",\"y\":\"b\\\"c\",\"z\":null,\"data\":{", true)]
    [InlineData("{}", false)]
    [InlineData("{\"id\":1}", false)]
    [InlineData("{\"images\":[],\"annotations\":[],\"data\":{}}", false)]
    [InlineData("{\"annotations\":[],\"images\":[],\"categories\":[]}", false)]
    [InlineData("{\"annotations\":[]", false)]
    [InlineData("{\"annotations\":[}", false)]
    [InlineData("{\"d\\u0061ta\":{}}", false)]
    [InlineData("{\"x\":@,\"data\":{}}", false)]
    [InlineData("{\"x\" 1,\"data\":{}}", false)]
    [InlineData("{\"x\":1 \"data\":{}}", false)]
    [InlineData("{\"x\":\"", false)]
    [InlineData("{\"x\":\"a\\", false)]
    [InlineData("{\"x", false)]
    [InlineData("{", false)]
    public void What_has_data_or_annotations_and_no_images_is_one(string json, bool expected, int from = 0) =>
        Assert.Equal(expected, JsonNames.HasTask(Encoding.UTF8.GetBytes(json[from..])));

    [Fact]
    public void A_thousand_members_are_looked_at_and_no_more()
    {
        Assert.True(JsonNames.HasTask(Encoding.UTF8.GetBytes($"{{{string.Concat(Enumerable.Range(0, 999).Select(static i => $"\"m{i}\":{i},"))}\"data\":{{}}}}")));
        Assert.False(JsonNames.HasTask(Encoding.UTF8.GetBytes($"{{{string.Concat(Enumerable.Range(0, 1000).Select(static i => $"\"m{i}\":{i},"))}\"data\":{{}}}}")));
    }
}
