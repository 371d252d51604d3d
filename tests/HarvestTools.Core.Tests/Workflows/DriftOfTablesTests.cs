using System.Security.Cryptography;
using HarvestTools.Drift;
using HarvestTools.Rules;
using HarvestTools.Tests.Faults;
using HarvestTools.Tests.Parquet;
using HarvestTools.Workflows;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Workflows;

/// <summary>What the check finds of the tables: other rows, other bytes, a damaged cache, a record that cannot be compared with.</summary>
public sealed class DriftOfTablesTests : DriftFixture
{
    [Fact]
    public void Other_rows_than_recorded_are_a_changed_derivation()
    {
        Record(output => output.Table == "keypoints" && output.Rows > 0
            ? output with { Sha256 = new string('a', 64), RowsSha256 = new string('b', 64) }
            : output);

        DriftFinding finding = OnlyFinding(DriftKind.DerivationChanged);

        Assert.StartsWith("keypoints of b-", finding.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_of_the_same_rows_are_a_changed_encoding()
    {
        Record(output => output.Table == "boxes" && output.Export == Hands.Sha256
            ? output with { Sha256 = new string('a', 64) }
            : output);

        DriftFinding finding = OnlyFinding(DriftKind.EncodingChanged);
        Assert.Contains("no label moved", finding.Message, StringComparison.Ordinal);

        // No row changed, so that the smallest step is enough.
        Assert.Equal(("v1.0.1", BumpSize.Patch), (finding.Bump!.To, finding.Bump.Size));
        Assert.Contains("gives other bytes of the same rows", finding.Bump.ChangeLog, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_cache_file_is_named_and_building_mends_it(bool quick)
    {
        BuiltTable table = Built.Tables.Single(static t => t is { Table: "keypoints", Project: "b" });
        File.SetAttributes(table.Path, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(table.Path);
        bytes[^20] ^= 0x40;
        File.WriteAllBytes(table.Path, bytes);

        DriftReport report = Check(quick);

        Assert.Equal(DriftStatus.Drifted, report.Status);
        Assert.Equal(DriftKind.CacheDamaged, Assert.Single(report.Findings).Kind);
        BuildSlice.Run(Temporary.Repository, Slice, Temporary.Context);
        Assert.Equal(DriftStatus.Clean, Check(quick).Status);
    }

    /// <summary>What the machine lacks is no word of the rows: a build that fails of it must not read that the data drifted.</summary>
    [Fact]
    public void A_full_disk_ends_the_check_and_is_no_drift()
    {
        int met = 0;
        for (int at = 1; at <= 400; at++)
        {
            var fault = new InjectedFault(at, FaultKind.Broken);
            using (fault.Use())
            {
                try
                {
                    DriftReport report = new CheckSlice(Temporary.Repository, Temporary.Context).Run(Slice, quick: false);
                    Assert.DoesNotContain(report.Findings, static finding => finding.Kind == DriftKind.DerivationChanged);
                }
                catch (HarvestException ended)
                {
                    Assert.Equal(HarvestFault.FileSystem, ended.Fault);
                    met++;
                }
            }

            if (fault.Calls < at)
            {
                break;
            }
        }

        Assert.NotEqual(0, met);
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_deleted_cache_is_no_drift()
    {
        Directory.Delete(Temporary.Repository.CacheFolder, recursive: true);

        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_manifest_without_outputs_cannot_be_verified()
    {
        Rewrite(slice => slice with { Outputs = [] });

        DriftReport report = Check();

        Assert.Equal(DriftStatus.Unverifiable, report.Status);
        Assert.Equal(DriftKind.NothingRecorded, Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public void A_later_format_version_cannot_be_verified()
    {
        Rewrite(slice => slice with { FormatVersion = FormatVersion.Current.Number + 1 });

        DriftReport report = Check();

        Assert.Equal(DriftStatus.Unverifiable, report.Status);
        Assert.Equal(DriftKind.FormatUnsupported, Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public void A_changed_derivation_shows_the_rows_while_the_recorded_bytes_are_in_the_cache()
    {
        BuiltTable built = Built.Tables.Single(static t => t is { Table: "keypoints", Project: "b" });
        TestTable recorded = TestTable.ReadIndependently(built.Path, built.Table);
        int x = recorded.Schema.Columns.Select(static column => column.Name).ToList().IndexOf("x");
        recorded.Rows.RemoveAt(100);
        recorded.Rows[0][x] = -1.5;
        byte[] bytes = recorded.Write();
        File.SetAttributes(built.Path, FileAttributes.Normal);
        File.Delete(built.Path);
        File.WriteAllBytes(built.Path, bytes);
        Record(output => output.Sha256 == built.Sha256
            ? output with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), RowsSha256 = new string('b', 64), Rows = recorded.Rows.Count }
            : output);

        DriftFinding finding = OnlyFinding(DriftKind.DerivationChanged);

        Assert.Equal((1L, 0L, 1L), (finding.Rows!.Added, finding.Rows.Removed, finding.Rows.Changed));
        Assert.Equal(RowChangeKind.Changed, finding.FirstRow!.Change);
        Assert.Equal(["x"], finding.FirstRow.Columns);
        Assert.Equal(-1.5, finding.FirstRow.Before!["x"]);
        Assert.Contains("1 row added, 0 removed and 1 changed", finding.Message, StringComparison.Ordinal);
        Assert.Contains("x -1.5 → ", finding.Message, StringComparison.Ordinal);
        Assert.Equal("v1.1.0", finding.Bump!.To);
        Assert.Empty(Directory.EnumerateFiles(Temporary.Folder, ".tmp-*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_record_whose_figures_were_edited_is_named()
    {
        Record(output => output.Table == "boxes" && output.Export == Hands.Sha256 ? output with { Rows = output.Rows + 1 } : output);

        Assert.Contains("slice.json was edited", OnlyFinding(DriftKind.DerivationChanged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_that_were_taken_out_of_the_manifest_leave_it_unverifiable()
    {
        Rewrite(slice => slice with { Outputs = [.. slice.Outputs.Where(output => output.Export != Hands.Sha256)] });

        DriftReport report = Check();

        Assert.Equal(DriftStatus.Unverifiable, report.Status);
        Assert.StartsWith("b-", Assert.Single(report.Findings).Subject, StringComparison.Ordinal);
    }
}
