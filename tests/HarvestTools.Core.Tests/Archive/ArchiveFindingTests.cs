using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Archive;

/// <summary>What each finding of a check says, of what, and what to do about it.</summary>
public sealed class ArchiveFindingTests : IDisposable
{
    private static readonly string s_run = $"Run {new RemedyAction.RepairArchive()}";

    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Untidy_things_are_named_by_their_path()
    {
        (string sha256, _) = _fixture.Archive.Objects.AddBytes("[1]"u8);
        string path = _fixture.Archive.PathOf(sha256);
        AssertFinding(Only(), ArchiveFindingKind.Unreferenced, FindingSeverity.Information, sha256, path, $"No record and no slice refers to the object {sha256}.", "");
        _fixture.Archive.Record(ArchiveFixture.Record("[1]", "p"));

        ArchiveFixture.MakeWritable(path);
        AssertFinding(Only(), ArchiveFindingKind.Writable, FindingSeverity.Warning, sha256, path, $"'{path}' is not read-only.", $"{s_run}.");
        FileAccessBits.MakeReadOnly(path);

        string wrong = _fixture.Folder.Write($".harvest/archive/sha256/zz/{sha256}", "[1]");
        AssertFinding(
            Only(), ArchiveFindingKind.Misplaced, FindingSeverity.Warning, sha256, wrong,
            $"'{wrong}' is named like an object but is not in the folder where that object belongs.", $"{s_run}.");
        File.Delete(wrong);

        string foreign = _fixture.Folder.Write(".harvest/archive/sha256/ab/notes", "x");
        AssertFinding(
            Only(), ArchiveFindingKind.Foreign, FindingSeverity.Warning, foreign, foreign,
            $"'{foreign}' is not a file of the archive.", "Move it elsewhere; it is never removed by a repair.");
        File.Delete(foreign);

        string stale = _fixture.Folder.Write(".harvest/archive/sha256/.tmp-1-000000000000", "x");
        AssertFinding(
            Only(), ArchiveFindingKind.Stale, FindingSeverity.Information, stale, stale,
            $"'{stale}' is a temporary file, still being written, or left behind by a process that was stopped.", $"{s_run} to remove old ones.");
    }

    [Fact]
    public void Damage_says_what_the_bytes_are_now_and_who_needs_them()
    {
        string sha256 = _fixture.Add("[1]");
        _fixture.Spoil(sha256, "[7]");
        AssertFinding(
            Only(), ArchiveFindingKind.Damaged, FindingSeverity.Error, sha256, _fixture.Archive.Local.PathOf(sha256),
            $"'{_fixture.Archive.Local.PathOf(sha256)}' no longer has the hash it is named by: it is {ArchiveFixture.Hash("[7]")}, and the record of project p refers to it.",
            $"{s_run}, or add the file with the right hash again.");

        _fixture.Remove(sha256);
        AssertFinding(
            Only(), ArchiveFindingKind.Missing, FindingSeverity.Error, sha256, _fixture.Archive.Local.PathOf(sha256),
            $"The object {sha256} is not in the archive, though the record of project p refers to it.",
            $"Add the file with that hash again, or run {new RemedyAction.RepairArchive()} if it is still at its recorded path.");
    }

    [Fact]
    public void Damage_that_is_writable_too_has_both_findings_and_a_repair_says_so_of_both()
    {
        string sha256 = _fixture.Add("[1]");
        _fixture.Spoil(sha256, "[7]");
        ArchiveFixture.MakeWritable(_fixture.Archive.PathOf(sha256));
        Assert.Equal([ArchiveFindingKind.Damaged, ArchiveFindingKind.Writable], _fixture.Check(out _).Select(static finding => finding.Kind));
        ArchiveFinding[] repaired = _fixture.Check(out bool whole, repair: true);
        Assert.Equal([(ArchiveFindingKind.Damaged, false), (ArchiveFindingKind.Writable, true)], repaired.Select(static finding => (finding.Kind, finding.Repaired)));
        Assert.False(whole);
    }

