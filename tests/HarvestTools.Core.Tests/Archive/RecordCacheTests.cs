using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Archive;

/// <summary>Records that were read once are read from the cache, as long as their files are as they were.</summary>
public sealed class RecordCacheTests : IDisposable
{
    private const int Count = 20;
    private const int Fewest = 16;

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _files;

    public RecordCacheTests()
    {
        Directory.CreateDirectory(_folder["exports"]);
        _files = [.. Enumerable.Range(0, Count).Select(Write)];
    }

    private string CachePath => _folder["record-cache"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_is_what_the_files_have_and_no_file_is_read()
    {
        string[] expected = [.. _files.Select(static file => Text(ExportRecord.Load(file)))];
        Fill();
        Assert.True(File.Exists(CachePath));

        // Bytes that no reader could take, under the stat that the file had: who reads the file fails.
        long bytes = new FileInfo(_files[7]).Length;
        DateTime modified = File.GetLastWriteTimeUtc(_files[7]);
        RecordCache cache = OpenCache();
        Assert.Equal(expected, _files.Select(file => Text(cache.Get(file))));
        File.WriteAllBytes(_files[7], new byte[bytes]);
        File.SetLastWriteTimeUtc(_files[7], modified);
        if (!OperatingSystem.IsWindows())
        {
            // The time of change is another, which no program can set back.
            Assert.Throws<HarvestException>(() => OpenCache().Get(_files[7]));
        }
    }

    /// <summary>A member that a later release adds to records and forgets here would be lost to every command that reads many.</summary>
    [Fact]
    public void Every_member_of_a_record_is_kept()
    {
        ExportRecord record = Full(ExportRecord.Load(_files[1]), 1);
        PropertyInfo[] members = [.. typeof(ExportRecord).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(static member => member.SetMethod is not null && member.Name is not (nameof(ExportRecord.Name) or nameof(ExportRecord.ArchivedAs)))];
        var least = new ExportRecord { Project = "", Sha256 = "", Bytes = 0, AddedAt = default };
        Assert.All(members, member => Assert.NotEqual(member.GetValue(least), member.GetValue(record)));

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        RecordBytes.Write(writer, record);
        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);
        ExportRecord read = RecordBytes.Read(reader);
        Assert.Equal(bytes.Length, bytes.Position);
        Assert.Equal(Text(record), Text(read));
        Assert.Equal(record.Redacted, read.Redacted);
        Assert.Equal((record.RedactedFrom, record.RemovedAt, record.AddedAt, record.LabelsThrough), (read.RedactedFrom, read.RemovedAt, read.AddedAt, read.LabelsThrough));
    }

