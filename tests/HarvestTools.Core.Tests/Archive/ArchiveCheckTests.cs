using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Archive;

public sealed class ArchiveCheckTests : IDisposable
{
    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_sound_archive_has_no_findings()
    {
        for (int i = 0; i < 50; i++)
        {
            _fixture.Add($"[{i}]");
        }

        Assert.Empty(_fixture.Check(out bool whole));
        Assert.True(whole);
        Assert.Empty(_fixture.Check(out whole, repair: true));
        Assert.True(whole);
    }

    [Fact]
    public void An_empty_repository_is_whole()
    {
        Assert.Empty(_fixture.Check(out bool whole));
        Assert.True(whole);
    }

    [Fact]
    public void Damage_is_found_and_repaired_from_the_recorded_path()
    {
        _fixture.Folder.Write("exports/a.json", "[1]");
        string sha256 = _fixture.Add("[1]", path: "exports/a.json");
        _fixture.Spoil(sha256, "[7]");

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.Equal((ArchiveFindingKind.Damaged, FindingSeverity.Error, sha256), (finding.Kind, finding.Severity, finding.Subject));
        Assert.Contains(ArchiveFixture.Hash("[7]"), finding.Message, StringComparison.Ordinal);
        Assert.Contains("the record of project p", finding.Message, StringComparison.Ordinal);
        Assert.False(whole);

        finding = Assert.Single(_fixture.Check(out whole, repair: true));
        Assert.True(finding.Repaired);
        Assert.True(whole);
        Assert.Equal("[1]", File.ReadAllText(_fixture.Archive.PathOf(sha256)));
        Assert.Equal("[7]", File.ReadAllText(Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/quarantine"]))));
        Assert.Empty(_fixture.Check(out _));
    }

    [Fact]
    public void A_source_with_other_bytes_is_not_taken_and_the_damaged_copy_is_kept()
    {
        _fixture.Folder.Write("a.json", "[rewritten since]");
        string sha256 = _fixture.Add("[1]", path: "a.json");
        _fixture.Spoil(sha256, "[7]");

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole, repair: true));
        Assert.Equal((ArchiveFindingKind.Damaged, false), (finding.Kind, finding.Repaired));
        Assert.Contains("quarantine", finding.Message, StringComparison.Ordinal);
        Assert.False(whole);
        Assert.Equal("[7]", File.ReadAllText(Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/quarantine"]))));

        Assert.Equal(ArchiveFindingKind.Missing, Assert.Single(_fixture.Check(out whole)).Kind);
        Assert.False(whole);
        _fixture.Add("[1]");
        _fixture.Check(out whole);
        Assert.True(whole);
    }

    [Fact]
    public void What_a_slice_needs_and_the_archive_lacks_is_missing()
    {
        string export = ArchiveFixture.Hash("[1]");
        string definition = ArchiveFixture.Hash("gone");
        _fixture.Add("[2]");
        _fixture.Folder.Write("a.json", "[1]");
        _fixture.Repository.Slices.Create(Manifest("v1", export, "a.json") with { HarvestSha256 = definition });
        _fixture.Repository.Slices.Create(Manifest("v2", export, "a.json"));

        ArchiveFinding[] findings = _fixture.Check(out bool whole);
        Assert.Equal(new[] { export, definition }.Order(StringComparer.Ordinal), findings.Select(finding => finding.Subject));
        Assert.All(findings, finding => Assert.Equal((ArchiveFindingKind.Missing, FindingSeverity.Error), (finding.Kind, finding.Severity)));
        Assert.Contains("though slices v1 and v2 refer to it.", findings.Single(finding => finding.Subject == export).Message, StringComparison.Ordinal);
        Assert.False(whole);

        findings = _fixture.Check(out whole, repair: true);
        Assert.Equal([true, true], findings.Where(finding => finding.Subject == export).Select(static finding => finding.Repaired));
        Assert.False(findings.Single(finding => finding.Subject == definition).Repaired);
        Assert.False(whole);
        Assert.Equal("[1]", File.ReadAllText(_fixture.Archive.PathOf(export)));
    }

    [Fact]
    public void Where_there_is_no_archive_one_finding_says_so_and_a_repair_brings_what_is_at_recorded_paths()
    {
        string here = ArchiveFixture.Hash("[1]");
        string gone = ArchiveFixture.Hash("[3]");
        _fixture.Folder.Write("a.json", "[1]");
        _fixture.Repository.Slices.Create(Manifest("v1", here, "a.json"));
        _fixture.Repository.Slices.Create(Manifest("v2", gone, "gone.json"));

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.Equal((ArchiveFindingKind.StoreAbsent, FindingSeverity.Error, false), (finding.Kind, finding.Severity, whole));
        Assert.Contains("2 exports are named by slices v1 and v2", finding.Message, StringComparison.Ordinal);
        Assert.Contains(new RemedyAction.RepairArchive(), finding.Fix.Actions);

        ArchiveFinding[] repaired = _fixture.Check(out whole, repair: true);
        Assert.Equal([(ArchiveFindingKind.Missing, true), (ArchiveFindingKind.StoreAbsent, false)], repaired.Select(static one => (one.Kind, one.Repaired)));
        Assert.Contains("no recorded path has " + gone[..12], repaired[1].Message, StringComparison.Ordinal);
        Assert.False(whole);

        _fixture.Folder.Write("gone.json", "[3]");
        Assert.Equal([(gone, true), (gone, true)], _fixture.Check(out whole, repair: true).Select(static one => (one.Subject, one.Repaired)));
        Assert.True(whole);
        Assert.Equal([here, gone], _fixture.Archive.List().OrderBy(static record => record.Path, StringComparer.Ordinal).Select(static record => record.Sha256));
    }

    [Fact]
    public void A_lost_definition_is_restored_from_the_settings()
    {
        byte[] canonical = _fixture.Repository.Settings.Harvest.ToCanonicalBytes();
        (string sha256, _) = _fixture.Archive.Objects.AddBytes(canonical);
        _fixture.Repository.Slices.Create(Manifest("v1", _fixture.Add("[1]"), null) with { HarvestSha256 = sha256 });
        _fixture.Remove(sha256);

        Assert.True(Assert.Single(_fixture.Check(out bool whole, repair: true)).Repaired);
        Assert.True(whole);
        Assert.Equal(canonical, File.ReadAllBytes(_fixture.Archive.PathOf(sha256)));
    }

    [Fact]
    public void An_object_that_nothing_needs_is_named_and_kept()
    {
        (string sha256, _) = _fixture.Archive.Objects.AddBytes("[1]"u8);
        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole, repair: true));
        Assert.Equal((ArchiveFindingKind.Unreferenced, FindingSeverity.Information), (finding.Kind, finding.Severity));
        Assert.True(whole);
        Assert.True(_fixture.Archive.Contains(sha256));
    }

