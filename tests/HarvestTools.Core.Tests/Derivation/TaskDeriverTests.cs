using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public class TaskDeriverTests
{
    [Fact]
    public void A_point_becomes_one_row_with_pixels_and_percents()
    {
        var task = new TaskBuilder(id: 42);
        task.By(5, id: 9).Keypoint("r1", "thumb", 12.5, 40, r => r.ParentId = Utf8Text.From("box"));

        KeypointRow row = Assert.Single(task.Derive().Keypoints);

        Assert.Equal(("t", "e", 7L), (row.Key.TaskSubdir.ToString(), row.Key.Episode.ToString(), row.Key.Frame));
        Assert.Equal((42L, 9L, "r1", "thumb", "manual"), (row.Key.TaskId, row.Key.AnnotationId, row.Key.RegionId.ToString(), row.Key.Label.ToString(), row.Key.Origin.ToString()));
        Assert.Equal((1, null, 1.0), (row.Key.Annotators, row.Key.Agreement, row.Key.Weight));
        Assert.Equal((125.0, 200.0, 12.5, 40.0, "box"), (row.X, row.Y, row.XPct, row.YPct, row.ParentId.ToString()));
        Assert.True(row.Attributes.IsAbsent);
    }

    [Fact]
    public void A_box_becomes_one_row_with_pixels_and_percents()
    {
        var task = new TaskBuilder();
        task.By(1).Box("r1", "hand", 10, 20, 30, 40, 15);

        BoxRow row = Assert.Single(task.Derive().Boxes);

        Assert.Equal((100.0, 100.0, 300.0, 200.0, 15.0), (row.X, row.Y, row.Width, row.Height, row.Rotation));
        Assert.Equal((10.0, 20.0, 30.0, 40.0, false), (row.XPct, row.YPct, row.WidthPct, row.HeightPct, row.Interpolated));
    }

    [Fact]
    public void A_segment_becomes_a_row_a_frame_and_its_ends_weigh_less()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("s", "grasp", 10, 18);

        List<ActionRow> rows = task.Derive(new HarvestRules { BoundaryFrames = 2, BoundaryWeight = 0.25 }).Actions;

        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17, 18], rows.Select(static r => r.Key.Frame));
        Assert.Equal([0.25, 0.25, 1, 1, 1, 1, 1, 0.25, 0.25], rows.Select(static r => r.Key.Weight));
        Assert.Equal([10, 11, 17, 18], rows.Where(static r => r.Boundary).Select(static r => r.Key.Frame));
        Assert.All(rows, static r => Assert.Equal((10, 18), (r.Start, r.End)));
    }
}
