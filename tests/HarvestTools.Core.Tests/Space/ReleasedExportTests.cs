using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>Exports of a slice that was let go: they stay away though the slice names them, the remote has them, and naming it again removes them for good.</summary>
public sealed class ReleasedExportTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();
    private readonly string _first;
    private readonly string _remote;

    public ReleasedExportTests()
    {
        _first = _repository.Add("exports/1.json", ExportPlan.ForTasks(SampleKind.Hands, 7), "a").Sha256;
        _repository.New("v1");
        _repository.Add("exports/2.json", ExportPlan.ForTasks(SampleKind.Hands, 8), "a");
        _repository.New("v2");
        _remote = Directory.CreateDirectory(_repository.PathOf("share")).FullName;
        (_repository.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = _remote }] }).Write(_repository.Repository.SettingsPath);
        File.Delete(_repository.PathOf("exports/1.json"));
    }

    private LocalObjectStore Store => _repository.Repository.Archive.Local;

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_waits_in_quarantine_whatever_runs_besides_and_is_removed_once_the_slice_is_named_again(bool packed)
    {
        PackAll(packed);
        Assert.Equal(ObjectState.Quarantined, Of(Release(200)).State);
        for (int days = 201; days < 300; days += 33)
        {
            // A nightly removal neither brings back nor removes what was let go by name.
            ReachedObject waiting = Of(RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(days)));
            Assert.Equal((ObjectState.Waiting, "slice v1"), (waiting.State, Assert.Single(waiting.Reasons)));
            Assert.True(waiting.Released);
            Assert.True(Store.Unreachable.Has(_first));
        }

        Assert.Equal(ObjectState.Removed, Of(RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest { Release = ["v1"] }, Later(300))).State);
        Assert.Equal(ObjectState.Removed, Of(Release(300)).State);
        Assert.False(Store.Holds(_first));
        Assert.NotNull(_repository.Repository.Archive.RemovedByRetention(_first));
        Assert.Empty(new ArchiveCheck(CheckArchive.Of(_repository.Repository)).Run().Where(static finding => finding.IsFault).Select(static finding => finding.Message));

        // And once more, where it is in the remote alone.
        Assert.DoesNotContain(Release(301).Objects, one => one.Sha256 == _first);
        Assert.Equal(DriftStatus.Clean, Check().Status);
        Assert.True(Store.Has(_first));
    }

    [Fact]
    public void Once_it_is_removed_whoever_asks_for_it_hears_when()
    {
        Release(200);
        Release(300);
        HarvestTools.Repositories.Repository repository = _repository.Repository;
        repository.Offline = true;
        string day = HarvestTools.Strings.Figures.Date(Later(300).Clock.GetUtcNow());

        RestoreTarget target = Assert.Single(RestoreExport.PlanSlice(repository, "v1", _repository.PathOf("elsewhere.json")));
        HarvestException[] said =
        [
            Assert.Throws<HarvestException>(() => RestoreExport.Run(repository, target, force: false, _repository.Context)),
            Assert.Throws<HarvestException>(() => RestoreExport.Check(repository, target, force: false, _repository.Context)),
            Assert.Throws<HarvestException>(() => CompareExport.Run(ComparedExport.OfArchive(repository, _first), ComparedExport.OfFile(_repository.PathOf("exports/2.json")), null, _repository.Context)),
            RemoveUnreachable.NotHere(repository, new UnreachableRequest(), _first[..8], _repository.Context),
        ];

        Assert.All(said, fault =>
        {
            Assert.Equal("ObjectRemoved", fault.ErrorId);
            Assert.StartsWith($"The export of project a {_first[..12]} was removed by retention on {day} ", fault.Message, StringComparison.Ordinal);
        });
        Assert.Equal("ObjectNotFound", RemoveUnreachable.NotHere(repository, new UnreachableRequest(), "0123456789", _repository.Context).ErrorId);

        // With the remote it comes back.
        Assert.Equal(RestoreOutcome.Restored, RestoreExport.Run(_repository.Repository, target, force: false, _repository.Context).Outcome);
        Assert.Equal(_first, FileHash.Compute(target.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_command_that_needs_it_takes_it_back_and_it_stays(bool packed)
    {
        PackAll(packed);
        Release(200);
        BuildSlice.Run(_repository.Repository, _repository.Repository.Slices.Load("v1"), _repository.Context);
        Assert.True(Store.Has(_first));
        Assert.Equal(ObjectState.Proposed, Of(RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(250))).State);
        Assert.True(Store.Has(_first));
    }

    [Fact]
    public void A_model_that_is_trained_on_it_meanwhile_brings_it_back()
    {
        Release(200);
        RegisterModel.Run(_repository.Repository, new ModelRegistration("v1", "hand"), _repository.Context);
        Assert.Equal(ObjectState.Returned, Of(RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(201))).State);
        Assert.True(Store.Has(_first));
    }

    [Fact]
    public void What_the_remote_lost_or_has_damaged_is_sent_again_before_anything_is_removed_for_good()
    {
        Release(200);
        string there = Path.Combine(_remote, "sha256", _first[..2], _first);
        byte[] bytes = File.ReadAllBytes(there);
        FileAccessBits.ClearForReplacement(there);
        File.WriteAllBytes(there, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);

        // It was taken back to be sent, so its days begin again.
        Assert.Equal(ObjectState.Quarantined, Of(Release(300)).State);
        Assert.Equal(bytes, File.ReadAllBytes(there));
        Assert.Equal(ObjectState.Removed, Of(Release(330)).State);
    }

    [Fact]
    public void A_slice_of_the_same_name_in_another_branch_keeps_the_exports_that_it_alone_names()
    {
        Assert.SkipWhen(GitProgram.Find(Environment.GetEnvironmentVariable("PATH")) is null, "git is not installed.");
        Git("init", "-q", "--initial-branch", "main");
        Commit();
        Git("checkout", "-q", "-b", "other");
        Directory.Delete(_repository.PathOf("slices/v2"), recursive: true);
        string others = _repository.Add("exports/3.json", ExportPlan.ForTasks(SampleKind.Hands, 6), "a").Sha256;
        _repository.New(new NewSliceRequest("v2") { AllowShrink = true, Exports = [others] });
        Commit();
        Git("checkout", "-q", "main");
        string mains = _repository.Repository.Slices.Load("v2").Exports[0].Sha256;
        _repository.Add("exports/4.json", ExportPlan.ForTasks(SampleKind.Hands, 9), "a");

        UnreachableReport report = RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest { Release = ["v2"] }, Later(200));

        Assert.Equal(ObjectState.Quarantined, Assert.Single(report.Objects, one => one.Sha256 == mains).State);
        Assert.Equal("slice v2 of other", Assert.Single(Assert.Single(report.Objects, one => one.Sha256 == others).Reasons));
        Assert.True(Store.Has(others));
    }

    private void PackAll(bool packed)
    {
        if (packed)
        {
            using PackExports packing = PackExports.Begin(_repository.Repository, [], _repository.Context);
            Assert.All(packing.Targets, target => Assert.Equal(PackOutcome.Packed, packing.Pack(target, _repository.Context).Outcome));
        }
    }

    private DriftReport Check()
    {
        using CheckSlice check = CheckSlice.Open(_repository.Repository, _repository.Context, media: false);
        return check.Run(_repository.Repository.Slices.Load("v1"), quick: false);
    }

    private ReachedObject Of(UnreachableReport report) => Assert.Single(report.Objects, one => one.Sha256 == _first);

    private UnreachableReport Release(int days) => RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest { Release = ["v1"] }, Later(days));

    private WorkContext Later(int days) => _repository.Context with { Clock = new LaterClock(days) };

    private void Commit()
    {
        Git("add", "harvest.json", "slices");
        Git("-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-q", "-m", "slices");
    }

    private void Git(params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = _repository.Folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
