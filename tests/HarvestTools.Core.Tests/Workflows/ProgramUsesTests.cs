using HarvestTools.Decisions.States;
using HarvestTools.Drift;
using HarvestTools.Media;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What else works with slices of programs: leaks of eval sets, media, remotes, the report, the decision.</summary>
[Collection(ProgramRepository.Runs)]
public sealed class ProgramUsesTests : IDisposable
{
    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData("eval.csv", "task_subdir,episode\n,episode_0001\n", "episode_0001")]
    [InlineData("eval.csv", "episode,media\nx,/data/upload/4/e1/frame_13.jpg\n", "frame_13.jpg")]
    [InlineData("eval.csv", "task_subdir,episode\n,e9\n", null)]
    [InlineData("eval.csv", "episode,task_subdir\nepisode_0001,fold\n", "episode_0001")]
    [InlineData("eval.json", """[{"id":90,"data":{"image":"other/clip/f.jpg","task_subdir":"fold","episode":"episode_0000"},"annotations":[]}]""", "episode_0000")]
    [InlineData("eval.json", """[{"id":90,"data":{"image":"other/clip/f.jpg","clip":"episode_0000"},"annotations":[]}]""", "episode_0000")]
    public void What_the_tables_share_with_an_eval_set_is_found(string file, string text, string? named)
    {
        _own.DefineEpisodes(ProgramRepository.Episodes.Replace("e%d", "episode_%04d", StringComparison.Ordinal));
        _own.New("v1");
        _own.Write(file, text);
        PinEvalSet.Run(_own.Repository, file, "v1", _own.Context);

        foreach (bool quick in new[] { true, false })
        {
            DriftFinding[] leaks = [.. Check("v1", quick).Findings.Where(static finding => finding.Kind == DriftKind.EvalLeak)];
            if (named is null)
            {
                Assert.Empty(leaks);
                continue;
            }

            DriftFinding leak = Assert.Single(leaks, static finding => finding.Severity == DriftSeverity.Error);
            Assert.Contains(named, leak.Message, StringComparison.Ordinal);
        }

        // The next slice is refused with it, and nothing of it is recorded.
        if (named is not null)
        {
            Assert.Equal("EvalSetLeaks", Assert.Throws<HarvestException>(() => NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { EvalSet = file }, _own.Context)).ErrorId);
            Assert.Equal(["v1"], _own.Repository.Slices.Versions());
        }
    }

    [Fact]
    public void A_name_that_is_in_every_second_path_is_not_matched_without_its_folder_and_that_is_said()
    {
        _own.DefineEpisodes();
        _own.New("v1");
        _own.Write("eval.csv", "episode,task_subdir\ne1,fold\n");
        PinEvalSet.Run(_own.Repository, "eval.csv", "v1", _own.Context);

        DriftFinding note = Assert.Single(Check("v1", quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
        Assert.Equal((DriftSeverity.Note, "task_subdir"), (note.Severity, note.Subject));
        Assert.Contains(
            "task_subdir",
            Assert.Single(NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { EvalSet = "eval.csv" }, _own.Context).Notices, static notice => notice.Id == "EvalSetLeaks").Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Leaks_that_no_column_could_show_are_said_not_to_be_known()
    {
        _own.New("v1");
        _own.Write("eval.csv", "episode\ne1\n");
        PinEvalSet.Run(_own.Repository, "eval.csv", "v1", _own.Context);

        DriftFinding note = Assert.Single(Check("v1", quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
        Assert.Equal((DriftSeverity.Note, "episode, medium"), (note.Severity, note.Subject));
    }

    [Fact]
    public void Media_are_listed_by_the_column_that_names_them()
    {
        _own.DefineEpisodes();
        string settings = File.ReadAllText(_own.Repository.SettingsPath);
        _own.Write("harvest.json", settings.TrimEnd()[..^1] + ", \"media\": { \"/data/upload/\": \"frames\" } }");
        _own.Write("frames/4/e1/frame_1.jpg", "one");
        _own.Write("frames/4/e1/frame_12.jpg", "twelve");
        _own.TrustCurrent();

        NewSliceResult made = NewSlice.Run(_own.Repository, new NewSliceRequest("v1") { Media = true }, _own.Context);
        Assert.Equal((2L, 7L), (made.Slice.Media!.Files, made.Slice.Media.Missing));
        MediaList list = SliceMediaLists.TryRead(_own.Repository, made.Slice)!;
        Assert.Equal(["e1", "e0"], list.Entries.Where(static entry => entry.Sha256 is not null).OrderBy(static entry => entry.Link.Length).Select(static entry => Assert.Single(entry.Episodes)));

        _own.Define();
        _own.Write("harvest.py", ProgramRepository.Program);
        _own.Write("harvest.json", File.ReadAllText(_own.Repository.SettingsPath).Replace("v1.0.0", "v3.0.0", StringComparison.Ordinal));
        _own.TrustCurrent();
        Assert.Equal("ColumnLacking", Assert.Throws<HarvestException>(() => NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { Media = true }, _own.Context)).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", \"identity\": \"rows\"")]
    public void Tables_are_pushed_and_pulled_and_damaged_ones_are_not_believed(string identity)
    {
        _own.DefineEpisodes(more: identity);
        string remote = Directory.CreateDirectory(Path.Combine(_own.Folder, "remote")).FullName;
        _own.Write("harvest.json", File.ReadAllText(_own.Repository.SettingsPath).TrimEnd()[..^1] + ", \"remotes\": { \"origin\": \"remote\" } }");
        _own.New("v1");
        var request = new TransferRequest { Tables = true };

        Assert.Equal(1, Tables(PushSlices.Run(_own.Repository, request, _own.Context), TransferOutcome.Moved));
        Assert.Equal(1, Tables(PushSlices.Run(_own.Repository, request, _own.Context), TransferOutcome.AlreadyThere));
        string there = Assert.Single(Directory.GetFiles(Path.Combine(remote, "tables"), "*", SearchOption.AllDirectories));
        byte[] bytes = File.ReadAllBytes(there);

        // Another machine trusts nothing, and need not: nothing is run.
        Directory.Delete(_own.Repository.CacheFolder, recursive: true);
        _own.Trust.Remove(_own.Repository.Harvest.Sha256);
        Assert.Equal(1, Tables(PullSlices.Run(_own.Repository, request, _own.Context), TransferOutcome.Moved));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(BuildSlice.Run(_own.Repository, _own.Repository.Slices.Load("v1"), _own.Context).Tables).Path));
        Assert.Equal(1, Tables(PullSlices.Run(_own.Repository, request, _own.Context), TransferOutcome.AlreadyThere));

        File.WriteAllText(there, File.ReadAllText(there).Replace(",13,", ",14,", StringComparison.Ordinal));
        Assert.False(CheckRemote.Run(_own.Repository, [], null, deep: true, _own.Context).IsWhole);
        Directory.Delete(_own.Repository.CacheFolder, recursive: true);
        TransferredItem refused = Assert.Single(PullSlices.Run(_own.Repository, request, _own.Context).Items, static item => item.Outcome == TransferOutcome.Failed);
        Assert.Equal("PartDamaged", refused.Error!.ErrorId);
        Assert.False(Directory.Exists(_own.Repository.CacheFolder) && Directory.EnumerateFiles(_own.Repository.CacheFolder, "*.csv", SearchOption.AllDirectories).Any());
        _own.TrustCurrent();
        Assert.Equal(1, Tables(PushSlices.Run(_own.Repository, request, _own.Context), TransferOutcome.Replaced));
        Assert.Equal(bytes, File.ReadAllBytes(there));
        Assert.True(CheckRemote.Run(_own.Repository, [], null, deep: true, _own.Context).IsWhole);
    }

    [Fact]
    public void The_report_shows_slices_of_programs()
    {
        _own.DefineEpisodes();
        _own.New("v1");

        WrittenReport report = WriteReport.Run(_own.Repository, Path.Combine(_own.Folder, "report.html"), ReportCheck.Quick, _own.Context);
        Assert.Equal((1, 0), (report.Slices, report.Drifted));
        Assert.Empty(report.Faults);
        string page = File.ReadAllText(report.Path);
        Assert.Contains("\"rows\":[0,9]", page, StringComparison.Ordinal);
        Assert.Contains("\"file harvest.py\":", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_decision_counts_corrections_in_the_exports_and_starts_nothing()
    {
        _own.DefineEpisodes();
        _own.New("v1");
        RegisterModel.Run(_own.Repository, new ModelRegistration("v1", "hand") { Path = "s3://m/1.pt" }, _own.Context);
        _own.Trust.Remove(_own.Repository.Harvest.Sha256);
        _own.Write("harvest.py", "raise SystemExit('never run')\n");

        RetrainState state = RetrainStateReader.Run(_own.Repository, _own.Context);
        Assert.Equal("v1", state.TrainedSlice);
        Assert.Equal(0, state.CorrectedEpisodes);
        Assert.Contains(state.CandidateWarnings, static warning => warning.Contains("by the default rules", StringComparison.Ordinal));

        // Frames of one folder are one episode by the default fields: two tasks of project b get another label.
        _own.Write("b2.json", ProgramRepository.Export(11, 3, 5, 8).Replace("wrist", "elbow", StringComparison.Ordinal).Replace("T08:", "T09:", StringComparison.Ordinal));
        AddExport.Run(_own.Repository, Path.Combine(_own.Folder, "b2.json"), "b", _own.Context);
        Assert.True(RetrainStateReader.Run(_own.Repository, _own.Context).CorrectedEpisodes > 0);
    }

    private static int Tables(TransferResult result, TransferOutcome outcome) =>
        result.Items.Count(item => item.What == "tables of slice v1" && item.Outcome == outcome);

    private DriftReport Check(string version, bool quick)
    {
        Repository repository = _own.Repository;
        using CheckSlice check = new(repository, _own.Context);
        return check.Run(repository.Slices.Load(version), quick);
    }
}