    [Fact]
    public void Slices_that_cannot_be_right_are_named_with_the_command_of_git()
    {
        _fixture.Add("[1]");
        Slice("v1");
        Slice("v2", parent: "v1");
        Directory.Delete(Path.GetDirectoryName(_fixture.Repository.Slices.PathOf("v1"))!, recursive: true);
        AssertFinding(
            Only(), ArchiveFindingKind.ParentMissing, FindingSeverity.Warning, "v1", _fixture.Repository.Slices.PathOf("v2"),
            "Slice v2 follows slice v1, which is not here: its history ends there.",
            $"Restore it, for example with {new RemedyAction.RestoreFromGit("slices/v1")}, or from the commit before the one that removed it.");
        Directory.Delete(Path.GetDirectoryName(_fixture.Repository.Slices.PathOf("v2"))!, recursive: true);

        Slice("v3", superseded: ArchiveFixture.Hash("none"));
        ArchiveFinding finding = Only();
        Assert.Equal(
            (ArchiveFindingKind.RecordDamaged, FindingSeverity.Error, "v3", _fixture.Repository.Slices.PathOf("v3")),
            (finding.Kind, finding.Severity, finding.Subject, finding.Path));
        Assert.Contains("exports[0].superseded_by", finding.Message, StringComparison.Ordinal);
        Assert.Contains($"{new RemedyAction.RestoreFromGit("slices/v3/slice.json")}", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_no_archive_what_slices_name_is_said_once()
    {
        string export = ArchiveFixture.Hash("[1]");
        string folder = _fixture.Archive.Folder;
        Slice("v1", path: "a.json");
        AssertFinding(
            Only(), ArchiveFindingKind.StoreAbsent, FindingSeverity.Error, folder, folder,
            $"There is no archive here ('{folder}'), since git does not keep it: 1 export is named by slice v1, and nothing of it can be checked.",
            $"Copy '{folder}' from a machine that has it, or run {new RemedyAction.RepairArchive()}, which archives what is still at its recorded path.");
        AssertFinding(
            Only(repair: true), ArchiveFindingKind.StoreAbsent, FindingSeverity.Error, folder, folder,
            $"There was no archive here ('{folder}'): 1 export is named by slice v1, and no recorded path has {export[..12]} of project p (a.json).",
            $"Copy '{folder}' from a machine that has it, or archive the files again with {new RemedyAction.AddExport()}.");
    }

    [Fact]
    public void Where_there_is_no_archive_definitions_are_counted_with_the_exports_that_need_them()
    {
        string folder = _fixture.Archive.Folder;
        Slice("v1", definition: ArchiveFixture.Hash("definition"));
        Assert.Equal(
            $"There was no archive here ('{folder}'): 1 export is named by slice v1, and no recorded path has {ArchiveFixture.Hash("[1]")[..12]} of project p (no recorded path), with 1 definition or labeling configuration.",
            Only(repair: true).Message);

        // The export is at its path, and the definition nowhere.
        Directory.Delete(Path.GetDirectoryName(_fixture.Repository.Slices.PathOf("v1"))!, recursive: true);
        _fixture.Folder.Write("a.json", "[1]");
        Slice("v2", path: "a.json", definition: ArchiveFixture.Hash("definition"));
        ArchiveFinding[] findings = _fixture.Check(out bool whole, repair: true);
        Assert.False(whole);
        Assert.Equal([(ArchiveFindingKind.Missing, true), (ArchiveFindingKind.StoreAbsent, false)], findings.Select(static finding => (finding.Kind, finding.Repaired)));
        Assert.Equal($"There was no archive here ('{folder}'): 1 export is named by slice v2, and no recorded path has 1 definition or labeling configuration that slice v2 needs.", findings[1].Message);
    }

    [Fact]
    public void An_archive_that_was_made_again_says_of_what()
    {
        _fixture.Folder.Write("a.json", "[1]");
        Slice("v1", path: "a.json");
        var check = new ArchiveCheck(CheckArchive.Of(_fixture.Repository)) { Repair = true };
        ArchiveFinding[] findings = [.. check.Run()];

        Assert.True(check.Absent);
        Assert.True(check.Whole);
        Assert.Equal((1, 3), (check.Objects, check.Bytes));
        Assert.Equal(2, findings.Length);
        AssertFinding(
            findings[1], ArchiveFindingKind.StoreAbsent, FindingSeverity.Information, _fixture.Archive.Folder, _fixture.Archive.Folder,
            "The archive was made again of what slices name: 1 export is archived and recorded again. Exports that no slice names are not in it.", "", repaired: true);
        check = new ArchiveCheck(CheckArchive.Of(_fixture.Repository)) { Repair = true };
        Assert.Empty(check.Run());
        Assert.False(check.Absent);
    }

    [Fact]
    public void A_remote_that_cannot_be_asked_is_a_warning_of_its_own()
    {
        Slice("v1");
        var archive = new ExportArchive(_fixture.Folder["store"], _fixture.Folder["locks"], elsewhere: static () => [new Away()]);
        archive.Objects.AddBytes("[2]"u8);
        archive.Record(ArchiveFixture.Record("[2]", "p"));
        ArchiveFinding[] findings = [.. new ArchiveCheck(new ArchiveScope(archive, _fixture.Repository.Slices)).Run()];

        Assert.Equal(2, findings.Length);
        Assert.Equal(
            $"The object {ArchiveFixture.Hash("[1]")} is not in the archive, though slice v1 refers to it; whether the remote has it is not known.", findings[0].Message);
        AssertFinding(
            findings[1], ArchiveFindingKind.RemoteUnasked, FindingSeverity.Warning, archive.Folder, archive.Folder,
            "The remote could not be asked for what is missing here: It is away.", "Wait.");
    }

    [Fact]
    public void Remedies_are_in_the_commands_of_who_asked()
    {
        _fixture.Folder.Write(".harvest/archive/sha256/ab/notes", "x");
        ArchiveFixture.MakeWritable(_fixture.Archive.PathOf(_fixture.Add("[1]")));
        ArchiveFinding finding = new ArchiveCheck(CheckArchive.Of(_fixture.Repository)) { Commands = new Spelled() }.Run().Last();
        Assert.Equal("Run mend.", finding.Remedy);
        Assert.Equal($"Writable {finding.Subject[..12]}", finding.ToString());
        Assert.False(finding.IsFault);
        Assert.True((finding with { Severity = FindingSeverity.Error }).IsFault);
        Assert.False((finding with { Severity = FindingSeverity.Error, Repaired = true }).IsFault);
    }

    private static void AssertFinding(
        ArchiveFinding finding, string kind, string severity, string subject, string path, string message, string remedy, bool repaired = false)
    {
        Assert.Equal((kind, severity, subject, path), (finding.Kind, finding.Severity, finding.Subject, finding.Path));
        Assert.Equal(message, finding.Message);
        Assert.Equal(remedy, finding.Remedy);
        Assert.Equal(repaired, finding.Repaired);
    }

    private ArchiveFinding Only(bool repair = false) => Assert.Single(_fixture.Check(out _, repair));

    private void Slice(string version, string? path = null, string? parent = null, string? superseded = null, string? definition = null) =>
        _fixture.Repository.Slices.Create(new SliceManifest
        {
            Version = version,
            Parents = parent is null ? [] : [parent],
            Exports = [new SliceExport { Project = "p", Sha256 = ArchiveFixture.Hash("[1]"), Path = path, SupersededBy = superseded is null ? [] : [superseded] }],
            HarvestVersion = "harvest@v1.0.0",
            HarvestSha256 = definition,
        });

    private sealed class Spelled : ICommandSpelling
    {
        public string Spell(RemedyAction action) => action is RemedyAction.RepairArchive ? "mend" : "?";
    }

    private sealed class Away : IObjectSource
    {
        public string Name => "away";

        public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) =>
            throw new HarvestException("Away", HarvestFault.Remote, "It is away.", "Wait.");

        public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => throw new NotSupportedException();

        public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) => throw new NotSupportedException();

        public string? LocalPath(string sha256) => throw new NotSupportedException();
    }
}
