using System.Text;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Workflows;

/// <summary>What is written and removed as a whole is never git's own folder, under no name.</summary>
public sealed class GitFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Refused
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string setting in new[] { "slices", "archive", "cache", "eval_set" })
            {
                foreach (string path in new[] { ".git", ".GIT", ".git/objects", "./.Git/x", ".git//hooks/", "data/.git", ".git.", ".git ", "git~1/x", ".git:x/y" })
                {
                    cases.Add(setting, path);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_setting_that_leads_to_it_is_refused_with_its_place(string setting, string path)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => HarvestSettings.Parse(Encoding.UTF8.GetBytes($"{{ \"{setting}\": \"{path}\" }}")));

        // A colon is refused on Windows before.
        Assert.Equal((OperatingSystem.IsWindows() && path.Contains(':', StringComparison.Ordinal) ? "PathNotPortable" : "PathInGit", HarvestFault.InvalidData), (error.ErrorId, error.Fault));
        Assert.Contains("harvest.json", error.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{setting}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".gitignore")]
    [InlineData(".github/slices")]
    [InlineData("git/slices")]
    [InlineData("a.git")]
    public void Names_like_it_are_fine(string path)
    {
        HarvestSettings settings = HarvestSettings.Parse(Encoding.UTF8.GetBytes($$"""{ "slices": "{{path}}", "cache": "{{path}}/c" }"""));
        Assert.Equal((path, path + "/c"), (settings.SlicesFolder, settings.CacheFolder));
    }

    [Fact]
    public void A_link_into_it_is_refused_before_anything_is_written()
    {
        Directory.CreateDirectory(_folder[".git/objects"]);
        try
        {
            Directory.CreateSymbolicLink(_folder["elsewhere"], _folder[".git"]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("this system makes no links for this user");
        }

        _folder.Write("harvest.json", """{ "slices": "elsewhere/s", "archive": "elsewhere", "cache": "elsewhere/c" }""");
        Repository repository = Repository.Find(_folder.Path);
        foreach (Func<object> part in new Func<object>[] { () => repository.Slices, () => repository.Archive, () => repository.CacheFolder })
        {
            Assert.Equal("PathInGit", Assert.Throws<HarvestException>(part).ErrorId);
        }

        Assert.Equal(["objects"], Directory.GetFileSystemEntries(_folder[".git"]).Select(Path.GetFileName));
    }
}
