using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Archive;

/// <summary>A record that is not as it was written is seen, and comes back.</summary>
public sealed class RecordSealTests : IDisposable
{
    private static readonly ExportPlan s_plan = ExportPlan.ForTasks(SampleKind.Hands, 6, predictedShare: 0.5);
    private readonly TemporaryRepository _team = new();
    private readonly string _record;
    private readonly byte[] _written;

    public RecordSealTests()
    {
        _team.Add("exports/hands.json", s_plan, "b");
        _record = Assert.Single(_team.Repository.Archive.Records().Select(static entry => entry.Path));
        _written = File.ReadAllBytes(_record);
    }

    [Fact]
    public void Every_flipped_bit_is_an_error_or_changes_nothing_that_is_read()
    {
        string whole = Shown(ExportRecord.Load(_record));
        int harmless = 0;
        FlippedBits.Each(_written, (bytes, bit) =>
        {
            File.WriteAllBytes(_record, bytes);
            try
            {
                Assert.True(Shown(ExportRecord.Load(_record)) == whole, $"bit {bit}");
                harmless++;
            }
            catch (HarvestException error)
            {
                Assert.Contains(_record, error.Message, StringComparison.Ordinal);
                Assert.NotEmpty(error.Remedy.Spell(NeutralSpelling.Instance));
            }
        });

        // White space alone may be other than it was.
        Assert.InRange(harmless, 0, _written.Length / 10);
    }

    [Fact]
    public void Repair_gives_back_every_byte_where_one_bit_was_flipped()
    {
        FlippedBits.Each(
            _written,
            (bytes, bit) =>
            {
                File.WriteAllBytes(_record, bytes);
                bool damaged = _team.Repository.Archive.Records().Single().Error is not null;
                ArchiveFinding[] found = Check(repair: false, out bool whole);
                Assert.True(whole != damaged, $"bit {bit}");
                Assert.Equal(damaged ? [(ArchiveFindingKind.Unreadable, _record)] : [], found.Where(static finding => finding.IsFault).Select(static finding => (finding.Kind, finding.Path)));

                ArchiveFinding[] mended = Check(repair: true, out whole);
                Assert.True(whole, $"bit {bit}");
                Assert.Equal(damaged, mended.Any(static finding => finding.Repaired));
                if (damaged)
                {
                    Assert.Equal(_written, File.ReadAllBytes(_record));
                }
            },
            most: 60);
    }

    [Fact]
    public void What_is_beyond_one_bit_is_made_again_of_the_export()
    {
        ExportRecord before = ExportRecord.Load(_record);
        File.WriteAllText(_record, "{ \"project\": \"b\", gone");

        ArchiveFinding mended = Assert.Single(Check(repair: true, out bool whole), static finding => finding.Repaired);

        Assert.True(whole);
        Assert.Contains("made again of the export", mended.Message, StringComparison.Ordinal);
        ExportRecord after = ExportRecord.Load(_record);
        Assert.Equal(
            (before.Project, before.Sha256, before.LabelSha256, before.Bytes, before.Tasks, before.Annotations, before.LabelsThrough),
            (after.Project, after.Sha256, after.LabelSha256, after.Bytes, after.Tasks, after.Annotations, after.LabelsThrough));
        Assert.Equal(before.RegionTypes, after.RegionTypes);
    }

    [Fact]
    public void Of_a_damaged_record_what_fits_is_kept()
    {
        ExportRecord before = ExportRecord.Load(_record);
        JsonObject json = JsonNode.Parse(_written)!.AsObject();
        json["tasks"] = 1000;
        json["label_config_sha256"] = new string('a', 64);
        File.WriteAllText(_record, json.ToJsonString());

        Check(repair: true, out bool whole);

        ExportRecord after = ExportRecord.Load(_record);
        Assert.True(whole);
        Assert.Equal((before.Path, before.AddedAt, before.Tasks, null), (after.Path, after.AddedAt, after.Tasks, after.LabelConfigSha256));
    }

