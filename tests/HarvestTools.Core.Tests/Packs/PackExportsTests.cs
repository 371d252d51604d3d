using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Packs;

/// <summary>A repository whose exports are packed does all that it did before, and loses nothing by damage elsewhere.</summary>
public sealed class PackExportsTests : DriftFixture
{
    private readonly string _second;

    public PackExportsTests()
    {
        _second = Temporary.Add("label_studio/hands2.json", HandsPlan with { Relabelled = [3] }, "b").Sha256;
    }

    private ExportArchive Archive => Temporary.Repository.Archive;

    [Fact]
    public void Packed_exports_are_read_as_before_and_unpacked_to_the_same_bytes()
    {
        Dictionary<string, byte[]> before = Plain();

        List<PackedExport> packed = Pack();

        Assert.Equal(3, packed.Count);
        Assert.Equal((PackOutcome.Packed, null), (packed.Single(one => one.Sha256 == _second).Outcome, packed.Single(one => one.Sha256 == _second).Anchor));
        Assert.Equal(_second, packed.Single(one => one.Sha256 == Hands.Sha256).Anchor);
        Assert.All(packed, one => Assert.True(one.StoredBytes < one.Bytes));
        Assert.DoesNotContain(Plain().Keys, before.Keys.Intersect(packed.Select(static one => one.Sha256)).Contains);
        Directory.Delete(Temporary.Repository.CacheFolder, recursive: true);
        Assert.Equal(DriftStatus.Clean, Check().Status);
        Assert.Equal(Built.Tables.Select(static table => table.Sha256), BuildSlice.Run(Temporary.Repository, Temporary.Repository.Slices.Load("v1"), Temporary.Context).Tables.Select(static table => table.Sha256));
        Assert.Empty(Faults());
        Assert.All(Pack(), static one => Assert.Equal(PackOutcome.AlreadyPacked, one.Outcome));

        using (UnpackExports unpacking = UnpackExports.Begin(Temporary.Repository, [], Temporary.Context))
        {
            Assert.All(unpacking.Targets, target => Assert.Equal(PackOutcome.Unpacked, unpacking.Unpack(target, Temporary.Context).Outcome));
        }

        Assert.Empty(Archive.Local.Packs.List());
        Dictionary<string, byte[]> after = Plain();
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, pair => Assert.Equal(pair.Value, after[pair.Key]));
    }

    [Fact]
    public void A_later_export_becomes_a_patch_against_the_anchor_that_is_there()
    {
        Pack();
        string third = Temporary.Add("label_studio/hands3.json", HandsPlan with { Relabelled = [3, 5] }, "b").Sha256;

        PackedExport packed = Pack().Single(one => one.Sha256 == third);

        Assert.Equal((PackOutcome.Packed, _second), (packed.Outcome, packed.Anchor));
    }

    [Fact]
    public void An_export_that_is_packed_is_not_archived_again_and_a_damaged_pack_is_mended_by_adding_it()
    {
        Pack();
        Assert.False(AddExport.Run(Temporary.Repository, Temporary.PathOf(HandsFile), "b", Temporary.Context).Added);
        Assert.Null(Archive.Local.LocalPath(Hands.Sha256));
        Damage(Hands.Sha256);

        Assert.Throws<HarvestException>(() => Archive.Local.PackedHashNow(Hands.Sha256));
        AddExport.Run(Temporary.Repository, Temporary.PathOf(HandsFile), "b", Temporary.Context);

        Assert.Equal(Hands.Sha256, FileHash.Compute(Archive.Local.LocalPath(Hands.Sha256)!));
        Assert.Equal(PackOutcome.Packed, Pack().Single(one => one.Sha256 == Hands.Sha256).Outcome);
        Assert.Empty(Faults());
    }

    [Fact]
    public void A_damaged_anchor_names_what_it_takes_along_and_is_restored_from_its_recorded_path()
    {
        Pack();
        Damage(_second);

        ArchiveFinding[] found = Faults();

        Assert.Equal(new[] { Hands.Sha256, _second }.Order(StringComparer.Ordinal), found.Select(static one => one.Subject).Order(StringComparer.Ordinal));
        Assert.All(found, static one => Assert.Equal((ArchiveFindingKind.Damaged, FindingSeverity.Error), (one.Kind, one.Severity)));
        Assert.All(Faults(repair: true), static one => Assert.True(one.Repaired, one.Message));
        Assert.Empty(Faults());
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_damaged_anchor_that_is_nowhere_else_stays_for_what_is_still_read_by_it()
    {
        Pack();
        File.Delete(Temporary.PathOf("label_studio/hands2.json"));
        Damage(_second);

        Assert.Contains(Faults(repair: true), one => one.Subject == _second && !one.Repaired);

        Assert.NotNull(Archive.Local.Packs.Find(_second));
    }

    [Fact]
    public void An_anchor_is_removed_only_once_its_patches_have_bytes_of_their_own()
    {
        Pack();

        Assert.True(Archive.Local.Remove(_second));

        Assert.False(Archive.Local.Has(_second));
        Assert.Equal(Hands.Sha256, FileHash.Compute(Archive.Local.LocalPath(Hands.Sha256)!));
    }

    [Fact]
    public void A_remote_gets_packs_and_gives_them_with_their_anchors()
    {
        SetRemote(Temporary.PathOf("remote"));
        Pack();

        TransferResult pushed = PushSlices.Run(Temporary.Repository, new TransferRequest(), Temporary.Context);

        Assert.Equal(0, pushed.Failed);
        string[] there = [.. Directory.GetFiles(Temporary.PathOf("remote/packs"), "*.pack", SearchOption.AllDirectories).Select(static path => Path.GetFileNameWithoutExtension(path))];
        Assert.Equal(Slice.Exports.Select(static export => export.Sha256).Append(_second).Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        Assert.All(PushSlices.Run(Temporary.Repository, new TransferRequest(), Temporary.Context).Items, static item => Assert.Equal(TransferOutcome.AlreadyThere, item.Outcome));
        Assert.True(CheckRemote.Run(Temporary.Repository, [], null, deep: true, Temporary.Context).IsWhole);

        SetAsideFolder.TryDelete(Archive.Folder);
        TransferResult pulled = PullSlices.Run(Temporary.Repository, new TransferRequest(), Temporary.Context);

        Assert.Equal(0, pulled.Failed);
        Assert.Null(Archive.Local.LocalPath(Hands.Sha256));
        Assert.Equal(Hands.Sha256, Archive.Local.PackedHashNow(Hands.Sha256));
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_damaged_pack_of_a_remote_is_refused_and_replaced()
    {
        SetRemote(Temporary.PathOf("remote"));
        Pack();
        PushSlices.Run(Temporary.Repository, new TransferRequest(), Temporary.Context);
        string stored = Directory.GetFiles(Temporary.PathOf("remote/packs"), Hands.Sha256 + ".pack", SearchOption.AllDirectories).Single();
        byte[] whole = File.ReadAllBytes(stored);
        Flip(stored);

        RemoteReport report = CheckRemote.Run(Temporary.Repository, [], null, deep: true, Temporary.Context);
        Assert.Equal(Hands.Sha256, Assert.Single(report.Objects, static one => one.State == RemoteState.Damaged).Sha256);
        using (var elsewhere = new TemporaryRepository())
        {
            HarvestTools.Remotes.Remote remote = Temporary.Repository.OpenRemote(null);
            var local = new LocalObjectStore(elsewhere.PathOf("archive"));
            Assert.Equal("RemoteObjectDamaged", Assert.Throws<HarvestException>(() => remote.Objects.TryBringPack(Hands.Sha256, local, null, CancellationToken.None)).ErrorId);
            Assert.False(local.Has(Hands.Sha256));
            remote.Dispose();
        }

        Assert.Equal(1, PushSlices.Run(Temporary.Repository, new TransferRequest { Deep = true }, Temporary.Context).Replaced);
        Assert.Equal(whole, File.ReadAllBytes(stored));
        Assert.True(CheckRemote.Run(Temporary.Repository, [], null, deep: true, Temporary.Context).IsWhole);
    }

    [Fact]
    public void The_proof_of_an_erasure_looks_into_packs()
    {
        Pack();

        ErasureProof proof = ProveErasure.Run(Temporary.Repository, SourceQuery.OfAnnotator(HandsPlan.Annotators[0]), Temporary.Context);

        Assert.Contains(proof.Traces, one => one.Kind == ErasureTraceKind.Archive && one.Path.EndsWith(Hands.Sha256 + ".pack", StringComparison.Ordinal));
    }

    [Fact]
    public void Older_exports_are_packed_by_themselves_where_harvest_json_asks_for_it()
    {
        Assert.Empty(PackExports.Automatically(Temporary.Repository, ["b"], Temporary.Context));
        (Temporary.Repository.Settings with { PacksAutomatically = true }).Write(Temporary.PathOf("harvest.json"));
        Assert.Empty(PackExports.Automatically(Temporary.Repository, ["a"], Temporary.Context));
        string third = Temporary.Add("label_studio/hands3.json", HandsPlan with { Relabelled = [3, 5] }, "b").Sha256;

        IReadOnlyList<PackedExport> packed = PackExports.Automatically(Temporary.Repository, ["b", "b"], Temporary.Context);

        Assert.Equal([_second, Hands.Sha256], packed.Select(static one => one.Sha256));
        Assert.NotNull(Archive.Local.LocalPath(third));
        Assert.Null(Archive.Local.LocalPath(_second));
        Assert.Empty(PackExports.Automatically(Temporary.Repository, ["b"], Temporary.Context));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_check_says_the_same_of_a_file_that_was_written_over_and_writes_nothing_into_the_archive(bool dataAlone)
    {
        string file = Temporary.PathOf(Temporary.Repository.Slices.Load("v1").Exports.Single(export => export.Sha256 == Hands.Sha256).Path!);
        JsonNode tasks = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (JsonNode? task in tasks.AsArray())
        {
            task!["data"]!["added"] = 1;
            _ = dataAlone || (task["annotations"] = new JsonArray()) is null;
        }

        File.WriteAllText(file, tasks.ToJsonString());
        string[] plain = Messages();
        Assert.Contains(plain, static message => message.StartsWith("ExportRewritten", StringComparison.Ordinal));
        Pack();
        string[] before = [.. Plain().Keys.Order(StringComparer.Ordinal)];

        Assert.Equal(plain, Messages());
        Assert.Equal(before, Plain().Keys.Order(StringComparer.Ordinal));

        string[] Messages() => [.. Check().Findings.Select(static finding => $"{finding.Kind} {finding.Severity} {finding.Message}")];
    }

    private List<PackedExport> Pack()
    {
        using PackExports packing = PackExports.Begin(Temporary.Repository, [], Temporary.Context);
        return [.. packing.Targets.Select(target => packing.Pack(target, Temporary.Context))];
    }

    private ArchiveFinding[] Faults(bool repair = false) =>
        [.. new ArchiveCheck(CheckArchive.Of(Temporary.Repository)) { Repair = repair }.Run().Where(static finding => finding.Severity == FindingSeverity.Error)];

    private Dictionary<string, byte[]> Plain() => Directory.GetFiles(Archive.Local.ObjectsFolder, "*", SearchOption.AllDirectories)
        .ToDictionary(static path => Path.GetFileName(path)!, File.ReadAllBytes);

    private void Damage(string sha256) => Flip(Archive.Local.Packs.PathOf(sha256));

    /// <summary>In the first segment, which every patch needs.</summary>
    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[PackLayout.Mark.Length + 20] ^= 4;
        FileAccessBits.ClearForReplacement(path);
        File.WriteAllBytes(path, bytes);
    }

    private void SetRemote(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Temporary.PathOf("harvest.json");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(path))!;
        settings["remotes"] = new JsonObject { ["r"] = folder };
        File.WriteAllText(path, settings.ToJsonString());
    }
}
