using HarvestTools.Archive;
using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Archive;

/// <summary>A repair that the file system refuses half-way keeps its cause, and loses nothing.</summary>
public sealed class RepairFaultTests : IDisposable
{
    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_disk_that_fills_up_while_a_damaged_object_is_restored_is_the_cause_and_the_damaged_bytes_are_kept()
    {
        _fixture.Folder.Write("exports/a.json", "[1]");
        string sha256 = _fixture.Add("[1]", path: "exports/a.json");
        _fixture.Spoil(sha256, "[7]");

        ArchiveFinding finding;
        bool whole;
        using (DiskFlush.Observe(new FullAtFlush()))
        {
            finding = Assert.Single(_fixture.Check(out whole, repair: true));
        }

        Assert.False(whole);
        Assert.False(finding.Repaired);
        Assert.Equal("DiskFull", finding.RepairFault?.ErrorId);
        Assert.Contains("It was moved to '", finding.Message, StringComparison.Ordinal);
        Assert.Contains($"The repair failed: {finding.RepairFault!.Message}", finding.Message, StringComparison.Ordinal);
        Assert.Equal("[7]", File.ReadAllText(Assert.Single(Directory.GetFiles(_fixture.Folder[".harvest/archive/quarantine"]))));

        finding = Assert.Single(_fixture.Check(out whole, repair: true));
        Assert.True(whole);
        Assert.Null(finding.RepairFault);
        Assert.Equal("[1]", File.ReadAllText(_fixture.Archive.PathOf(sha256)));
    }

    [Fact]
    public void A_source_that_is_no_export_any_more_is_no_fault_of_the_file_system()
    {
        _fixture.Folder.Write("exports/a.json", "[2]");
        string sha256 = _fixture.Add("[1]", path: "exports/a.json");
        _fixture.Remove(sha256);
        ArchiveFinding finding = Assert.Single(_fixture.Check(out _, repair: true));
        Assert.Equal((ArchiveFindingKind.Missing, false), (finding.Kind, finding.Repaired));
        Assert.Null(finding.RepairFault);
        Assert.DoesNotContain("failed", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_an_objects_place_that_nothing_needs_is_untidy_and_set_aside()
    {
        string place = _fixture.Archive.Local.PathOf(ArchiveFixture.Hash("[9]"));
        Directory.CreateDirectory(place);
        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.Equal((ArchiveFindingKind.NotAFile, FindingSeverity.Warning, place), (finding.Kind, finding.Severity, finding.Path));
        Assert.True(whole);
        Assert.Null(_fixture.Archive.Objects.LocalPath(finding.Subject));
        Assert.Equal("NotAStoredFile", Assert.Throws<HarvestException>(() => _fixture.Archive.Objects.TryOpen(finding.Subject)).ErrorId);
        Assert.Equal("NotAStoredFile", Assert.Throws<HarvestException>(() => _fixture.Archive.Objects.Remove(finding.Subject)).ErrorId);

        Assert.True(Assert.Single(_fixture.Check(out _, repair: true)).Repaired);
        Assert.False(Directory.Exists(place));
        Assert.Single(Directory.GetDirectories(_fixture.Folder[".harvest/archive/quarantine"]));
        Assert.Empty(_fixture.Check(out _));
    }

    /// <summary>Reports what systems that allot space late report: that the disk is full once the bytes have to be on it.</summary>
    private sealed class FullAtFlush : IDiskFlush
    {
        public void File(SafeFileHandle file, string path) =>
            throw new IOException("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);

        public void Folder(string folder) => DiskFlush.OfSystem.Folder(folder);
    }
}
