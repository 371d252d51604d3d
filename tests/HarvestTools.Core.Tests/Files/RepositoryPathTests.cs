using HarvestTools.Files;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Files;

public sealed class RepositoryPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("label_studio/task_01/a.json", "label_studio/task_01/a.json")]
    [InlineData("./a//b/./c.json", "a/b/c.json")]
    [InlineData("Ärger/Straße/視頻 1.JSON", "Ärger/Straße/視頻 1.JSON")]
    [InlineData("a..b/..c", "a..b/..c")]
    public void A_path_inside_is_kept(string path, string normal) => Assert.Equal(normal, RepositoryPath.Normalize(path));

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/..")]
    [InlineData("..")]
    [InlineData("..\\a")]
    [InlineData("a\\..\\..\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("\\windows")]
    [InlineData("\\\\server\\share\\a")]
    [InlineData("//server/share/a")]
    [InlineData("C:/a")]
    [InlineData("c:a")]
    public void A_path_outside_is_refused(string path)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => RepositoryPath.Normalize(path));
        Assert.Equal("PathLeavesRepository", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData(".")]
    [InlineData("")]
    public void A_path_that_not_every_system_reads_is_refused(string path) =>
        Assert.Equal("PathNotPortable", Assert.Throws<HarvestException>(() => RepositoryPath.Normalize(path)).ErrorId);

    [Fact]
    public void A_link_that_leads_outside_is_refused()
    {
        using var outside = new TemporaryFolder();
        outside.Write("secret.json", "[]");
        MakeFolderLink(_folder["out"], outside.Path);
        MakeFolderLink(_folder["again"], _folder["out"]);
        MakeFileLink(_folder["file.json"], outside["secret.json"]);

        foreach (string path in new[] { "out/secret.json", "out", "again/secret.json", "file.json", "out/not/there.json" })
        {
            HarvestException error = Assert.Throws<HarvestException>(() => RepositoryPath.Resolve(_folder.Path, path));
            Assert.Equal("PathLeavesRepository", error.ErrorId);
            Assert.False(RepositoryPath.TryMakeRelative(_folder.Path, _folder[path], out _));
        }
    }

    [Fact]
    public void A_link_that_stays_inside_is_followed()
    {
        _folder.Write("real/a.json", "[]");
        MakeFolderLink(_folder["alias"], "real");

        Assert.Equal(_folder["alias/a.json"], RepositoryPath.Resolve(_folder.Path, "alias/a.json"));
        Assert.True(RepositoryPath.TryMakeRelative(_folder.Path, _folder["alias/a.json"], out string? relative));
        Assert.Equal("alias/a.json", relative);
    }

    [Fact]
    public void Links_in_a_circle_are_refused()
    {
        MakeFolderLink(_folder["a"], _folder["b"]);
        MakeFolderLink(_folder["b"], _folder["a"]);
        Assert.Equal("PathLeavesRepository", Assert.Throws<HarvestException>(() => RepositoryPath.Resolve(_folder.Path, "a/x")).ErrorId);
    }

    [Fact]
    public void A_repository_reached_through_a_link_knows_its_files()
    {
        _folder.Write("repo/x/a.json", "[]");
        MakeFolderLink(_folder["link"], _folder["repo"]);

        Assert.True(RepositoryPath.TryMakeRelative(_folder["link"], _folder["repo/x/a.json"], out string? relative));
        Assert.Equal("x/a.json", relative);
        Assert.True(RepositoryPath.TryMakeRelative(_folder["repo"], _folder["link/x/a.json"], out relative));
        Assert.Equal("x/a.json", relative);
        Assert.Equal(_folder["link/x/a.json"], RepositoryPath.Resolve(_folder["link"], "x/a.json"));
    }

    [Fact]
    public void A_file_beside_the_repository_with_the_same_beginning_is_outside()
    {
        Directory.CreateDirectory(_folder["repo"]);
        Assert.False(RepositoryPath.TryMakeRelative(_folder["repo"], _folder["repo-2/a.json"], out _));
        Assert.False(RepositoryPath.TryMakeRelative(_folder["repo"], _folder["repo"], out _));
    }

    [Fact]
    public void Natural_order_counts()
    {
        string[] sorted = ["v0", "v01", "v1", "v2", "v10", "v10.2", "v10.10", "v99999999999999999999999", "w1"];
        string[] shuffled = [.. sorted.Reverse()];
        Array.Sort(shuffled, NaturalOrder.Instance);
        Assert.Equal(sorted, shuffled);
    }

    private static void MakeFolderLink(string link, string target) => MakeLink(() => Directory.CreateSymbolicLink(link, target));

    private static void MakeFileLink(string link, string target) => MakeLink(() => File.CreateSymbolicLink(link, target));

    private static void MakeLink(Action make)
    {
        try
        {
            make();
        }
        catch (Exception exception) when (OperatingSystem.IsWindows() && exception is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("this account may not make symbolic links");
        }
    }
}
