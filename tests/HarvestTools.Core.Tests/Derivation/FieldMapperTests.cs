using HarvestTools.Derivation.Tallies;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation;

public class FieldMapperTests
{
    [Theory]
    [InlineData("""{"task_subdir":"t","episode":"e","frame":12}""", "t", "e", 12)]
    [InlineData("""{"task_subdir":"t","episode":5.0,"frame":1.2e1}""", "t", "5", 12)]
    [InlineData("""{"task_subdir":"t","episode":"05","frame":"0012"}""", "t", "05", 12)]
    [InlineData("""{"task_subdir":"a\/\u00e4","episode":-0.0,"frame":-3}""", "a/ä", "0", -3)]
    [InlineData("""{"episode":null,"image":"/data/task_01/episode_07/frame_000123.jpg"}""", "task_01", "episode_07", 123)]
    [InlineData("""{"episode":"mine","image":"/data/task_01/episode_07/frame_000123.jpg"}""", "task_01", "mine", 123)]
    [InlineData("""{"image":"\/data\/upload\/4\/cfaad94d-19_02_1094_s_6.jpg"}""", "", "19_02_1094_s_6", 6)]
    [InlineData("""{"image":"/data/upload/cfaad94d-shot.jpg"}""", "", "shot", 0)]
    [InlineData("""{"image":"/data/local-files/?d=set%20a/ep%2F3/f-9.png&x=1"}""", "ep", "3", 9)]
    [InlineData("""{"image":"https://host:8080/a/b/c7.png?token=x/y.z"}""", "a", "b", 7)]
    [InlineData("""{"image":"s3://bucket/a/b/c.png"}""", "a", "b", 0)]
    [InlineData("""{"image":"C:\\sets\\a\\b\\10.png"}""", "a", "b", 10)]
    [InlineData("""{"image":"c.png"}""", "", "c", 0)]
    [InlineData("""{"image":"a/20240101123456789012.png"}""", "", "a", 0)]
    [InlineData("""{"video":"s3://bucket/task_01/episode_07.mp4"}""", "task_01", "episode_07", 0)]
    [InlineData("""{"video":"episode_07.mp4","image":"data:image/png;base64,AAAA"}""", "", "episode_07", 0)]
    [InlineData("""{"z":"x/y/1.png","b":"p/q/2.png","a":"plain text"}""", "p", "q", 2)]
    [InlineData("""{"text":"hello"}""", "", "", 0)]
    [InlineData("""{}""", "", "", 0)]
    public void Fields_come_from_the_data_or_the_path(string data, string subdir, string episode, long frame)
    {
        Assert.Equal((subdir, episode, frame), Map(data));
    }

    [Theory]
    [InlineData("data.meta.id", null, """{"meta":{"id":7,"x":[{}]}}""", "7")]
    [InlineData("data.image", "/episode_([0-9]+)/", """{"image":"x/episode_12/f.jpg"}""", "12")]
    [InlineData("data.image", "/episode_([0-9]+)/", """{"image":"episode_12.jpg"}""", "12")]
    [InlineData("data.image", "ep[0-9]+", """{"image":"a/ep12/f.jpg"}""", "ep12")]
    [InlineData("data.image", "no(thing)", """{"image":"a/ep12/f.jpg"}""", "ep12")]
    [InlineData("data.id", null, """{"id":1,"id":2}""", "2")]
    public void A_mapping_names_a_place_and_a_pattern(string from, string? match, string data, string episode)
    {
        FieldMapping fields = FieldMapping.Default with { Episode = new FieldSource(from, match) };

        Assert.Equal(episode, Map(data, fields).Episode);
    }

    [Theory]
    [InlineData("\"twelve\"")]
    [InlineData("1.5")]
    [InlineData("\" 12\"")]
    public void A_frame_that_is_no_integer_is_an_error(string frame)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Map($$"""{"frame":{{frame}}}"""));

        Assert.Equal("FrameNotInteger", error.ErrorId);
        Assert.Contains("(task 1, id 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fallbacks_are_counted()
    {
        var tally = new Tally();
        Map("""{"task_subdir":"t","episode":"e","frame":12}""", tally: tally);
        Map("""{"image":"a/b/3.jpg"}""", tally: tally);
        Map("""{"image":"c.jpg"}""", tally: tally);
        Map("""{"video":"a/c.mp4"}""", tally: tally);

        Assert.Equal((1, 2, 1), (tally.TaskSubdir.Mapped, tally.TaskSubdir.FromPath, tally.TaskSubdir.Missing));
        Assert.Equal((1, 2, 1), (tally.Episode.Mapped, tally.Episode.FromPath, tally.Episode.Missing));
        Assert.Equal((1, 1, 1), (tally.Frame.Mapped, tally.Frame.FromPath, tally.Frame.Missing));
    }

    [Fact]
    public void A_mapping_that_finds_nothing_in_the_whole_export_shows_what_there_is()
    {
        FieldMapping fields = FieldMapping.Default with { Episode = new FieldSource("data.epsiode") };
        var later = new Tally();
        Map("""{"z":1}""", fields, later, ordinal: 9);
        var tally = new Tally();
        Map("""{"image":"a.jpg","episode":"e"}""", fields, tally, ordinal: 4);
        tally.Merge(later);

        HarvestException error = Assert.Throws<HarvestException>(() => tally.RequireMappingsFound(fields, "a.json"));

        Assert.Equal("MappingFoundNothing", error.ErrorId);
        Assert.StartsWith("a.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("data.epsiode", error.Message, StringComparison.Ordinal);
        Assert.Contains("The data of task 4 has: episode, image.", error.Message, StringComparison.Ordinal);
        new Tally().RequireMappingsFound(fields, "a.json");
    }

    [Fact]
    public void A_default_mapping_may_find_nothing()
    {
        var tally = new Tally();
        Map("""{"image":"a.jpg"}""", tally: tally);
        tally.RequireMappingsFound(FieldMapping.Default, "a.json");
        Assert.Equal(1, tally.Episode.Missing);
    }

    private static (string Subdir, string Episode, long Frame) Map(
        string data, FieldMapping? fields = null, Tally? tally = null, long ordinal = 1)
    {
        var task = new TaskBuilder(data: data);
        task.At(ordinal);
        task.By(1).Keypoint("a", "thumb", 1, 1);
        RowKey key = Assert.Single(task.Derive(fields: fields, tally: tally).Keypoints).Key;
        return (key.TaskSubdir.ToString(), key.Episode.ToString(), key.Frame);
    }
}
