using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation.Fields;

/// <summary>The three key columns, each from the data where it is there and from the path where it is not.</summary>
public sealed class KeyColumnTests
{
    private const string Link = "t/e/9.jpg";

    [Theory]
    [InlineData("""{"task_subdir":"s","episode":"d","frame":3}""", 0, "s/d 3: Mapped Mapped Mapped")]
    [InlineData("""{"episode":"d","frame":3}""", 0, "t/d 3: Path Mapped Mapped")]
    [InlineData("""{"task_subdir":"s","frame":3}""", 0, "s/e 3: Mapped Path Mapped")]
    [InlineData("""{"task_subdir":"s","episode":"d"}""", 0, "s/d 9: Mapped Mapped Path")]
    [InlineData("""{"task_subdir":"s","episode":"d","frame":""}""", 0, "s/d 9: Mapped Mapped Path")]
    [InlineData("""{"frame":3}""", 0, "t/e 3: Path Path Mapped")]
    [InlineData("""{"episode":true,"frame":null,"task_subdir":{}}""", 0, "t/e 9: Path Path Path")]
    [InlineData("""{"episode":9007199254740993,"frame":12.0,"task_subdir":0.5}""", 0, "0.5/9007199254740993 12: Mapped Mapped Mapped")]
    [InlineData("""{"episode":["a","b"]}""", 1, "t/b 9: Path Mapped Path")]
    [InlineData("""{"episode":[["q","r"],"b"]}""", 1, "t/b 9: Path Mapped Path")]
    [InlineData("""{"episode":["a",{"x":1},"c"]}""", 2, "t/c 9: Path Mapped Path")]
    [InlineData("""{"episode":["a"],"zz":"b"}""", 3, "t/e 9: Path Path Path")]
    [InlineData("""{"episode":["a"]}""", FieldMapper.NoPlace, "t/e 9: Path Path Path")]
    [InlineData("""{"episode":["x","y"],"episode":2}""", 0, "t/2 9: Path Mapped Path")]
    [InlineData("""{"episode":{"a":1},"frame":4}""", 0, "t/e 4: Path Path Mapped")]
    [InlineData("""{"episode":"\ud800x\u0041"}""", 0, "t/\\ud800x\\u0041 9: Path Mapped Path")]
    [InlineData("[]", 0, "t/e 9: Path Path Path")]
    [InlineData("", 0, "t/e 9: Path Path Path")]
    public void Each_column_is_found_by_itself(string data, int place, string expected) => Assert.Equal(expected, Map(data, Link, place));

    [Theory]
    [InlineData("{}", "t/e/clip.mp4", "e/clip 0: Path Path NotNeeded")]
    [InlineData("{}", "9.jpg", "/9 9: Missing Missing Path")]
    [InlineData("{}", "e/x.jpg", "/e 0: Missing Path Missing")]
    [InlineData("{}", null, "/ 0: Missing Missing Missing")]
    public void What_the_path_does_not_say_is_missing(string data, string? link, string expected) => Assert.Equal(expected, Map(data, link, 0));

    [Theory]
    [InlineData("data.meta.id", null, """{"meta":5,"id":7}""", "e")]
    [InlineData("data.meta.id", null, """{"meta":{"a":{"id":1},"id":7},"id":8}""", "7")]
    [InlineData("data.meta.id", null, """{"meta":{"id":7},"meta":{"x":1}}""", "e")]
    [InlineData("data.meta.id", null, """{"a":[{"meta":1}],"meta":{"x":[1],"id":"i"}}""", "i")]
    [InlineData("data.image", "/ep_([0-9]+)/", """{"image":"ep_3/ep_12/f"}""", "12")]
    [InlineData("data.image", "/ep_([0-9]+)/", """{"image":"ep_3"}""", "3")]
    [InlineData("data.image", "/x/", """{"image":"abc"}""", "e")]
    public void A_mapped_place_is_followed_key_by_key(string from, string? match, string data, string episode)
    {
        FieldMapping fields = FieldMapping.Default with { Episode = new FieldSource(from, match) };
        Assert.Equal(episode, new FieldMapper(fields, new TextArena()).Map(new TaskBuilder(data: data).Task.Labels, default, Link, 0).Episode.ToString());

        // Without a frame it is the same one.
        Assert.Equal(("t", episode), Episode(fields, data, Link));
    }

