using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Two exports of one project that hold the same tasks.</summary>
public sealed class ExportOverlapTests : IDisposable
{
    private static readonly ExportPlan s_first = ExportPlan.ForTasks(SampleKind.Body, 30) with
    {
        UnlabeledShare = 0, SecondAnnotatorShare = 0, CancelledShare = 0, EmptyShare = 0, DraftShare = 0,
    };

    private readonly TemporaryRepository _temporary = new();
    private readonly AddedExport _old;
    private readonly AddedExport _new;

    public ExportOverlapTests()
    {
        _old = _temporary.Add("label_studio/first.json", s_first, "c");
        _new = _temporary.Add("label_studio/second.json", s_first with { TaskLimit = 20, Relabelled = [4, 9] }, "c");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Such_a_slice_is_refused_with_both_names()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => New(null));

        Assert.Equal("ExportsOverlap", error.ErrorId);
        Assert.Contains("label_studio/first.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("label_studio/second.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("20 labelled tasks (1, 2, 3, 4, 5, …)", error.Message, StringComparison.Ordinal);
        Assert.Empty(_temporary.Repository.Slices.Versions());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_preferred_one_gives_the_shared_tasks_and_the_other_the_rest(bool newest)
    {
        NewSliceResult made = New(newest ? "newest" : _old.Sha256[..8]);

        SliceExport winner = made.Slice.Exports.Single(export => export.Sha256 == (newest ? _new : _old).Sha256);
        SliceExport loser = made.Slice.Exports.Single(export => export.Sha256 == (newest ? _old : _new).Sha256);
        Assert.Empty(winner.SupersededBy);
        Assert.Equal([winner.Sha256], loser.SupersededBy);
        Assert.Equal(newest ? 10 : 0, made.Built!.Tables.Single(table => table.Table == "boxes" && table.Export == loser.Sha256).Rows);
        Assert.Equal(30, made.Built.Tables.Where(static table => table.Table == "boxes").Sum(static table => table.Rows));
        Assert.Equal(20, made.Built.Tally.Total.Dropped["superseded"]);
        Assert.Equal(20, made.Built.Tables.Where(static table => table.Table == "rejected").Sum(static table => table.Rows));
    }

    [Fact]
    public void The_choice_survives_in_the_manifest_and_the_check_agrees()
    {
        New("newest");

        SliceManifest read = _temporary.Repository.Slices.Load("v1");
        Assert.Single(read.Exports, static export => export.SupersededBy.Count == 1);
        Assert.Equal(read.ToUtf8Bytes(), SliceManifest.Parse(read.ToUtf8Bytes()).ToUtf8Bytes());
        Assert.NotEqual(
            SliceKey.Compute(read), SliceKey.Compute(read with { Exports = [.. read.Exports.Select(static export => export with { SupersededBy = [] })] }));
        Directory.Delete(_temporary.Repository.CacheFolder, recursive: true);
        Assert.Equal(DriftStatus.Clean, new CheckSlice(_temporary.Repository, _temporary.Context).Run(read, quick: false).Status);
    }

    [Fact]
    public void Exports_without_a_common_task_need_no_choice()
    {
        AddedExport other = _temporary.Add("label_studio/third.json", s_first with { FirstTaskId = 1000, FirstAnnotationId = 9000 }, "c");

        NewSliceResult made = NewSlice.Run(
            _temporary.Repository, new NewSliceRequest("v1") { Exports = [_old.Sha256, other.Sha256] }, _temporary.Context);

        Assert.All(made.Slice.Exports, static export => Assert.Empty(export.SupersededBy));
    }

    [Fact]
    public void An_export_that_is_not_in_the_slice_cannot_win()
    {
        Assert.Equal("PreferredNotInSlice", Assert.Throws<HarvestException>(() => New("0000")).ErrorId);
    }

    private NewSliceResult New(string? prefer) => NewSlice.Run(
        _temporary.Repository,
        new NewSliceRequest("v1") { Exports = [_old.Sha256, _new.Sha256], Prefer = prefer },
        _temporary.Context);
}
