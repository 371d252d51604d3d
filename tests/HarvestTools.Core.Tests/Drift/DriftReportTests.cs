using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Drift;

/// <summary>What findings make of a report, and what two slices' exports are to each other.</summary>
public sealed class DriftReportTests
{
    [Theory]
    [InlineData(DriftStatus.Clean)]
    [InlineData(DriftStatus.Clean, DriftKind.ModelChanged)]
    [InlineData(DriftStatus.Clean, DriftKind.ExportSucceeded, DriftKind.ParentMissing)]
    [InlineData(DriftStatus.Unverifiable, DriftKind.NothingRecorded)]
    [InlineData(DriftStatus.Unverifiable, DriftKind.ParentMissing, DriftKind.FormatUnsupported)]
    [InlineData(DriftStatus.Unverifiable, DriftKind.StoreAbsent)]
    [InlineData(DriftStatus.Drifted, "!" + DriftKind.ExportDamaged)]
    [InlineData(DriftStatus.Drifted, DriftKind.NothingRecorded, "!" + DriftKind.CacheDamaged)]
    public void An_error_is_drift_and_what_hides_the_rows_is_unverifiable(string status, params string[] kinds)
    {
        DriftReport report = DriftReport.From("v3", [.. kinds.Select(Finding)], quick: true, tablesCompared: 4, new Spelling());
        Assert.Equal((status, true, 4, $"v3 {status}"), (report.Status, report.Quick, report.TablesCompared, report.ToString()));
        Assert.All(report.Findings, static finding => Assert.Contains("spelt", finding.Remedy, StringComparison.Ordinal));
    }

    /// <summary>Who looks into a finding is said of each kind; one that is new fails here until somebody decides.</summary>
    [Fact]
    public void Every_kind_has_a_cause()
    {
        var causes = new Dictionary<string, string>
        {
            [DriftKind.ExportRewritten] = "Data",
            [DriftKind.ExportSucceeded] = "Data",
            [DriftKind.MediaChanged] = "Data",
            [DriftKind.MediaMissing] = "Store",
            [DriftKind.HarvestRedefined] = "Rules",
            [DriftKind.DerivationChanged] = "Code",
            [DriftKind.EncodingChanged] = "Code",
            [DriftKind.FormatUnsupported] = "Environment",
            [DriftKind.ProgramUntrusted] = "Environment",
            [DriftKind.ExportMissing] = "Store",
            [DriftKind.ExportErased] = "Store",
            [DriftKind.RemovedByRetention] = "Store",
            [DriftKind.ExportDamaged] = "Store",
            [DriftKind.CacheDamaged] = "Store",
            [DriftKind.NothingRecorded] = "Store",
            [DriftKind.StoreAbsent] = "Store",
            [DriftKind.ModelChanged] = "Store",
            [DriftKind.ParentMissing] = "Store",
            [DriftKind.RecordDamaged] = "Store",
            [DriftKind.TagDiffers] = "Store",
            [DriftKind.EvalSetChanged] = "Store",
            [DriftKind.EvalLeak] = "Data",
            [DriftKind.NotDeterministic] = "Code",
        };
        Assert.Equal(
            typeof(DriftKind).GetFields().Select(static field => (string)field.GetValue(null)!).Order(StringComparer.Ordinal),
            causes.Keys.Order(StringComparer.Ordinal));
        Assert.All(causes, static pair => Assert.Equal(pair.Value, Finding(pair.Key).Cause));
        Assert.Equal("ExportDamaged subject", Finding(DriftKind.ExportDamaged).ToString());
    }

    [Fact]
    public void What_concerns_the_machine_or_a_file_is_one_finding_a_run()
    {
        DriftFinding succeeded = Finding(DriftKind.ExportSucceeded);
        Assert.Equal(succeeded.OnceARun, (succeeded with { Message = "other words", Expected = "other" }).OnceARun);
        Assert.NotEqual(succeeded.OnceARun, (succeeded with { Actual = "later still" }).OnceARun);
        Assert.NotEqual(succeeded.OnceARun, (succeeded with { Subject = "other.json" }).OnceARun);
        Assert.Equal(Finding(DriftKind.StoreAbsent).OnceARun, (Finding(DriftKind.StoreAbsent) with { Subject = "elsewhere" }).OnceARun);
        Assert.NotEqual(succeeded.OnceARun, Finding(DriftKind.StoreAbsent).OnceARun);
        Assert.True(succeeded.ConcernsTheRun);
        Assert.Equal((null, false), (Finding(DriftKind.ExportDamaged).OnceARun, Finding(DriftKind.ExportDamaged).ConcernsTheRun));
    }

