using HarvestTools.Remotes;

namespace HarvestTools.Tests.Remotes;

/// <summary>What is tried again, how often, after how long, and what never is.</summary>
public sealed class RetryingFilesTests : IDisposable
{
    private readonly FailingFiles _inner = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<string> _notices = [];

    public void Dispose() => _inner.Dispose();

    private RetryingFiles Files => new(_inner, _notices.Add, (pause, _) => _waits.Add(pause));

    [Fact]
    public void Trouble_that_passes_is_not_seen()
    {
        _inner.Kept["a"] = [1, 2, 3];
        RetryingFiles files = Files;
        foreach (Action call in new Action[]
        {
            () => Assert.Equal(3, files.Find("a")!.Bytes),
            () => Assert.Equal([1, 2, 3], Read(files, "a")),
            () => Assert.True(files.TryCreate("b", Upload.OfBytes("b", [4]))),
            () => files.Replace("a", Upload.OfBytes("a", [5])),
            () => Assert.True(files.Remove("a")),
            () => Assert.Equal(["b"], files.List("").Select(static file => file.Path)),
            () => Assert.True(files.KeepsChecksums),
        })
        {
            _inner.Troubles = RetryingFiles.Attempts - 1;
            call();
            Assert.Equal(0, _inner.Troubles);
        }
    }

    [Fact]
    public void After_six_attempts_the_error_says_what_and_how_often()
    {
        _inner.Troubles = int.MaxValue;
        HarvestException error = Assert.Throws<HarvestException>(() => Files.Find("sha256/ab/abc"));

        Assert.Equal(("RemoteUnavailable", HarvestFault.Remote), (error.ErrorId, error.Fault));
        Assert.Equal(6, _inner.Calls);
        Assert.Equal(5, _waits.Count);
        Assert.Contains("6 attempts", error.Message, StringComparison.Ordinal);
        Assert.Contains("sha256/ab/abc", error.Message, StringComparison.Ordinal);
        Assert.Contains("it is busy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_double_and_are_not_the_same_for_all()
    {
        _inner.Troubles = int.MaxValue;
        Assert.Throws<HarvestException>(() => Files.Find("a"));
        for (int i = 0; i < _waits.Count; i++)
        {
            Assert.InRange(_waits[i].TotalMilliseconds, 250 * Math.Pow(2, i) * 0.75, 250 * Math.Pow(2, i) * 1.25);
        }

        TimeSpan first = _waits[0];
        Assert.Contains(
            Enumerable.Range(0, 20),
            _ =>
            {
                _waits.Clear();
                Assert.Throws<HarvestException>(() => Files.Find("a"));
                return _waits[0] != first;
            });
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(3600, 60)]
    public void It_waits_as_long_as_the_other_side_asks_and_never_longer_than_a_minute(int asked, int waited)
    {
        _inner.Wait = TimeSpan.FromSeconds(asked);
        _inner.Troubles = 1;
        Files.Find("a");

        Assert.Equal([TimeSpan.FromSeconds(waited)], _waits);
        Assert.Equal([$"failing: it is busy. Waiting {waited} s, then attempt 2 of 6."], _notices);
    }

    [Fact]
    public void Other_errors_are_not_tried_again()
    {
        _inner.Error = RemoteErrors.RemoteDenied("failing", "a", "no");
        Assert.Equal("RemoteDenied", Assert.Throws<HarvestException>(() => Files.Find("a")).ErrorId);
        Assert.Equal(1, _inner.Calls);
        Assert.Empty(_waits);
    }

    [Fact]
    public void A_wait_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        _inner.Troubles = int.MaxValue;
        _inner.Wait = TimeSpan.FromSeconds(50);
        Assert.ThrowsAny<OperationCanceledException>(() => new RetryingFiles(_inner).Find("a", cancel.Token));
    }

    [Fact]
    public void A_file_whose_answer_was_lost_counts_as_created()
    {
        _inner.LosesAnswer = true;
        Assert.True(Files.TryCreate("a", Upload.OfBytes("a", [1, 2])));
        Assert.Equal([1, 2], _inner.Kept["a"]);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 2, 1 })]
    public void A_file_that_another_put_there_meanwhile_does_not(byte[] other)
    {
        _inner.Troubles = 1;
        _inner.Kept["a"] = other;
        Assert.False(Files.TryCreate("a", Upload.OfBytes("a", [1, 2])));
        Assert.Equal(other, _inner.Kept["a"]);
    }

    [Fact]
    public void Nor_does_one_that_is_there_at_the_first_attempt()
    {
        _inner.Kept["a"] = [1, 2];
        Assert.False(Files.TryCreate("a", Upload.OfBytes("a", [1, 2])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_download_goes_on_at_the_byte_where_it_broke_off(bool throws)
    {
        _inner.Kept["a"] = [.. Enumerable.Range(0, 250).Select(static i => (byte)i)];
        _inner.BreaksAfter = 100;
        _inner.BreaksByException = throws;

        Assert.Equal(_inner.Kept["a"], Read(Files, "a"));
        Assert.Equal([0L, 100, 200], _inner.Opened);

        _inner.Opened.Clear();
        Assert.Equal(_inner.Kept["a"][30..], Read(Files, "a", 30));
        Assert.Equal([30L, 130, 230], _inner.Opened);
    }

    [Fact]
    public void A_download_that_gives_no_byte_any_more_ends()
    {
        _inner.Kept["a"] = new byte[250];
        _inner.BreaksAfter = 0;
        Assert.Equal("RemoteUnavailable", Assert.Throws<HarvestException>(() => Read(Files, "a")).ErrorId);
    }

    [Fact]
    public void A_file_that_is_removed_while_it_is_read_is_an_error()
    {
        _inner.Kept["a"] = new byte[250];
        _inner.BreaksAfter = 100;
        using Stream stream = Files.TryOpen("a")!.Stream;
        Assert.Equal(100, stream.ReadAtLeast(new byte[100], 100));
        _inner.Kept.Clear();
        Assert.Equal("RemoteFileGone", Assert.Throws<HarvestException>(() => stream.ReadByte()).ErrorId);
    }

    [Fact]
    public void A_list_that_breaks_off_has_everything_once()
    {
        foreach (int i in Enumerable.Range(0, 30))
        {
            _inner.Kept[$"{i:00}"] = [];
        }

        _inner.ListBreaksAfter = 12;
        _inner.Troubles = 2;
        Assert.Equal(_inner.Kept.Keys.Order(StringComparer.Ordinal), Files.List("").Select(static file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal(2, _waits.Count);
    }

    private static byte[] Read(RetryingFiles files, string path, long offset = 0)
    {
        var copy = new MemoryStream();
        using Stream stream = files.TryOpen(path, offset)!.Stream;
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
