using HarvestTools.Drift;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>The demonstration does what it tells.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-demo-").FullName;

    [Fact]
    public void It_tells_of_four_slices_and_leaves_the_two_faults_to_be_found()
    {
        var told = new List<DemoStep>();

        DemoStory story = Demo.Run(Path.Combine(_folder, "demo"), told.Add, WorkContext.Default);

        Assert.Equal(story.Steps, told);
        Repository repository = Repository.Find(story.Folder);
        Assert.Equal(["v1", "v2", "v3", "v4"], repository.Slices.Versions());
        var check = new CheckSlice(repository, WorkContext.Default);
        string[][] found =
        [
            .. repository.Slices.Versions().Select(version =>
                check.Run(repository.Slices.Load(version), quick: false).Findings.Select(static finding => finding.Kind).ToArray()),
        ];
        Assert.Equal([DriftKind.HarvestRedefined], found[0]);
        Assert.Equal([DriftKind.HarvestRedefined, DriftKind.ExportRewritten], found[2]);
        if (Environment.GetEnvironmentVariable("HARVEST_STORY") is { } path)
        {
            File.WriteAllLines(path, story.Steps.SelectMany(s => (string[])["", "== " + s.Title, .. s.Commands.Select(c => "  $ " + c), .. s.Lines.Select(l => "  " + l)]));
        }
    }

    [Fact]
    public void It_overwrites_nothing()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");

        HarvestException error = Assert.Throws<HarvestException>(() => Demo.Run(_folder, null, WorkContext.Default));

        Assert.Equal("DemoFolderNotEmpty", error.ErrorId);
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_folder, recursive: true);
    }
}