    // Whoever may write: the owner, the group or all others. 0424 is what an editor of the group's leaves.
    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherWrite)]
    public void A_writable_object_is_marked_again(UnixFileMode mode)
    {
        string sha256 = _fixture.Add("[1]");
        string path = _fixture.Archive.PathOf(sha256);
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(path, FileAttributes.Normal);
        }
        else
        {
            File.SetUnixFileMode(path, mode);
        }

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.Equal(ArchiveFindingKind.Writable, finding.Kind);
        Assert.True(whole);
        Assert.True(Assert.Single(_fixture.Check(out _, repair: true)).Repaired);
        Assert.True(FileAccessBits.IsReadOnly(path));
        if (!OperatingSystem.IsWindows())
        {
            // Reading is left as it was.
            const UnixFileMode AnyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
            Assert.Equal(mode & ~AnyWrite, File.GetUnixFileMode(path));
        }
    }

    [Theory]
    [InlineData("[1]\n")]
    [InlineData("[1")]
    [InlineData("")]
    public void An_object_with_bytes_more_or_fewer_is_damaged(string damage)
    {
        _fixture.Folder.Write("exports/a.json", "[1]");
        string sha256 = _fixture.Add("[1]", path: "exports/a.json");
        _fixture.Spoil(sha256, damage);

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.Equal((ArchiveFindingKind.Damaged, sha256), (finding.Kind, finding.Subject));
        Assert.False(whole);
        Assert.True(Assert.Single(_fixture.Check(out whole, repair: true)).Repaired);
        Assert.True(whole);
        Assert.Equal("[1]", File.ReadAllText(_fixture.Archive.PathOf(sha256)));
        Assert.Equal(damage, File.ReadAllText(Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/quarantine"]))));
    }

    [Fact]
    public void Strays_are_named_and_an_object_in_the_wrong_folder_goes_home()
    {
        string sha256 = _fixture.Add("[1]");
        string wrong = _fixture.Folder[$".harvest/archive/sha256/zz/{sha256}"];
        Directory.CreateDirectory(Path.GetDirectoryName(wrong)!);
        File.Move(_fixture.Archive.PathOf(sha256), wrong);
        File.SetAttributes(wrong, FileAttributes.Normal);
        string foreign = _fixture.Folder.Write(".harvest/archive/sha256/notes.txt", "x");
        string foreignRecord = _fixture.Folder.Write(".harvest/archive/exports/readme.json", "{}");

        ArchiveFinding[] findings = _fixture.Check(out bool whole);
        Assert.Equal(
            [(ArchiveFindingKind.Misplaced, wrong), (ArchiveFindingKind.Foreign, foreignRecord), (ArchiveFindingKind.Foreign, foreign), (ArchiveFindingKind.Missing, _fixture.Archive.Local.PathOf(sha256))],
            findings.Select(finding => (finding.Kind, finding.Path)));
        Assert.False(whole);

        findings = _fixture.Check(out whole, repair: true);
        Assert.True(findings[0].Repaired);
        Assert.True(whole);
        Assert.True(_fixture.Archive.Contains(sha256));
        Assert.True(FileAccessBits.IsReadOnly(_fixture.Archive.PathOf(sha256)));
        Assert.True(File.Exists(foreign));
        Assert.True(File.Exists(foreignRecord));
    }

    [Fact]
    public void Records_and_slices_that_cannot_be_read_are_named()
    {
        string record = _fixture.Folder.Write($".harvest/archive/exports/a-{new string('0', 64)}.json", "{");
        string slice = _fixture.Folder.Write("slices/v1/slice.json", "{}");

        ArchiveFinding[] findings = _fixture.Check(out bool whole, repair: true);
        Assert.Equal([record, slice], findings.Select(finding => finding.Path));
        Assert.All(findings, finding => Assert.Equal(ArchiveFindingKind.Unreadable, finding.Kind));
        Assert.False(whole);
        Assert.Equal("{", File.ReadAllText(record));
    }

    [Fact]
    public void Temporary_files_of_the_dead_and_the_old_are_removed_those_in_use_are_not()
    {
        string dead = _fixture.Folder.Write(".harvest/archive/sha256/.tmp-2147483600-000000000000", "x");
        string old = _fixture.Folder.Write($"slices/v1/.tmp-{Environment.ProcessId}-000000000001", "x");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        string young = _fixture.Folder.Write($".harvest/cache/k/boxes/.tmp-{Environment.ProcessId}-000000000002", "x");
        using PendingFile held = PendingFile.Create(_fixture.Folder[".harvest/cache"]);
        held.Stream.Write("x"u8);
        held.Stream.Flush();
        File.SetLastWriteTimeUtc(held.TemporaryPath, DateTime.UtcNow.AddHours(-2));

        ArchiveFinding[] findings = _fixture.Check(out bool whole);
        Assert.Equal(4, findings.Length);
        Assert.All(findings, finding => Assert.Equal((ArchiveFindingKind.Stale, FindingSeverity.Information), (finding.Kind, finding.Severity)));
        Assert.True(whole);

        findings = _fixture.Check(out _, repair: true);
        Assert.Equal(new[] { dead, old }.Order(), findings.Where(finding => finding.Repaired).Select(finding => finding.Path).Order());
        Assert.Equal([false, false, true, true], new[] { dead, old, young, held.TemporaryPath }.Select(File.Exists));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Findings_come_in_one_order_whatever_the_threads_do(int threads)
    {
        var spoilt = new List<string>();
        for (int i = 0; i < 60; i++)
        {
            string sha256 = _fixture.Add(new string('x', i * 1000) + i.ToString(CultureInfo.InvariantCulture));
            if (i % 3 == 0)
            {
                _fixture.Spoil(sha256, "damaged");
                spoilt.Add(sha256);
            }
        }

        spoilt.Sort(StringComparer.Ordinal);
        for (int round = 0; round < 5; round++)
        {
            var check = new ArchiveCheck(CheckArchive.Of(_fixture.Repository)) { Threads = threads };
            Assert.Equal(spoilt, check.Run().Select(finding => finding.Subject));
        }
    }

    [Fact]
    public void It_tells_how_far_it_is_and_can_be_stopped()
    {
        for (int i = 0; i < 20; i++)
        {
            _fixture.Add($"[{i}]");
        }

        var progress = new Collected();
        var check = new ArchiveCheck(CheckArchive.Of(_fixture.Repository)) { Progress = progress };
        Assert.Empty(check.Run());
        Assert.Equal((20, check.Bytes), (check.Objects, progress.Reports.Max(report => report.BytesDone)));
        Assert.Contains(progress.Reports, report => report.ObjectsDone == 20);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => check.Run(cancelled.Token).ToList());
        Assert.False(check.Whole);
    }

    private static SliceManifest Manifest(string version, string sha256, string? path) => new()
    {
        Version = version,
        Exports = [new SliceExport { Project = "p", Sha256 = sha256, Path = path }],
        HarvestVersion = "harvest@v1.0.0",
    };

    private sealed class Collected : IProgress<ArchiveProgress>
    {
        private readonly Lock _gate = new();

        public List<ArchiveProgress> Reports { get; } = [];

        public void Report(ArchiveProgress value)
        {
            lock (_gate)
            {
                Reports.Add(value);
            }
        }
    }
}
