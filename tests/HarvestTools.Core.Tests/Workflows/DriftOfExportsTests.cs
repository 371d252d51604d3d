using HarvestTools.Drift;
using HarvestTools.Json;
using HarvestTools.Tables;
using HarvestTools.Tests.Archive;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What the check finds of the exports of a slice: gone, damaged, or other bytes at the recorded path.</summary>
public sealed class DriftOfExportsTests : DriftFixture
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_found_where_nothing_changed(bool quick)
    {
        foreach (string file in Directory.EnumerateFiles(Temporary.Folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        DriftReport report = Check(quick);

        Assert.Equal(DriftStatus.Clean, report.Status);
        Assert.Empty(report.Findings);
        Assert.Equal(quick ? Temporary.Repository.Slices.Load("v1").Outputs.Count : 2 * TableCatalog.All.Count, report.TablesCompared);
    }

    [Fact]
    public void A_missing_export_is_named()
    {
        DeleteObject(Hands.Sha256);
        File.Delete(Temporary.PathOf(HandsFile));

        DriftFinding finding = OnlyFinding(DriftKind.ExportMissing);

        Assert.Equal(Hands.Sha256, finding.Expected);
        Assert.Null(finding.Actual);
    }

    [Fact]
    public void An_export_that_only_its_recorded_path_still_has_is_not_missing()
    {
        DeleteObject(Hands.Sha256);

        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void Damaged_archive_bytes_are_named()
    {
        string path = Temporary.Repository.Archive.PathOf(Hands.Sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        DriftFinding finding = OnlyFinding(DriftKind.ExportDamaged);

        Assert.Equal(Hands.Sha256, finding.Expected);
        Assert.NotEqual(Hands.Sha256, finding.Actual);
    }

    [Fact]
    public void A_re_export_with_the_same_labels_warns_and_does_not_fail()
    {
        Temporary.Write(HandsFile, HandsPlan.ReExported());

        DriftReport report = Check();

        Assert.Equal(DriftStatus.Clean, report.Status);
        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal(DriftKind.ExportRewritten, finding.Kind);
        Assert.Equal(DriftSeverity.Warning, finding.Severity);
        Assert.Contains("No label differs", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rewritten_export_tells_how_many_tasks_changed()
    {
        Temporary.Write(HandsFile, HandsPlan with { Relabelled = [3, 7], TaskLimit = 38 });

        DriftFinding finding = OnlyFinding(DriftKind.ExportRewritten);

        Assert.Equal(DriftSeverity.Error, finding.Severity);
        Assert.Contains("2 tasks relabelled", finding.Message, StringComparison.Ordinal);
        Assert.Contains("removed", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_later_archived_export_of_the_project_is_a_note(bool quick)
    {
        string before = Hands.Sha256;
        AddedExport later = Temporary.Add(HandsFile, HandsPlan with { Relabelled = [3] }, "b");

        DriftReport report = Check(quick);

        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal((DriftStatus.Clean, DriftKind.ExportSucceeded, DriftSeverity.Note, DriftCause.Data), (report.Status, finding.Kind, finding.Severity, finding.Cause));
        Assert.Equal((before, later.Sha256), (finding.Expected, finding.Actual));
        Assert.Equal(["v1"], finding.Slices);
    }

    [Fact]
    public void An_archived_export_of_another_project_alone_is_no_successor()
    {
        Temporary.Add(HandsFile, HandsPlan with { Relabelled = [3], ProjectId = 99 }, "c");

        DriftFinding finding = OnlyFinding(DriftKind.ExportRewritten);

        Assert.Contains("It is an export of project c", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Which_of_two_exports_is_later_goes_by_their_labels_and_not_by_when_they_were_added()
    {
        AddedExport late = Temporary.Add(HandsFile, HandsPlan with { Relabelled = [3] }, "b");
        SetLabelsThrough(Hands.Sha256, "2026-05-02T00:00:00Z");
        SetLabelsThrough(late.Sha256, "2026-05-01T00:00:00Z");
        Assert.Contains("It is an earlier export of project b", OnlyFinding(DriftKind.ExportRewritten).Message, StringComparison.Ordinal);

        SetLabelsThrough(late.Sha256, "2026-05-03T00:00:00Z");
        Assert.Equal(DriftKind.ExportSucceeded, Assert.Single(Check().Findings).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_an_archive_nothing_is_missing_and_nothing_verified(bool quick)
    {
        foreach (string file in Directory.EnumerateFiles(Temporary.Repository.StoreFolder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(Temporary.Repository.StoreFolder, recursive: true);
        Assert.Equal(DriftStatus.Clean, Check(quick).Status);
        File.Delete(Temporary.PathOf(HandsFile));

        DriftReport report = Check(quick);

        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal((DriftStatus.Unverifiable, DriftKind.StoreAbsent, DriftCause.Store), (report.Status, finding.Kind, finding.Cause));
        Assert.Contains(HandsFile, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_export_any_more_is_still_only_rewritten()
    {
        File.WriteAllText(Temporary.PathOf(HandsFile), "{}");

        DriftFinding finding = OnlyFinding(DriftKind.ExportRewritten);

        Assert.Equal(DriftSeverity.Error, finding.Severity);
        Assert.Null(finding.Labels);
        Assert.Contains($"{HandsFile}, line 1, byte 0: a Label Studio export starts with [", finding.Message, StringComparison.Ordinal);
    }

    private void SetLabelsThrough(string sha256, string time)
    {
        string record = Path.Combine(Temporary.Repository.Archive.Folder, "exports", $"b-{sha256}.json");
        RecordFile.Rewrite(record, json => json["labels_through"] = time);

        // The slice has it from the record.
        Assert.True(Timestamp.TryParse(time, out Timestamp through));
        Rewrite(slice => slice with { Exports = [.. slice.Exports.Select(export => export.Sha256 == sha256 ? export with { LabelsThrough = through } : export)] });
    }

    /// <summary>Its part is in the cache, so that nothing asks for its bytes until a check does.</summary>
    [Fact]
    public void A_slice_of_an_export_whose_bytes_are_gone_is_made_with_a_warning()
    {
        DeleteObject(Hands.Sha256);
        Assert.Empty(Temporary.New("v2").Notices);

        File.Delete(Temporary.PathOf(HandsFile));

        ExportNotice notice = Assert.Single(Temporary.New("v3").Notices);
        Assert.Equal("ExportNotAvailable", notice.Id);
        Assert.Contains(Hands.Sha256[..12], notice.Message, StringComparison.Ordinal);
    }
}
