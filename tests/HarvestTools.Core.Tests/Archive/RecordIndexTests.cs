using HarvestTools.Archive;
using HarvestTools.Repositories;

namespace HarvestTools.Tests.Archive;

/// <summary>What one command knows of the records while it and others add to them.</summary>
public sealed class RecordIndexTests : IDisposable
{
    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Records_of_any_order_of_addition_are_listed_as_another_command_lists_them()
    {
        var random = new Random(7);
        for (int i = 0; i < 60; i++)
        {
            string text = $"[{random.Next(40)}]";
            _fixture.Add(text, random.Next(2) == 0 ? "hands" : "arms", $"in/{i}.json", hour: random.Next(9));
            AssertAsListedAgain();
        }

        Assert.True(_fixture.Archive.List("arms").Count > 10);
    }

    [Fact]
    public void A_record_by_another_process_and_one_that_is_gone_are_noticed()
    {
        string first = _fixture.Add("[1]", hour: 1);
        Assert.Single(_fixture.Archive.List());
        Another().Record(ArchiveFixture.Record("[2]", "q"));
        Assert.Equal(["p", "q"], _fixture.Archive.Projects());
        Assert.Equal(2, _fixture.Archive.List().Count);

        File.Delete(Path.Combine(_fixture.Archive.RecordsFolder, $"p-{first}.json"));
        Assert.Equal(["q"], _fixture.Archive.List().Select(static record => record.Project));
        Assert.Empty(_fixture.Archive.ProjectsOf(first));
    }

    [Fact]
    public void A_record_that_takes_the_place_of_one_is_the_one_that_is_listed()
    {
        string export = _fixture.Add("[1]");
        IReadOnlyList<ExportRecord> before = _fixture.Archive.List("p");
        _fixture.Archive.Record(ArchiveFixture.Record("[1]", "p", "in/1.json"));

        Assert.Equal("in/1.json", Assert.Single(_fixture.Archive.List("p")).Path);
        Assert.Equal("in/1.json", _fixture.Archive.TryRecord("p", export)!.Path);
        Assert.Null(Assert.Single(before).Path);
        AssertAsListedAgain();
    }

    private void AssertAsListedAgain()
    {
        ExportArchive again = Another();
        Assert.Equal(again.List().Select(Text), _fixture.Archive.List().Select(Text));
        Assert.Equal(again.Projects(), _fixture.Archive.Projects());
        foreach (string project in again.Projects())
        {
            Assert.Equal(again.List(project).Select(Text), _fixture.Archive.List(project).Select(Text));
        }

        static string Text(ExportRecord record) => System.Text.Encoding.UTF8.GetString(record.ToUtf8Bytes());
    }

    private ExportArchive Another() => Repository.Find(_fixture.Folder.Path).Archive;
}
