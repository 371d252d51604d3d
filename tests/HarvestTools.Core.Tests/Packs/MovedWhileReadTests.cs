using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Packs;

/// <summary>An export that is packed or unpacked between the moment in which a reader finds it and the one in which it opens it.</summary>
public sealed class MovedWhileReadTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();
    private readonly TemporaryFolder _share = new();
    private readonly string[] _exports;

    public MovedWhileReadTests()
    {
        (_repository.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = _share.Path }] }).Write(_repository.Repository.SettingsPath);
        _exports = [.. Enumerable.Range(1, 3).Select(week => _repository.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 30) with { Relabelled = [week], RelabelRound = week }, "a").Sha256)];
        _repository.New(new NewSliceRequest("v1") { Exports = [_exports[0]], AllowShrink = true });
        File.Delete(_repository.PathOf("exports/a.json"));
    }

    public void Dispose()
    {
        _repository.Dispose();
        _share.Dispose();
    }

    [Theory]
    [InlineData("open", true)]
    [InlineData("open", false)]
    [InlineData("unpack", false)]
    [InlineData("fsck", true)]
    [InlineData("fsck", false)]
    [InlineData("build", true)]
    [InlineData("build", false)]
    [InlineData("check", true)]
    [InlineData("check", false)]
    [InlineData("push", true)]
    [InlineData("push", false)]
    [InlineData("restore", true)]
    [InlineData("restore", false)]
    [InlineData("compare", true)]
    [InlineData("compare", false)]
    public void Whoever_reads_finds_it_where_it_is_now(string what, bool plainFirst)
    {
        if (!plainFirst)
        {
            Pack();
        }

        var move = new MoveAtFirstOpening(path => path.Contains(_exports[0], StringComparison.Ordinal), plainFirst ? Pack : Unpack);
        using (FileFaults.Use(move))
        {
            Run(what);
        }

        Assert.True(move.Moved, "nothing was opened");
        Assert.Equal(plainFirst, Store.Packs.Find(_exports[0]) is not null);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("fsck")]
    [InlineData("push")]
    public void So_does_a_reader_of_a_patch_whose_anchor_is_unpacked_meanwhile(string what)
    {
        Pack();
        var move = new MoveAtFirstOpening(path => path.Contains(_exports[2], StringComparison.Ordinal), Unpack);
        using (FileFaults.Use(move))
        {
            Run(what);
        }

        Assert.True(move.Moved, "nothing was opened");
    }

    private LocalObjectStore Store => _repository.Repository.Archive.Local;

    private void Run(string what)
    {
        Repository repository = _repository.Repository;
        SliceManifest slice = repository.Slices.Load("v1");
        switch (what)
        {
            case "open":
                using (ObjectContent content = new VerifyingSource(Store).Open(_exports[0]))
                {
                    content.Stream.CopyTo(Stream.Null);
                }

                break;
            case "unpack":
                Assert.Equal(_exports[0], FileHash.Compute(Store.TryUnpack(_exports[0])!));
                break;
            case "fsck":
                Assert.Empty(new ArchiveCheck(CheckArchive.Of(repository)) { Threads = 1 }.Run().Where(static one => one.IsFault || one.Kind == ArchiveFindingKind.Writable).Select(static one => one.Message));
                break;
            case "build":
                Directory.Delete(repository.CacheFolder, recursive: true);
                Assert.NotEmpty(BuildSlice.Run(repository, slice, _repository.Context).Tables);
                break;
            case "check":
                using (var check = new CheckSlice(repository, _repository.Context))
                {
                    Assert.Equal(DriftStatus.Clean, check.Run(slice, quick: false).Status);
                }

                break;
            case "push":
                TransferResult pushed = PushSlices.Run(repository, new TransferRequest(), _repository.Context);
                Assert.Empty(pushed.Items.Select(static one => one.Error).OfType<HarvestException>());
                Assert.True(CheckRemote.Run(repository, [], null, deep: true, _repository.Context).IsWhole);
                break;
            case "restore":
                RestoreTarget target = Assert.Single(RestoreExport.PlanSlice(repository, "v1", _share.Path));
                Assert.Equal(RestoreOutcome.Restored, RestoreExport.Run(repository, target, force: false, _repository.Context).Outcome);
                break;
            default:
                Assert.True(CompareExport.Run(ComparedExport.OfArchive(repository, _exports[0]), ComparedExport.OfArchive(repository, _exports[1]), null, _repository.Context).Relabelled > 0);
                break;
        }
    }

    private void Pack()
    {
        using PackExports packing = PackExports.Begin(_repository.Repository, [], _repository.Context);
        foreach (PackTarget target in packing.Targets)
        {
            packing.Pack(target, _repository.Context);
        }
    }

    private void Unpack()
    {
        using UnpackExports unpacking = UnpackExports.Begin(_repository.Repository, [], _repository.Context);
        foreach (PackTarget target in unpacking.Targets)
        {
            unpacking.Unpack(target, _repository.Context);
        }
    }

    /// <summary>Moves objects as another process would, once a file was found and before it is opened.</summary>
    private sealed class MoveAtFirstOpening(Func<string, bool> which, Action move) : IFileFaults
    {
        private int _moved;

        public bool Moved => _moved != 0;

        public void Before(FileCall call, string path)
        {
            if (call == FileCall.OpenRead && which(path) && path.Contains($"{Path.DirectorySeparatorChar}archive{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !path.Contains("exports", StringComparison.Ordinal) && Interlocked.Exchange(ref _moved, 1) == 0)
            {
                move();
            }
        }
    }
}
