using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Workflows;

public sealed class RepositoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("No", false)]
    [InlineData("off", false)]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    public void A_word_for_no_in_the_environment_is_one(string? text, bool on) => Assert.Equal(on, Repository.IsOn(text));

    [Fact]
    public void A_new_repository_has_its_settings_and_folders_and_hides_its_store_from_git()
    {
        Repository repository = Repository.Initialize(_folder["repo"]);

        Assert.Equal(_folder["repo"], repository.Root);
        Assert.Equal(HarvestSettings.Default.ToUtf8Bytes(), File.ReadAllBytes(_folder["repo/harvest.json"]));
        Assert.Equal("*\n", File.ReadAllText(_folder["repo/.harvest/.gitignore"]));
        Assert.True(Directory.Exists(_folder["repo/slices"]));
        Assert.True(Directory.Exists(_folder["repo/.harvest/archive"]));
        Assert.Equal(_folder["repo/.harvest/archive"], repository.Archive.Folder);
        Assert.Equal(_folder["repo/.harvest/cache"], repository.CacheFolder);
        Assert.Equal(_folder["repo/slices"], repository.Slices.Folder);
    }

    [Fact]
    public void A_repository_that_exists_is_left_as_it_is()
    {
        _folder.Write("harvest.json", "{ }");
        HarvestException error = Assert.Throws<HarvestException>(() => Repository.Initialize(_folder.Path));
        Assert.Equal(("RepositoryExists", HarvestFault.Usage), (error.ErrorId, error.Fault));
        Assert.Equal("{ }", File.ReadAllText(_folder["harvest.json"]));
        Assert.Equal(["harvest.json"], _folder.Names());
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public void It_is_found_from_any_folder_below_and_the_nearest_counts()
    {
        Repository.Initialize(_folder.Path);
        Repository.Initialize(_folder["a/inner"]);
        Directory.CreateDirectory(_folder["a/inner/x/y"]);
        Directory.CreateDirectory(_folder["a/other"]);

        Assert.Equal(_folder["a/inner"], Repository.Find(_folder["a/inner/x/y"]).Root);
        Assert.Equal(_folder["a/inner"], Repository.Find(_folder["a/inner/x/y/"]).Root);
        Assert.Equal(_folder.Path, Repository.Find(_folder["a/other"]).Root);
    }

    [Fact]
    public void Outside_any_repository_the_remedy_is_init()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Repository.Find(_folder.Path));
        Assert.Equal(("NotARepository", HarvestFault.NotARepository), (error.ErrorId, error.Fault));
        Assert.Contains(new RemedyAction.InitializeRepository(), error.Remedy.Actions);
        Assert.Equal("FileNotFound", Assert.Throws<HarvestException>(() => Repository.Find(_folder["none"])).ErrorId);
    }

    [Fact]
    public void Folders_of_the_settings_are_respected()
    {
        _folder.Write("harvest.json", "{ \"slices\": \"data/sets\", \"archive\": \"store\", \"cache\": \"tmp/c\" }");
        Repository repository = Repository.Find(_folder.Path);
        Assert.Equal((_folder["data/sets"], _folder["store"], _folder["tmp/c"]), (repository.Slices.Folder, repository.Archive.Folder, repository.CacheFolder));
    }

    [Fact]
    public void Broken_settings_stop_only_what_needs_them()
    {
        _folder.Write("harvest.json", "{ \"slice\": 1 }");
        Repository repository = Repository.Find(_folder.Path);
        Assert.Equal("UnknownKey", Assert.Throws<HarvestException>(() => repository.Slices).ErrorId);
    }

    [Fact]
    public void Adding_in_a_fresh_clone_keeps_the_store_out_of_git()
    {
        _folder.Write("harvest.json", "{}");
        Repository.Find(_folder.Path).Archive.Objects.AddBytes("x"u8);
        Assert.Equal("*\n", File.ReadAllText(_folder[".harvest/.gitignore"]));
    }

    [Fact]
    public void Paths_are_recorded_relative_to_the_root()
    {
        Repository repository = Repository.Initialize(_folder["repo"]);
        Assert.Equal("x/a.json", repository.MakeRelative(_folder["repo/x/a.json"]));
        Assert.Null(repository.MakeRelative(_folder["a.json"]));
        Assert.Equal(_folder["repo/x/a.json"], repository.Resolve("x/a.json"));
        Assert.Equal("PathLeavesRepository", Assert.Throws<HarvestException>(() => repository.Resolve("../a.json")).ErrorId);
    }
}
