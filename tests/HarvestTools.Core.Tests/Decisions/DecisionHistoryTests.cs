using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Tests.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Decisions;

/// <summary>The file of decisions grows by a line each, and no other file does.</summary>
public sealed class DecisionHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Monday = new(2025, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly RetrainDecision Decision = RetrainDecider.Decide(new RetrainState { CorrectedEpisodes = 7, Corpus = 96 }, RetrainThresholds.Default);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whole_lines_stay_as_they_are_and_none_is_empty()
    {
        for (int week = 0; week < 3; week++)
        {
            DecisionHistory.Append(_folder["log"], Decision, Monday.AddDays(7 * week));
        }

        string text = File.ReadAllText(_folder["log"]);
        string[] lines = text.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        Assert.Equal(
            ["{\"at\":\"2025-11-24T09:00:00Z\",\"decision\":", "{\"at\":\"2025-12-01T09:00:00Z\",\"decision\":", "{\"at\":\"2025-12-08T09:00:00Z\",\"decision\":"],
            lines[..3].Select(static line => line[..(line.IndexOf("\"decision\":", StringComparison.Ordinal) + 11)]));
        Assert.DoesNotContain('\r', text);
    }

    /// <summary>A file that has something else is left alone; one that a killed process left after its first byte is a history.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("{", "{\n")]
    [InlineData("{\"", "{\"\n")]
    [InlineData("{\"at\":1}\n", "{\"at\":1}\n")]
    [InlineData("{\n  \"harvest\": {}\n}\n", null)]
    [InlineData("{}", null)]
    [InlineData("\"", null)]
    [InlineData("a", null)]
    [InlineData("a,b\n", null)]
    public void Only_a_file_of_one_object_a_line_is_appended_to(string before, string? kept)
    {
        string path = _folder.Write("log", before);
        if (kept is null)
        {
            HarvestException error = Assert.Throws<HarvestException>(() => DecisionHistory.Append(path, Decision, Monday));

            Assert.Equal(("FileWouldBeLost", $"'{path}' has other content than a line of JSON a decision, and was left as it is."), (error.ErrorId, error.Message));
            Assert.Equal(before, File.ReadAllText(path));
            return;
        }

        DecisionHistory.Append(path, Decision, Monday);

        string text = File.ReadAllText(path);
        Assert.StartsWith(kept + "{\"at\":\"2025-11-24T09:00:00Z\",", text, StringComparison.Ordinal);
        Assert.Equal(kept.Count(static c => c == '\n') + 1, text.Count(static c => c == '\n'));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_line_is_written_before_the_file_is_flushed()
    {
        var watch = new Watching();
        using (DiskFlush.Observe(watch))
        {
            DecisionHistory.Append(_folder["log"], Decision, Monday);
        }

        Assert.Equal([(_folder["log"], new FileInfo(_folder["log"]).Length)], watch.Seen);
    }

    [Fact]
    public async Task A_second_process_waits_until_the_first_has_appended()
    {
        await using FileStream other = new(_folder["log"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var started = new ManualResetEventSlim();
        Task append = Task.Factory.StartNew(
            () =>
            {
                started.Set();
                DecisionHistory.Append(_folder["log"], Decision, Monday);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        started.Wait(TestContext.Current.CancellationToken);
        Assert.NotSame(append, await Task.WhenAny(append, Task.Delay(100, TestContext.Current.CancellationToken)));

        await other.DisposeAsync();
        await append.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Single(await File.ReadAllLinesAsync(_folder["log"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_refused_by_what_was_tried()
    {
        Directory.CreateDirectory(_folder["log"]);

        HarvestException error = Assert.Throws<HarvestException>(() => DecisionHistory.Append(_folder["log"], Decision, Monday));

        Assert.Contains("append to", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Notes how long a file was, as another reader sees it, when it was flushed.</summary>
    private sealed class Watching : IDiskFlush
    {
        public List<(string Path, long Length)> Seen { get; } = [];

        public void File(SafeFileHandle file, string path) => Seen.Add((path, RandomAccess.GetLength(file)));

        public void Folder(string folder)
        {
        }
    }
}
