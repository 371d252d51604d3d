using System.Text;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>What was removed for good is known by its log, whatever happened to single lines of it.</summary>
public sealed class RemovalLogTests : IDisposable
{
    private static readonly string s_one = new('1', 64);
    private static readonly string s_two = new('2', 64);
    private static readonly Timestamp s_time = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(3));

    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder["removed.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_added_is_found_by_this_command_and_the_next()
    {
        var log = new RemovalLog(_folder.Path);
        Assert.Null(log.Find(s_one));
        log.Add([]);
        Assert.False(File.Exists(LogPath));
        log.Add([new RemovedObject(s_one, s_time, "export")]);
        Assert.Equal(new RemovedObject(s_one, s_time, "export"), log.Find(s_one));
        Assert.Null(log.Find(s_two));
        Assert.Equal($$"""{"removed_at":"1970-01-04T00:00:00Z","sha256":"{{s_one}}","what":"export"}""" + "\n", File.ReadAllText(LogPath));

        var next = new RemovalLog(_folder.Path);
        next.Add([new RemovedObject(s_two, s_time, "list"), new RemovedObject(s_one, s_time, "definition")]);
        Assert.Equal(("definition", "list"), (next.Find(s_one)!.What, next.Find(s_two)!.What));
        Assert.Equal(("definition", "list"), (new RemovalLog(_folder.Path).Find(s_one)!.What, new RemovalLog(_folder.Path).Find(s_two)!.What));
        Assert.Equal(2, File.ReadAllLines(LogPath).Length);
    }

    /// <summary>A command that asked before anything was removed finds what another one removed since.</summary>
    [Fact]
    public void A_log_that_came_later_is_read_and_one_that_was_read_is_not_read_again()
    {
        var log = new RemovalLog(_folder.Path);
        Assert.Null(log.Find(s_one));
        new RemovalLog(_folder.Path).Add([new RemovedObject(s_one, s_time, "export")]);
        Assert.NotNull(log.Find(s_one));
        File.Delete(LogPath);
        Assert.NotNull(log.Find(s_one));
    }

    [Fact]
    public void A_folder_in_its_place_is_no_log_and_is_not_written_over()
    {
        Directory.CreateDirectory(LogPath);
        var log = new RemovalLog(_folder.Path);
        Assert.Null(log.Find(s_one));
        HarvestException refused = Assert.Throws<HarvestException>(() => log.Add([new RemovedObject(s_one, s_time, "export")]));
        Assert.StartsWith($"Cannot write '{LogPath}'", refused.Message, StringComparison.Ordinal);
        Assert.Null(log.Find(s_one));
        Assert.True(Directory.Exists(LogPath));
    }

    [Fact]
    public void Nothing_is_written_to_where_a_link_leads()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        string target = _folder.Write("elsewhere", "x");
        File.CreateSymbolicLink(LogPath, target);
        var log = new RemovalLog(_folder.Path);
        Assert.Null(log.Find(s_one));
        Assert.Throws<HarvestException>(() => log.Add([new RemovedObject(s_one, s_time, "export")]));
        Assert.Equal("x", File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(LogPath).LinkTarget);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("""{"removed_at":"1970-01-04T00:00:00Z","sha256":"11","what":"export"}""")]
    [InlineData("""{"removed_at":"1970-01-04T00:00:00Z","sha256":5,"what":"export"}""")]
    [InlineData("""{"removed_at":"one day","sha256":"1111111111111111111111111111111111111111111111111111111111111111","what":"export"}""")]
    [InlineData("""{"sha256":"1111111111111111111111111111111111111111111111111111111111111111","what":"export"}""")]
    public void A_line_that_says_nothing_leaves_the_others(string line)
    {
        string good = $$"""{"removed_at":"1970-01-04T00:00:00Z","sha256":"{{s_two}}"}""";
        Dictionary<string, RemovedObject> parsed = RemovalLog.Parse(Encoding.UTF8.GetBytes($"{line}\n\n{good}"));
        Assert.Equal(new RemovedObject(s_two, s_time, "object"), Assert.Single(parsed).Value);
        Assert.Equal(s_two, Assert.Single(parsed).Key);
    }

    [Fact]
    public void The_last_line_of_an_object_counts_and_what_is_written_is_read()
    {
        RemovedObject[] objects = [new(s_one, s_time, "first"), new(s_two, s_time, "ä \"two\"\n"), new(s_one, s_time, "last")];
        Assert.Equal([objects[2], objects[1]], RemovalLog.Parse(RemovalLog.ToBytes(objects)).Values);
    }
}
