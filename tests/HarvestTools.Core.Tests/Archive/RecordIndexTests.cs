using System.Text.Json.Nodes;
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

    /// <summary>A few questions go through the list, and more make a dictionary, which records that come after it have to enter.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void The_projects_of_an_export_are_in_order_however_often_they_were_asked_for(int times)
    {
        string export = _fixture.Add("[1]", "m");
        _fixture.Add("[2]", "m");
        for (int i = 0; i < times; i++)
        {
            Assert.Equal(["m"], _fixture.Archive.ProjectsOf(export));
        }

        _fixture.Add("[1]", "z");
        _fixture.Add("[1]", "a");
        _fixture.Add("[3]", "b");
        Assert.Equal(["a", "m", "z"], _fixture.Archive.ProjectsOf(export));
        Assert.Equal(["b"], _fixture.Archive.ProjectsOf(ArchiveFixture.Hash("[3]")));
        Assert.Empty(_fixture.Archive.ProjectsOf(ArchiveFixture.Hash("[4]")));
        Assert.Equal(Another().RecordsOf(export).Select(static record => record.Project), _fixture.Archive.RecordsOf(export).Select(static record => record.Project));
        Assert.All(_fixture.Archive.Index.Of(export), file => Assert.Equal(
            (Path.Combine(_fixture.Archive.RecordsFolder, $"{file.Project}-{export}.json"), export), (file.Path, file.Sha256)));
    }

    [Fact]
    public void The_projects_of_an_export_are_in_the_order_of_their_present_names_and_each_once()
    {
        string export = _fixture.Add("[1]", "zebra");
        _fixture.Add("[1]", "m");
        _fixture.Add("[1]", "hands");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(_fixture.Repository.SettingsPath))!;
        settings["projects"] = JsonNode.Parse("""{ "hands": { "names": ["zebra"] } }""");
        File.WriteAllText(_fixture.Repository.SettingsPath, settings.ToJsonString());

        Assert.Equal(["hands", "m"], Another().ProjectsOf(export));
        Assert.Equal(["hands", "m"], Another().Projects());
        settings["projects"] = JsonNode.Parse("""{ "a": { "names": ["zebra"] } }""");
        File.WriteAllText(_fixture.Repository.SettingsPath, settings.ToJsonString());
        Assert.Equal(["a", "hands", "m"], Another().ProjectsOf(export));
        Assert.Equal(("a", "zebra"), (Another().TryRecord("a", export)!.Project, Another().TryRecord("zebra", export)!.RecordedProject));
    }

    /// <summary>An editor that writes into a record leaves the folder as it was: who rewrites the record looks at it again.</summary>
    [Fact]
    public void What_was_written_into_a_record_meanwhile_is_in_the_list_once_the_record_is_written_again()
    {
        string first = _fixture.Add("[1]", hour: 1);
        string second = _fixture.Add("[2]", hour: 2);
        string path = Path.Combine(_fixture.Archive.RecordsFolder, $"p-{first}.json");
        Assert.Equal([first, second], _fixture.Archive.List().Select(static record => record.Sha256));
        Assert.Equal([first, second], _fixture.Archive.List("p").Select(static record => record.Sha256));
        File.WriteAllBytes(path, ArchiveFixture.Record("[1]", "p", hour: 9).ToUtf8Bytes());
        Assert.Equal(1, _fixture.Archive.Index.Load(path).AddedAt.Instant.Hour);
        Assert.Equal(9, _fixture.Archive.Index.LoadAgain(path).AddedAt.Instant.Hour);

        Assert.False(_fixture.Archive.Record(ArchiveFixture.Record("[1]", "p", "in/1.json", hour: 20)).Added);
        AssertAsListedAgain();
        Assert.Equal([second, first], _fixture.Archive.List().Select(static record => record.Sha256));
    }

    [Fact]
    public void A_check_reads_every_record_again()
    {
        string export = _fixture.Add("[1]", hour: 1);
        string path = Path.Combine(_fixture.Archive.RecordsFolder, $"p-{export}.json");
        Assert.Equal(1, Assert.Single(_fixture.Archive.List()).AddedAt.Instant.Hour);
        File.WriteAllBytes(path, ArchiveFixture.Record("[1]", "p", hour: 9).ToUtf8Bytes());
        _fixture.Archive.DistrustRecords();
        Assert.Equal(9, Assert.Single(_fixture.Archive.List()).AddedAt.Instant.Hour);
    }

    [Fact]
    public void Lists_that_were_given_out_stay_as_they_were()
    {
        string first = _fixture.Add("[1]");
        IReadOnlyList<ExportRecord> all = _fixture.Archive.List();
        IReadOnlyList<ExportRecord> own = _fixture.Archive.List("p");
        IReadOnlyList<HarvestTools.Archive.RecordFile> files = _fixture.Archive.Index.Files();
        _fixture.Add("[2]");
        _fixture.Archive.Record(ArchiveFixture.Record("[1]", "p", "in/1.json"));
        Assert.Equal((first, null), (Assert.Single(all).Sha256, all[0].Path));
        Assert.Equal((first, null), (Assert.Single(own).Sha256, own[0].Path));
        Assert.Single(files);
        Assert.Equal(2, _fixture.Archive.Index.Files().Count);
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
