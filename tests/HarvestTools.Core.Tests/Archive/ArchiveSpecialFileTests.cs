using HarvestTools.Archive;
using HarvestTools.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>Links and the like in the archive's folders: each is named once, none is followed, and a repair moves those that are in the way.</summary>
public sealed class ArchiveSpecialFileTests : IDisposable
{
    private readonly ArchiveFixture _fixture = new();

    public ArchiveSpecialFileTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
    }

    private string Outside => _fixture.Folder["outside"];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_link_in_an_objects_place_is_set_aside_and_the_object_restored()
    {
        _fixture.Folder.Write("a.json", "[1]");
        string sha256 = _fixture.Add("[1]", path: "a.json");
        string place = _fixture.Archive.PathOf(sha256);
        File.Move(place, Outside);
        File.CreateSymbolicLink(place, Outside);

        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.False(whole);
        Assert.Equal((ArchiveFindingKind.NotAFile, FindingSeverity.Error, sha256, place), (finding.Kind, finding.Severity, finding.Subject, finding.Path));
        Assert.Equal($"'{place}' is a link to '{Outside}', where an object belongs; the record of project p refers to it.", finding.Message);
        Assert.StartsWith("Add the file with that hash again, or run ", finding.Remedy, StringComparison.Ordinal);

        finding = Assert.Single(_fixture.Check(out whole, repair: true));
        Assert.True(finding.Repaired && whole);
        Assert.EndsWith("The object was restored from 'a.json'.", finding.Message, StringComparison.Ordinal);
        Assert.Equal(FileKind.Regular, FileKinds.Of(place));
        Assert.Equal("[1]", File.ReadAllText(Outside));
        Assert.Equal(Outside, new FileInfo(Assert.Single(Directory.GetFileSystemEntries(_fixture.Archive.Local.QuarantineFolder))).LinkTarget);
        Assert.Empty(_fixture.Check(out _));
    }

    [Fact]
    public void One_that_nobody_needs_is_untidy()
    {
        string place = _fixture.Archive.Local.PathOf(ArchiveFixture.Hash("[9]"));
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, Outside);
        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.True(whole);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Equal($"'{place}' is a link to '{Outside}', which is not there, where an object belongs; nothing refers to it.", finding.Message);
        Assert.Equal($"Run {new RemedyAction.RepairArchive()}, which sets it aside.", finding.Remedy);
    }

    [Theory]
    [InlineData("sha256/ab", true)]
    [InlineData("sha256/zz", false)]
    [InlineData("sha256/abc", false)]
    [InlineData("sha256/cd/ab", false)]
    [InlineData("exports/ab", false)]
    [InlineData("exports", false)]
    [InlineData("sha256", true)]
    public void One_in_the_place_of_a_folder_of_objects_is_an_error_and_is_set_aside_and_another_is_never_touched(string relative, bool inTheWay)
    {
        Directory.CreateDirectory(Outside);
        _fixture.Folder.Write("outside/kept.txt", "x");
        string path = _fixture.Folder[$".harvest/archive/{relative}"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path))
        {
            Directory.Delete(path);
        }

        Directory.CreateSymbolicLink(path, Outside);
        Assert.Equal([path], ArchiveInventory.Take(_fixture.Archive, CancellationToken.None).Special);
        ArchiveFinding finding = Assert.Single(_fixture.Check(out bool whole));
        Assert.Equal(!inTheWay, whole);
        Assert.Equal(
            (ArchiveFindingKind.NotAFile, inTheWay ? FindingSeverity.Error : FindingSeverity.Warning, path, path), (finding.Kind, finding.Severity, finding.Subject, finding.Path));
        Assert.Equal($"'{path}' is a link to '{Outside}'{(inTheWay ? ", where a folder of objects belongs. It was not followed." : " and not a file of the store. It was not followed.")}", finding.Message);
        Assert.Equal(
            inTheWay
                ? $"Run {new RemedyAction.RepairArchive()}, which sets it aside and restores the objects that are still at their recorded paths."
                : "Move it elsewhere; it is never removed by a repair.",
            finding.Remedy);

        finding = Assert.Single(_fixture.Check(out whole, repair: true));
        Assert.True(whole);
        Assert.Equal(inTheWay, finding.Repaired);
        Assert.Equal(inTheWay ? FileKind.None : FileKind.Link, FileKinds.Of(path));
        Assert.Equal(inTheWay, finding.Message.Contains($" It was moved to '{_fixture.Archive.Local.QuarantineFolder}", StringComparison.Ordinal));
        Assert.Equal("x", File.ReadAllText(_fixture.Folder["outside/kept.txt"]));
    }

    [Fact]
    public void All_that_are_in_the_stores_folders_are_named_once_in_order_and_those_in_quarantine_not()
    {
        string[] links =
        [
            _fixture.Folder[".harvest/archive/a"],
            _fixture.Folder[".harvest/archive/exports/b.json"],
            _fixture.Folder[".harvest/cache/c"],
            _fixture.Folder["slices/v1/d"],
        ];
        foreach (string link in links.Append(_fixture.Folder[".harvest/archive/quarantine/e"]).Append(_fixture.Folder["f"]))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, Outside);
        }

        ArchiveFinding[] findings = [.. _fixture.Check(out bool whole).Where(static finding => finding.Kind == ArchiveFindingKind.NotAFile)];
        Assert.True(whole);
        Assert.Equal(links.Order(StringComparer.Ordinal), findings.Select(static finding => finding.Path));
    }

    [Fact]
    public void The_inventory_knows_records_from_what_is_beside_them()
    {
        string sha256 = _fixture.Add("[1]");
        string[] foreign =
        [
            _fixture.Folder.Write($".harvest/archive/exports/{sha256}.json", "{}"),
            _fixture.Folder.Write($".harvest/archive/exports/below/p-{sha256}.json", "{}"),
            _fixture.Folder.Write($".harvest/archive/exports/p-{sha256}.txt", "{}"),
            _fixture.Folder.Write(".harvest/archive/sha256/notes", "{}"),
        ];
        _fixture.Folder.Write(".harvest/archive/exports/.tmp-1-000000000000", "x");
        string second = _fixture.Folder.Write($".harvest/archive/sha256/zz/{sha256}", "[1]");
        string first = _fixture.Folder.Write($".harvest/archive/sha256/yy/{sha256}", "[1]");
        string[] places = [.. new[] { "[7]", "[8]", "[9]" }.Select(static text => ArchiveFixture.Hash(text)).Order(StringComparer.Ordinal).Select(_fixture.Archive.Local.PathOf)];
        Array.ForEach(places, static place => Directory.CreateDirectory(place));
        string[] hashes = [sha256, .. Enumerable.Range(10, 20).Select(i => _fixture.Add($"[{i}]"))];

        var inventory = ArchiveInventory.Take(_fixture.Archive, CancellationToken.None);
        Assert.Equal(foreign.Order(StringComparer.Ordinal), inventory.Foreign);
        Assert.Equal([first, second], inventory.Misplaced.Select(static stored => stored.Path));
        Assert.Equal(places, inventory.Obstacles.Select(static stored => stored.Path));
        Assert.Equal(hashes.Order(StringComparer.Ordinal), inventory.Objects.Select(static stored => stored.Sha256));
        Assert.Empty(inventory.Special);
        Assert.Throws<OperationCanceledException>(() => ArchiveInventory.Take(_fixture.Archive, new CancellationToken(canceled: true)));
    }
}
