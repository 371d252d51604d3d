using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;

namespace HarvestTools.Tests.Archive;

public sealed class ExportArchiveTests : IDisposable
{
    private readonly ArchiveFixture _fixture = new();

    private ExportArchive Archive => _fixture.Archive;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void An_object_lies_under_its_hash_as_plain_read_only_bytes()
    {
        (string sha256, AddOutcome outcome) = Archive.Objects.AddBytes("abc"u8);

        // The test vector of FIPS 180-4.
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256);
        Assert.Equal(AddOutcome.Added, outcome);
        string path = _fixture.Folder[$".harvest/archive/sha256/ba/{sha256}"];
        Assert.Equal("abc"u8, File.ReadAllBytes(path));
        Assert.True(FileAccessBits.IsReadOnly(path));
        Assert.Equal(path, Archive.PathOf(sha256));
        Assert.True(Archive.Contains(sha256));
        using ObjectContent content = Archive.Verified.Open(sha256);
        Assert.Equal(3, content.Bytes);
        Assert.Equal("abc"u8, content.ToArray("abc"));
    }

    [Fact]
    public void The_same_bytes_are_stored_once()
    {
        string sha256 = _fixture.Add("[1]");
        DateTime written = File.GetLastWriteTimeUtc(Archive.PathOf(sha256));

        Assert.Equal((sha256, AddOutcome.AlreadyThere), Archive.Objects.AddBytes("[1]"u8));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Archive.PathOf(sha256)));
        Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("[2]")]
    [InlineData("[1, and more than it had]")]
    [InlineData("[1]\n")]
    [InlineData("")]
    public void A_damaged_object_is_replaced_by_the_right_bytes_and_kept_aside(string damage)
    {
        string sha256 = _fixture.Add("[1]");
        _fixture.Spoil(sha256, damage);

        Assert.Equal((sha256, AddOutcome.Replaced), Archive.Objects.AddBytes("[1]"u8));
        Assert.Equal("[1]", File.ReadAllText(Archive.PathOf(sha256)));
        Assert.True(FileAccessBits.IsReadOnly(Archive.PathOf(sha256)));
        Assert.Equal(damage, File.ReadAllText(Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/quarantine"]))));
    }

    [Fact]
    public void An_object_larger_than_any_buffer_is_compared_to_its_end()
    {
        var bytes = new byte[1_000_001];
        new Random(1).NextBytes(bytes);
        (string sha256, _) = Archive.Objects.AddBytes(bytes);
        Assert.Equal((sha256, AddOutcome.AlreadyThere), Archive.Objects.AddBytes(bytes));

        byte[] damaged = [.. bytes];
        damaged[^1] ^= 1;
        FileAccessBits.ClearForReplacement(Archive.PathOf(sha256));
        File.Delete(Archive.PathOf(sha256));
        File.WriteAllBytes(Archive.Local.PathOf(sha256), damaged);
        Assert.Equal((sha256, AddOutcome.Replaced), Archive.Objects.AddBytes(bytes));
        Assert.Equal(bytes, File.ReadAllBytes(Archive.PathOf(sha256)));
    }

    [Fact]
    public void Given_up_additions_leave_nothing()
    {
        using (PendingObject pending = Archive.Objects.BeginAdd())
        {
            pending.Write("half"u8);
        }

        Assert.Empty(Directory.GetFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_addition_given_up_while_the_disk_is_waited_for_leaves_nothing()
    {
        using (PendingObject pending = Archive.Objects.BeginAdd())
        {
            pending.Write("whole"u8);
            Assert.Throws<OperationCanceledException>(() => pending.Commit(ArchiveFixture.Hash("whole"), new CancellationToken(canceled: true)));
        }

        Assert.False(Archive.Contains(ArchiveFixture.Hash("whole")));
        Assert.Empty(Directory.GetFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Many_threads_add_the_same_bytes_and_one_copy_stands()
    {
        var bytes = new byte[300_000];
        new Random(2).NextBytes(bytes);
        var hashes = new string[16];
        Parallel.For(0, hashes.Length, i => hashes[i] = Archive.Objects.AddBytes(bytes).Sha256);

        Assert.Single(hashes.Distinct());
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public void A_record_is_read_back_and_its_unknown_fields_survive()
    {
        ExportRecord record = ArchiveFixture.Record("[1]", "hands-7", "x/ä.json") with
        {
            LabelSha256 = new string('1', 64),
            Tasks = 3, Annotations = 4, Cancelled = 1, Drafts = 2,
            RegionTypes = new OrderedDictionary<string, long> { ["keypointlabels"] = 21, ["rectanglelabels"] = 1 },
        };
        Assert.True(Archive.Record(record).Added);
        string file = _fixture.Folder[$".harvest/archive/exports/hands-7-{record.Sha256}.json"];
        string digest = ArchiveFixture.Hash(
            $$"""{"added_at":"1970-01-01T00:00:00Z","annotations":4,"bytes":3,"cancelled":1,"drafts":2,"label_sha256":"{{record.LabelSha256}}","path":"x/ä.json","project":"hands-7","region_types":{"keypointlabels":21,"rectanglelabels":1},"sha256":"{{record.Sha256}}","tasks":3}""");
        Assert.Equal(
            $$"""
            {
              "project": "hands-7",
              "sha256": "{{record.Sha256}}",
              "label_sha256": "{{record.LabelSha256}}",
              "bytes": 3,
              "path": "x/ä.json",
              "added_at": "1970-01-01T00:00:00Z",
              "tasks": 3,
              "annotations": 4,
              "cancelled": 1,
              "drafts": 2,
              "region_types": { "keypointlabels": 21, "rectanglelabels": 1 },
              "record_sha256": "{{digest}}"
            }

            """,
            File.ReadAllText(file));

        RecordFile.Extend(file, static json => json.Insert(4, "x", JsonNode.Parse("[1.50]")));
        (ExportRecord moved, bool added) = Archive.Record(record with { Path = "y.json" });
        Assert.False(added);
        Assert.Equal("y.json", moved.Path);
        Assert.Contains("1.50", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal((3, 21), (Archive.List().Single().Tasks, Archive.List().Single().RegionTypes["keypointlabels"]));
    }

    [Fact]
    public void Adding_again_keeps_the_first_time_and_prefers_a_path_to_a_name()
    {
        Archive.Record(ArchiveFixture.Record("[1]", "p", hour: 1));
        (ExportRecord again, bool added) = Archive.Record(ArchiveFixture.Record("[1]", "p", "a.json", hour: 9));

        Assert.False(added);
        Assert.Equal(("a.json", null, "1970-01-01T01:00:00Z"), (again.Path, again.Name, again.AddedAt.Text));
        (again, _) = Archive.Record(ArchiveFixture.Record("[1]", "p", hour: 10));
        Assert.Equal(("a.json", null), (again.Path, again.Name));
    }

    [Fact]
    public void Exports_are_listed_by_project_and_time()
    {
        string late = _fixture.Add("[1]", "b", hour: 5);
        string early = _fixture.Add("[2]", "b", hour: 3);
        string other = _fixture.Add("[3]", "B-2", hour: 9);

        Assert.Equal([other, early, late], Archive.List().Select(record => record.Sha256));
        Assert.Equal([early, late], Archive.List("b").Select(record => record.Sha256));
        Assert.Empty(Archive.List("c"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ü")]
    [InlineData("nul")]
    [InlineData("a.")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345")]
    public void A_project_that_is_no_file_name_is_refused(string project) =>
        Assert.Equal("ProjectNameInvalid", Assert.Throws<HarvestException>(() => Archive.CheckProject(project)).ErrorId);

    [Fact]
    public void Projects_that_differ_by_case_alone_are_refused()
    {
        _fixture.Add("[1]", "Hands");
        HarvestException error = Assert.Throws<HarvestException>(() => Archive.Record(ArchiveFixture.Record("[2]", "hands")));
        Assert.Equal("ProjectDiffersByCase", error.ErrorId);
        Assert.Contains("'Hands'", error.Message, StringComparison.Ordinal);
        Assert.True(Archive.Record(ArchiveFixture.Record("[2]", "Hands")).Added);
    }

    [Fact]
    public void A_broken_record_does_not_stop_the_others()
    {
        string good = _fixture.Add("[1]", "a");
        File.WriteAllText(_fixture.Folder[$".harvest/archive/exports/b-{new string('0', 64)}.json"], "{");
        File.Copy(_fixture.Folder[$".harvest/archive/exports/a-{good}.json"], _fixture.Folder[$".harvest/archive/exports/c-{good}.json"]);

        ExportRecordEntry[] entries = [.. Archive.Records()];
        Assert.Equal([null, "RecordDamaged", "RecordMismatch"], entries.Select(entry => entry.Error?.ErrorId));
        Assert.Equal(good, entries[0].Record!.Sha256);
        Assert.Single(Archive.List("a"));
    }

    [Fact]
    public void A_hash_is_found_by_its_beginning()
    {
        // Searched for two texts whose hashes share four digits; there is always such a pair among a few hundred.
        var texts = Enumerable.Range(0, 5000).Select(i => $"[{i}]").GroupBy(text => ArchiveFixture.Hash(text)[..4]).First(group => group.Count() > 1).Take(2).ToArray();
        string[] hashes = [.. texts.Select(text => _fixture.Add(text)).Order(StringComparer.Ordinal)];
        int common = hashes[0].Zip(hashes[1]).TakeWhile(pair => pair.First == pair.Second).Count();

        Assert.Equal(hashes[0], Archive.Find(hashes[0][..(common + 1)]));
        Assert.Equal(hashes[1], Archive.Find(hashes[1].ToUpperInvariant()));
        Assert.Equal(hashes[1], Assert.Single(Archive.FindExports(hashes[1][..(common + 1)])).Sha256);
        HarvestException ambiguous = Assert.Throws<HarvestException>(() => Archive.Find(hashes[0][..4]));
        Assert.Equal("HashAmbiguous", ambiguous.ErrorId);
        Assert.EndsWith($": {hashes[0]}, {hashes[1]}.", ambiguous.Message, StringComparison.Ordinal);
        Assert.Equal("HashAmbiguous", Assert.Throws<HarvestException>(() => Archive.FindExports(hashes[0][..4])).ErrorId);
        string absent = hashes[0][..4] == "0000" ? "1111" : "0000";
        Assert.Equal("ObjectNotFound", Assert.Throws<HarvestException>(() => Archive.Find(absent)).ErrorId);
        Assert.Equal("ObjectNotFound", Assert.Throws<HarvestException>(() => Archive.Objects.Open(new string('0', 64))).ErrorId);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("wxyz")]
    [InlineData("../..")]
    [InlineData("abcd*")]
    public void What_is_no_hash_is_refused(string text) =>
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Archive.Find(text)).ErrorId);

    [Fact]
    public void One_export_under_two_projects_is_one_object_and_two_records()
    {
        string sha256 = _fixture.Add("[1]", "a");
        Assert.Equal(sha256, _fixture.Add("[1]", "b"));
        Assert.Equal(["a", "b"], Archive.FindExports(sha256[..8]).Select(record => record.Project));
        Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories));
    }
}
