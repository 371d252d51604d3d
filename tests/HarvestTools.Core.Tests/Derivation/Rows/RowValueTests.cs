using HarvestTools.Tests.Tables;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Rows;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation.Rows;

/// <summary>What rows have of those who agree, and of one alone.</summary>
public sealed class RowValueTests
{
    [Theory]
    [InlineData(2, -1, new long[] { 1, 2 })]
    [InlineData(2, -2, new long[] { 1, 2, 2 })]
    [InlineData(-1, 1, new long[] { -1, -1, -2 })]
    [InlineData(-2, 3, new long[] { -2, -3 })]
    [InlineData(0, 1, new long[] { 0, -1 })]
    [InlineData(long.MaxValue, -long.MaxValue, new[] { long.MaxValue, long.MaxValue })]
    public void The_ends_of_a_segment_are_means_with_halves_up(long start, long end, long[] starts)
    {
        Candidate[] candidates = [.. starts.Select(static first => new Candidate { Start = first, End = -first })];
        int[] members = [.. Enumerable.Range(0, starts.Length)];
        Group group = new(members, starts.Length, null);
        Assert.Equal((start, end), ActionRows.Ends(candidates, group, Consensus.Mean));
        Assert.Equal((starts[0], -starts[0]), ActionRows.Ends(candidates, group, Consensus.First));
        Assert.Equal((starts[0], -starts[0]), ActionRows.Ends(candidates, new Group([0], 1, null), Consensus.Mean));
    }

    [Fact]
    public void The_people_behind_a_row_are_in_order_each_once()
    {
        Assert.Equal("5,9", Ids((9, 1), (5, 1)));
        Assert.Equal("5,9", Ids((9, 1), (5, 1), (9, 1)));
        Assert.Equal("5", Ids((null, 1), (5, 1)));
        Assert.Equal("", Ids((null, 1)));
        Assert.Equal("9", Ids((9, 1)));

        static string Ids(params (long? Annotator, double X)[] points)
        {
            var task = new TaskBuilder();
            foreach ((long? annotator, double x) in points)
            {
                task.By(annotator).Keypoint($"k{annotator}", "cup", x, 1);
            }

            return string.Join(';', task.Derive(new HarvestRules { RequireTwoAnnotators = false }).Keypoints.Select(static row => row.Key.AnnotatorIds.ToString()));
        }
    }

    [Fact]
    public void A_task_has_the_people_of_its_own_annotations()
    {
        var deriver = new HarvestTools.Derivation.TaskDeriver(HarvestRules.Default, FieldMapping.Default, DerivationVersion.Current);
        foreach (long annotator in (long[])[4, 6])
        {
            var task = new TaskBuilder();
            task.By(annotator).Keypoint("k", "cup", 1, 1);
            var rows = new TaskRows();
            deriver.Derive(task.Task, rows, new HarvestTools.Derivation.Tallies.Tally());
            Assert.Equal($"{annotator}", Assert.Single(TaskTables.ToList(rows.Of<KeypointRow, KeypointTable>())).Key.AnnotatorIds.ToString());
        }
    }

    [Fact]
    public void A_polygon_has_pixels_where_its_size_is_known_and_is_closed_unless_it_says_otherwise()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Region(RegionKind.Polygon, "polygonlabels", "a", "leaf", static region => region.Points.AddRange([10, 20, 30, 20, 30, 60]))
            .Region(RegionKind.Polygon, "polygonlabels", "b", "leaf", static region =>
            {
                region.Points.AddRange([1, 2, 3, 2, 3, 6]);
                (region.OriginalWidth, region.OriginalHeight, region.Closed) = (null, null, false);
            });
        Assert.Equal(
            ["100,100,300,100,300,300 10,20,30,20,30,60 True", " 1,2,3,2,3,6 False"],
            task.Derive().Polygons.Select(static row => $"{List(row.Points)} {List(row.PointsPct)} {row.Closed}"));

        static string List(DoubleList list) => string.Join(',', Enumerable.Range(0, list.Count).Select(i => list[i].ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Rows_of_people_who_agree_with_an_accepted_prediction_are_counted_for_its_episode()
    {
        Assert.Equal(1, Overruled("prediction", "manual"));
        Assert.Equal(1, Overruled("prediction", "prediction", "prediction-changed"));
        Assert.Equal(0, Overruled("prediction", "prediction"));
        Assert.Equal(0, Overruled("manual", "prediction"));
        Assert.Equal(0, Overruled("prediction"));

        static long Overruled(params string[] origins)
        {
            var task = new TaskBuilder();
            for (int i = 0; i < origins.Length; i++)
            {
                string origin = origins[i];
                task.By(i).Keypoint("k", "cup", 1, 1, region => region.Origin = Utf8Text.From(origin));
            }

            return task.Derive().Tally.People.Single().Labels.OverruledRows;
        }
    }

    [Fact]
    public void Counts_are_of_the_label_the_folder_and_each_person()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("a", "fold", 1, 3).Box("b", "cup", 1, 1, 5, 5);
        task.By(2).Segment("a", "fold", 1, 3);
        var tally = task.Derive().Tally;
        Assert.Equal((3L, 2L), (tally.ByLabel["fold"].Rows, tally.ByLabel["fold"].Kept));
        Assert.Equal((1L, 1L), (tally.ByLabel["cup"].Rows, tally.ByLabel["cup"].Kept));
        Assert.Equal((4L, 3L), (tally.ByTaskSubdir["t"].Rows, tally.ByTaskSubdir["t"].Kept));
        Assert.Equal((4L, 3L), (tally.Total.Rows, tally.Total.Kept));
        Assert.Equal((4L, 2L, 0L, 1L), (tally.ByAnnotator["1"].Rows, tally.ByAnnotator["1"].Kept, tally.ByAnnotator["2"].Rows, tally.ByAnnotator["2"].Kept));
    }
}
