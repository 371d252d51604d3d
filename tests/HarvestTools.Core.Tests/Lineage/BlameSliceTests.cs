using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>Which slice, export, annotation and person first brought a row, and which changed it since.</summary>
public sealed class BlameSliceTests
{
    private static readonly string[] s_line = ["v1", "v2", "v3", "v4"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_row_of_a_season_is_blamed_on_the_true_one(int seed)
    {
        using var season = new LineageSeason(seed);
        int rows = 0;
        foreach (string episode in season.Slices["v4"].Select(static one => one.Episode).Distinct())
        {
            foreach (BlamedRow row in BlameSlice.Of(season.Repository.Repository, "v4", new RowQuery(episode), season.Repository.Context))
            {
                rows++;
                (TrueAnnotation first, string version, string[] changes) = Truth(season, row);
                Assert.Equal(
                    (version, first.Id, $"exports/{first.Project}{first.Export}.json"),
                    (row.First.Version, row.First.AnnotationId!.Value, row.First.Path));
                Assert.Contains(first.Annotator.ToString(System.Globalization.CultureInfo.InvariantCulture), row.First.Annotators);
                Assert.Equal(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(first.Id), row.First.UpdatedAt);
                Assert.Equal(changes, row.Changes.Select(static change => change.Version));
                Assert.Null(row.NotKnown);
            }
        }

        Assert.Equal(season.Slices["v4"].Where(static one => one.Leads).Sum(static one => one.Rows), rows);
    }

    [Fact]
    public void A_change_names_its_columns_with_the_values_before_and_after()
    {
        using var team = new TemporaryRepository();
        Export(team, Task(1, 100, 3, ("r", 10, "cup")));
        team.New("v1");
        Export(team, Task(1, 100, 3, ("r", 12, "cup")));
        team.New("v2");

        BlamedRow row = Assert.Single(Blame(team, "v2", "cup"));
        BlameEvent change = Assert.Single(row.Changes);
        Assert.Equal(("v1", "v2"), (row.First.Version, change.Version));
        Assert.Equal(["x", "x_pct"], change.Columns);
        Assert.Equal((100.0, 120.0), (change.Before!["x"], change.After["x"]));
        Assert.Equal("x 100 → 120, x_pct 10 → 12", change.Change);
    }

    [Fact]
    public void Of_several_with_one_label_each_is_followed_by_its_region()
    {
        using var team = new TemporaryRepository();
        Export(team, Task(1, 100, 3, ("left", 10, "cup"), ("right", 50, "cup")));
        team.New("v1");

        // Another person's annotation, in which one region is as it was and one is drawn anew.
        Export(team, Task(1, 200, 5, ("right", 50, "cup"), ("other", 12, "cup")));
        team.New("v2");

        BlamedRow[] rows = [.. Blame(team, "v2", "cup")];
        BlamedRow kept = Assert.Single(rows, static row => row.RegionId == "right");
        Assert.Equal(("v1", 100L), (kept.First.Version, kept.First.AnnotationId));
        Assert.Equal(["annotation_id", "annotator_ids"], Assert.Single(kept.Changes).Columns);
        Assert.Equal("v2", Assert.Single(rows, static row => row.RegionId == "other").First.Version);
    }

    [Fact]
    public void What_was_away_for_a_while_came_with_the_slice_that_brought_it_back()
    {
        using var team = new TemporaryRepository();
        Export(team, Task(1, 100, 3, ("r", 10, "cup")) + "," + Task(2, 101, 3, ("s", 10, "cup")));
        team.New("v1");
        Export(team, Task(1, 100, 3, ("r", 10, "lid")) + "," + Task(2, 101, 3, ("s", 10, "cup")));
        team.New("v2");
        Export(team, Task(1, 100, 3, ("r", 10, "cup")) + "," + Task(2, 101, 3, ("s", 10, "cup")) + "," + Task(3, 102, 3, ("t", 10, "lid")));
        team.New("v3");

        Assert.Equal([("v3", 1L), ("v1", 2L)], Blame(team, "v3", "cup").OrderBy(static row => row.TaskId).Select(static row => (row.First.Version, row.TaskId)));
    }

    [Fact]
    public void Where_an_earlier_slice_cannot_be_read_the_answer_says_so()
    {
        using var team = new TemporaryRepository();
        Export(team, Task(1, 100, 3, ("r", 10, "cup")));
        string gone = team.New("v1").Slice.Exports[0].Sha256;
        Export(team, Task(1, 100, 3, ("r", 12, "cup")));
        team.New("v2");
        string stored = team.Repository.Archive.Local.LocalPath(gone)!;
        File.SetAttributes(stored, FileAttributes.Normal);
        File.Delete(stored);
        Directory.Delete(team.PathOf(".harvest/cache"), recursive: true);
        foreach (string file in Directory.GetFiles(team.PathOf("exports")))
        {
            File.Delete(file);
        }

        BlamedRow row = Assert.Single(Blame(team, "v2", "cup"));
        Assert.Equal("v2", row.First.Version);
        Assert.Contains("slice v1", row.NotKnown!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_not_there_is_an_error()
    {
        using var team = new TemporaryRepository();
        Export(team, Task(1, 100, 3, ("r", 10, "cup")));
        team.New("v1");

        Assert.Equal("RowUnknown", Assert.Throws<HarvestException>(() => Blame(team, "v1", "bowl").ToList()).ErrorId);
        Assert.Equal("SliceNotFound", Assert.Throws<HarvestException>(() => Blame(team, "v9", "cup").ToList()).ErrorId);
    }

    /// <summary>Who brought the row, with which slice, and which slices have it otherwise than the one before.</summary>
    private static (TrueAnnotation First, string Version, string[] Changes) Truth(LineageSeason season, BlamedRow row)
    {
        int joint = row.Label[^1] - '0';
        TrueAnnotation? In(string version) => season.Slices[version].SingleOrDefault(one =>
            one.Project == row.Project && one.Task == row.TaskId && one.Leads && one.Rows > joint);
        int at = s_line.Length - 1;
        var changes = new List<string>();
        while (at > 0 && In(s_line[at - 1]) is { } before)
        {
            // Whoever labels a task once more makes another annotation.
            if (before.Id != In(s_line[at])!.Id)
            {
                changes.Insert(0, s_line[at]);
            }

            at--;
        }

        return (In(s_line[at])!, s_line[at], [.. changes]);
    }

    private static IEnumerable<BlamedRow> Blame(TemporaryRepository team, string version, string label) =>
        BlameSlice.Of(team.Repository, version, new RowQuery("ep") { Label = label }, team.Context);

    private static void Export(TemporaryRepository team, string tasks)
    {
        string path = team.WriteText($"exports/{Guid.NewGuid():N}.json", $"[{tasks}]");
        AddExport.Run(team.Repository, path, "a", team.Context, newest: true);
    }

    private static string Task(int id, int annotation, int annotator, params (string Region, int X, string Label)[] points) => $$"""
        {"id":{{id}},"project":1,"data":{"image":"/data/f{{id}}.jpg","task_subdir":"","episode":"ep","frame":{{id}}},"annotations":[{"id":{{annotation}},"completed_by":{{annotator}},"was_cancelled":false,"result":[
        {{string.Join(',', points.Select(point => $$$"""{"id":"{{{point.Region}}}","type":"keypointlabels","from_name":"kp","to_name":"image","origin":"manual","original_width":1000,"original_height":1000,"value":{"x":{{{point.X}}},"y":20,"width":0.5,"keypointlabels":["{{{point.Label}}}"]}}"""))}}
        ]}]}
        """;
}
