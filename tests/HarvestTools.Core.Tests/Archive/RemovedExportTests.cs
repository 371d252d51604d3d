using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Tests.Archive.Stores;

namespace HarvestTools.Tests.Archive;

/// <summary>What the archive knows of exports that were removed for good, and of those that take their place.</summary>
public sealed class RemovedExportTests : IDisposable
{
    private static readonly Timestamp s_time = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(3));

    private readonly ArchiveFixture _fixture = new();

    private ExportArchive Archive => _fixture.Archive;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void One_that_is_here_was_not_removed_whatever_its_record_says()
    {
        string sha256 = _fixture.Add("[1]");
        Assert.Null(Archive.RemovedAt(sha256));
        Assert.False(Archive.IsRemoved(sha256));
        Archive.Record(ArchiveFixture.Record("[1]", "p") with { RemovedAt = s_time });
        Assert.Equal(s_time, Archive.RemovedAt(sha256));
        Assert.False(Archive.IsRemoved(sha256));
        Archive.Objects.Remove(sha256);
        Assert.True(Archive.IsRemoved(sha256));
        Assert.Null(Archive.RemovedAt(ArchiveFixture.Hash("[2]")));
        Assert.False(Archive.IsRemoved(ArchiveFixture.Hash("[2]")));
    }

    [Fact]
    public void Any_of_its_projects_says_it_a_damaged_record_too()
    {
        Archive.Record(ArchiveFixture.Record("[1]", "a"));
        Archive.Record(ArchiveFixture.Record("[1]", "b") with { RemovedAt = s_time });
        string sha256 = ArchiveFixture.Hash("[1]");
        Assert.Equal(s_time, Archive.RemovedAt(sha256));

        string path = Path.Combine(Archive.RecordsFolder, $"b-{sha256}.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["bytes"] = 4;
        File.WriteAllText(path, json.ToJsonString());
        Archive.DistrustRecords();
        Assert.Equal(["RecordDamaged"], Archive.Records().Select(static entry => entry.Error?.ErrorId).OfType<string>());
        Assert.Equal(s_time, Archive.RemovedAt(sha256));

        // Of what cannot be read nothing is known, and the others are asked.
        File.WriteAllText(Path.Combine(Archive.RecordsFolder, $"a-{sha256}.json"), "{");
        Archive.DistrustRecords();
        Assert.Equal(s_time, Archive.RemovedAt(sha256));
        File.WriteAllText(path, "{");
        Archive.DistrustRecords();
        Assert.Null(Archive.RemovedAt(sha256));
    }

    [Fact]
    public void Of_a_record_that_the_disk_does_not_give_nothing_is_known()
    {
        Archive.Record(ArchiveFixture.Record("[1]", "p") with { RemovedAt = s_time });
        string sha256 = ArchiveFixture.Hash("[1]");
        Archive.DistrustRecords();
        using (FileFaults.Use(new AtOpening(Path.Combine(Archive.RecordsFolder, $"p-{sha256}.json"))))
        {
            Assert.Null(Archive.RemovedAt(sha256));
        }

        Assert.Equal(s_time, Archive.RemovedAt(sha256));
    }

    /// <summary>In an archive of so many records that they are read from the cache.</summary>
    [Fact]
    public void One_that_was_erased_does_not_come_back_from_a_remote_however_many_there_are()
    {
        var remote = new MemoryObjectStore();
        remote.AddBytes("[1]"u8);
        ExportArchive Open() => new(_fixture.Folder["store"], _fixture.Folder["locks"], recordCache: _fixture.Folder["cache/records"], elsewhere: () => [remote]);
        string folder = Directory.CreateDirectory(Open().RecordsFolder).FullName;
        foreach (int i in Enumerable.Range(0, RecordCache.FewestRecords))
        {
            ExportRecord record = ArchiveFixture.Record($"[{i}]", "p") with { RemovedAt = i == 1 ? s_time : null };
            string path = Path.Combine(folder, record.FileName);
            File.WriteAllBytes(path, record.ToUtf8Bytes());
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        }

        // As a command minutes later keeps them, and one after it reads them.
        var cache = RecordCache.Open(_fixture.Folder["cache/records"], DateTimeOffset.UtcNow.AddMinutes(5));
        Array.ForEach(Directory.GetFiles(folder), file => cache.Get(file));
        cache.TrySave();
        Assert.True(File.Exists(_fixture.Folder["cache/records"]));

        ExportArchive archive = Open();
        Assert.Equal(s_time, Assert.Single(archive.List(), static record => record.Sha256 == ArchiveFixture.Hash("[1]")).RemovedAt);
        Assert.Null(archive.Objects.TryOpen(ArchiveFixture.Hash("[1]")));
        Assert.True(archive.IsRemoved(ArchiveFixture.Hash("[1]")));
    }

    [Fact]
    public void The_last_that_is_here_takes_its_place()
    {
        Assert.Null(Archive.RedactedOf("p", ArchiveFixture.Hash("[1]")));
        Redact("[2]", "[1]", hour: 1);
        Redact("[3]", "[1]", hour: 2);
        Assert.Equal(ArchiveFixture.Hash("[3]"), Archive.RedactedOf("p", ArchiveFixture.Hash("[1]"))!.Sha256);
        Assert.Null(Archive.RedactedOf("q", ArchiveFixture.Hash("[1]")));
        Assert.Null(Archive.RedactedOf("p", ArchiveFixture.Hash("[3]")));

        Redact("[4]", "[3]", hour: 3);
        Assert.Equal(ArchiveFixture.Hash("[3]"), Archive.RedactedOf("p", ArchiveFixture.Hash("[1]"))!.Sha256);
        Redact("[3]", "[1]", hour: 2, removed: true);
        Assert.Equal(ArchiveFixture.Hash("[4]"), Archive.RedactedOf("p", ArchiveFixture.Hash("[1]"))!.Sha256);
        Redact("[4]", "[3]", hour: 3, removed: true);
        Assert.Null(Archive.RedactedOf("p", ArchiveFixture.Hash("[1]")));
    }

    [Fact]
    public void Records_that_name_each_other_come_to_an_end()
    {
        Redact("[2]", "[1]", hour: 1, removed: true);
        Redact("[1]", "[2]", hour: 1, removed: true);
        Assert.Null(Archive.RedactedOf("p", ArchiveFixture.Hash("[1]")));
    }

    [Fact]
    public void Whoever_moves_objects_waits_for_those_who_use_them()
    {
        using (Archive.Use(CancellationToken.None))
        using (Archive.Use(CancellationToken.None))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            Assert.ThrowsAny<OperationCanceledException>(() => Archive.UseAlone(patience.Token));
        }

        using (Archive.UseAlone(CancellationToken.None))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            Assert.ThrowsAny<OperationCanceledException>(() => Archive.Use(patience.Token));
        }

        Archive.Use(CancellationToken.None).Dispose();
    }

    [Fact]
    public void There_is_no_archive_without_a_record_and_an_object()
    {
        var archive = new ExportArchive(_fixture.Folder["none"], _fixture.Folder["locks"]);
        Assert.True(archive.IsAbsent());
        Directory.CreateDirectory(archive.Local.ObjectsFolder);
        Assert.True(archive.IsAbsent());
        archive.Objects.AddBytes("[1]"u8);
        Assert.False(archive.IsAbsent());
        var recorded = new ExportArchive(_fixture.Folder["other"], _fixture.Folder["locks"]);
        Directory.CreateDirectory(recorded.RecordsFolder);
        recorded.Record(ArchiveFixture.Record("[1]", "p"));
        Assert.False(recorded.IsAbsent());
    }

    private void Redact(string text, string origin, int hour, bool removed = false) => Archive.Record(ArchiveFixture.Record(text, "p", hour: hour) with
    {
        RedactedFrom = ArchiveFixture.Hash(origin),
        RemovedAt = removed ? s_time : null,
    });
}
