using System.Security.Cryptography;
using System.Text;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Parquet.Reading;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Cache;

/// <summary>What of the cache is not as it was written counts as absent, and the check of the archive names it.</summary>
public sealed class CacheDamageTests : IDisposable
{
    private readonly TemporaryRepository _team = new();
    private readonly string _record;
    private readonly string _key;

    public CacheDamageTests()
    {
        _team.Add("exports/hands.json", ExportPlan.ForTasks(SampleKind.Hands, 6, predictedShare: 0.5), "b");
        _team.New("v1");
        _record = Assert.Single(Directory.GetFiles(_team.PathOf(".harvest/cache/parts"), "part.json", SearchOption.AllDirectories));
        _key = Path.GetFileName(Path.GetDirectoryName(_record)!);
    }

    private PartStore Store => new(_team.Repository.CacheFolder, new Lazy<StatCache>(() => _team.Repository.OpenStatCache(trusted: false)));

    [Fact]
    public void A_flipped_bit_in_the_record_is_never_believed()
    {
        Assert.NotNull(Store.TryLoad(_key, episodes: true));
        FlippedBits.Each(
            File.ReadAllBytes(_record),
            (bytes, bit) =>
            {
                File.WriteAllBytes(_record, bytes);
                Assert.True(Store.TryLoad(_key, episodes: true) is null, $"bit {bit}");
            },
            most: 300);
    }

    [Fact]
    public void A_slice_made_over_a_damaged_record_is_the_same_and_the_record_is_made_again()
    {
        byte[] written = File.ReadAllBytes(_record);
        int version = 2;
        FlippedBits.Each(
            written,
            (bytes, bit) =>
            {
                File.WriteAllBytes(_record, bytes);
                NewSliceResult made = _team.New($"v{version++}");
                Assert.Equal(_team.Repository.Slices.Load("v1").Outputs, made.Slice.Outputs);

                // A flip in the episodes is of no consequence for a slice, which does not read them.
                Assert.True(File.ReadAllBytes(_record).AsSpan().SequenceEqual(written) || bit / 8 > written.AsSpan().IndexOf("\"head_sha256\""u8), $"bit {bit}");
            },
            most: 12);
    }

    [Fact]
    public void A_record_of_other_rows_than_the_file_has_is_not_believed_though_its_digests_are_right()
    {
        string text = File.ReadAllText(_record);
        int rows = text.IndexOf("\"rows\":", StringComparison.Ordinal) + 7;
        string more = text.Insert(rows, "1");
        string head = more[..more.IndexOf(",\"head_sha256\"", StringComparison.Ordinal)];
        string rest = more[(head.Length + ",\"head_sha256\":\"\"".Length + 64)..];
        string body = $"{head},\"head_sha256\":\"{Digest(head)}\"{rest[..rest.LastIndexOf(",\"sha256\"", StringComparison.Ordinal)]}";
        byte[] forged = Encoding.UTF8.GetBytes($"{body},\"sha256\":\"{Digest(body)}\"}}");
        Assert.NotNull(PartRecord.TryRead(_key, forged, withEpisodes: true));
        File.WriteAllBytes(_record, forged);

        Assert.Null(Store.TryLoad(_key, episodes: false));
    }

    [Fact]
    public void The_footer_has_the_rows_that_the_record_has()
    {
        Part part = Store.TryLoad(_key, episodes: false)!;
        Assert.Contains(part.Tables, static table => table.Rows > 0);
        Assert.Contains(part.Tables, static table => table.Rows == 0);
        Assert.All(part.Tables, table => Assert.Equal(table.Rows, FooterRows.TryRead(Store.PathOf(_key, table.Table))));
    }

    [Fact]
    public void A_footer_in_which_bits_were_flipped_has_a_number_or_none()
    {
        byte[] bytes = File.ReadAllBytes(Store.PathOf(_key, "keypoints"));
        string path = _team.PathOf("x.parquet");
        FlippedBits.Each(
            bytes[^Math.Min(bytes.Length, 3000)..],
            (end, _) =>
            {
                File.WriteAllBytes(path, [.. bytes[..^end.Length], .. end]);
                Assert.True(FooterRows.TryRead(path) is null or >= 0);
            },
            most: 1000);
        File.WriteAllBytes(path, bytes[..7]);
        Assert.Null(FooterRows.TryRead(path));
        Assert.Null(FooterRows.TryRead(_team.PathOf("absent.parquet")));

        // A list of more truth values than anybody could count through, which as fields would take no bytes.
        File.WriteAllBytes(path, Convert.FromHexString("5041523119F1FFFFFFFFFFFFFFFF0F0B00000050415231"));
        Assert.Null(FooterRows.TryRead(path));
    }

    [Theory]
    [InlineData("part.json", ArchiveFindingKind.CacheDamaged, FindingSeverity.Warning, true)]
    [InlineData("boxes.parquet", ArchiveFindingKind.CacheDamaged, FindingSeverity.Warning, false)]
    [InlineData("tasks", ArchiveFindingKind.CacheDamaged, FindingSeverity.Warning, true)]
    public void The_check_of_the_archive_names_it_and_the_repair_removes_it(string name, string kind, string severity, bool whole)
    {
        string file = name == "tasks"
            ? Assert.Single(Directory.GetFiles(_team.PathOf(".harvest/cache/tasks")))
            : Path.Combine(Path.GetDirectoryName(_record)!, name);
        string named = name == "tasks" ? file : _record;
        Assert.Empty(Check(repair: false, out _));
        File.SetAttributes(file, FileAttributes.Normal);
        FlippedBits.Each(
            File.ReadAllBytes(file),
            (bytes, bit) =>
            {
                File.WriteAllBytes(file, bytes);
                ArchiveFinding[] found = Check(repair: false, out bool still);
                Assert.Contains((kind, severity, named), found.Select(static finding => (finding.Kind, finding.Severity, finding.Path)));

                // The table has a second name in the slice's folder, where it is what a training reads.
                Assert.True(still == whole, $"bit {bit}");
            },
            most: 20);

        Assert.Contains(Check(repair: true, out _), finding => finding.Path == named && finding.Repaired);
        Assert.False(File.Exists(named));
        Assert.DoesNotContain(Check(repair: false, out _), finding => finding.Path == named);
    }

    public void Dispose() => _team.Dispose();

    private ArchiveFinding[] Check(bool repair, out bool whole)
    {
        var check = new ArchiveCheck(CheckArchive.Of(_team.Repository)) { Repair = repair };
        ArchiveFinding[] findings = [.. check.Run()];
        whole = check.Whole;
        return findings;
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
