using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.History;

public sealed class SliceHistoryTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_is_drawn_newest_first()
    {
        Assert.Equal(["* v3", "* v2", "* v1"], Draw(("v1", null), ("v2", "v1"), ("v3", "v2")));
    }

    [Fact]
    public void Two_branches_run_together_at_their_parent()
    {
        Assert.Equal(
            ["* v4", "| * v3", "* | v2", "|/", "* v1"],
            Draw(("v1", null), ("v2", "v1"), ("v3", "v1"), ("v4", "v2")));
    }

    [Fact]
    public void Three_branches_run_together_one_after_the_other()
    {
        Assert.Equal(
            ["* v4", "| * v3", "| | * v2", "|/ /", "|/", "* v1"],
            Draw(("v1", null), ("v2", "v1"), ("v3", "v1"), ("v4", "v1")));
    }

    [Fact]
    public void A_line_that_crosses_another_is_drawn_under_it()
    {
        // v5 and v3 both lead to v1; v4 leads to v2, whose line stands between them.
        Assert.Equal(
            ["* v5", "| * v4", "| | * v3", "| * | v2", "|_|/", "* | v1", "* v0"],
            Draw(("v0", null), ("v1", null), ("v2", "v0"), ("v3", "v1"), ("v4", "v2"), ("v5", "v1")));
    }

    [Fact]
    public void A_child_comes_before_its_parent_whatever_their_times_say()
    {
        SliceManifest[] slices = [Slice("v1", null, 9), Slice("v2", "v1", 1)];

        Assert.Equal(["v2", "v1"], SliceHistory.Of(slices).Select(static entry => entry.Version));
    }

    [Fact]
    public void Slices_that_name_each_other_are_shown()
    {
        SliceManifest[] slices = [Slice("v1", "v2", 1), Slice("v2", "v1", 2), Slice("v3", "v3", 3), Slice("v4", "gone", 4)];

        Assert.Equal(["v4", "v3", "v1", "v2"], SliceHistory.Of(slices).Select(static entry => entry.Version));
    }

    [Fact]
    public void Rows_are_told_against_the_parent_and_rejected_ones_do_not_count()
    {
        SliceManifest[] slices =
        [
            Slice("v1", null, 1) with { Outputs = [Output("keypoints", 100), Output("rejected", 7)] },
            Slice("v2", "v1", 2) with { Outputs = [Output("keypoints", 130), Output("rejected", 90)] },
            Slice("v3", "v2", 3),
        ];

        IReadOnlyList<SliceHistoryEntry> history = SliceHistory.Of(slices);

        Assert.Equal([null, 130L, 100L], history.Select(static entry => entry.Rows));
        Assert.Equal([null, 30L, null], history.Select(static entry => entry.RowsDelta));
        Assert.Equal([2, 1, 0], history.Select(static entry => entry.Depth));
    }

    [Fact]
    public void A_line_of_ten_thousand_slices_is_no_trouble()
    {
        IEnumerable<SliceManifest> slices = Enumerable.Range(0, 10_000)
            .Select(static i => Slice($"v{i}", i == 0 ? null : $"v{i - 1}", i));

        IReadOnlyList<SliceHistoryEntry> history = SliceHistory.Of(slices);

        Assert.Equal(9_999, history[0].Depth);
        Assert.All(history, static entry => Assert.Equal(["*"], entry.Graph));
    }

    [Fact]
    public void A_history_that_is_read_is_told_as_one_that_is_there()
    {
        using var folder = new Folder();
        SliceManifest[] slices =
        [
            Slice("v1", null, 1) with { Outputs = [Output("keypoints", 100)] },
            Slice("v2", "v1", 2),
            Slice("v3", "v1", 3) with { Reason = "three", Outputs = [Output("keypoints", 130)] },
            Slice("v4", "gone", 0),
        ];
        folder.Write(slices);

        IEnumerable<SliceHistoryStep> read = SliceHistory.Read(folder.Store);

        Assert.Equivalent(SliceHistory.Of(slices).Select(static entry => entry with { Exports = 1 }), read.Select(static step => step.Entry), strict: true);
    }

    [Fact]
    public void The_newest_slice_is_told_before_the_others_are_read()
    {
        using var folder = new Folder();
        folder.Write(Slice("v1", null, 1), Slice("v2", null, 2), Slice("v3", null, 3));
        using IEnumerator<SliceHistoryStep> steps = SliceHistory.Read(folder.Store).GetEnumerator();

        Assert.True(steps.MoveNext());
        Assert.Equal("v3", steps.Current.Entry!.Version);

        // What changes now is seen, for it is read now.
        folder.Write(Slice("v2", null, 2) with { Reason = "later" });
        Assert.True(steps.MoveNext());
        Assert.Equal("later", steps.Current.Entry!.Reason);
        File.Delete(folder.Store.PathOf("v1"));
        Assert.True(steps.MoveNext());
        Assert.NotNull(steps.Current.Error);
        Assert.False(steps.MoveNext());
    }

    [Fact]
    public void Slices_that_cannot_be_read_do_not_tear_the_lines_of_the_others()
    {
        using var folder = new Folder();
        folder.Write(Slice("v1", null, 1), Slice("v2", "v1", 2), Slice("v3", "v1", 3), Slice("v4", "v2", 4), Slice("v5", null, 5));

        // v2's head is whole, and what follows it is not; v5 is no JSON at all.
        string broken = folder.Store.PathOf("v2");
        File.WriteAllText(broken, File.ReadAllText(broken).Replace("harvest@v1.0.0", "", StringComparison.Ordinal));
        File.WriteAllText(folder.Store.PathOf("v5"), "{");

        List<SliceHistoryStep> steps = [.. SliceHistory.Read(folder.Store)];

        Assert.Equal(["v4", "v3", "v1"], steps.Select(static step => step.Entry?.Version).OfType<string>());
        Assert.Equal(["* ", "| * ", "|/", "* "], steps.SelectMany(static step => step.Entry?.Graph.Select(static line => line.EndsWith('*') ? line + " " : line) ?? []));
        Assert.Equal(2, steps.Count(static step => step.Error is not null));
        Assert.Null(steps.Single(static step => step.Entry?.Version == "v4").Entry!.RowsDelta);
    }

    [Fact]
    public void Reading_a_history_can_be_stopped()
    {
        using var folder = new Folder();
        folder.Write(Slice("v1", null, 1), Slice("v2", "v1", 2));
        using var stop = new CancellationTokenSource();
        using IEnumerator<SliceHistoryStep> steps = SliceHistory.Read(folder.Store, stop.Token).GetEnumerator();
        Assert.True(steps.MoveNext());
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => steps.MoveNext());
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("history-");

        public Folder() => Store = new SliceStore(_folder.FullName, _folder.FullName);

        public SliceStore Store { get; }

        public void Write(params SliceManifest[] slices)
        {
            foreach (SliceManifest slice in slices)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Store.PathOf(slice.Version))!);
                SliceExport export = new() { Project = "a", Sha256 = new string('c', 64) };
                File.WriteAllBytes(Store.PathOf(slice.Version), (slice with { Exports = [export] }).ToUtf8Bytes());
            }
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }

    private static IEnumerable<string> Draw(params (string Version, string? Parent)[] slices) =>
        SliceHistory.Of(slices.Select((slice, i) => Slice(slice.Version, slice.Parent, i)))
            .SelectMany(static entry => entry.Graph.Select((line, i) => i == entry.Graph.Count - 1 ? $"{line} {entry.Version}" : line));

    private static SliceManifest Slice(string version, string? parent, int hour) => new()
    {
        Version = version,
        Parent = parent,
        CreatedAt = Timestamp.From(s_start.AddHours(hour)),
        Exports = [],
        HarvestVersion = "harvest@v1.0.0",
    };

    private static SliceOutput Output(string table, long rows) =>
        new() { Table = table, Export = new string('a', 64), Rows = rows, Sha256 = new string('b', 64) };
}
