using System.IO.Compression;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Packs;

namespace HarvestTools.Tests.Archive;

/// <summary>Where a repair takes bytes from, in which order, and what it leaves as it is.</summary>
public sealed class ArchiveRepairTests : IDisposable
{
    private static readonly string s_hash = ArchiveFixture.Hash("[1]");

    private readonly ArchiveFixture _fixture = new();
    private readonly Dictionary<string, byte[]> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _beside = new(StringComparer.Ordinal);
    private readonly List<IObjectSource> _elsewhere = [];
    private readonly ExportArchive _archive;

    public ArchiveRepairTests()
    {
        _archive = new ExportArchive(_fixture.Folder["store"], _fixture.Folder["locks"], elsewhere: () => _elsewhere);
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Bytes_come_from_the_nearest_place_that_has_them()
    {
        var remote = new MemoryObjectStore();
        remote.AddBytes("[1]"u8);
        _elsewhere.Add(remote);
        AssertRestored("the remote");
        _fixture.Folder.Write("in/b.json", "[1]");
        Slice("v1", "in/a.json");
        Slice("v2", "in/b.json");
        AssertRestored("'in/b.json'");
        _fixture.Folder.Write("in/a.json", "[1]");
        AssertRestored("'in/a.json'");
        _beside[s_hash] = "[1]"u8.ToArray();
        AssertRestored("the definition beside a slice");
        _known[s_hash] = "[1]"u8.ToArray();
        AssertRestored("harvest.json");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_json_in_a_gzip_at_a_recorded_path_is_the_export_and_another_file_is_not(bool right)
    {
        using (var gzip = new GZipStream(File.Create(_fixture.Folder["a.json.gz"]), CompressionLevel.Fastest))
        {
            gzip.Write(right ? "[1]"u8 : "[2]"u8);
        }

        Slice("v1", "a.json.gz");
        ArchiveFinding finding = Repair().Missing(Missing());
        Assert.Equal(right, finding.Repaired);
        Assert.Equal(right, _archive.Local.Holds(s_hash));
        Assert.Equal(right ? "It is gone. The object was restored from 'a.json.gz'." : "It is gone.", finding.Message);
        Assert.Equal(right ? [s_hash] : [], _archive.Objects.List().Select(static stored => stored.Sha256));
    }

    [Fact]
    public void A_place_that_cannot_be_read_is_the_reason_only_where_no_other_has_the_bytes()
    {
        Slice("v1", "refused");
        Slice("v2", "in/b.json");
        ArchiveFinding finding = Repair().Missing(Missing());
        Assert.Equal(("It is gone. The repair failed: It is refused.", false, "Refused"), (finding.Message, finding.Repaired, finding.RepairFault?.ErrorId));
        Assert.Equal("Allow it.", finding.Remedy);

        // Of what is untidy only the finding says so.
        Assert.Null(Repair().Missing(Missing() with { Severity = FindingSeverity.Warning }).RepairFault);

        _fixture.Folder.Write("in/b.json", "[1]");
        AssertRestored("'in/b.json'");
    }

    [Theory]
    [InlineData(HarvestFault.Remote, 1)]
    [InlineData(HarvestFault.Damaged, 3)]
    public void A_remote_that_cannot_be_reached_is_asked_once_and_one_with_damage_for_each(HarvestFault fault, int asked)
    {
        var remote = new Refusing(fault);
        _elsewhere.Add(remote);
        ArchiveRepair repair = Repair();
        for (int i = 0; i < 3; i++)
        {
            ArchiveFinding finding = repair.Missing(Missing());
            Assert.Equal(("It is gone. The repair failed: It is away.", false, null), (finding.Message, finding.Repaired, finding.RepairFault));
        }

        Assert.Equal(asked, remote.Asked);

        // Nearer places are looked at all the same.
        Slice("v1", "a.json");
        _fixture.Folder.Write("a.json", "[1]");
        AssertRestored("'a.json'");
    }

    [Fact]
    public void What_is_in_an_objects_place_and_nobody_needs_is_set_aside_and_only_damage_is_then_a_fault()
    {
        string place = _archive.Local.PathOf(s_hash);
        Directory.CreateDirectory(place);
        ArchiveFinding finding = Repair().Obstacle(Of(ArchiveFindingKind.NotAFile, place));
        Assert.True(finding.Repaired);
        string moved = Assert.Single(Directory.GetDirectories(_archive.Local.QuarantineFolder));
        Assert.Equal($"It is gone. It was moved to '{moved}'.", finding.Message);

        _fixture.Folder.Write($"store/sha256/{s_hash[..2]}/{s_hash}", "[7]");
        finding = Repair().Damaged(Of(ArchiveFindingKind.Damaged, place));
        Assert.False(finding.Repaired);
        Assert.Equal($"It is gone. It was moved to '{Assert.Single(Directory.GetFiles(_archive.Local.QuarantineFolder))}'.", finding.Message);
        Assert.False(File.Exists(place));
    }

    [Fact]
    public void A_definition_that_harvest_json_has_is_restored_though_nothing_refers_to_it()
    {
        string place = _archive.Local.PathOf(s_hash);
        _known[s_hash] = "[1]"u8.ToArray();
        Directory.CreateDirectory(place);
        ArchiveFinding finding = Repair().Obstacle(Of(ArchiveFindingKind.NotAFile, place));
        Assert.True(finding.Repaired);
        Assert.EndsWith(" The object was restored from harvest.json.", finding.Message, StringComparison.Ordinal);
        Assert.Equal("[1]", File.ReadAllText(place));
    }

    [Fact]
    public void Damage_that_another_process_has_put_right_is_left_alone()
    {
        _archive.Objects.AddBytes("[1]"u8);
        ArchiveFinding finding = Repair().Damaged(Of(ArchiveFindingKind.Damaged, _archive.Local.PathOf(s_hash)));
        Assert.Equal((true, "It is gone."), (finding.Repaired, finding.Message));
        Assert.False(Directory.Exists(_archive.Local.QuarantineFolder));
    }

    [Theory]
    [InlineData("[2]", null)]
    [InlineData("[1]", "[1]")]
    [InlineData("[1]", "[7]")]
    public void A_misplaced_file_with_other_bytes_or_whose_place_is_taken_stays(string bytes, string? there)
    {
        string wrong = _fixture.Folder.Write($"store/sha256/zz/{s_hash}", bytes);
        if (there is not null)
        {
            _fixture.Folder.Write($"store/sha256/{s_hash[..2]}/{s_hash}", there);
        }

        ArchiveFinding finding = Repair().Misplaced(Of(ArchiveFindingKind.Misplaced, wrong));
        Assert.Equal((false, "It is gone."), (finding.Repaired, finding.Message));
        Assert.Equal(bytes, File.ReadAllText(wrong));
        Assert.Equal(there, there is null ? null : File.ReadAllText(_archive.Local.PathOf(s_hash)));
    }

    [Fact]
    public void A_misplaced_object_goes_where_it_belongs_and_is_protected_there()
    {
        string wrong = _fixture.Folder.Write($"store/sha256/zz/{s_hash}", "[1]");
        Assert.True(Repair().Misplaced(Of(ArchiveFindingKind.Misplaced, wrong)).Repaired);
        Assert.False(File.Exists(wrong));
        Assert.True(FileAccessBits.IsReadOnly(_archive.Local.PathOf(s_hash)));
        Assert.Equal(s_hash, _archive.Objects.HashNow(s_hash));
    }

    [Fact]
    public void A_file_that_is_gone_need_not_be_protected_and_what_a_link_leads_to_is_not()
    {
        Assert.True(ArchiveRepair.Writable(Of(ArchiveFindingKind.Writable, _fixture.Folder["gone"])).Repaired);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        string target = _fixture.Folder.Write("target", "x");
        File.CreateSymbolicLink(_fixture.Folder["link"], target);
        ArchiveFinding finding = ArchiveRepair.Writable(Of(ArchiveFindingKind.Writable, _fixture.Folder["link"]));
        Assert.False(finding.Repaired);
        Assert.Contains("The repair failed: Cannot protect '", finding.Message, StringComparison.Ordinal);
        Assert.False(FileAccessBits.IsReadOnly(target));
    }

    [Fact]
    public void A_damaged_pack_stays_until_its_object_is_here_again()
    {
        using var packs = new PackFile();
        Assert.Equal(s_hash, packs.Pack("[1]"u8.ToArray()));
        var archive = new ExportArchive(packs.Folder.Path, _fixture.Folder["locks"], elsewhere: () => _elsewhere);
        string pack = archive.Local.Packs.PathOf(s_hash);
        File.WriteAllText(pack, "no pack any more");
        var repair = new ArchiveRepair(
            archive, ArchiveReferences.Collect(archive, _fixture.Repository.Slices, CancellationToken.None), path => _fixture.Folder[path], _known, static _ => null);
        ArchiveFinding finding = repair.DamagedPack(Of(ArchiveFindingKind.Damaged, pack));
        Assert.Equal((false, "It is gone."), (finding.Repaired, finding.Message));
        Assert.True(File.Exists(pack));

        // A remote is asked though there is a pack, since that is what is damaged.
        var remote = new MemoryObjectStore();
        remote.AddBytes("[1]"u8);
        _elsewhere.Add(remote);
        finding = repair.DamagedPack(Of(ArchiveFindingKind.Damaged, pack));
        Assert.True(finding.Repaired);
        string moved = Assert.Single(Directory.GetFiles(archive.Local.QuarantineFolder));
        Assert.Equal($"It is gone. The object was restored from the remote. The pack was moved to '{moved}'.", finding.Message);
        Assert.False(File.Exists(pack));
        Assert.Equal("[1]", File.ReadAllText(archive.Local.LocalPath(s_hash)!));
    }

    [Fact]
    public void A_fault_of_the_file_system_is_named_by_the_file()
    {
        ArchiveFinding finding = ArchiveRepair.Try(Of(ArchiveFindingKind.Damaged, "the file"), static () => throw new IOException("Something is wrong"));
        Assert.StartsWith("It is gone. The repair failed: Cannot repair 'the file'", finding.Message, StringComparison.Ordinal);
        Assert.Equal(HarvestFault.FileSystem, finding.RepairFault?.Fault);
    }

    private static ArchiveFinding Of(string kind, string path) => new(kind, FindingSeverity.Error, s_hash, path, "It is gone.", Remedy.None);

    private ArchiveFinding Missing() => Of(ArchiveFindingKind.Missing, _archive.Local.PathOf(s_hash));

    private void Slice(string version, string path) => _fixture.Repository.Slices.Create(new SliceManifest
    {
        Version = version,
        Exports = [new SliceExport { Project = "p", Sha256 = s_hash, Path = path }],
        HarvestVersion = "harvest@v1.0.0",
    });

    private ArchiveRepair Repair() => new(
        _archive,
        ArchiveReferences.Collect(_archive, _fixture.Repository.Slices, CancellationToken.None),
        path => path == "refused" ? throw new HarvestException("Refused", HarvestFault.FileSystem, "It is refused.", "Allow it.") : _fixture.Folder[path],
        _known,
        sha256 => _beside.GetValueOrDefault(sha256));

    private void AssertRestored(string source)
    {
        ArchiveFinding finding = Repair().Missing(Missing());
        Assert.Equal(($"It is gone. The object was restored from {source}.", true, null), (finding.Message, finding.Repaired, finding.RepairFault));
        Assert.Equal("[1]", File.ReadAllText(_archive.Local.PathOf(s_hash)));
        Assert.True(_archive.Objects.Remove(s_hash));
    }

    private sealed class Refusing(HarvestFault fault) : IObjectSource
    {
        public int Asked { get; private set; }

        public string Name => "away";

        public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) => throw new NotSupportedException();

        public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => throw new NotSupportedException();

        public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
        {
            Asked++;
            throw new HarvestException("Away", fault, "It is away.", "Wait.");
        }

        public string? LocalPath(string sha256) => throw new NotSupportedException();
    }
}
