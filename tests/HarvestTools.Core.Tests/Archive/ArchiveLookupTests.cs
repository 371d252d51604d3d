using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Packs;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Packs;

namespace HarvestTools.Tests.Archive;

/// <summary>What the archive answers by hashes, beginnings of them, names of projects and files; and what it asks before it writes.</summary>
public sealed class ArchiveLookupTests : IDisposable
{
    private static readonly string s_hash = ArchiveFixture.Hash("[1]");

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _remote = new();
    private readonly List<string> _fetched = [];
    private readonly ExportArchive _archive;
    private int _begun;

    public ArchiveLookupTests() => _archive = Open();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_elsewhere_is_brought_when_it_is_asked_for()
    {
        Assert.Null(_archive.TryPathOf(s_hash));
        Assert.False(_archive.TryFetch(s_hash));
        Assert.False(_archive.TryFetch(s_hash, progress: null, CancellationToken.None));
        Assert.False(_archive.TryRestore(s_hash));
        Assert.Equal("ObjectNotFound", Assert.Throws<HarvestException>(() => _archive.PathOf(s_hash)).ErrorId);

        _remote.AddBytes("[1]"u8);
        Assert.True(_archive.Contains(s_hash));
        Assert.Equal([s_hash], _archive.ContainsAsFarAsKnown([s_hash, ArchiveFixture.Hash("[2]")], out HarvestException? unasked, CancellationToken.None));
        Assert.Null(unasked);
        Assert.Empty(_fetched);
        string path = _archive.TryPathOf(s_hash)!;
        Assert.Equal("[1]", File.ReadAllText(path));
        Assert.Equal(path, _archive.PathOf(s_hash));
        Assert.Equal([$"{s_hash} memory"], _fetched);
        foreach (Func<string, bool> fetch in new Func<string, bool>[] { _archive.TryFetch, hash => _archive.TryFetch(hash, progress: null, CancellationToken.None), _archive.TryRestore })
        {
            _archive.Objects.Remove(s_hash);
            Assert.False(File.Exists(path));
            Assert.True(fetch(s_hash));
            Assert.True(File.Exists(path));
        }
    }

    [Fact]
    public void What_was_removed_for_good_is_not_brought()
    {
        _remote.AddBytes("[1]"u8);
        _archive.Record(ArchiveFixture.Record("[1]", "p") with { RemovedAt = Timestamp.From(DateTimeOffset.UnixEpoch) });
        Assert.Null(_archive.TryPathOf(s_hash));
        Assert.Empty(_fetched);
    }

    /// <summary>Who only needs the object to be here does not read its pack; a repair that has read it brings the plain bytes.</summary>
    [Fact]
    public void A_damaged_pack_counts_as_here_until_it_is_restored()
    {
        using var packs = new PackFile();
        byte[] bytes = PackFile.Export([1, 2, 3]);
        string sha256 = packs.Pack(bytes);
        _remote.AddBytes(bytes);
        ExportArchive archive = Open(packs.Folder.Path);
        string pack = archive.Local.Packs.PathOf(sha256);
        byte[] damaged = File.ReadAllBytes(pack);
        damaged[PackLayout.Mark.Length + 20] ^= 4;
        ArchiveFixture.MakeWritable(pack);
        File.WriteAllBytes(pack, damaged);
        Assert.True(archive.TryFetch(sha256));
        Assert.Empty(_fetched);
        Assert.False(File.Exists(archive.Local.PathOf(sha256)));
        Assert.True(archive.TryRestore(sha256));
        Assert.Equal(bytes, File.ReadAllBytes(archive.Local.PathOf(sha256)));
    }

    [Fact]
    public void Whatever_is_going_to_be_written_is_announced_and_reading_is_not()
    {
        _ = _archive.List();
        _ = _archive.Contains(s_hash);
        _ = _archive.IsAbsent();
        _archive.KeepIndex();
        Assert.Equal(0, _begun);
        _archive.Record(ArchiveFixture.Record("[1]", "p"));
        Assert.Equal(1, _begun);
        _archive.Use(CancellationToken.None).Dispose();
        Assert.Equal(2, _begun);
        _archive.UseAlone(CancellationToken.None).Dispose();
        Assert.Equal(3, _begun);
        _archive.LockPacks().Dispose();
        Assert.Equal(4, _begun);
        _archive.Objects.AddBytes("[1]"u8);
        Assert.Equal(5, _begun);
        Assert.Equal(["packs", "records", "users"], _folder.Names("locks").Select(static name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal));
        _archive.LockRegistry().Dispose();
        Assert.Contains("repositories", _folder.Names("locks").Select(static name => Path.GetFileNameWithoutExtension(name)));
    }

    /// <summary>Each by its own file, so that one who packs does not wait for one who records.</summary>
    [Fact]
    public void Records_packs_and_the_registry_are_locked_apart()
    {
        using FileLock records = _archive.LockRecords();
        using FileLock packs = _archive.LockPacks();
        using FileLock registry = _archive.LockRegistry();
        using FileLock users = _archive.UseAlone(CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => _archive.LockPacks(patience.Token));
    }

