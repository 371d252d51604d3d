using System.Text;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive;

public sealed class RemovalLogTests : IDisposable
{
    private static readonly string s_first = new('a', 64);
    private static readonly string s_second = new('b', 64);
    private static readonly Timestamp s_day = Timestamp.From(new DateTimeOffset(2026, 3, 1, 7, 0, 0, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();

    private RemovalLog Log => new(_folder.Path);

    private string LogPath => _folder[RemovalLog.FileName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_removed_is_remembered_and_the_last_word_counts()
    {
        Log.Add([new RemovedObject(s_first, s_day, "export of project a"), new RemovedObject(s_second, s_day, "object")]);
        Timestamp later = Timestamp.From(new DateTimeOffset(2026, 4, 1, 7, 0, 0, TimeSpan.Zero));
        Log.Add([new RemovedObject(s_first, later, "export of project a")]);

        Assert.Equal(new RemovedObject(s_first, later, "export of project a"), Log.Find(s_first));
        Assert.Equal(new RemovedObject(s_second, s_day, "object"), Log.Find(s_second));
        Assert.Null(Log.Find(new string('c', 64)));
        Assert.Empty(Log.Damaged().Lines);
        Assert.Equal(2, File.ReadAllLines(LogPath).Length);
    }

    [Fact]
    public void Nothing_is_written_for_nothing()
    {
        Log.Add([]);
        Assert.False(File.Exists(LogPath));
        Assert.Empty(Log.Damaged().Lines);
    }

    /// <summary>Every bit of the first line in turn; a line break within it makes two lines of it.</summary>
    [Fact]
    public void A_line_with_a_flipped_bit_says_nothing_and_is_named_and_the_others_say_what_they_said()
    {
        Log.Add([new RemovedObject(s_first, s_day, "export of project a"), new RemovedObject(s_second, s_day, "object")]);
        byte[] written = File.ReadAllBytes(LogPath);
        int line = Array.IndexOf(written, (byte)'\n');
        for (int bit = 0; bit < line * 8; bit++)
        {
            byte[] flipped = [.. written];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(LogPath, flipped);

            Assert.Null(Log.Find(s_first));
            Assert.Equal(s_day, Log.Find(s_second)!.RemovedAt);
            Assert.Contains(1, Log.Damaged().Lines);
        }
    }

    [Fact]
    public void A_line_that_cannot_be_believed_is_kept_byte_for_byte_when_others_are_added()
    {
        byte[] edited = [.. Encoding.UTF8.GetBytes($$"""{"removed_at":"2026-03-01T07:00:00Z","sha256":"{{s_first}}","what":""" + "\""), 0xff, .. "\"}"u8];
        File.WriteAllBytes(LogPath, [.. edited, (byte)'\n']);
        Log.Add([new RemovedObject(s_second, s_day, "object")]);

        Assert.Null(Log.Find(s_first));
        Assert.NotNull(Log.Find(s_second));
        Assert.Equal(edited, File.ReadAllBytes(LogPath)[..edited.Length]);
        Assert.Equal((LogPath, 1), (Log.Damaged().Path, Assert.Single(Log.Damaged().Lines)));
    }
}
