using HarvestTools.Drift;
using HarvestTools.Tables;

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
        Assert.Contains("same labels", finding.Message, StringComparison.Ordinal);
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

    [Fact]
    public void A_file_that_is_no_export_any_more_is_still_only_rewritten()
    {
        File.WriteAllText(Temporary.PathOf(HandsFile), "{}");

        DriftFinding finding = OnlyFinding(DriftKind.ExportRewritten);

        Assert.Equal(DriftSeverity.Error, finding.Severity);
        Assert.Null(finding.Labels);
        Assert.Contains($"{HandsFile}, line 1, byte 0: a Label Studio export starts with [", finding.Message, StringComparison.Ordinal);
    }
}
