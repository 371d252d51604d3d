using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Links in the store, and other things in an object's place: found, never followed, set aside by a repair.</summary>
public sealed class StoreLinkTests
{
    private const string Objects = ".harvest/archive/sha256";

    [Fact]
    public void Links_into_another_archive_and_into_the_system_are_found_and_nothing_behind_them_is_touched()
    {
        using ScratchFolder other = new ScratchFolder().WithSlice();
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string before = Digest(other);
        string[] links = [$"{Objects}/elsewhere", $"{Objects}/system", ".harvest/archive/exports/elsewhere", ".harvest/cache/system", "slices/v1/gone"];
        SpecialFile.Link(scratch[links[0]], Directory.GetDirectories(other[Objects])[0]);
        SpecialFile.Link(scratch[links[1]], Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        SpecialFile.Link(scratch[links[2]], other[".harvest/archive/exports"]);
        SpecialFile.Link(scratch[links[3]], Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        SpecialFile.Link(scratch[links[4]], scratch["nowhere"]);
        foreach (string[] command in new string[][] { ["fsck", "--json"], ["fsck", "--repair", "--json"] })
        {
            JsonElement[] findings = [.. scratch.Run(command).Exits(0).Document().GetProperty("findings").EnumerateArray()];
            Assert.All(findings, static finding => Assert.Equal("NotAFile", finding.GetProperty("kind").GetString()));
            Assert.Equal(
                links.Select(link => scratch[link]).Order(StringComparer.Ordinal),
                findings.Select(static finding => finding.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
            Assert.All(findings, static finding => Assert.Contains("is a link to '", finding.GetProperty("message").GetString(), StringComparison.Ordinal));
            Assert.All(links, link => Assert.NotNull(new FileInfo(scratch[link]).LinkTarget));
        }

        Assert.Equal(before, Digest(other));
    }

    [Fact]
    public void A_link_in_an_objects_place_is_set_aside_and_what_it_leads_to_keeps_bytes_and_mode()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        (string sha256, string stored) = Lose(scratch);
        string good = scratch.Write("elsewhere/good.json", File.ReadAllText(scratch["exports/hands.json"]));
        SpecialFile.Link(stored, good);
        FileAttributes attributes = File.GetAttributes(good);
        DateTime written = File.GetLastWriteTimeUtc(good);

        scratch.Run("add", "exports/actions.json", "-p", "a", "-q").Exits(0);
        Assert.Equal(["NotAStoredFile"], scratch.Run("restore", sha256, "--to", "out.json", "--json").Exits(3).ErrorIds());
        JsonElement found = Single(scratch.Run("fsck", "--json").Exits(1));
        Assert.Equal(("NotAFile", "Error", stored), (Text(found, "kind"), Text(found, "severity"), Text(found, "path")));
        Assert.Contains($"is a link to '{good}', where an object belongs; the record of project b", Text(found, "message"), StringComparison.Ordinal);

        JsonElement repaired = Single(scratch.Run("fsck", "--repair", "--json").Exits(0));
        Assert.True(repaired.GetProperty("repaired").GetBoolean());
        Assert.Contains("It was moved to '", Text(repaired, "message"), StringComparison.Ordinal);
        Assert.Contains("restored from 'exports/hands.json'", Text(repaired, "message"), StringComparison.Ordinal);
        Assert.Null(new FileInfo(stored).LinkTarget);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        Assert.Equal(good, new FileInfo(Assert.Single(Directory.GetFileSystemEntries(scratch[".harvest/archive/quarantine"]))).LinkTarget);
        Assert.Equal((attributes, written, sha256), (File.GetAttributes(good), File.GetLastWriteTimeUtc(good), ScratchFolder.Sha256(good)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(good).HasFlag(UnixFileMode.UserWrite));
        }

        Assert.Empty(scratch.Run("fsck", "--json").Exits(0).Document().GetProperty("findings").EnumerateArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_or_a_link_to_nowhere_in_an_objects_place_is_said_and_mended(bool folder)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        (string sha256, string stored) = Lose(scratch);
        if (folder)
        {
            Directory.CreateDirectory(stored);
            File.WriteAllText(Path.Combine(stored, "kept.txt"), "somebody's");
        }
        else
        {
            SpecialFile.Link(stored, scratch["nowhere"]);
        }

        Assert.Contains(folder ? "is a folder, where" : "which is not there, where", Text(Single(scratch.Run("fsck", "--json").Exits(1)), "message"), StringComparison.Ordinal);

        // With no source it is set aside all the same, and the object is missing.
        File.Move(scratch["exports/hands.json"], scratch["aside.json"]);
        JsonElement unmended = Single(scratch.Run("fsck", "--repair", "--json").Exits(1));
        Assert.False(unmended.GetProperty("repaired").GetBoolean());
        Assert.Equal("Missing", Text(Single(scratch.Run("fsck", "--json").Exits(1)), "kind"));
        File.Move(scratch["aside.json"], scratch["exports/hands.json"]);
        scratch.Run("fsck", "--repair").Exits(0);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        string aside = Assert.Single(Directory.GetFileSystemEntries(scratch[".harvest/archive/quarantine"]));
        Assert.Equal(folder ? "somebody's" : null, folder ? File.ReadAllText(Path.Combine(aside, "kept.txt")) : null);
        scratch.Run("fsck").Exits(0);
    }

    [Fact]
    public void Adding_an_export_over_a_folder_in_its_place_sets_that_aside()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        (string sha256, string stored) = Lose(scratch);
        Directory.CreateDirectory(stored);
        scratch.Run("add", "exports/hands.json", "-p", "b").Exits(0);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        Assert.True(Directory.Exists(Assert.Single(Directory.GetFileSystemEntries(scratch[".harvest/archive/quarantine"]))));
    }

    [Fact]
    public void A_link_in_the_place_of_a_folder_of_objects_is_set_aside_and_nothing_is_written_through_it()
    {
        using ScratchFolder other = new ScratchFolder().WithSlice();
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        (string sha256, string stored) = Lose(scratch);
        string folder = Path.GetDirectoryName(stored)!;
        Directory.Delete(folder, recursive: true);
        SpecialFile.Link(folder, Path.GetDirectoryName(other[$"{Objects}/{sha256[..2]}/{sha256}"])!);
        string before = Digest(other);

        HarvestResult add = scratch.Run("add", "exports/hands.json", "-p", "b", "--json").Exits(3);
        Assert.Equal(["NotAStoredFile"], add.ErrorIds());
        scratch.Run("fsck").Exits(1);
        HarvestResult repaired = scratch.Run("fsck", "--repair").Exits(0);
        Assert.Contains("where a folder of objects belongs", repaired.Out, StringComparison.Ordinal);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        Assert.Null(new DirectoryInfo(folder).LinkTarget);
        Assert.Equal(before, Digest(other));
        scratch.Run("check").Exits(0);
    }

    [Theory]
    [InlineData("slices/v1")]
    [InlineData("slices/v1/slice.json")]
    public void A_slice_behind_a_link_is_named_and_never_changed(string link)
    {
        using ScratchFolder other = new ScratchFolder().WithSlice();
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string before = Digest(other);
        if (Directory.Exists(scratch[link]))
        {
            Directory.Delete(scratch[link], recursive: true);
        }
        else
        {
            File.Delete(scratch[link]);
        }

        SpecialFile.Link(scratch[link], other[link]);
        foreach (string command in new[] { "check", "log", "slices", "show v1", "new v2", "register v1 m s3://bucket/x.pt", "remove v1 --yes", "decide" })
        {
            HarvestResult result = scratch.Run([.. command.Split(' '), "--json"]).Exits(3);
            Assert.Contains("NotAStoredFile", result.ErrorIds());
            Assert.Contains($"it is a link to '{other[link]}'", result.Error, StringComparison.Ordinal);
        }

        Assert.Contains("it is a link to", scratch.Run("fsck", "--repair").Exits(1).Out, StringComparison.Ordinal);
        Assert.Equal(before, Digest(other));
        Assert.NotNull(new FileInfo(scratch[link]).LinkTarget);
    }

    [Theory]
    [InlineData(".harvest/cache/parts")]
    [InlineData(".harvest/archive/exports")]
    public void Nothing_is_written_through_a_link_in_the_place_of_a_folder_of_the_store(string folder)
    {
        using ScratchFolder other = new ScratchFolder().WithSlice();
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Remove(folder);
        SpecialFile.Link(scratch[folder], other[folder]);
        string before = Digest(other);
        scratch.Write("exports/more.json", SmallExport.Hands(tasks: 9));
        scratch.Run("add", "exports/more.json", "-p", "c", "-q");
        scratch.Run("new", "v2", "-q");
        scratch.Run("build", "v1", "-q").Exits(folder.EndsWith("parts", StringComparison.Ordinal) ? 3 : 0);
        scratch.Run("fsck", "--repair", "-q");
        Assert.Equal(before, Digest(other));
    }

    [Fact]
    public void Removing_a_slice_takes_links_away_and_nothing_behind_them()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string kept = scratch.Write("mine/deep/file.txt", "mine");
        SpecialFile.Link(scratch["slices/v1/mine"], scratch["mine"]);
        scratch.Run("remove", "v1", "--yes").Exits(0);
        Assert.False(Directory.Exists(scratch["slices/v1"]));
        Assert.Equal("mine", File.ReadAllText(kept));
    }

    private static JsonElement Single(HarvestResult result) => Assert.Single(result.Document().GetProperty("findings").EnumerateArray());

    private static string Text(JsonElement finding, string member) => finding.GetProperty(member).GetString()!;

    /// <summary>Deletes the archived object of project b's export.</summary>
    private static (string Sha256, string Stored) Lose(ScratchFolder scratch)
    {
        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        string stored = scratch[$"{Objects}/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        File.Delete(stored);
        return (sha256, stored);
    }

    /// <summary>All names, bytes, times and modes of a folder in one text.</summary>
    private static string Digest(ScratchFolder folder) => string.Join('\n',
        Directory.EnumerateFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Order(StringComparer.Ordinal)
            .Select(static file => $"{file} {ScratchFolder.Sha256(file)} {File.GetLastWriteTimeUtc(file).Ticks} {File.GetAttributes(file)}"));
}