    /// <summary>An export that was erased would else come back from a remote.</summary>
    [Fact]
    public void What_was_erased_is_known_from_the_cache_too()
    {
        Fill();
        RecordCache cache = OpenCache();
        Assert.Equal(Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(9)), cache.Get(_files[7]).RemovedAt);
        Assert.Equal(new string('d', 64), cache.Get(_files[7]).RedactedFrom);
        Assert.True(cache.Get(_files[7]).Redacted.HasAnnotator(7));
        Assert.Null(cache.Get(_files[8]).RemovedAt);
        Assert.Equal("outside.json", cache.Get(_files[8]).Name);
    }

    [Fact]
    public void A_record_that_was_written_again_is_read_again()
    {
        Fill();
        string before = Text(OpenCache().Get(_files[0]));

        RecordFile.Extend(_files[0], static json => json["tasks"] = 99);

        Assert.NotEqual(before, Text(OpenCache().Get(_files[0])));
        Assert.Equal(99, OpenCache().Get(_files[0]).Tasks);
    }

    [Fact]
    public void A_flipped_bit_anywhere_or_a_cut_leaves_an_empty_cache()
    {
        Fill();
        byte[] whole = File.ReadAllBytes(CachePath);
        string expected = Text(ExportRecord.Load(_files[5]));
        FlippedBits.Each(
            whole,
            (bytes, _) =>
            {
                File.WriteAllBytes(CachePath, bytes);
                Assert.Equal(expected, Text(OpenCache().Get(_files[5])));
            },
            most: 200);
        File.WriteAllBytes(CachePath, whole[..(whole.Length / 2)]);
        Assert.Equal(expected, Text(OpenCache().Get(_files[5])));
    }

    [Fact]
    public void Few_new_records_do_not_have_it_written_again_and_many_do()
    {
        Fill();
        DateTime written = File.GetLastWriteTimeUtc(CachePath);
        RecordCache cache = OpenCache();
        string[] more = [.. Enumerable.Range(Count, 3).Select(Write)];
        Array.ForEach([.. _files, .. more], file => cache.Get(file));
        cache.TrySave();
        Assert.Equal(written, File.GetLastWriteTimeUtc(CachePath));

        more = [.. Enumerable.Range(Count + 3, 10).Select(Write)];
        Array.ForEach([.. _files, .. more], file => cache.Get(file));
        cache.TrySave();
        Assert.NotEqual(written, File.GetLastWriteTimeUtc(CachePath));
    }

    /// <summary>The numbers at which it is worth a file.</summary>
    [Theory]
    [InlineData(15, 0, false)]
    [InlineData(16, 0, true)]
    [InlineData(20, 4, false)]
    [InlineData(20, 5, true)]
    public void It_is_written_from_so_many_records_on_and_so_many_new_ones(int records, int more, bool written)
    {
        string[] files = _files[..records];
        if (more > 0)
        {
            Fill();
            File.SetLastWriteTimeUtc(CachePath, DateTime.UnixEpoch);
        }

        string[] added = [.. Enumerable.Range(Count, more).Select(Write)];
        RecordCache cache = OpenCache();
        Array.ForEach([.. files, .. added], file => cache.Get(file));
        cache.TrySave();
        Assert.Equal(written, File.Exists(CachePath) && File.GetLastWriteTimeUtc(CachePath) != DateTime.UnixEpoch);

        // What was just kept is not kept again.
        if (written)
        {
            File.Delete(CachePath);
            cache.TrySave();
            Assert.False(File.Exists(CachePath));
        }
    }

    [Theory]
    [InlineData(255, false)]
    [InlineData(256, true)]
    public void Without_a_number_it_is_of_that_of_an_archive(int records, bool written)
    {
        string[] files = [.. _files, .. Enumerable.Range(Count, records - Count).Select(Write)];
        var cache = RecordCache.Open(CachePath, DateTimeOffset.UtcNow.AddMinutes(1));
        Array.ForEach(files, file => cache.Get(file));
        cache.TrySave();
        Assert.Equal(written, File.Exists(CachePath));
    }

    [Fact]
    public void Records_that_may_still_change_within_a_tick_of_the_clock_are_not_kept()
    {
        var cache = RecordCache.Open(CachePath, DateTimeOffset.UtcNow, Fewest);
        Array.ForEach(_files, file => cache.Get(file));
        cache.TrySave();
        Assert.False(File.Exists(CachePath));
    }

    /// <summary>What is kept is believed, and only under the digest and the number of this layout: an untrue one shows which is read.</summary>
    [Fact]
    public void What_is_kept_is_used_where_its_first_line_is_right_and_the_stat_is_the_same()
    {
        Fill();
        byte[] whole = File.ReadAllBytes(CachePath);
        int line = whole.AsSpan().IndexOf((byte)'\n') + 1;
        byte[] path = Encoding.UTF8.GetBytes("exports/ä 7.json");
        whole[whole.AsSpan().IndexOf(path) + path.Length - 6] = (byte)'x';
        string digest = Convert.ToHexStringLower(SHA256.HashData(whole.AsSpan(line)));
        void Put(string first) => File.WriteAllBytes(CachePath, [.. Encoding.UTF8.GetBytes(first), .. whole.AsSpan(line)]);

        Put($"harvest-record-cache 2 {digest}\n");
        Assert.Equal("exports/ä x.json", OpenCache().Get(_files[7]).Path);
        foreach (string other in new[] { $"harvest-record-cache 1 {digest}\n", $"harvest-record-cache 2 {digest}", $"harvest-record-cache 2 {new string('0', 64)}\n", "\n", "" })
        {
            Put(other);
            Assert.Equal("exports/ä 7.json", OpenCache().Get(_files[7]).Path);
        }

        // The file is another one by its time.
        Put($"harvest-record-cache 2 {digest}\n");
        File.SetLastWriteTimeUtc(_files[7], DateTime.UnixEpoch);
        Assert.Equal("exports/ä 7.json", OpenCache().Get(_files[7]).Path);
        Assert.Equal(8, OpenCache().Get(_files[8]).Bytes);
    }

    [Fact]
    public void Where_it_cannot_be_kept_records_are_read_all_the_same()
    {
        Directory.CreateDirectory(CachePath);
        Fill();
        Assert.True(Directory.Exists(CachePath));
        Assert.Equal(7, OpenCache().Get(_files[7]).Bytes);
        Assert.Throws<HarvestException>(() => OpenCache().Get(_folder["exports/none.json"]));
        Directory.Delete(CachePath);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");

        // Nothing is written to where a link leads.
        string target = _folder.Write("elsewhere", "x");
        File.CreateSymbolicLink(CachePath, target);
        Fill();
        Assert.Equal("x", File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(CachePath).LinkTarget);
        Directory.CreateDirectory(_folder["other"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["other"]);
        var through = RecordCache.Open(_folder["link/record-cache"], DateTimeOffset.UtcNow.AddMinutes(1), Fewest);
        Array.ForEach(_files, file => through.Get(file));
        through.TrySave();
        Assert.Empty(Directory.GetFiles(_folder["other"]));
    }

    [Fact]
    public void One_that_the_disk_does_not_give_is_empty()
    {
        Fill();
        using (FileFaults.Use(new AtOpening(CachePath)))
        {
            Assert.Equal(7, OpenCache().Get(_files[7]).Bytes);
        }
    }

    /// <summary>The first command reads all, the check of an archive believes nothing that is kept.</summary>
    [Fact]
    public void A_command_keeps_what_it_read_and_a_check_reads_the_files()
    {
        ExportArchive Open() => new(_folder.Path, _folder["locks"], recordCache: CachePath);
        int count = Count + Enumerable.Range(Count, RecordCache.FewestRecords).Select(Write).Count();
        Thread.Sleep(TimeSpan.FromSeconds(4));
        Assert.Equal(count, Open().List().Count);
        Assert.True(File.Exists(CachePath));
        Assert.Equal(Open().List().Select(Text), Open().List().Select(Text));

        ExportArchive check = Open();
        Assert.Equal(count, check.List().Count);
        check.DistrustRecords();
        File.Delete(CachePath);
        Assert.Equal(count, check.List().Count);
        Assert.False(File.Exists(CachePath));
    }

    // A minute from now the files written above can be relied on.
    private RecordCache OpenCache() => RecordCache.Open(CachePath, DateTimeOffset.UtcNow.AddMinutes(1), Fewest);

    private void Fill()
    {
        RecordCache cache = OpenCache();
        Array.ForEach(_files, file => cache.Get(file));
        cache.TrySave();
    }

    /// <summary>Every other one with all members.</summary>
    private string Write(int number)
    {
        var record = new ExportRecord
        {
            Project = $"p{number % 3}",
            Sha256 = number.ToString("x64", null),
            Bytes = number,
            AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(number)),
        };
        record = number % 2 == 0 ? record with { Name = "outside.json" } : Full(record, number);
        string path = Path.Combine(_folder["exports"], record.FileName);
        File.WriteAllBytes(path, record.ToUtf8Bytes());
        return path;
    }

    private static ExportRecord Full(ExportRecord record, int number) => record with
    {
        LabelSha256 = new string('a', 64),
        LabelVersion = 2,
        LabelConfigSha256 = new string('b', 64),
        Path = $"exports/ä {number}.json",
        LabelsThrough = Timestamp.TryParse("2026-05-04T08:00:00.25+05:30", out Timestamp through) ? through : null,
        ProjectIds = [number, 7],
        NewerThan = [new string('c', 64)],
        RedactedFrom = new string('d', 64),
        Redacted = new Exclusion([7, long.MaxValue], ["fold/ä 9"]),
        RemovedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(9)),
        Tasks = 1,
        Annotations = 2,
        Cancelled = 3,
        Drafts = 4,
        LabelsMissing = 5,
        RegionTypes = new OrderedDictionary<string, long> { ["z"] = 1, ["a"] = long.MaxValue },
        Rest = new JsonObject { ["later"] = new JsonArray(JsonNode.Parse("1.50"), "x") },
    };

    private static string Text(ExportRecord record) => Encoding.UTF8.GetString(record.ToUtf8Bytes());
}
