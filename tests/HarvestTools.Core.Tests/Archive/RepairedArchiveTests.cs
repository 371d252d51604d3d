using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Packs;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Archive;

/// <summary>What a repair puts right by itself, what it leaves whole, and which reason it gives of several.</summary>
public sealed class RepairedArchiveTests : IDisposable
{
    private const string Export = """[{"id":1,"project":7,"data":{},"annotations":[{"id":2,"result":[{"id":"r","type":"choices"}]}]}]""";
    private static readonly string s_hash = ArchiveFixture.Hash("[1]");

    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_record_is_made_again_with_its_labels_where_the_export_is_at_hand(bool atHand)
    {
        string sha256 = _fixture.Add(Export);
        string path = Path.Combine(_fixture.Archive.RecordsFolder, $"p-{sha256}.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["bytes"] = 1000;
        File.WriteAllText(path, json.ToJsonString());
        if (!atHand)
        {
            _fixture.Remove(sha256);
        }

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole, repair: true), finding => finding.Path == path);
        Assert.Equal((atHand, atHand), (finding.Repaired, whole));
        Assert.Equal(atHand, finding.Message.EndsWith(" It was made again of the export; see whether it says rightly when and from where the export was added.", StringComparison.Ordinal));
        Assert.StartsWith($"The record '{path}' is damaged: ", finding.Message, StringComparison.Ordinal);
        if (atHand)
        {
            ExportRecord now = ExportRecord.Load(path);
            Assert.Equal((1, 1, true), (now.Tasks, now.Annotations, now.LabelsRead));
            Assert.Empty(_fixture.Check(out _));
        }
    }

    [Fact]
    public void A_record_of_an_export_that_has_no_labels_to_read_is_made_again_without()
    {
        string sha256 = _fixture.Add("no JSON");
        string path = Path.Combine(_fixture.Archive.RecordsFolder, $"p-{sha256}.json");
        File.WriteAllText(path, "{");
        Assert.True(Assert.Single(_fixture.Check(out bool whole, repair: true)).Repaired);
        Assert.True(whole);
        Assert.Equal((7, null, false), (ExportRecord.Load(path).Bytes, ExportRecord.Load(path).Tasks, ExportRecord.Load(path).LabelsRead));
    }

    [Fact]
    public void A_pack_that_another_process_has_put_right_stays()
    {
        using var packs = new PackFile();
        packs.Pack("[1]"u8.ToArray());
        var remote = new MemoryObjectStore();
        remote.AddBytes("[1]"u8);
        var archive = new ExportArchive(packs.Folder.Path, _fixture.Folder["locks"], elsewhere: () => [remote]);
        string pack = archive.Local.Packs.PathOf(s_hash);
        ArchiveFinding finding = Repair(archive).DamagedPack(Of(ArchiveFindingKind.Damaged, pack));
        Assert.True(finding.Repaired);
        Assert.True(File.Exists(pack));
        Assert.Equal(s_hash, archive.Local.PackedHashNow(s_hash));
        Assert.False(Directory.Exists(archive.Local.QuarantineFolder));
    }

    [Fact]
    public void A_misplaced_object_is_on_the_disk_in_its_place_and_is_not_moved_through_a_link()
    {
        ExportArchive archive = _fixture.Archive;
        string wrong = _fixture.Folder.Write($".harvest/archive/sha256/zz/{s_hash}", "[1]");
        string place = Path.GetDirectoryName(archive.Local.PathOf(s_hash))!;
        if (!OperatingSystem.IsWindows())
        {
            string other = Directory.CreateDirectory(_fixture.Folder["other"]).FullName;
            Directory.CreateSymbolicLink(place, other);
            ArchiveFinding refused = Repair(archive).Misplaced(Of(ArchiveFindingKind.Misplaced, wrong));
            Assert.False(refused.Repaired);
            Assert.StartsWith($"It is so. The repair failed: Cannot write '{place}'", refused.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(other));
            Assert.True(File.Exists(wrong));
            Directory.Delete(place);
        }

        var flushed = new Flushed();
        using (DiskFlush.Observe(flushed))
        {
            Assert.True(Repair(archive).Misplaced(Of(ArchiveFindingKind.Misplaced, wrong)).Repaired);
        }

        Assert.Equal(place, flushed.Folders[^1]);
    }

    [Fact]
    public void Of_several_reasons_the_first_is_given()
    {
        var archive = new ExportArchive(_fixture.Folder["store"], _fixture.Folder["locks"], elsewhere: static () => [new Away()]);
        Slice("v1", "first");
        Slice("v2", "second");
        ArchiveRepair repair = Repair(archive);
        for (int time = 0; time < 2; time++)
        {
            ArchiveFinding finding = repair.Missing(Of(ArchiveFindingKind.Missing, archive.Local.PathOf(s_hash)));
            Assert.Equal("It is so. The repair failed: No first.", finding.Message);
        }
    }

    [Fact]
    public void Of_several_exports_that_are_nowhere_each_is_named()
    {
        string folder = _fixture.Archive.Folder;
        string definition = ArchiveFixture.Hash("definition");
        _fixture.Repository.Slices.Create(new SliceManifest
        {
            Version = "v1",
            Exports =
            [
                new SliceExport { Project = "p", Sha256 = s_hash, Path = "a.json" },
                new SliceExport { Project = "q", Sha256 = ArchiveFixture.Hash("[2]"), Name = "outside.json", LabelConfigSha256 = ArchiveFixture.Hash("config") },
            ],
            HarvestVersion = "harvest@v1.0.0",
            HarvestSha256 = definition,
        });
        Slice("v2", null);
        ArchiveFinding absent = Assert.Single(_fixture.Check(out _));
        Assert.Contains("2 exports are named by slices v1 and v2, and nothing of them can be checked.", absent.Message, StringComparison.Ordinal);
        ArchiveFinding repaired = Assert.Single(_fixture.Check(out _, repair: true));
        string[] named = [$"{s_hash[..12]} of project p (a.json)", $"{ArchiveFixture.Hash("[2]")[..12]} of project q (outside.json)"];
        Assert.StartsWith($"There was no archive here ('{folder}'): 2 exports are named by slices v1 and v2, and no recorded path has ", repaired.Message, StringComparison.Ordinal);
        Assert.EndsWith(", with 2 definitions or labeling configurations.", repaired.Message, StringComparison.Ordinal);
        Assert.All(named, name => Assert.Contains(name, repaired.Message, StringComparison.Ordinal));
    }

    private static ArchiveFinding Of(string kind, string path) => new(kind, FindingSeverity.Error, s_hash, path, "It is so.", Remedy.None);

    private ArchiveRepair Repair(ExportArchive archive) => new(
        archive,
        ArchiveReferences.Collect(archive, _fixture.Repository.Slices, CancellationToken.None),
        static path => throw new HarvestException("No", HarvestFault.FileSystem, $"No {path}.", "Wait."),
        new Dictionary<string, byte[]>(),
        static _ => null);

    private void Slice(string version, string? path) => _fixture.Repository.Slices.Create(new SliceManifest
    {
        Version = version,
        Exports = [new SliceExport { Project = "p", Sha256 = s_hash, Path = path }],
        HarvestVersion = "harvest@v1.0.0",
    });

    private sealed class Flushed : IDiskFlush
    {
        public List<string> Folders { get; } = [];

        public void File(SafeFileHandle file, string path)
        {
        }

        public void Folder(string folder) => Folders.Add(folder);
    }

    private sealed class Away : IObjectSource
    {
        public string Name => "away";

        public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) => throw new NotSupportedException();

        public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => throw new NotSupportedException();

        public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) =>
            throw new HarvestException("Away", HarvestFault.Remote, "It is away.", "Wait.");

        public string? LocalPath(string sha256) => throw new NotSupportedException();
    }
}