    [Theory]
    [InlineData("2 tables derived again to the recorded rows", false, DriftStatus.Clean, 2, 0, 2)]
    [InlineData("3 tables derived again to the recorded bytes, 1 of them to the recorded rows", false, DriftStatus.Clean, 3, 0, 1)]
    [InlineData("no table in the cache to compare, none derived again", true, DriftStatus.Clean, 0, 0, 0)]
    [InlineData("1 cached table compared, none derived again", true, DriftStatus.Drifted, 1, 0, 0)]
    [InlineData("12 tables derived again to the recorded bytes", false, DriftStatus.Clean, 12, 0, 0)]
    [InlineData("0 tables derived again and compared", false, DriftStatus.Unverifiable, 0, 0, 0)]
    [InlineData("2 tables derived again and compared", false, DriftStatus.Drifted, 2, 0, 0)]
    [InlineData("6 tables of the sample derived again and compared", true, DriftStatus.Clean, 6, 6, 0)]
    [InlineData("12 cached tables compared, 6 of the sample derived again", true, DriftStatus.Clean, 18, 6, 0)]
    public void What_was_compared_is_said_in_words(string words, bool quick, string status, int tables, int sampled, int byRows)
    {
        Assert.Equal(words, DriftReportText.Compared(quick, status, tables, sampled, byRows));
        Assert.Equal(words, DriftReportText.Compared(new DriftReport("v1", status, [], quick, tables) { TablesSampled = sampled, TablesByRows = byRows }));
    }

    [Fact]
    public void Exports_of_a_project_pair_up_in_order_and_what_is_left_came_or_went()
    {
        SliceManifest before = Slice(Export("b", '1', labels: 'x'), Export("b", '2', labels: 'y'), Export("a", '3'), Export("c", '4', config: 'k'), Export("d", '8'));
        SliceManifest after = Slice(Export("c", '4', config: 'm'), Export("b", '5', labels: 'x'), Export("b", '6', labels: 'z'), Export("b", '7'), Export("e", '8'), Export("a", '3'));

        IReadOnlyList<ExportChange> changes = ExportChange.Between(before, after);
        Assert.Equal(
            ["b Replaced 1 5 True", "b Replaced 2 6 False", "b Added  7 ", "c Reconfigured 4 4 True", "d Removed 8  ", "e Added  8 "],
            changes.Select(static change => $"{change} {change.Reference?[..1]} {change.Difference?[..1]} {change.SameLabels}"));
        ExportChange reconfigured = Assert.Single(changes, static change => change.LabelConfigChanged);
        Assert.Equal(("k", "m"), (reconfigured.ReferenceLabelConfig?[..1], reconfigured.DifferenceLabelConfig?[..1]));
        Assert.Empty(ExportChange.Between(after, after));

        // One export under two projects, each with a configuration of its own, is two.
        SliceManifest shared = Slice(Export("a", '4', config: 'k'), Export("b", '4', config: 'm'));
        Assert.Empty(ExportChange.Between(shared, shared));

        // A label hash of one side alone, or of another definition, says nothing of the labels.
        Assert.Null(Assert.Single(ExportChange.Between(Slice(Export("a", '1')), Slice(Export("a", '2', labels: 'x')))).SameLabels);
        Assert.Null(Assert.Single(ExportChange.Between(Slice(Export("a", '1', labels: 'x')), Slice(Export("a", '2')))).SameLabels);
        Assert.Null(Assert.Single(ExportChange.Between(
            Slice(Export("a", '1', labels: 'x') with { LabelVersion = LabelHash.Version - 1 }), Slice(Export("a", '2', labels: 'x')))).SameLabels);
    }

    private static DriftFinding Finding(string kind) => new(
        kind.TrimStart('!'), kind[0] == '!' ? DriftSeverity.Error : DriftSeverity.Warning, "subject", "expected", "actual", "message", $"{new RemedyAction.RepairArchive()}");

    private static SliceManifest Slice(params SliceExport[] exports) => new() { Version = "v", Exports = exports, HarvestVersion = "harvest@v1.0.0" };

    private static SliceExport Export(string project, char hash, char? labels = null, char? config = null) => new()
    {
        Project = project,
        Sha256 = new string(hash, 64),
        LabelSha256 = labels is { } one ? new string(one, 64) : null,
        LabelVersion = labels is null ? null : LabelHash.Version,
        LabelConfigSha256 = config is { } other ? new string(other, 64) : null,
    };

    private sealed class Spelling : ICommandSpelling
    {
        public string Spell(RemedyAction action) => "spelt";
    }
}
