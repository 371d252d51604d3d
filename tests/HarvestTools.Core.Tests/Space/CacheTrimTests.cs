using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>Which cached tables go, and which exports are proposed.</summary>
public sealed class CacheTrimTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public CacheTrimTests()
    {
        _repository.Add("exports/1.json", ExportPlan.ForTasks(SampleKind.Hands, 7), "a");
        _repository.New("v1");
        _repository.Add("exports/2.json", ExportPlan.ForTasks(SampleKind.Hands, 8), "a");
        _repository.New("v2");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void Tables_of_an_old_slice_without_a_model_go_once_nobody_used_them_and_are_derived_again()
    {
        _repository.New(new NewSliceRequest("v3") { FilterOverrides = new() { ["min_pixel_agreement"] = 9 } });
        RegisterModel.Run(_repository.Repository, new ModelRegistration("v2", "hand"), _repository.Context);
        SortedDictionary<string, byte[]> before = Tables();

        Assert.Empty(Plan(80).Cache);
        UnreachableReport report = RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(200));

        Assert.Equal(["v1", "v3"], report.Cache.SelectMany(static one => one.Slices).Order(StringComparer.Ordinal));
        Assert.Equal(4, report.Cache.Count);
        Assert.True(report.Cache.Sum(static one => one.Bytes) > 0);
        Assert.False(Directory.Exists(FolderOf("v1")));
        Assert.True(Directory.Exists(FolderOf("v2")));
        BuildSlice.Run(_repository.Repository, _repository.Repository.Slices.Load("v1"), _repository.Context);
        BuildSlice.Run(_repository.Repository, _repository.Repository.Slices.Load("v3"), _repository.Context);
        Assert.Equal(before.Keys, Tables().Keys);
        Assert.All(Tables(), table => Assert.Equal(before[table.Key], table.Value));
    }

    [Fact]
    public void On_a_full_disk_they_make_room_for_the_rest_of_the_removal()
    {
        Directory.Delete(_repository.PathOf("slices/v1"), recursive: true);
        var full = new FullUntilOneGoes(_repository.Repository.CacheFolder);
        UnreachableReport report;
        using (FileFaults.Use(full))
        {
            report = RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(200));
        }

        Assert.False(full.IsFull);
        Assert.Equal(1, report.Quarantined);
        Assert.NotEmpty(_repository.Repository.Archive.Local.Unreachable.List());
    }

    [Fact]
    public void A_use_is_written_down_and_keeps_the_tables()
    {
        foreach (string folder in Directory.GetDirectories(_repository.Repository.CacheFolder).Append(FolderOf("v1")))
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-300));
        }

        foreach (string record in Directory.GetFiles(Path.Combine(_repository.Repository.CacheFolder, "parts"), "part.json", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(record, DateTime.UtcNow.AddDays(-300));
        }

        Assert.Equal(["v1", "v2"], Plan(0).Cache.SelectMany(static one => one.Slices).Order(StringComparer.Ordinal));
        BuildSlice.Run(_repository.Repository, _repository.Repository.Slices.Load("v1"), _repository.Context);
        Assert.Equal(["v2"], Plan(0).Cache.SelectMany(static one => one.Slices));
    }

    [Fact]
    public void Beyond_the_limit_what_was_used_longest_ago_goes_first()
    {
        Directory.SetLastWriteTimeUtc(FolderOf("v1"), DateTime.UtcNow.AddDays(-3));
        long all = MeasureArchive.Run(_repository.Repository, _repository.Context).CachedBytes;
        SetLimit(all);
        Assert.Empty(Plan(0).Cache);
        SetLimit(1);
        UnreachableReport report = Plan(0);
        Assert.Equal(["v1"], report.Cache[0].Slices);
        Assert.Equal(4, report.Cache.Count);

        // The folder of a slice has second names of the files of parts: nothing is free before both are gone.
        Assert.Equal(0, report.Cache[0].Bytes);
        Assert.All(report.Cache, static one => Assert.Equal("the cache is larger than its limit", one.Why));
    }

    [Fact]
    public void Exports_that_only_old_slices_without_a_model_need_are_proposed_and_stay()
    {
        string first = _repository.Repository.Slices.Load("v1").Exports[0].Sha256;
        Assert.Equal(ObjectState.Kept, Assert.Single(Plan(80).Objects, one => one.Sha256 == first).State);
        UnreachableReport report = RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(200));
        Assert.Contains(first, report.Of(ObjectState.Proposed).Select(static one => one.Sha256));
        Assert.True(_repository.Repository.Archive.Local.Has(first));

        RegisterModel.Run(_repository.Repository, new ModelRegistration("v1", "hand"), _repository.Context);
        ReachedObject linked = Assert.Single(Plan(200).Objects, one => one.Sha256 == first);
        Assert.Equal((ObjectState.Kept, "slice v1 (model hand)"), (linked.State, Assert.Single(linked.Reasons)));
    }

    [Fact]
    public void The_exports_of_a_slice_go_if_it_is_named_once_the_remote_has_them()
    {
        string first = _repository.Repository.Slices.Load("v1").Exports[0].Sha256;
        byte[] bytes = File.ReadAllBytes(_repository.Repository.Archive.PathOf(first));
        var request = new UnreachableRequest { Release = ["v1"] };
        Assert.Equal("ReleaseNeedsRemote", Assert.Throws<HarvestException>(() => RemoveUnreachable.Plan(_repository.Repository, request, Later(200))).ErrorId);
        string remote = Directory.CreateDirectory(_repository.PathOf("share")).FullName;
        (_repository.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = remote }] }).Write(_repository.Repository.SettingsPath);

        Assert.Contains(first, RemoveUnreachable.Run(_repository.Repository, request, Later(200)).Of(ObjectState.Quarantined).Select(static one => one.Sha256));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(remote, "sha256", first[..2], first)));
        RegisterModel.Run(_repository.Repository, new ModelRegistration("v1", "hand"), _repository.Context);
        Assert.Equal("ReleaseRefused", Assert.Throws<HarvestException>(() => RemoveUnreachable.Plan(_repository.Repository, request, Later(200))).ErrorId);
    }

    private void SetLimit(long bytes) =>
        (_repository.Repository.Settings with { Retention = new RetentionSettings { CacheBytes = bytes } }).Write(_repository.Repository.SettingsPath);

    private string FolderOf(string version) => Path.Combine(_repository.Repository.CacheFolder, SliceKey.Compute(_repository.Repository.Slices.Load(version)));

    private SortedDictionary<string, byte[]> Tables() => new(
        Directory.GetFiles(_repository.Repository.CacheFolder, "*.parquet", SearchOption.AllDirectories).ToDictionary(static file => file, File.ReadAllBytes), StringComparer.Ordinal);

    private UnreachableReport Plan(int days) => RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(days));

    private WorkContext Later(int days) => _repository.Context with { Clock = new LaterClock(days) };

    /// <summary>A disk that has no room for a byte until something of the cache is gone.</summary>
    private sealed class FullUntilOneGoes(string cache) : IFileFaults
    {
        public bool IsFull { get; private set; } = true;

        public void Before(FileCall call, string path)
        {
            IsFull &= !(call == FileCall.Delete && path.StartsWith(cache, StringComparison.Ordinal));
            if (IsFull && call == FileCall.Write)
            {
                throw new IOException("The disk is full.", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
            }
        }
    }
}

/// <summary>So many days from now: files of a test are as old as the test.</summary>
internal sealed class LaterClock(int days) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddDays(days);
}
