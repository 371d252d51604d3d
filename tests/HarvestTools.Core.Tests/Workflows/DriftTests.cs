using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Every kind of drift, provoked from outside, one at a time.</summary>
public sealed class DriftTests : IDisposable
{
    private const string HandsFile = "label_studio/hands.json";
    private static readonly ExportPlan s_hands = ExportPlan.ForTasks(SampleKind.Hands, 40, predictedShare: 0.5);
    private static readonly ExportPlan s_actions = ExportPlan.ForTasks(SampleKind.Actions, 6);

    private readonly TemporaryRepository _temporary = new();
    private readonly SliceManifest _slice;
    private readonly BuiltSlice _built;

    public DriftTests()
    {
        _temporary.Add("label_studio/actions.json", s_actions, "a");
        _temporary.Add(HandsFile, s_hands, "b");
        NewSliceResult made = _temporary.New("v1");
        _slice = made.Slice;
        _built = made.Built!;
    }

    private SliceExport Hands => _slice.Exports.Single(static export => export.Project == "b");

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_found_where_nothing_changed(bool quick)
    {
        foreach (string file in Directory.EnumerateFiles(_temporary.Folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        DriftReport report = Check(quick);

        Assert.Equal(DriftStatus.Clean, report.Status);
        Assert.Empty(report.Findings);
        Assert.Equal(8, report.TablesCompared);
    }

    [Fact]
    public void A_missing_export_is_named()
    {
        DeleteObject(Hands.Sha256);
        File.Delete(_temporary.PathOf(HandsFile));

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
        string path = _temporary.Repository.Archive.PathOf(Hands.Sha256);
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
        _temporary.Write(HandsFile, s_hands.ReExported());

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
        _temporary.Write(HandsFile, s_hands with { Relabelled = [3, 7], TaskLimit = 38 });

        DriftFinding finding = OnlyFinding(DriftKind.ExportRewritten);

        Assert.Equal(DriftSeverity.Error, finding.Severity);
        Assert.Contains("2 tasks relabelled", finding.Message, StringComparison.Ordinal);
        Assert.Contains("removed", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_export_any_more_is_still_only_rewritten()
    {
        File.WriteAllText(_temporary.PathOf(HandsFile), "{}");

        Assert.Contains("cannot be told", OnlyFinding(DriftKind.ExportRewritten).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_changed_without_a_new_version_is_named_even_by_the_quick_check()
    {
        HarvestSettings settings = _temporary.Repository.Settings;
        (settings with { Harvest = settings.Harvest with { Rules = settings.Harvest.Rules with { BoundaryWeight = 0.25 } } })
            .Write(_temporary.Repository.SettingsPath);

        OnlyFinding(DriftKind.HarvestRedefined);
        Assert.Equal(DriftKind.HarvestRedefined, Assert.Single(Check(quick: true).Findings).Kind);
    }

    [Fact]
    public void A_rule_changed_with_a_new_version_is_no_drift()
    {
        HarvestSettings settings = _temporary.Repository.Settings;
        (settings with { Harvest = settings.Harvest with { Version = "v2.0.0", Rules = settings.Harvest.Rules with { BoundaryWeight = 0.25 } } })
            .Write(_temporary.Repository.SettingsPath);

        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

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

        Assert.Contains("no label moved", OnlyFinding(DriftKind.EncodingChanged).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_cache_file_is_named_and_building_mends_it(bool quick)
    {
        BuiltTable table = _built.Tables.Single(static t => t is { Table: "keypoints", Project: "b" });
        File.SetAttributes(table.Path, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(table.Path);
        bytes[^20] ^= 0x40;
        File.WriteAllBytes(table.Path, bytes);

        DriftReport report = Check(quick);

        Assert.Equal(DriftStatus.Drifted, report.Status);
        Assert.Equal(DriftKind.CacheDamaged, Assert.Single(report.Findings).Kind);
        BuildSlice.Run(_temporary.Repository, _slice, _temporary.Context);
        Assert.Equal(DriftStatus.Clean, Check(quick).Status);
    }

    [Fact]
    public void A_deleted_cache_is_no_drift()
    {
        Directory.Delete(_temporary.Repository.CacheFolder, recursive: true);

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
        Rewrite(slice => slice with { FormatVersion = FormatVersion.Current + 1 });

        DriftReport report = Check();

        Assert.Equal(DriftStatus.Unverifiable, report.Status);
        Assert.Equal(DriftKind.FormatUnsupported, Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public void Several_faults_at_once_are_each_named()
    {
        _temporary.Write(HandsFile, s_hands with { Relabelled = [3] });
        SliceExport actions = _slice.Exports.Single(static export => export.Project == "a");
        DeleteObject(actions.Sha256);
        File.Delete(_temporary.PathOf("label_studio/actions.json"));

        Assert.Equal(
            [DriftKind.ExportMissing, DriftKind.ExportRewritten],
            Check().Findings.Select(static finding => finding.Kind).Order());
    }

    private DriftReport Check(bool quick = false) =>
        new CheckSlice(_temporary.Repository, _temporary.Context).Run(_temporary.Repository.Slices.Load("v1"), quick);

    private DriftFinding OnlyFinding(DriftKind kind)
    {
        DriftReport report = Check();
        Assert.Equal(DriftStatus.Drifted, report.Status);
        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal(kind, finding.Kind);
        Assert.NotEmpty(finding.Remedy);
        return finding;
    }

    private void DeleteObject(string sha256)
    {
        string path = _temporary.Repository.Archive.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    private void Record(Func<SliceOutput, SliceOutput> change) =>
        Rewrite(slice => slice with { Outputs = [.. slice.Outputs.Select(change)] });

    private void Rewrite(Func<SliceManifest, SliceManifest> change) => _temporary.Repository.Slices.Rewrite("v1", change);
}
