using HarvestTools.Derivation;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>What no rules could make rows of is refused when it is archived, and nothing else is.</summary>
public sealed class DerivabilityTests
{
    private const long Most = 10_000_000;

    [Fact]
    public void A_task_needs_an_id_where_it_is_labelled()
    {
        var task = new TaskBuilder(id: null);
        Assert.Null(Refused(task));
        task.By(1).Keypoint("a", "cup", 1, 1);
        Assert.Equal("TaskWithoutId", Refused(task)?.ErrorId);
    }

    [Fact]
    public void The_frames_of_all_segments_are_counted_from_first_to_last()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("a", "fold", 1, Most);
        Assert.Null(Refused(task));

        // One more frame of another annotator.
        task.By(2).Segment("b", "fold", 5, 5);
        HarvestException refused = Refused(task)!;
        Assert.Equal("TooManyFrames", refused.ErrorId);
        Assert.Contains("region \"b\" the task's segments and tracks cover 10000001 frames; at most 10000000", refused.Message, StringComparison.Ordinal);

        var two = new TaskBuilder();
        two.By(1).Segment("a", "fold", 1, Most, static region => region.Ranges.Add(new FrameRange(3, 3)));
        Assert.Equal("TooManyFrames", Refused(two)?.ErrorId);

        var all = new TaskBuilder();
        all.By(1).Segment("a", "fold", long.MinValue, long.MaxValue);
        Assert.Contains($"cover {long.MaxValue} frames", Refused(all)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_rules_may_leave_out_is_not_counted()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("a", "fold", 1, Most + 1).Cancelled();
        task.By(2)
            .Segment("b", "fold", 1, Most + 1, static region => region.Origin = Utf8Text.From("prediction"))
            .Segment("c", "fold", 1, Most + 1, static region => region.Labels.Clear())
            .Segment("d", "fold", null, Most + 1)
            .Segment("e", "fold", 1, null)
            .Segment("f", "fold", Most + 1, 1)
            .Segment("g", "fold", 1, Most, static region => region.Kind = RegionKind.Timeline);
        Assert.Null(Refused(task));
        task.By(3).Box("h", "cup", 1, 1, 1, 1, more: static region => region.Ranges.Add(new FrameRange(1, Most)));
        Assert.Null(Refused(task));

        // Beside ground truth the others are superseded, unless it was cancelled.
        var truth = new TaskBuilder();
        truth.By(1).Segment("a", "fold", 1, Most + 1);
        AnnotationBuilder best = truth.By(2).Segment("b", "fold", 1, 2).GroundTruth();
        Assert.Null(Refused(truth));
        best.Cancelled();
        Assert.Equal("TooManyFrames", Refused(truth)?.ErrorId);

        var own = new TaskBuilder();
        own.By(1).Segment("a", "fold", 1, Most + 1).GroundTruth();
        Assert.Equal("TooManyFrames", Refused(own)?.ErrorId);
    }

    private static HarvestException? Refused(TaskBuilder task) => Record.Exception(() => Derivability.Require(task.Task.Labels, task.Task.Place)) as HarvestException;
}
