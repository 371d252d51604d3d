using System.Text.Json;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Packs;
using HarvestTools.Remotes;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Packs;

/// <summary>
/// The remote has one export as a patch against another, and this machine that other as a patch against the one: were both packs here, neither
/// export could be read.
/// </summary>
public sealed class CircleOfPatchesTests : IDisposable
{
    private static readonly ExportPlan s_plan = ExportPlan.ForTasks(SampleKind.Hands, 400);

    private readonly TemporaryFolder _share = new();
    private readonly TemporaryRepository _here = new();
    private readonly string _small;
    private readonly string _large;

    public CircleOfPatchesTests()
    {
        (_here.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = _share.Path }] }).Write(_here.Repository.SettingsPath);

        // Another machine packed the large one as a patch against the small one, which has only some of its tasks.
        using var there = new TemporaryRepository();
        _here.Repository.Settings.Write(there.Repository.SettingsPath);
        _small = AddSmall(there);
        Pack(there);
        _large = AddLarge(there);
        Pack(there);
        Assert.Equal(_small, there.Repository.Archive.Local.TryPackLayout(_large)!.Anchor);
        NewSlices(there);
        Push(there, deep: false);
    }

    public void Dispose()
    {
        _here.Dispose();
        _share.Dispose();
    }

    [Fact]
    public void A_repair_of_one_by_which_the_other_is_still_read_makes_none()
    {
        AddLarge(_here);
        Pack(_here);
        AddSmall(_here);
        Pack(_here);
        NewSlice();
        LocalObjectStore store = _here.Repository.Archive.Local;
        Assert.Equal(_large, store.TryPackLayout(_small)!.Anchor);

        // In a segment that the small one has nothing of.
        Damage(store.Packs.PathOf(_large), (int)LastSegment(_large).Offset + 10);
        Assert.Equal(_small, store.PackedHashNow(_small));

        ArchiveFinding damaged = Assert.Single(new ArchiveCheck(CheckArchive.Of(_here.Repository)) { Repair = true }.Run(), static one => one.Kind == ArchiveFindingKind.Damaged);

        // The other one never was: what can be read would have had to be brought too.
        Assert.Equal((_large, true), (damaged.Subject, damaged.Repaired));
        Assert.Equal(_small, store.TryPackLayout(_large)!.Anchor);
        RequireBoth();
    }

    [Theory]
    [InlineData("small", 2)]
    [InlineData("pack-names", 1)]
    public void Nor_does_a_transfer_beside_which_another_process_adds_and_packs_both(string opened, int times)
    {
        AddSmall(_here);
        NewSlice();
        bool packed = false;
        var between = new AtOpening(opened == "small" ? _small : opened, times, () =>
        {
            AddLarge(_here);
            Pack(_here);
            packed = _here.Repository.Archive.Local.TryPackLayout(_small)?.Anchor == _large;
        });
        using (FileFaults.Use(between))
        {
            Assert.True(_here.Repository.Archive.TryFetch(_large));
        }

        Assert.True(packed, $"nothing was packed in between: {between.Seen} openings");
        RequireBoth();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nor_does_a_packing_beside_which_the_other_one_comes(int times)
    {
        AddLarge(_here);
        Pack(_here);
        AddSmall(_here);
        NewSlice();
        LocalObjectStore store = _here.Repository.Archive.Local;

        // Before the small one's pack gets its name, or between that and the end of its plain bytes.
        bool came = false;
        var between = new AtOpening("pack-names", times, () =>
        {
            Damage(store.Packs.PathOf(_large), (int)LastSegment(_large).Offset + 10);
            came = _here.Repository.Archive.TryRestore(_large);
        });
        using (FileFaults.Use(between))
        {
            Pack(_here);
        }

        Assert.True(came, $"nothing came in between: {between.Seen} openings");
        Assert.Equal(_small, store.TryPackLayout(_large)!.Anchor);
        RequireBoth();
    }

    [Fact]
    public void Nor_does_a_push_over_what_is_damaged_in_the_remote()
    {
        using var share = new TemporaryFolder();
        using var there = new TemporaryRepository();
        foreach (TemporaryRepository one in (TemporaryRepository[])[_here, there])
        {
            (one.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = share.Path }] }).Write(one.Repository.SettingsPath);
        }

        AddLarge(_here);
        Pack(_here);
        AddSmall(_here);
        Pack(_here);
        NewSlices(_here);
        Push(_here, deep: false);
        Damage(share[RemoteObjectStore.PackPathOf(_large)], (int)LastSegment(_large).Offset + 10);
        AddSmall(there);
        Pack(there);
        AddLarge(there);
        Pack(there);
        NewSlices(there);
        Assert.Equal(_small, there.Repository.Archive.Local.TryPackLayout(_large)!.Anchor);

        Push(there, deep: true);

        RemoteReport report = CheckRemote.Run(there.Repository, [], null, deep: true, there.Context);
        Assert.True(report.IsWhole, string.Join('\n', report.Objects.Select(static one => $"{one.What} {one.State}")));
    }

    private static string AddLarge(TemporaryRepository one)
    {
        one.Write("exports/a.json", s_plan);
        return Add(one);
    }

    /// <summary>Without the last tasks of the large one, so that its patch refers to some segments of that.</summary>
    private static string AddSmall(TemporaryRepository one)
    {
        using JsonDocument large = JsonDocument.Parse(File.ReadAllBytes(one.Write("exports/a.json", s_plan)));
        one.WriteText("exports/a.json", $"[{string.Join(",\n", large.RootElement.EnumerateArray().Take(300).Select(static task => task.GetRawText()))}]");
        return Add(one);
    }

    private static string Add(TemporaryRepository one)
    {
        string sha256 = AddExport.Run(one.Repository, one.PathOf("exports/a.json"), "a", one.Context with { Clock = TimeProvider.System }).Sha256;
        File.Delete(one.PathOf("exports/a.json"));
        return sha256;
    }

    private static void Pack(TemporaryRepository one)
    {
        using PackExports packing = PackExports.Begin(one.Repository, [], one.Context);
        foreach (PackTarget target in packing.Targets)
        {
            packing.Pack(target, one.Context);
        }
    }

    private void NewSlices(TemporaryRepository one)
    {
        one.New(new NewSliceRequest("w1") { Exports = [_small], AllowShrink = true });
        one.New(new NewSliceRequest("w2") { Exports = [_large], AllowShrink = true });
    }

    private static void Push(TemporaryRepository one, bool deep)
    {
        TransferResult pushed = PushSlices.Run(one.Repository, new TransferRequest { Deep = deep }, one.Context);
        Assert.Empty(pushed.Items.Select(static item => item.Error?.Message).OfType<string>());
    }

    private void NewSlice() => _here.New(new NewSliceRequest("v1") { Exports = [_small], AllowShrink = true });

    private void RequireBoth()
    {
        LocalObjectStore store = _here.Repository.Archive.Local;
        Assert.Equal(_small, store.HashNow(_small));
        Assert.Equal(_large, store.HashNow(_large));
        Pack(_here);
        Assert.Equal(_small, store.HashNow(_small));
        Assert.Equal(_large, store.HashNow(_large));
        Assert.Empty(new ArchiveCheck(CheckArchive.Of(_here.Repository)).Run().Where(static one => one.IsFault).Select(static one => one.Message));
    }

    private PackFrame LastSegment(string sha256)
    {
        using var pack = PackReader.Open(_here.Repository.Archive.Local.Packs.PathOf(sha256), sha256);
        Assert.True(pack.Segments.Count > 2);
        return pack.Segments[^1].Frame;
    }

    private static void Damage(string path, int at)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at] ^= 0x40;
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllBytes(path, bytes);
        File.SetAttributes(path, FileAttributes.ReadOnly);
    }

    /// <summary>Does something when a file is to be opened for the nth time, as another process would.</summary>
    private sealed class AtOpening(string name, int times, Action act) : IFileFaults
    {
        public int Seen { get; private set; }

        public void Before(FileCall call, string path)
        {
            if (call is FileCall.OpenRead or FileCall.OpenWrite && Path.GetFileName(path) == name && ++Seen == times)
            {
                act();
            }
        }
    }
}
