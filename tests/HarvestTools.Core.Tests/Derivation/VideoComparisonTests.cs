using HarvestTools.Derivation;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Whether a segment or a track is as it was predicted, number by number.</summary>
public sealed class VideoComparisonTests
{
    [Fact]
    public void A_segment_is_the_same_with_its_labels_and_ranges_in_any_order()
    {
        Region segment = Segment(["fold", "hold"], (1, 5), (9, null), (null, 3));
        Assert.True(VideoComparison.AreSame(segment, Segment(["hold", "fold"], (null, 3), (1, 5), (9, null))));
        Assert.True(VideoComparison.AreSame(Segment(["fold"]), Segment(["fold"])));
        foreach (Region other in (Region[])
        [
            Segment(["fold"], (1, 5), (9, null), (null, 3)),
            Segment(["fold", "pour"], (1, 5), (9, null), (null, 3)),
            Segment(["fold", "hold"], (1, 5), (9, null)),
            Segment(["fold", "hold"], (1, 6), (9, null), (null, 3)),
            Segment(["fold", "hold"], (2, 5), (9, null), (null, 3)),
            Segment(["fold", "hold"], (1, 5), (9, null), (null, 3), (7, 7)),
        ])
        {
            Assert.False(VideoComparison.AreSame(segment, other));
            Assert.False(VideoComparison.AreSame(other, segment));
        }

        Region track = Segment(["fold", "hold"], (1, 5), (9, null), (null, 3));
        track.Kind = RegionKind.Track;
        Assert.False(VideoComparison.AreSame(segment, track));
    }

    [Fact]
    public void A_track_is_the_same_where_each_number_of_each_key_frame_is()
    {
        KeyFrame frame = new(3, null, 1, 2, 3, 4, null, null);
        Assert.True(VideoComparison.AreSame(Track(frame), Track(frame with { Enabled = true, Rotation = 0 })));
        Assert.True(VideoComparison.AreSame(Track(frame), Track(frame with { X = 1 + 9e-7, Y = 2 - 9e-7 })));
        Assert.True(VideoComparison.AreSame(Track(frame with { X = null }), Track(frame with { X = null })));
        foreach (KeyFrame other in (KeyFrame[])
        [
            frame with { Frame = 4 }, frame with { Enabled = false }, frame with { X = 1.00001 }, frame with { Y = 2.00001 }, frame with { Width = 3.00001 },
            frame with { Height = 4.00001 }, frame with { Rotation = 0.00001 }, frame with { X = null }, frame with { Height = -4 },
        ])
        {
            Assert.False(VideoComparison.AreSame(Track(frame), Track(other)));
            Assert.False(VideoComparison.AreSame(Track(other), Track(frame)));
        }

        Assert.False(VideoComparison.AreSame(Track(frame), Track(frame, frame with { Frame = 4 })));
        Assert.False(VideoComparison.AreSame(Track(frame, frame with { Frame = 4 }), Track(frame)));
        Assert.False(VideoComparison.AreSame(Track(frame, frame with { Frame = 4 }), Track(frame, frame with { Frame = 5 })));
    }

    [Fact]
    public void Frames_that_the_editor_adds_by_itself_are_none()
    {
        KeyFrame frame = new(3, true, 1, 2, 3, 4, 0, null);
        KeyFrame added = frame with { Frame = 4, Auto = true };
        Assert.True(VideoComparison.AreSame(Track(frame, added), Track(frame)));
        Assert.True(VideoComparison.AreSame(Track(frame), Track(added, frame)));
        Assert.False(VideoComparison.AreSame(Track(frame, added), Track(added)));
    }

    private static Region Segment(string[] labels, params (long? Start, long? End)[] ranges)
    {
        var region = new Region { Kind = RegionKind.Timeline };
        region.Labels.AddRange(labels.Select(Utf8Text.From));
        region.Ranges.AddRange(ranges.Select(static range => new FrameRange(range.Start, range.End)));
        return region;
    }

    private static Region Track(params KeyFrame[] frames)
    {
        var region = new Region { Kind = RegionKind.Track };
        region.KeyFrames.AddRange(frames);
        return region;
    }
}
