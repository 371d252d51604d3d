using System.Text;
using System.Text.Json.Nodes;
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
        Assert.Matches($$"""^\{"record_sha256":"[0-9a-f]{64}","removed_at":"1970-01-04T00:00:00Z","sha256":"{{s_one}}","what":"export"\}\n$""", File.ReadAllText(LogPath));
        Assert.Empty(log.Damaged().Lines);

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
        string good = Sealed($$"""{"removed_at":"1970-01-04T00:00:00Z","sha256":"{{s_two}}"}""");
        foreach (string first in new[] { line, line[0] == '{' ? Sealed(line) : line })
        {
            RemovalLines parsed = RemovalLines.Parse(Encoding.UTF8.GetBytes($"{first}\n\n{good}"));
            Assert.Equal(new RemovedObject(s_two, s_time, "object"), Assert.Single(parsed.Objects).Value);
            Assert.Equal(s_two, Assert.Single(parsed.Objects).Key);
            Assert.Equal((1, first), (Assert.Single(parsed.Damaged).Number, Encoding.UTF8.GetString(parsed.Damaged[0].Line)));
        }
    }

    /// <summary>Every bit of the first line in turn; a line break within it makes two lines of it.</summary>
    [Fact]
    public void A_line_with_a_flipped_bit_says_nothing_and_is_named_and_the_others_say_what_they_said()
    {
        var log = new RemovalLog(_folder.Path);
        log.Add([new RemovedObject(s_one, s_time, "export of project a"), new RemovedObject(s_two, s_time, "object")]);
        byte[] written = File.ReadAllBytes(LogPath);
        int line = Array.IndexOf(written, (byte)'\n');
        for (int bit = 0; bit < line * 8; bit++)
        {
            byte[] flipped = [.. written];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(LogPath, flipped);

            log = new RemovalLog(_folder.Path);
            Assert.Null(log.Find(s_one));
            Assert.Equal(s_time, log.Find(s_two)!.RemovedAt);
            Assert.Contains(1, log.Damaged().Lines);
        }
    }

    [Fact]
    public void A_line_that_cannot_be_believed_is_kept_byte_for_byte_when_others_are_added()
    {
        byte[] edited = [.. Encoding.UTF8.GetBytes($$"""{"removed_at":"2026-03-01T07:00:00Z","sha256":"{{s_one}}","what":""" + "\""), 0xff, .. "\"}"u8];
        File.WriteAllBytes(LogPath, [.. edited, (byte)'\n']);
        new RemovalLog(_folder.Path).Add([new RemovedObject(s_two, s_time, "object")]);

        var log = new RemovalLog(_folder.Path);
        Assert.Null(log.Find(s_one));
        Assert.NotNull(log.Find(s_two));
        Assert.Equal(edited, File.ReadAllBytes(LogPath)[..edited.Length]);
        Assert.Equal((LogPath, 1), (log.Damaged().Path, Assert.Single(log.Damaged().Lines)));
    }

    [Fact]
    public void The_last_line_of_an_object_counts_and_what_is_written_is_read()
    {
        RemovedObject[] objects = [new(s_one, s_time, "first"), new(s_two, s_time, "ä \"two\"\n"), new(s_one, s_time, "last")];
        var lines = new RemovalLines();
        lines.Add(objects);
        Assert.Equal([objects[2], objects[1]], RemovalLines.Parse(lines.ToBytes()).Objects.Values);
    }

    private static string Sealed(string line) => RecordSeal.Seal(JsonNode.Parse(line)!.AsObject()).ToJsonString();
}
