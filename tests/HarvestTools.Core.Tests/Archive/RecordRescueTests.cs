using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Archive;

/// <summary>What of a damaged record is believed when it is made again, and which records are left alone.</summary>
public sealed class RecordRescueTests : IDisposable
{
    private const string Export = """[{"id":1,"project":7,"data":{},"annotations":[{"id":2,"updated_at":"2026-05-02T08:00:00Z","result":[{"id":"r","type":"choices"}]}]}]""";
    private const string Again = "It was made again of the export; see whether it says rightly when and from where the export was added.";

    private readonly ArchiveFixture _fixture = new();

    private static string Sha256 => ArchiveFixture.Hash(Export);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void What_the_export_says_is_read_from_it_and_the_rest_is_kept_where_it_fits()
    {
        (string config, _) = _fixture.Archive.Objects.AddBytes("config"u8);
        (string older, _) = _fixture.Archive.Objects.AddBytes("older"u8);
        ExportRecord said = ArchiveFixture.Record(Export, "p", "in/a.json", hour: 5) with
        {
            LabelConfigSha256 = config,
            NewerThan = [older, ArchiveFixture.Hash("none")],
            RedactedFrom = ArchiveFixture.Hash("origin"),
            Redacted = new Exclusion([7], []),
            RemovedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(8)),
            Tasks = 99,
        };
        string path = Damaged(said);

        Assert.Equal(Again, Mend(path));

        ExportRecord now = ExportRecord.Load(path);
        Assert.Equal(("p", Sha256, (long)Export.Length, "in/a.json", null, said.AddedAt), (now.Project, now.Sha256, now.Bytes, now.Path, now.Name, now.AddedAt));
        Assert.Equal((config, said.RedactedFrom, said.RemovedAt), (now.LabelConfigSha256, now.RedactedFrom, now.RemovedAt));
        Assert.Equal([older], now.NewerThan);
        Assert.Equal(said.Redacted, now.Redacted);
        ExportFingerprint export = Read()!;
        Assert.Equal((1, 1, export.LabelSha256, LabelHash.Version), (now.Tasks, now.Annotations, now.LabelSha256, now.LabelVersion));
        Assert.Equal([7], now.ProjectIds);
        Assert.Equal(export.LabelsThrough, now.LabelsThrough!.Value.Instant);
    }

    [Fact]
    public void What_does_not_fit_is_not_believed()
    {
        ExportRecord said = ArchiveFixture.Record(Export, "p") with { LabelConfigSha256 = ArchiveFixture.Hash("none"), AddedAt = Timestamp.From(DateTimeOffset.UtcNow.AddDays(2)) };
        string path = Damaged(said);
        var written = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(Again, Mend(path));
        ExportRecord now = ExportRecord.Load(path);
        Assert.Equal(("from-outside.json", null, null, written), (now.Name, now.Path, now.LabelConfigSha256, now.AddedAt.Instant.UtcDateTime));
        Assert.Null(now.RemovedAt);

        // Of what cannot be read at all the file's time is left.
        File.WriteAllText(path, "{");
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(Again, Mend(path));
        now = ExportRecord.Load(path);
        Assert.Equal((null, null, written, "p"), (now.Name, now.Path, now.AddedAt.Instant.UtcDateTime, now.Project));
        Assert.Empty(now.NewerThan);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void One_flipped_bit_is_turned_back(int bit)
    {
        string path = Damaged(null);
        byte[] whole = File.ReadAllBytes(path);
        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= (byte)(1 << bit);
        File.WriteAllBytes(path, damaged);
        Assert.Equal("One bit of it was flipped; it is as it was written again.", Mend(path));
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void The_last_bit_is_tried_too_and_of_a_large_record_none()
    {
        string path = Damaged(null);
        byte[] whole = File.ReadAllBytes(path);
        int brace = whole.AsSpan().LastIndexOf((byte)'}');
        whole = whole[..(brace + 1)];
        byte[] damaged = [.. whole];
        damaged[brace] ^= 0x80;
        File.WriteAllBytes(path, damaged);
        Assert.StartsWith("One bit", Mend(path), StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(path));

        RecordFile.Extend(path, static json => json["note"] = new string('x', 20_000));
        byte[] large = File.ReadAllBytes(path);
        large[large.AsSpan().IndexOf("xxx"u8) + 1] ^= 1;
        File.WriteAllBytes(path, large);
        Assert.Equal(Again, Mend(path));
    }

    [Fact]
    public void A_whole_record_one_with_anothers_name_and_one_behind_a_link_are_left_alone()
    {
        string path = Damaged(null);
        byte[] whole = File.ReadAllBytes(path);
        Assert.Null(new RecordRescue(_fixture.Archive).Mend(path, static () => throw new InvalidOperationException("not asked")));
        string renamed = Path.Combine(_fixture.Archive.RecordsFolder, $"q-{Sha256}.json");
        File.Copy(path, renamed);
        Assert.Null(Mend(renamed));
        Assert.Equal(whole, File.ReadAllBytes(renamed));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        string target = _fixture.Folder.Write("elsewhere", "{");
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
        try
        {
            Assert.Null(Mend(path));
        }
        catch (HarvestException fault)
        {
            Assert.Equal("NotAStoredFile", fault.ErrorId);
        }

        Assert.Equal("{", File.ReadAllText(target));
    }

    [Fact]
    public void Without_the_export_nothing_is_written()
    {
        string path = Damaged(ArchiveFixture.Record(Export, "p") with { Tasks = 5 });
        byte[] damaged = File.ReadAllBytes(path);
        Assert.Null(new RecordRescue(_fixture.Archive).Mend(path, static () => null));
        Assert.Equal(damaged, File.ReadAllBytes(path));
    }

    [Fact]
    public void Adding_an_export_mends_its_records_of_every_project_and_no_others()
    {
        string[] paths = [.. new[] { "a", "b" }.Select(project => Damaged(ArchiveFixture.Record(Export, project) with { Tasks = 5 }))];
        string other = _fixture.Folder.Write($".harvest/archive/exports/a-{ArchiveFixture.Hash("other")}.json", "{");
        new RecordRescue(_fixture.Archive).Mend(Read()!);
        Assert.All(paths, static path => Assert.Equal(1, ExportRecord.Load(path).Tasks));
        Assert.Equal("{", File.ReadAllText(other));
    }

    private string? Mend(string path) => new RecordRescue(_fixture.Archive).Mend(path, Read);

    private static ExportFingerprint? Read()
    {
        using var export = new MemoryStream(Encoding.UTF8.GetBytes(Export));
        return ExportFingerprint.Compute(export, "a.json", null, withLabels: true, 1);
    }

    /// <summary>The path of a record; where one is given it is written with a wrong digest.</summary>
    private string Damaged(ExportRecord? said)
    {
        ExportRecord record = said ?? ArchiveFixture.Record(Export, "p");
        string path = _fixture.Folder.Write($".harvest/archive/exports/{record.FileName}", Encoding.UTF8.GetString(record.ToUtf8Bytes()));
        if (said is not null)
        {
            JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            json[RecordSeal.Member] = new string('0', 64);
            File.WriteAllText(path, json.ToJsonString());
        }

        return path;
    }
}
