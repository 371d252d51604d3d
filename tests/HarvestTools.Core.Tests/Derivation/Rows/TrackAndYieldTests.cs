using HarvestTools.Derivation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation.Rows;

/// <summary>Tracks of one task that have nothing of each other, sizes in whole pixels, and a task that gives way to another export's.</summary>
public sealed class TrackAndYieldTests
{
    [Fact]
    public void Each_track_has_its_own_frames()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Track("a", "cup", 2, [AnnotationBuilder.Key(1, 1, 1), AnnotationBuilder.Key(2, 1, 1)])
            .Track("b", "mug", 6, [AnnotationBuilder.Key(5, 50, 50), AnnotationBuilder.Key(6, 50, 50)]);
        Assert.Equal(
            ["a 1 1", "a 2 1", "b 5 50", "b 6 50"],
            task.Derive().Boxes.Select(static row => $"{row.Key.RegionId} {row.Key.Frame} {row.XPct}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_two_who_agree_the_first_gives_the_frames_or_both_do()
    {
        var task = new TaskBuilder();
        task.By(1).Track("a", "cup", 2, [AnnotationBuilder.Key(1, 10, 10), AnnotationBuilder.Key(2, 10, 10)]);
        task.By(2).Track("b", "cup", 2, [AnnotationBuilder.Key(1, 10.2, 10), AnnotationBuilder.Key(2, 10.2, 10)]);
        Assert.Equal([10.1, 10.1], task.Derive().Boxes.Select(static row => Math.Round(row.XPct, 9)));
        Assert.Equal([10.0, 10.0], task.Derive(new HarvestRules { Consensus = Consensus.First }).Boxes.Select(static row => Math.Round(row.XPct, 9)));
    }

    /// <summary>The same rectangle on every frame, begun at another corner or dragged backwards: the mean is the rectangle, as the lead has it.</summary>
    [Theory]
    [InlineData(30, 10, -20, 40, 0)]
    [InlineData(10, 50, 20, -40, 0)]
    [InlineData(30, 50, -20, -40, 0)]
    [InlineData(30, 10, 20, 40, 90)]
    [InlineData(10, 50, 20, 40, 270)]
    public void The_mean_of_a_frame_is_of_boxes_drawn_as_the_lead_is(double x, double y, double width, double height, double rotation)
    {
        // Half as high as wide, so that a square of pixels is one of 20 % and 40 %.
        static void Sized(Region region) => (region.OriginalWidth, region.OriginalHeight) = (1000, 500);
        var other = AnnotationBuilder.Key(1, x, y, width, height, rotation: rotation);
        var task = new TaskBuilder();
        task.By(1).Track("a", "cup", 3, [AnnotationBuilder.Key(1, 10, 10, 20, 40), AnnotationBuilder.Key(3, 10, 10, 20, 40)], Sized);
        task.By(2).Track("b", "cup", 3, [other, other with { Frame = 3 }], Sized);
        List<BoxRow> rows = [.. task.Derive().Boxes];
        Assert.Equal([1, 2, 3], rows.Select(static row => row.Key.Frame).Order());
        Assert.All(rows, static row =>
        {
            Assert.Equal(2, row.Key.Annotators);
            Assert.Equal((10, 10, 20, 40), (Math.Round(row.XPct, 9), Math.Round(row.YPct, 9), Math.Round(row.WidthPct, 9), Math.Round(row.HeightPct, 9)));
            Assert.Equal(0, Math.Round(row.Rotation, 9));
        });
    }

    [Fact]
    public void A_size_is_whole_with_halves_up_and_a_control_that_is_not_named_is_empty()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "cup", 1, 1, static region =>
        {
            (region.OriginalWidth, region.OriginalHeight) = (1000.4, 500.5);
            region.FromName = default;
        });
        RowKey key = Assert.Single(task.Derive().Keypoints).Key;
        Assert.Equal((1000, 501, false, ""), (key.ImageWidth, key.ImageHeight, key.FromName.IsAbsent, key.FromName.ToString()));
    }

    [Fact]
    public void A_task_that_another_export_has_is_rejected_annotation_by_annotation()
    {
        var task = new TaskBuilder();
        task.By(1, 10).Box("a", "cup", 1, 1, 5, 5).Box("b", "cup", 1, 1, 5, 5);
        task.By(2, 11).Box("c", "cup", 1, 1, 5, 5);
        task.By(2, 11).Box("c", "cup", 1, 1, 5, 5);
        task.Task.Extras.Drafts = 3;
        var deriver = new TaskDeriver(HarvestRules.Default, FieldMapping.Default, DerivationVersion.Current);
        var derived = new Derived(new Tally());
        deriver.Yield(task.Task, 1, derived.Rows, derived.Tally);
        Tally tally = derived.Tally;
        Assert.Equal((1L, 2L, 3L, 1L, 3L), (tally.Tasks, tally.Annotations, tally.Regions, tally.RepeatedAnnotations, tally.Drafts));
        Assert.Equal(["superseded", "superseded"], derived.Reasons);
        Assert.Equal([10L, 11L], derived.Rejected.Select(static row => row.AnnotationId!.Value).Order());
        Assert.All(derived.Rejected, static row => Assert.EndsWith("another export of the slice has the task, and wins", row.Detail.ToString(), StringComparison.Ordinal));
        Assert.Empty(derived.Boxes);
        Assert.Equal(2, tally.RowsByTable.Single(static table => table.Key == "rejected").Value);

        // What was met in one task is not looked for in the next.
        deriver.Yield(task.Task, 2, new TaskRows(), tally);
        Assert.Equal((2L, 4L), (tally.Tasks, tally.Annotations));
    }
}