    [Fact]
    public void Without_the_export_a_damaged_record_stays_and_stays_named()
    {
        JsonObject json = JsonNode.Parse(_written)!.AsObject();
        json["tasks"] = 1000;
        File.WriteAllText(_record, json.ToJsonString());
        string stored = _team.Repository.Archive.PathOf(ExportArchive.Sha256Of(_record));
        File.SetAttributes(stored, FileAttributes.Normal);
        File.Delete(stored);

        ArchiveFinding[] findings = Check(repair: true, out bool whole);

        Assert.False(whole);
        Assert.Contains(findings, finding => finding.Path == _record && finding.IsFault);
        Assert.Equal(json.ToJsonString(), File.ReadAllText(_record));
    }

    [Fact]
    public void Adding_the_export_again_puts_its_record_right()
    {
        FlippedBits.Each(
            _written,
            (bytes, _) =>
            {
                File.WriteAllBytes(_record, bytes);
                bool damaged = _team.Repository.Archive.Records().Single().Error is not null;
                _team.Add("exports/hands.json", s_plan, "b");
                Assert.Null(_team.Repository.Archive.Records().Single().Error);
                if (damaged)
                {
                    Assert.Equal(_written, File.ReadAllBytes(_record));
                }
            },
            most: 20);
    }

    [Fact]
    public void A_record_of_an_earlier_build_is_read_and_gets_a_digest_when_it_is_written_again()
    {
        RecordFile.Rewrite(_record, static _ => { });
        ExportRecord earlier = ExportRecord.Load(_record);

        _team.Repository.Archive.Record(earlier with { Path = "exports/moved.json" });

        JsonObject written = JsonNode.Parse(File.ReadAllText(_record))!.AsObject();
        Assert.Equal(64, written["record_sha256"]!.GetValue<string>().Length);
        Assert.Equal("exports/moved.json", ExportRecord.Load(_record).Path);
    }

    [Fact]
    public void What_a_later_build_wrote_is_covered_by_the_digest()
    {
        RecordFile.Extend(_record, static json => json["note"] = JsonNode.Parse("""{ "id": 9007199254740993 }"""));
        _ = ExportRecord.Load(_record);

        // The neighbour is the same double.
        File.WriteAllText(_record, File.ReadAllText(_record).Replace("9007199254740993", "9007199254740992", StringComparison.Ordinal));
        Assert.Equal("RecordDamaged", Assert.Throws<HarvestException>(() => ExportRecord.Load(_record)).ErrorId);
    }

    [Theory]
    [InlineData("record_sha2560")]
    [InlineData("record_sh")]
    [InlineData("")]
    public void A_record_whose_digest_lost_its_name_does_not_pass_for_one_of_an_earlier_build(string name)
    {
        string text = File.ReadAllText(_record).Replace("\"record_sha256\"", $"\"{name}\"", StringComparison.Ordinal);
        File.WriteAllText(_record, text.Replace("\"cancelled\": ", "\"cancelled\": 1", StringComparison.Ordinal));

        Assert.Equal("RecordDamaged", Assert.Throws<HarvestException>(() => ExportRecord.Load(_record)).ErrorId);
    }

    [Fact]
    public void A_record_that_was_renamed_is_left_to_whoever_did_it()
    {
        string renamed = _record.Replace("b-", "c-", StringComparison.Ordinal);
        File.Move(_record, renamed);

        Check(repair: true, out bool whole);

        Assert.False(whole);
        Assert.Equal(_written, File.ReadAllBytes(renamed));
    }

    public void Dispose() => _team.Dispose();

    private ArchiveFinding[] Check(bool repair, out bool whole)
    {
        var check = new ArchiveCheck(CheckArchive.Of(_team.Repository)) { Repair = repair };
        ArchiveFinding[] findings = [.. check.Run()];
        whole = check.Whole;
        return findings;
    }

    private static string Shown(ExportRecord record) => string.Join(
        '|',
        record.Project,
        record.Sha256,
        record.LabelSha256,
        record.LabelVersion,
        record.Bytes,
        record.Path,
        record.Name,
        record.AddedAt,
        record.LabelsThrough,
        string.Join(',', record.ProjectIds),
        string.Join(',', record.NewerThan),
        record.Tasks,
        record.Annotations,
        record.Cancelled,
        record.Drafts,
        string.Join(',', record.RegionTypes));
}
