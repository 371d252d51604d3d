using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A repository deeper than the 260 characters that Windows' older calls take, with names as long as file systems allow.</summary>
public sealed class LongPathTests
{
    [Fact]
    public void A_repository_with_a_long_path_works_from_the_first_command_to_the_last()
    {
        using var scratch = new ScratchFolder();
        string deep = string.Join('/', Enumerable.Range(0, 7).Select(static level => new string((char)('a' + level), 45)));
        string export = $"{deep}/exports/{new string('n', 200)}.json";
        scratch.Write(export, SmallExport.Hands(tasks: 6));
        string Repository(string path) => Path.GetRelativePath(scratch[deep], scratch[path]).Replace('\\', '/');
        HarvestResult Run(params string[] arguments) => scratch.Run(["-C", scratch[deep], .. arguments]);

        Run("init", "-q").Exits(0);
        Run("add", Repository(export), "--project", "hands", "-q").Exits(0);
        Run("new", "v1", "-q").Exits(0);
        Run("check", "-q").Exits(0);
        Run("fsck", "-q").Exits(0);
        File.Delete(scratch[export]);
        Run("restore", "hands", "-q").Exits(0);
        Run("build", "v1", "-q").Exits(0);
        Run("decide", "-q").Exits(0);
        Run("remove", "v1", "--yes", "-q").Exits(0);
        Assert.True(File.Exists(scratch[export]));
        Assert.True(Directory.GetFiles(scratch[$"{deep}/.harvest/archive/sha256"], "*", SearchOption.AllDirectories).All(static file => file.Length > 380));
    }

    /// <summary>A name that no file system takes is an error with the path, in every place that makes one of it.</summary>
    [Theory]
    [InlineData("project")]
    [InlineData("version")]
    public void A_name_that_is_too_long_for_a_file_is_refused(string what)
    {
        using var scratch = new ScratchFolder().WithExports();
        string name = new('x', 300);

        HarvestResult result = what == "project" ? scratch.Run("add", "exports/hands.json", "--project", name, "--json") : scratch.Run("new", name, "--json");

        Assert.Single(result.Exits(2).ErrorIds());
        scratch.Run("fsck", "-q").Exits(0);
    }
}
