using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Parquet;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestTools.Tables;

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
        Assert.Equal(quick ? _temporary.Repository.Slices.Load("v1").Outputs.Count : 2 * TableCatalog.All.Count, report.TablesCompared);
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

        DriftFinding finding = OnlyFinding(DriftKind.ExportRewritten);

        Assert.Equal(DriftSeverity.Error, finding.Severity);
        Assert.Null(finding.Labels);
        Assert.Contains($"{HandsFile}, line 1, byte 0: a Label Studio export starts with [", finding.Message, StringComparison.Ordinal);
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
        Rewrite(slice => slice with { FormatVersion = FormatVersion.Current.Number + 1 });

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

    [Fact]
    public void A_changed_derivation_shows_the_rows_while_the_recorded_bytes_are_in_the_cache()
    {
        BuiltTable built = _built.Tables.Single(static t => t is { Table: "keypoints", Project: "b" });
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
        Assert.Empty(Directory.EnumerateFiles(_temporary.Folder, ".tmp-*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Findings_tell_since_when_and_what_is_spoilt()
    {
        _temporary.New("v2");
        _temporary.Add("label_studio/actions2.json", s_actions with { Relabelled = [2] }, "a");
        _temporary.New("v3");
        RegisterModel.Run(_temporary.Repository, new ModelRegistration("v2", "hand_kp") { Path = "s3://models/v2.pt" }, _temporary.Context);
        DeleteObject(Hands.Sha256);
        File.Delete(_temporary.PathOf(HandsFile));

        DriftFinding hands = Assert.Single(Check().Findings);
        DeleteObject(_slice.Exports.Single(static export => export.Project == "a").Sha256);
        File.Delete(_temporary.PathOf("label_studio/actions.json"));
        DriftFinding actions = Check().Findings.Single(static finding => finding.Subject.StartsWith("a-", StringComparison.Ordinal));

        Assert.Equal("v1", hands.Since);
        Assert.Equal(["v1", "v2", "v3"], hands.Slices);
        Assert.Equal(("v2", "hand_kp"), (Assert.Single(hands.Models).Version, hands.Models[0].Name));
        Assert.Contains("v1, v2 and v3 use it, v1 first; trained on them: hand_kp on v2 (s3://models/v2.pt).", hands.Message, StringComparison.Ordinal);
        Assert.Equal([new RemedyAction.AddExport(Project: "b")], hands.Fix.Actions);
        Assert.Equal(["v1", "v2"], actions.Slices);
    }

    [Theory]
    [InlineData("boundary", "v1.1.0", BumpSize.Minor)]
    [InlineData("tracks", "v1.0.1", BumpSize.Patch)]
    public void A_redefined_version_gets_the_bump_that_its_rows_ask_for(string rule, string version, BumpSize size)
    {
        HarvestSettings settings = _temporary.Repository.Settings;
        HarvestRules rules = rule == "boundary"
            ? settings.Harvest.Rules with { BoundaryWeight = 0.25 }
            : settings.Harvest.Rules with { InterpolateTracks = false };
        (settings with { Harvest = settings.Harvest with { Rules = rules } }).Write(_temporary.Repository.SettingsPath);
        string[] before = Directory.GetFiles(_temporary.Folder, "*", SearchOption.AllDirectories);

        DriftFinding finding = OnlyFinding(DriftKind.HarvestRedefined);

        Assert.Equal(before, Directory.GetFiles(_temporary.Folder, "*", SearchOption.AllDirectories));
        Assert.Equal((version, size), (finding.Bump!.To, finding.Bump.Size));
        Assert.Equal([new RemedyAction.EditSetting("harvest.version", $"\"{version}\"")], finding.Fix.Actions);
        Assert.StartsWith($"Set harvest.version to \"{version}\" in harvest.json; ", finding.Remedy, StringComparison.Ordinal);
        Assert.Null(finding.Command);
        Assert.Contains(rule == "boundary" ? "boundary_weight 0.5 → 0.25" : "no row of the shipped slices changes", finding.Bump.ChangeLog, StringComparison.Ordinal);
        Assert.Null(Assert.Single(Check(quick: true).Findings).Bump);
        Assert.Equal("harvest@v1.0.0", Assert.Single(CheckSlices.Redefined(_temporary.Repository, [], _temporary.Context)).Subject);
    }

    [Fact]
    public void A_record_whose_figures_were_edited_is_named()
    {
        Record(output => output.Table == "boxes" && output.Export == Hands.Sha256 ? output with { Rows = output.Rows + 1 } : output);

        Assert.Contains("slice.json was edited", OnlyFinding(DriftKind.DerivationChanged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_was_edited_in_the_manifest_is_named()
    {
        Rewrite(static slice => slice with { HarvestVersion = "harvest@v9.9.9" });

        Assert.Equal("harvest@v1.0.0", OnlyFinding(DriftKind.HarvestRedefined).Actual);
    }

    [Fact]
    public void Outputs_that_were_taken_out_of_the_manifest_leave_it_unverifiable()
    {
        Rewrite(slice => slice with { Outputs = [.. slice.Outputs.Where(output => output.Export != Hands.Sha256)] });

        DriftReport report = Check();

        Assert.Equal(DriftStatus.Unverifiable, report.Status);
        Assert.StartsWith("b-", Assert.Single(report.Findings).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archived_definition_that_was_changed_is_named()
    {
        string path = _temporary.Repository.Archive.PathOf(_slice.HarvestSha256!);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, File.ReadAllText(path).Replace("v1.0.0", "v1.0.9", StringComparison.Ordinal));

        DriftFinding finding = OnlyFinding(DriftKind.HarvestRedefined);

        Assert.Equal(_slice.HarvestSha256, finding.Expected);
        Assert.NotEqual(finding.Expected, finding.Actual);
    }

    [Fact]
    public void Every_slice_is_reported_in_order_and_what_they_share_is_derived_once()
    {
        string[] versions = ["v1", "v2", "v3", "v4"];
        foreach (string version in versions.Skip(1))
        {
            _temporary.New(version);
        }

        var derived = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var progress = new ReportEach(report => derived.TryAdd($"{report.Activity} {report.Item}", 0));

        List<CheckedSlice> found = [.. CheckSlices.Run(_temporary.Repository, [], quick: false, _temporary.Context with { Threads = 4, Progress = progress })];

        Assert.Equal(versions, found.Select(static entry => entry.Version));
        Assert.All(found, static entry => Assert.Equal(DriftStatus.Clean, entry.Report!.Status));
        Assert.All(found, static entry => Assert.Equal(2 * TableCatalog.All.Count, entry.Report!.TablesCompared));
        Assert.Equal(2, derived.Keys.Count(static what => what.StartsWith("Checking", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_manifest_that_cannot_be_read_does_not_stop_the_others()
    {
        _temporary.New("v2");
        File.WriteAllText(_temporary.Repository.Slices.PathOf("v1"), "{");

        List<CheckedSlice> found = [.. CheckSlices.Run(_temporary.Repository, [], quick: false, _temporary.Context)];

        Assert.NotNull(found[0].Error);
        Assert.Equal(DriftStatus.Clean, found[1].Report!.Status);
    }

    [Fact]
    public void A_hundred_runs_find_nothing_under_any_culture_or_number_of_threads()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        string[] cultures = ["", "de-DE", "tr-TR", "ar-SA", "th-TH"];
        try
        {
            for (int run = 0; run < 100; run++)
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(cultures[run % cultures.Length]);
                Assert.All(
                    CheckSlices.Run(_temporary.Repository, [], quick: run % 10 != 0, _temporary.Context with { Threads = 1 + (run % 7) }),
                    static entry => Assert.Empty(entry.Report!.Findings));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Cancelling_stops_the_check_and_leaves_nothing_behind()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new ReportEach(report =>
        {
            if (report.Activity == "Checking")
            {
                cancel.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => CheckSlices
            .Run(_temporary.Repository, [], quick: false, _temporary.Context with { Progress = progress, Cancellation = cancel.Token })
            .ToList());
        Assert.Empty(Directory.EnumerateFiles(_temporary.Folder, ".tmp-*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("v1.4.2", BumpSize.Patch, "v1.4.3")]
    [InlineData("v1.4.2", BumpSize.Minor, "v1.5.0")]
    [InlineData("2.0.9", BumpSize.Patch, "2.0.10")]
    [InlineData("2026-05", BumpSize.Minor, "2026-6")]
    [InlineData("final", BumpSize.Patch, "final-2")]
    public void Versions_rise(string version, BumpSize size, string expected) => Assert.Equal(expected, VersionBump.Raise(version, size));

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

    private sealed class ReportEach(Action<WorkProgress> each) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => each(value);
    }
}
