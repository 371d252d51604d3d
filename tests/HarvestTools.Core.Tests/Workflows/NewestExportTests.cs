using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Which export of a project the next slice takes.</summary>
public sealed class NewestExportTests : IDisposable
{
    private readonly TemporaryRepository _team = new();

    [Fact]
    public void The_one_whose_labels_go_furthest_is_taken_whatever_was_added_last()
    {
        string week4 = Add("week_4.json", 4);
        Assert.True(AddAgain("week_4.json").Newest);
        AddedExport late = AddExport.Run(_team.Repository, Write("week_1.json", 1), "b", _team.Context);

        Assert.False(late.Newest);
        ExportNotice notice = Assert.Single(late.Notices);
        Assert.Equal("ExportNotNewest", notice.Id);
        Assert.Contains("its labels end at 2026-05-01 12:00, those of week_4.json", notice.Message, StringComparison.Ordinal);
        Assert.Equal(week4, Only(_team.New("v1").Slice).Sha256);
        Assert.Equal("2026-05-04T12:00:00Z", Only(_team.Repository.Slices.Load("v1")).LabelsThrough?.Text);
    }

    [Fact]
    public void What_a_task_says_of_its_last_change_counts_too()
    {
        // A deleted annotation leaves no date of its own; Label Studio moves the task's.
        Add("week_1.json", 1);
        string moved = _team.WriteText("week_2.json", Export(1).Replace("\"updated_at\":\"2020-01-01T00:00:00Z\",\"project\"", "\"updated_at\":\"2026-05-09T00:00:00.5+02:00\",\"project\"", StringComparison.Ordinal));
        AddedExport added = AddExport.Run(_team.Repository, moved, "b", _team.Context);

        Assert.True(added.Newest);
        Assert.Equal(new DateTimeOffset(2026, 5, 8, 22, 0, 0, 500, TimeSpan.Zero), added.LabelsThrough);
    }

    [Fact]
    public void One_that_is_said_to_be_the_newest_takes_the_place_of_those_before_and_of_no_later_one()
    {
        string week4 = Add("week_4.json", 4);
        string deleted = Write("week_4b.json", 3);
        Assert.False(AddExport.Run(_team.Repository, deleted, "b", _team.Context).Newest);
        AddedExport said = AddExport.Run(_team.Repository, deleted, "b", _team.Context, newest: true);
        Assert.True(said.Newest);
        Assert.Empty(said.Notices);
        Assert.Equal(said.Sha256, Only(_team.New("v1").Slice).Sha256);

        // Archiving the other one once more changes nothing.
        Assert.Equal(week4, AddAgain("week_4.json").Sha256);
        Assert.Equal(said.Sha256, Only(_team.New("v2").Slice).Sha256);

        string week5 = Add("week_5.json", 5);
        Assert.Equal(week5, Only(_team.New("v3").Slice).Sha256);
    }

    [Fact]
    public void Of_equal_dates_the_one_that_came_in_last_is_taken_and_a_slice_shows_when_one_came_in()
    {
        string first = Add("a.json", 2);
        _team.New("v1");
        string second = Add("b.json", 2, extra: " ");
        Assert.Equal(second, Only(_team.New("v2").Slice).Sha256);

        // A clone without the store, into which both are brought in the other order.
        Directory.Move(_team.PathOf(".harvest"), _team.PathOf("gone"));
        Assert.Equal(second, AddAgain("b.json").Sha256);
        AddedExport again = AddAgain("a.json");
        Assert.Equal(first, again.Sha256);
        Assert.False(again.Newest);
        Assert.Equal(second, Only(_team.New("v3").Slice).Sha256);
    }

    [Fact]
    public void One_that_was_archived_unread_is_read_where_its_dates_decide()
    {
        string week4 = Add("week_4.json", 4);
        AddExport.Run(_team.Repository, Write("week_2.json", 2), "b", _team.Context, labels: false);
        string week5 = AddExport.Run(_team.Repository, Write("week_5.json", 5), "b", _team.Context, labels: false).Sha256;

        Assert.NotEqual(week4, week5);
        Assert.Equal(week5, Only(_team.New("v1").Slice).Sha256);
    }

    public void Dispose() => _team.Dispose();

    private static SliceExport Only(SliceManifest slice) => Assert.Single(slice.Exports);

    private string Add(string name, int day, string extra = "")
    {
        File.WriteAllText(Write(name, day), Export(day) + extra);
        return AddAgain(name).Sha256;
    }

    private AddedExport AddAgain(string name) => AddExport.Run(_team.Repository, _team.PathOf(name), "b", _team.Context);

    private string Write(string name, int day) => _team.WriteText(name, Export(day));

    private static string Export(int day) => $$$"""
        [{"id":1,"data":{"image":"task_01/episode_1/frame_{{{day}}}.jpg"},"updated_at":"2020-01-01T00:00:00Z","project":12,"annotations":[{"id":{{{day}}},"completed_by":1,
        "updated_at":"2026-05-0{{{day}}}T12:00:00Z","result":[{"id":"r","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,
        "value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]}]
        """;
}