    [Fact]
    public void The_episode_of_a_task_that_nobody_labelled_needs_no_frame()
    {
        Assert.Equal(("s", "d"), Episode(FieldMapping.Default, """{"task_subdir":"s","episode":"d","frame":"none"}""", null));
        Assert.Equal(("s", "e"), Episode(FieldMapping.Default, """{"task_subdir":"s"}""", Link));
        Assert.Equal(("t", "d"), Episode(FieldMapping.Default, """{"episode":"d"}""", Link));
    }

    [Theory]
    [InlineData("\"twelve\"", "not an integer")]
    [InlineData("1.5", "not an integer")]
    [InlineData("\"1e\"", "not an integer")]
    [InlineData("\"-\"", "not an integer")]
    [InlineData("99999999999999999999", "beyond the range of a 64-bit integer")]
    [InlineData("\"-99999999999999999999\"", "beyond the range of a 64-bit integer")]
    public void What_is_no_frame_says_why(string frame, string why)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Map($$"""{"frame":{{frame}}}""", Link, 0));
        Assert.EndsWith($"data.frame gives the frame \"{frame.Trim('"')}\", which is {why}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_is_guessed_where_any_is_not_the_datas_own()
    {
        const FieldOrigin Mapped = FieldOrigin.Mapped;
        Assert.False(new FieldOrigins(Mapped, Mapped, Mapped).IsGuessed);
        Assert.False(new FieldOrigins(FieldOrigin.NotNeeded, FieldOrigin.NotNeeded, FieldOrigin.NotNeeded).IsGuessed);
        Assert.True(new FieldOrigins(FieldOrigin.Path, Mapped, Mapped).IsGuessed);
        Assert.True(new FieldOrigins(Mapped, FieldOrigin.Missing, Mapped).IsGuessed);
        Assert.True(new FieldOrigins(Mapped, Mapped, FieldOrigin.Path).IsGuessed);
    }

    [Fact]
    public void The_keys_of_the_first_labelled_task_are_named_fifty_at_most()
    {
        Assert.Equal("The data of task 1 has: a, c.", Named("""{"c":2,"a":{"b":[1]}}"""));
        Assert.Equal("The data of task 1 has: nothing.", Named("{}"));
        Assert.Equal("The data of task 1 has: nothing.", Named(""));
        string[] keys = [.. Enumerable.Range(100, 51).Select(static number => $"k{number}")];
        Assert.Equal($"The data of task 1 has: {string.Join(", ", keys[..50])}.", Named($"{{{string.Join(',', keys.Select(static key => $"\"{key}\":[1]"))}}}"));

        static string Named(string data)
        {
            var tally = new Tally();
            FieldMapping fields = FieldMapping.Default with { Episode = new FieldSource("data.epsiode") };
            var task = new TaskBuilder(data: data);
            task.By(1).Keypoint("a", "cup", 1, 1);
            task.Derive(fields: fields, tally: tally);
            string message = Assert.Throws<HarvestException>(() => tally.RequireMappingsFound(fields, "a.json")).Message;
            return message[message.IndexOf("The data", StringComparison.Ordinal)..];
        }
    }

    private static (string, string) Episode(FieldMapping fields, string data, string? link)
    {
        (Utf8Text subdir, Utf8Text episode) = new FieldMapper(fields, new TextArena()).Episode(new TaskBuilder(data: data).Task.Labels, default, link, 0);
        return (subdir.ToString(), episode.ToString());
    }

    private static string Map(string data, string? link, int place)
    {
        TaskFields fields = new FieldMapper(FieldMapping.Default, new TextArena()).Map(new TaskBuilder(data: data).Task.Labels, default, link, place);
        return $"{fields.TaskSubdir}/{fields.Episode} {fields.Frame}: {fields.Origins.TaskSubdir} {fields.Origins.Episode} {fields.Origins.Frame}";
    }
}
