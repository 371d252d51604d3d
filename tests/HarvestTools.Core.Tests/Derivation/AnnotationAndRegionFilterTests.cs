using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public class AnnotationAndRegionFilterTests
{
    [Fact]
    public void A_skipped_annotation_gives_one_rejected_row_however_many_regions_it_carries()
    {
        var task = new TaskBuilder();
        task.By(1, id: 7).Cancelled().Keypoint("a", "thumb", 1, 1).Keypoint("b", "thumb", 2, 2);

        RejectedRow row = Assert.Single(task.Derive().Rejected);

        Assert.Equal((7L, true, "cancelled", "regions=2"), (row.AnnotationId, row.RegionId.IsAbsent, row.Reason.ToString(), row.Detail.ToString()));
    }

    [Fact]
    public void An_empty_annotation_is_rejected_and_makes_no_second_annotator()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 1, 1);
        task.By(2);

        Derived derived = task.Derive();

        Assert.Equal(1, Assert.Single(derived.Keypoints).Key.Annotators);
        Assert.Equal(["empty"], derived.Reasons);
    }

    [Fact]
    public void Ground_truth_supersedes_the_others_unless_told_otherwise()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 1, 1);
        task.By(2).GroundTruth().Keypoint("b", "thumb", 50, 50);

        Derived preferred = task.Derive();
        Assert.Equal("b", Assert.Single(preferred.Keypoints).Key.RegionId.ToString());
        Assert.Equal(["superseded"], preferred.Reasons);

        Assert.Equal(["disagreement", "disagreement"], task.Derive(new HarvestRules { PreferGroundTruth = false }).Reasons);
    }

    [Fact]
    public void A_cancelled_ground_truth_supersedes_nothing()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 1, 1);
        task.By(2).GroundTruth().Cancelled().Keypoint("b", "thumb", 50, 50);

        Assert.Single(task.Derive().Keypoints);
    }

    [Fact]
    public void Types_without_rows_are_rejected_by_name()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Region(RegionKind.Unsupported, "brushlabels", "p", "leaf")
            .Region(RegionKind.Relation, "relation", null, null, static r => (r.FromName, r.ToName) = (default, default))
            .Item(RegionKind.Attribute, "choices", "nobody", """{"x":1,"y":2,"choices":["blurred"]}""", change: static r => r.X = 1)
            .Item(RegionKind.Labels, "labels", "text", """{"labels":["PER"]}""");

        Derived derived = task.Derive();

        Assert.Equal(4, derived.Rejected.Count);
        Assert.All(derived.Reasons, static r => Assert.Equal("unsupported-type", r));
        Assert.Equal(
            [
                "type=brushlabels to_name=image from_name=control label=leaf this type gives no rows",
                "type=choices to_name=image from_name=control no region has its id",
                "type=labels to_name=image from_name=control no region has its id",
                "type=relation this type gives no rows",
            ],
            derived.Rejected.Select(static r => r.Detail.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Regions_without_label_or_geometry_are_rejected()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Keypoint("none", "thumb", 1, 1, static r => { r.Labels.Clear(); r.HasLabelList = false; })
            .Keypoint("empty", "thumb", 1, 1, static r => r.Labels.Clear())
            .Keypoint("x", "thumb", 1, 1, static r => r.X = null)
            .Box("h", "hand", 1, 1, 1, 1, more: static r => r.Height = null)
            .Segment("r", "grasp", 1, 1, static r => r.Ranges.Clear())
            .Track("t", "cup", 5, [])
            .Track("k", "cup", 5, [new KeyFrame(1, true, 1, 1, null, 1, 0, null)]);

        Derived derived = task.Derive();

        Assert.Empty(derived.Keypoints);
        Assert.Empty(derived.Boxes);
        Assert.Equal(
            ["no-geometry", "no-geometry", "no-geometry", "no-geometry", "no-geometry", "no-label", "no-label"], derived.Reasons);
    }

    [Fact]
    public void Untouched_predictions_can_be_refused()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Keypoint("a", "thumb", 1, 1, static r => r.Origin = Utf8Text.From("prediction"))
            .Keypoint("b", "thumb", 2, 2, static r => r.Origin = Utf8Text.From("prediction-changed"))
            .Keypoint("c", "thumb", 3, 3, static r => r.Origin = default);

        Assert.Equal(["prediction", "prediction-changed", "manual"], task.Derive().Keypoints.Select(static r => r.Key.Origin.ToString()));

        Derived derived = task.Derive(new HarvestRules { AcceptUntouched = false });
        Assert.Equal(["b", "c"], derived.Keypoints.Select(static r => r.Key.RegionId.ToString()));
        Assert.Equal(["untouched-prediction"], derived.Reasons);
    }

    [Fact]
    public void Each_label_of_a_region_gives_a_row_once()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 1, 1, 5, 5, more: static r =>
        {
            r.Labels.Add(Utf8Text.From("left"));
            r.Labels.Add(Utf8Text.From("hand"));
        });

        Assert.Equal(["hand", "left"], task.Derive().Boxes.Select(static r => r.Key.Label.ToString()));
    }

    [Fact]
    public void A_bare_shape_takes_the_labels_of_the_item_with_its_id()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Region(RegionKind.Labels, "labels", "a", "Moonwalker")
            .Region(RegionKind.Rectangle, "rectangle", "a", null, static r => (r.X, r.Y, r.Width, r.Height) = (1, 2, 3, 4));

        Derived derived = task.Derive();

        Assert.Equal("Moonwalker", Assert.Single(derived.Boxes).Key.Label.ToString());
        Assert.Empty(derived.Rejected);
        Assert.Equal(1, derived.Tally.Attributes);
    }

    [Fact]
    public void Choices_text_and_numbers_become_attributes_of_their_region()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Item(RegionKind.Attribute, "textarea", "a", """{"x":1,"text":["a \"b\"\u0020\/"]}""", "note")
            .Item(RegionKind.Attribute, "choices", "a", """{ "choices" : [ "occluded" , "far" ], "x": 1 }""", "visibility")
            .Item(RegionKind.Attribute, "number", "a", """{"number":4.0}""", "quality")
            .Keypoint("a", "thumb", 1, 1)
            .Keypoint("b", "thumb", 2, 2);

        Derived derived = task.Derive();

        Assert.Equal(
            """{"note":["a \"b\" /"],"quality":4,"visibility":["occluded","far"]}""", derived.Keypoints[0].Attributes.ToString());
        Assert.True(derived.Keypoints[1].Attributes.IsAbsent);
        Assert.Empty(derived.Rejected);
        Assert.Equal(3, derived.Tally.Attributes);
    }

    [Fact]
    public void Attributes_of_a_dropped_region_are_dropped_with_it()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 1, 1).Item(RegionKind.Attribute, "choices", "a", """{"choices":["x"]}""");
        task.By(2).Keypoint("b", "thumb", 50, 1);

        Derived derived = task.Derive();

        Assert.Equal(["disagreement", "disagreement", "disagreement"], derived.Reasons);
        Assert.Contains(derived.Rejected, static r => r.Detail.ToString() == "type=choices to_name=image from_name=control belongs to a dropped region");
    }

    [Fact]
    public void Open_segments_are_what_the_editor_shows()
    {
        var unknown = new TaskBuilder();
        unknown.By(1).Segment("s", "grasp", 2, null).Segment("none", "grasp", null, null);
        Assert.Equal(
            [
                ("no-geometry", "to_name=image from_name=control label=grasp start=null end=null neither a start nor an end"),
                ("open-end", "to_name=image from_name=control label=grasp start=2 end=null the video's length is unknown"),
            ],
            unknown.Derive().Rejected.Select(static row => (row.Reason.ToString(), row.Detail.ToString())));

        var known = new TaskBuilder(data: """{"video":"a.mp4","frames_count":4}""");
        known.By(1).Segment("s", "grasp", 2, null).Segment("e", "lift", null, 3);
        Assert.Equal([("grasp", 2), ("grasp", 3), ("grasp", 4), ("lift", 3)], known.Derive().Actions.Select(static r => (r.Key.Label.ToString(), r.Key.Frame)).Order());

        var tracked = new TaskBuilder();
        tracked.By(1).Segment("s", "grasp", 5, null).Track("t", "cup", 6, [AnnotationBuilder.Key(1, 1, 1, enabled: false)]);
        Assert.Equal([5, 6], tracked.Derive().Actions.Select(static r => r.Key.Frame));
    }

    [Fact]
    public void A_segment_of_one_frame_is_boundary_and_a_reversed_one_is_rejected()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("one", "grasp", 8, 8).Segment("back", "grasp", 9, 8);

        Derived derived = task.Derive();

        ActionRow row = Assert.Single(derived.Actions);
        Assert.Equal((8L, 0.5, true), (row.Key.Frame, row.Key.Weight, row.Boundary));
        Assert.Equal(["no-geometry"], derived.Reasons);
    }

    [Fact]
    public void Without_boundary_frames_every_frame_weighs_one()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("s", "grasp", 1, 5);

        Assert.All(task.Derive(new HarvestRules { BoundaryFrames = 0 }).Actions, static r => Assert.Equal((1.0, false), (r.Key.Weight, r.Boundary)));
    }

    [Theory]
    [InlineData(1, 10_000_001)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void Absurd_lengths_are_an_error_that_names_the_task(long start, long end)
    {
        var segment = new TaskBuilder(id: 77);
        segment.By(1).Segment("s", "grasp", start, end);
        HarvestException error = Assert.Throws<HarvestException>(() => segment.Derive());
        Assert.Equal("TooManyFrames", error.ErrorId);
        Assert.Contains("id 77)", error.Message, StringComparison.Ordinal);

        var track = new TaskBuilder(id: 77);
        track.By(1).Track("t", "cup", end, [AnnotationBuilder.Key(start, 1, 1)]);
        Assert.Equal("TooManyFrames", Assert.Throws<HarvestException>(() => track.Derive()).ErrorId);
    }

    [Fact]
    public void Segments_at_the_end_of_all_numbers_end()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("s", "grasp", long.MaxValue - 1, long.MaxValue).Track("t", "cup", long.MaxValue, [AnnotationBuilder.Key(long.MaxValue - 1, 1, 1)]);

        Derived derived = task.Derive();
        Assert.Equal((2, 2), (derived.Actions.Count, derived.Boxes.Count));
    }

    [Fact]
    public void A_labelled_task_without_an_id_is_an_error_that_tells_its_place()
    {
        var task = new TaskBuilder(id: null);
        task.At(ordinal: 3, line: 5, byteOffset: 99);
        task.By(1).Keypoint("a", "thumb", 1, 1);

        HarvestException error = Assert.Throws<HarvestException>(() => task.Derive());

        Assert.Equal("TaskWithoutId", error.ErrorId);
        Assert.Contains("line 5, byte 99 (task 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_frames_may_come_in_any_order_and_lack_rotation_and_enabled()
    {
        var task = new TaskBuilder();
        task.By(1).Track("t", "cup", 4, [AnnotationBuilder.Key(3, 30, 10, rotation: null, enabled: null), AnnotationBuilder.Key(1, 10, 10, rotation: 350)]);

        List<BoxRow> rows = task.Derive().Boxes;

        Assert.Equal([1, 2, 3, 4], rows.Select(static r => r.Key.Frame));
        Assert.Equal([10, 20, 30, 30], rows.Select(static r => r.XPct));

        // Linear, as the exporter does it: from 350 to 0 by way of 175.
        Assert.Equal([350, 175, 0, 0], rows.Select(static r => r.Rotation));
        Assert.Equal([false, true, false, true], rows.Select(static r => r.Interpolated));
    }

    [Fact]
    public void Of_two_key_frames_on_one_frame_the_later_counts()
    {
        var task = new TaskBuilder();
        task.By(1).Track("t", "cup", 2, [AnnotationBuilder.Key(1, 10, 10), AnnotationBuilder.Key(1, 20, 10)]);

        Assert.Equal([20, 20], task.Derive().Boxes.Select(static r => r.XPct));
    }

    [Fact]
    public void No_negative_zero_reaches_a_row()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", -0.0, 1).Box("b", "hand", -0.0, -0.0, 1, 1, -0.0);

        Derived derived = task.Derive();

        Assert.False(double.IsNegative(derived.Keypoints[0].XPct) || double.IsNegative(derived.Keypoints[0].X!.Value));
        Assert.False(double.IsNegative(derived.Boxes[0].YPct) || double.IsNegative(derived.Boxes[0].Rotation));
    }
}