    [Fact]
    public void Nothing_is_recorded_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        Directory.CreateDirectory(_folder["other"]);
        Directory.CreateDirectory(_archive.Folder);
        Directory.CreateSymbolicLink(_archive.RecordsFolder, _folder["other"]);
        HarvestException refused = Assert.Throws<HarvestException>(() => _archive.Record(ArchiveFixture.Record("[1]", "p")));
        Assert.Equal("NotAStoredFile", refused.ErrorId);
        Assert.StartsWith($"Cannot write '{_archive.RecordsFolder}'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["other"]));
    }

    [Fact]
    public void A_record_that_says_nothing_new_is_left_as_it_is()
    {
        _archive.Record(ArchiveFixture.Record("[1]", "p", "in/a.json"));
        string path = Assert.Single(_archive.RecordFiles());
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.False(_archive.Record(ArchiveFixture.Record("[1]", "p", hour: 3)).Added);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
        Assert.False(_archive.Record(ArchiveFixture.Record("[1]", "p", "in/b.json")).Added);
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
        Assert.Equal("in/b.json", Open().TryRecord("p", s_hash)!.Path);
    }

    [Fact]
    public void Projects_are_asked_for_by_any_of_their_names()
    {
        ExportArchive before = Open();
        before.Record(ArchiveFixture.Record("[1]", "old"));
        before.Record(ArchiveFixture.Record("[2]", "q"));
        ExportArchive archive = Open(names: new ProjectNames(new Dictionary<string, ProjectSettings> { ["p"] = new() { Names = ["old"] } }));
        Assert.Equal(("p", "p", "q"), (archive.CurrentName("old"), archive.CurrentName("p"), archive.CurrentName("q")));
        Assert.Equal([s_hash], archive.List("old").Select(static record => record.Sha256));
        Assert.Equal([s_hash], archive.List("p").Select(static record => record.Sha256));
        Assert.Equal(s_hash, archive.TryRecord("old", s_hash)!.Sha256);
        Assert.Null(archive.TryRecord("q", s_hash));
        archive.RequireProject("old");
        archive.RequireProject("q");
        HarvestException unknown = Assert.Throws<HarvestException>(() => archive.RequireProject("r"));
        Assert.Equal("ProjectNotFound", unknown.ErrorId);
        string path = Assert.Single(archive.RecordFilesOf(s_hash));
        Assert.Equal(("p", "old", s_hash), (archive.ProjectOf(path), before.ProjectOf(path), ExportArchive.Sha256Of(path)));

        // Under its present name it is the record that is there already.
        Assert.False(archive.Record(ArchiveFixture.Record("[1]", "p", "in/a.json")).Added);
        Assert.Equal(2, archive.RecordFiles().Count);
        Assert.Equal("in/a.json", Open().TryRecord("old", s_hash)!.Path);
    }

    [Fact]
    public void An_export_is_found_by_four_digits_or_more_in_either_case()
    {
        _archive.Record(ArchiveFixture.Record("[1]", "p"));
        _archive.Record(ArchiveFixture.Record("[1]", "a"));
        foreach (string prefix in new[] { s_hash, s_hash[..4], s_hash.ToUpperInvariant() })
        {
            Assert.Equal(["a", "p"], _archive.FindExports(prefix).Select(static record => record.Project));
        }

        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => _archive.FindExports(s_hash[..3])).ErrorId);
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => _archive.FindExports(s_hash + "0")).ErrorId);
        Assert.Equal("ObjectNotFound", Assert.Throws<HarvestException>(() => _archive.FindExports(ArchiveFixture.Hash("[2]"))).ErrorId);

        // A record alone is no object.
        Assert.Equal("ObjectNotFound", Assert.Throws<HarvestException>(() => _archive.Find(s_hash)).ErrorId);
        Assert.Equal((true, true, false, false, false), (
            ExportArchive.IsHashPrefix("abcd"), ExportArchive.IsHashPrefix(s_hash), ExportArchive.IsHashPrefix("abc"), ExportArchive.IsHashPrefix(s_hash + "0"), ExportArchive.IsHashPrefix("abcx")));
    }

    [Fact]
    public void A_record_has_a_project_a_dash_and_a_hash_for_a_name()
    {
        Assert.True(ExportArchive.IsRecordName($"p-{s_hash}"));
        foreach (string other in new[] { $"-{s_hash}", s_hash, $"p_{s_hash}", $"p-{s_hash[1..]}", $"p-{s_hash.ToUpperInvariant()}", $"p-{s_hash}x", "" })
        {
            Assert.False(ExportArchive.IsRecordName(other));
        }
    }

    [Fact]
    public void What_retention_removed_is_known_until_it_is_here_again()
    {
        Assert.Null(_archive.RemovedByRetention(s_hash));
        _archive.Objects.AddBytes("[2]"u8);
        var removed = new RemovedObject(s_hash, Timestamp.From(DateTimeOffset.UnixEpoch), "export");
        _archive.Removals.Add([removed]);
        Assert.Equal(removed, _archive.RemovedByRetention(s_hash));
        Assert.Same(_archive.Removals, _archive.Removals);
        _archive.Objects.AddBytes("[1]"u8);
        Assert.Null(_archive.RemovedByRetention(s_hash));
    }

    private ExportArchive Open(string? folder = null, ProjectNames? names = null) => new(
        folder ?? _folder["archive"], _folder["locks"], () => _begun++, names, elsewhere: () => [_remote], fetching: (hash, name) => _fetched.Add($"{hash} {name}"));
}
