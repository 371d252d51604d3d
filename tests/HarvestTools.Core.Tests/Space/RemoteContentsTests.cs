using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Packs;
using HarvestTools.Remotes;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>Packs, media, tables and files of git-lfs in a remote: what of them goes with what.</summary>
public sealed class RemoteContentsTests : IDisposable
{
    private static readonly UnreachableRequest s_origin = new() { Remote = "origin" };

    private readonly TemporaryFolder _share = new();
    private readonly TemporaryRepository _here = new();

    public RemoteContentsTests()
    {
        (_here.Repository.Settings with
        {
            Remotes = [new RemoteSettings { Name = "origin", Url = _share.Path }],
            Retention = new RetentionSettings { UnlinkedDays = 0 },
            Media = [new MediaRoot("s3://b/", "raw")],
        }).Write(_here.Repository.SettingsPath);
    }

    public void Dispose()
    {
        _here.Dispose();
        _share.Dispose();
    }

    [Fact]
    public void An_anchor_is_kept_while_a_patch_against_it_is_and_goes_with_the_last()
    {
        string[] weeks = [.. Enumerable.Range(0, 3).Select(week => _here.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 12) with { Relabelled = [1 + week] }, "a").Sha256)];
        using (PackExports packing = PackExports.Begin(_here.Repository, [], _here.Context))
        {
            foreach (PackTarget target in packing.Targets)
            {
                packing.Pack(target, _here.Context);
            }
        }

        // A slice of one week alone that is a patch; no slice names its anchor.
        StoredPack packed = _here.Repository.Archive.Local.Packs.List().First(static pack => PackFolder.TryLayout(pack)?.Anchor is not null);
        string anchored = PackFolder.TryLayout(packed)!.Anchor!;
        Assert.Contains(anchored, weeks);
        _here.New(new NewSliceRequest("v1") { Exports = [packed.Sha256], AllowShrink = true });
        Push();
        string patch = RemoteObjectStore.PackPathOf(packed.Sha256);
        string anchor = new[] { RemoteObjectStore.PackPathOf(anchored), RemoteObjectStore.PathOf(anchored) }.Select(path => _share[path]).First(File.Exists);
        Assert.True(File.Exists(_share[patch]));

        // Another repository, to which the anchor is nothing.
        using var other = Other();
        ReachedObject kept = Assert.Single(RemoveUnreachable.Plan(other.Repository, s_origin, Later(0)).Objects, one => one.Sha256 == anchored);
        Assert.Equal(ObjectState.Kept, kept.State);

        string id = HarvestTools.Space.RepositoryIdentity.TryRead(_here.Repository)!;
        RemoveUnreachable.Run(other.Repository, s_origin with { Forget = [id] }, Later(0));
        Assert.True(File.Exists(anchor));

        // The patch was put there again since: it waits, and so does its anchor.
        File.SetLastWriteTimeUtc(_share[patch], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.DoesNotContain(anchored, Removed(other, 20));
        Assert.True(File.Exists(_share[patch]) && File.Exists(anchor));
        Removed(other, 40);
        Assert.False(File.Exists(_share[patch]) || File.Exists(anchor));
    }

    [Fact]
    public void A_damaged_pack_keeps_everything()
    {
        string first = _here.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 12), "a").Sha256;
        _here.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 12) with { Relabelled = [1] }, "a");
        _here.New(new NewSliceRequest("v1") { Exports = [first], AllowShrink = true });
        using (PackExports packing = PackExports.Begin(_here.Repository, [], _here.Context))
        {
            foreach (PackTarget target in packing.Targets)
            {
                packing.Pack(target, _here.Context);
            }
        }

        Push();
        string path = _share[RemoteObjectStore.PackPathOf(first)];
        FileAccessBits.ClearForReplacement(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^3]);
        Directory.CreateDirectory(_share["sha256/aa"]);
        File.WriteAllText(_share[$"sha256/aa/{new string('a', 64)}"], "nothing needs it");
        Assert.Equal("RemoteObjectDamaged", Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_here.Repository, s_origin, Later(0))).ErrorId);
    }

    [Fact]
    public void Media_are_kept_by_the_list_that_a_slice_names_and_a_list_that_is_nowhere_keeps_everything()
    {
        WriteMedia();
        NewSlice.Run(_here.Repository, new NewSliceRequest("v1") { Media = true }, _here.Context);
        PushSlices.Run(_here.Repository, new TransferRequest { Media = true }, _here.Context);
        string medium = FileHash.Compute(_here.PathOf("raw/1.jpg"));
        using var other = Other();
        UnreachableReport report = RemoveUnreachable.Plan(other.Repository, s_origin, Later(0));
        Assert.Equal(ObjectState.Kept, Assert.Single(report.Objects, one => one.Sha256 == medium).State);
        Assert.StartsWith("medium s3://b/1.jpg", Assert.Single(report.Objects, one => one.Sha256 == medium).What, StringComparison.Ordinal);

        string list = _here.Repository.Slices.Load("v1").Media!.Sha256;
        string path = _share[RemoteObjectStore.PathOf(list)];
        FileAccessBits.ClearForReplacement(path);
        File.Delete(path);
        Assert.Equal("RemoteReachUnknown", Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(other.Repository, s_origin, Later(0))).ErrorId);

        // The repository that has the list can go on.
        Assert.Equal(ObjectState.Kept, Assert.Single(RemoveUnreachable.Plan(_here.Repository, s_origin, Later(0)).Objects, one => one.Sha256 == medium).State);
        Directory.Delete(_here.PathOf("slices/v1"), recursive: true);
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(0));
        Assert.Contains(medium, Removed(_here, 20));
    }

    [Fact]
    public void Tables_are_kept_while_the_slice_that_they_were_pushed_for_is_there()
    {
        _here.Add("exports/1.json", ExportPlan.ForTasks(SampleKind.Hands, 7), "a");
        _here.New("v1");
        PushSlices.Run(_here.Repository, new TransferRequest { Tables = true }, _here.Context);
        Push();
        string part = Assert.Single(Directory.GetDirectories(_share["parts"]));
        UnreachableReport report = RemoveUnreachable.Plan(_here.Repository, s_origin, Later(0));
        Assert.Equal(ObjectState.Kept, Assert.Single(report.Objects, one => one.Sha256 == Path.GetFileName(part)).State);

        Directory.Delete(_here.PathOf("slices/v1"), recursive: true);
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(0));
        Assert.Contains(Path.GetFileName(part), Removed(_here, 20));
        Assert.Empty(Directory.GetFiles(part));
    }

    [Fact]
    public void What_was_erased_here_is_needed_there_no_more()
    {
        string export = _here.Add("exports/1.json", ExportPlan.ForTasks(SampleKind.Hands, 7), "a").Sha256;
        _here.New("v1");
        Push();
        PlanErasure.Write(_here.Repository, SourceQuery.OfAnnotator(1), _here.Context);
        RemoveErased.Run(_here.Repository, SourceQuery.OfAnnotator(1), _here.Context);
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(0));
        Assert.Contains(export, Removed(_here, 20));
    }

    [Fact]
    public void Files_of_git_lfs_are_kept_for_good()
    {
        string path = _here.WriteText("large.bin", "large");
        string oid = FileHash.Compute(path);
        using (Remote remote = _here.Repository.OpenRemote(null))
        {
            new LfsTransfer(_here.Repository, remote).Upload(oid, path, new Progress<long>(), CancellationToken.None);
        }

        RemoveUnreachable.Run(_here.Repository, s_origin, Later(0));
        ReachedObject kept = Assert.Single(RemoveUnreachable.Run(_here.Repository, s_origin, Later(500)).Objects, one => one.Sha256 == oid);
        Assert.Equal((ObjectState.Kept, "file of git-lfs"), (kept.State, kept.What));
    }

    private static WorkContext Later(int days) => WorkContext.Default with { Threads = 2, Clock = new LaterClock(days) };

    private static IReadOnlyList<string> Removed(TemporaryRepository repository, int days) =>
        [.. RemoveUnreachable.Run(repository.Repository, s_origin, Later(days)).Of(ObjectState.Removed).Select(static one => one.Sha256)];

    private TemporaryRepository Other()
    {
        var other = new TemporaryRepository();
        _here.Repository.Settings.Write(other.Repository.SettingsPath);
        return other;
    }

    private void Push() => Assert.Equal(0, PushSlices.Run(_here.Repository, new TransferRequest(), _here.Context).Failed);

    private void WriteMedia()
    {
        Directory.CreateDirectory(_here.PathOf("raw"));
        File.WriteAllText(_here.PathOf("raw/1.jpg"), "one");
        string path = _here.WriteText("exports/m.json", """
            [{"id":1,"project":5,"data":{"image":"s3://b/1.jpg"},"predictions":[],"drafts":[],"annotations":[{"id":10,"completed_by":1,"was_cancelled":false,"ground_truth":false,"result":[{"id":"r","type":"keypointlabels","from_name":"kp","to_name":"image","original_width":100,"original_height":100,"value":{"x":1,"y":2,"width":1,"keypointlabels":["a"]}}]}]}]
            """);
        AddExport.Run(_here.Repository, path, "m", _here.Context);
    }
}
