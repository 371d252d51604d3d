using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public class AgreementTests
{
    private static readonly HarvestRules First = new() { Consensus = Consensus.First };

    [Fact]
    public void Points_within_the_limit_become_their_mean()
    {
        var task = new TaskBuilder();
        task.By(1, id: 20).Keypoint("b", "thumb", 10.4, 20);
        task.By(2, id: 10).Keypoint("a", "thumb", 10, 20);

        Derived derived = task.Derive();

        // 4 px apart on an image 1000 px wide.
        KeypointRow row = Assert.Single(derived.Keypoints);
        Assert.Empty(derived.Rejected);
        Assert.Equal(10.2, row.XPct, 12);
        Assert.Equal(102, row.X!.Value, 9);
        Assert.Equal((10L, "a", 2), (row.Key.AnnotationId, row.Key.RegionId.ToString(), row.Key.Annotators));
        Assert.Equal(4, row.Key.Agreement!.Value, 9);
    }

    [Fact]
    public void With_first_the_lowest_annotation_id_gives_the_coordinates()
    {
        var task = new TaskBuilder();
        task.By(1, id: 20).Keypoint("b", "thumb", 10.4, 20);
        task.By(2, id: 10).Keypoint("a", "thumb", 10, 20, r => r.Origin = Utf8Text.From("prediction"));

        KeypointRow row = Assert.Single(task.Derive(First).Keypoints);

        Assert.Equal((10.0, "prediction"), (row.XPct, row.Key.Origin.ToString()));
    }

    [Theory]
    [InlineData(10.5, 1, 0)]
    [InlineData(10.501, 0, 2)]
    public void The_limit_itself_agrees_and_beyond_it_nobody_is_kept(double x, int rows, int rejected)
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(2).Keypoint("b", "thumb", x, 20);

        Derived derived = task.Derive();

        Assert.Equal((rows, rejected), (derived.Keypoints.Count, derived.Rejected.Count));
        Assert.All(derived.Reasons, static reason => Assert.Equal("disagreement", reason));
    }

    [Fact]
    public void A_disagreement_tells_where_and_how_far()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(2).Keypoint("b", "thumb", 12, 20);

        Assert.Equal(
            ["to_name=image from_name=control label=thumb x=10% y=20% nearest=20px", "to_name=image from_name=control label=thumb x=12% y=20% nearest=20px"],
            task.Derive().Rejected.Select(static r => r.Detail.ToString()));
    }

    [Fact]
    public void Two_of_three_who_agree_are_enough_and_the_third_disagrees()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(2).Keypoint("b", "thumb", 30, 20);
        task.By(3).Keypoint("c", "thumb", 10.2, 20);

        Derived derived = task.Derive();

        KeypointRow row = Assert.Single(derived.Keypoints);
        Assert.Equal((10.1, 2), (Math.Round(row.XPct, 9), row.Key.Annotators));
        Assert.Equal("b", Assert.Single(derived.Rejected).RegionId.ToString());
    }

    [Fact]
    public void A_chain_of_near_ones_does_not_stretch_a_group_beyond_the_limit()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(2).Keypoint("b", "thumb", 10.4, 20);
        task.By(3).Keypoint("c", "thumb", 10.7, 20);

        Derived derived = task.Derive();

        // b and c are nearest (3 px); a is 4 px from b but 7 px from c.
        KeypointRow row = Assert.Single(derived.Keypoints);
        Assert.Equal((3, 2), (Math.Round(row.Key.Agreement!.Value, 6), row.Key.Annotators));
        RejectedRow rejected = Assert.Single(derived.Rejected);
        Assert.Equal(("a", true), (rejected.RegionId.ToString(), rejected.Detail.ToString().EndsWith("nearest=4px", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_one_person_alone_labelled_is_kept_unless_two_are_required()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20).Keypoint("only", "wrist", 50, 50);
        task.By(2).Keypoint("b", "thumb", 10, 20);

        Derived kept = task.Derive();
        KeypointRow alone = Assert.Single(kept.Keypoints, static r => r.Key.Label.Is("wrist"u8));
        Assert.Equal((1, null), (alone.Key.Annotators, alone.Key.Agreement));

        Derived required = task.Derive(new HarvestRules { RequireTwoAnnotators = true });
        Assert.Equal("thumb", Assert.Single(required.Keypoints).Key.Label.ToString());
        Assert.Equal(["single-annotator"], required.Reasons);
    }

    [Fact]
    public void With_two_required_a_task_of_one_annotator_gives_nothing()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);

        Assert.Equal(["single-annotator"], task.Derive(new HarvestRules { RequireTwoAnnotators = true }).Reasons);
    }

    [Fact]
    public void Two_annotations_of_one_person_do_not_make_two_annotators()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(1).Keypoint("b", "thumb", 10, 20);

        Derived derived = task.Derive();

        Assert.All(derived.Keypoints, static r => Assert.Equal(1, r.Key.Annotators));
        Assert.Equal(2, derived.Keypoints.Count);
        Assert.Equal(["single-annotator", "single-annotator"], task.Derive(new HarvestRules { RequireTwoAnnotators = true }).Reasons);
    }

    [Fact]
    public void Unnamed_annotators_count_as_different_people()
    {
        var task = new TaskBuilder();
        task.By(null).Keypoint("a", "thumb", 10, 20);
        task.By(null).Keypoint("b", "thumb", 10, 20);

        Assert.Equal(2, Assert.Single(task.Derive().Keypoints).Key.Annotators);
    }

    [Fact]
    public void Two_annotations_of_one_person_join_a_group_but_count_once()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(1).Keypoint("b", "thumb", 10.1, 20);
        task.By(2).Keypoint("c", "thumb", 10.2, 20);

        KeypointRow row = Assert.Single(task.Derive().Keypoints);
        Assert.Equal((10.1, 2, "a"), (Math.Round(row.XPct, 9), row.Key.Annotators, row.Key.RegionId.ToString()));
    }

    [Fact]
    public void Nearest_pairs_go_first_and_each_region_is_used_once()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a1", "tip", 10, 20).Keypoint("a2", "tip", 10.4, 20);
        task.By(2).Keypoint("b1", "tip", 10.3, 20).Keypoint("b2", "tip", 10.7, 20);

        List<KeypointRow> rows = task.Derive(First).Keypoints;

        // a2-b1 is 1 px; what is left, a1-b2, is 7 px and no pair.
        Assert.Equal("a2", Assert.Single(rows).Key.RegionId.ToString());
    }

    [Fact]
    public void Left_and_right_hand_do_not_mix()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Box("l1", "hand", 10, 10, 20, 20).Keypoint("lp1", "thumb", 50, 50, r => r.ParentId = Utf8Text.From("l1"))
            .Box("r1", "hand", 60, 10, 20, 20).Keypoint("rp1", "thumb", 50.1, 50, r => r.ParentId = Utf8Text.From("r1"));
        task.By(2)
            .Box("r2", "hand", 60, 10, 20, 20).Keypoint("rp2", "thumb", 50, 50, r => r.ParentId = Utf8Text.From("r2"))
            .Box("l2", "hand", 12, 10, 20, 20).Keypoint("lp2", "thumb", 50.1, 50, r => r.ParentId = Utf8Text.From("l2"));

        Derived derived = task.Derive(First);

        // The thumbs cross over: by distance alone lp1 would go with rp2. The left boxes disagree (20 px), and yet are one hand.
        Assert.Equal(["lp1", "rp1"], derived.Keypoints.Select(static r => r.Key.RegionId.ToString()));
        Assert.All(derived.Keypoints, static r => Assert.Equal((2, 1.0), (r.Key.Annotators, Math.Round(r.Key.Agreement!.Value, 6))));
        Assert.Equal(["l1", "l2"], derived.Rejected.Select(static r => r.RegionId.ToString()).Order());
    }

    [Fact]
    public void A_hand_without_the_images_size_is_found_on_the_size_that_others_tell()
    {
        var task = new TaskBuilder();
        task.By(1).Box("h1", "hand", 60, 70, 10, 10).Keypoint("p1", "thumb", 65, 75, r => r.ParentId = Utf8Text.From("h1"));
        task.By(2)
            .Box("h2", "hand", 60, 70, 10, 10, more: static r => r.OriginalWidth = r.OriginalHeight = null)
            .Keypoint("p2", "thumb", 65, 75, r => r.ParentId = Utf8Text.From("h2"));

        Assert.Equal(2, Assert.Single(task.Derive().Keypoints).Key.Annotators);
    }

    [Fact]
    public void A_hand_that_only_one_person_drew_is_theirs_alone()
    {
        var task = new TaskBuilder();
        task.By(1).Box("l1", "hand", 10, 10, 20, 20).Keypoint("lp1", "thumb", 15, 15, r => r.ParentId = Utf8Text.From("l1"));
        task.By(2).Box("r2", "hand", 60, 10, 20, 20).Keypoint("rp2", "thumb", 65, 15, r => r.ParentId = Utf8Text.From("r2"));

        Derived derived = task.Derive();

        Assert.All(derived.Keypoints, static r => Assert.Equal(1, r.Key.Annotators));
        Assert.Equal(2, derived.Keypoints.Count);
    }

    [Fact]
    public void Upright_boxes_agree_by_edges_and_tell_their_corners()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 10, 10, 20, 20);
        task.By(2).Box("b", "hand", 10.4, 10.6, 20, 20);

        // Edges are 4 and 3 px off, corners 5 px.
        BoxRow row = Assert.Single(task.Derive(new HarvestRules { MinPixelAgreement = 4 }).Boxes);
        Assert.Equal(5, row.Key.Agreement!.Value, 9);
        Assert.Equal((10.2, 10.3, 20.0, 20.0), (Math.Round(row.XPct, 9), Math.Round(row.YPct, 9), row.WidthPct, row.HeightPct));
        Assert.Empty(task.Derive(new HarvestRules { MinPixelAgreement = 3.9 }).Boxes);
    }

    [Fact]
    public void Rotated_boxes_agree_by_corners()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 10, 10, 20, 20, rotation: 30);
        task.By(2).Box("b", "hand", 10.4, 10.6, 20, 20, rotation: 30);

        Assert.Empty(task.Derive(new HarvestRules { MinPixelAgreement = 4 }).Boxes);
        Assert.Single(task.Derive(new HarvestRules { MinPixelAgreement = 5 }).Boxes);
    }

    [Fact]
    public void A_mean_rotation_takes_the_short_way()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 10, 10, 5, 5, rotation: 359);
        task.By(2).Box("b", "hand", 10, 10, 5, 5, rotation: 2);

        Assert.Equal(0.5, Assert.Single(task.Derive().Boxes).Rotation, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_box_begun_at_another_corner_is_the_same_box(int turn)
    {
        RotatedBox box = new RotatedBox(100, 100, 200, 50, 20).StartedAt(turn);
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 10, 20, 20, 10, rotation: 20);
        task.By(2).Box("b", "hand", box.X / 10, box.Y / 5, box.Width / 10, box.Height / 5, box.Rotation);

        BoxRow row = Assert.Single(task.Derive().Boxes);
        Assert.Equal(0, row.Key.Agreement!.Value, 9);
        Assert.Equal((10.0, 20.0, 20.0, 10.0, 20.0), (Math.Round(row.XPct, 9), Math.Round(row.YPct, 9), Math.Round(row.WidthPct, 9), Math.Round(row.HeightPct, 9), Math.Round(row.Rotation, 9)));
    }

    [Fact]
    public void A_box_dragged_backwards_is_the_same_box()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 10, 10, 20, 20);
        task.By(2).Box("b", "hand", 30, 30, -20, -20);

        BoxRow row = Assert.Single(task.Derive().Boxes);
        Assert.Equal((0.0, 10.0, 10.0, 20.0, 20.0), (Math.Round(row.Key.Agreement!.Value, 9), Math.Round(row.XPct, 9), Math.Round(row.YPct, 9), Math.Round(row.WidthPct, 9), Math.Round(row.HeightPct, 9)));
    }

    [Fact]
    public void Segments_agree_when_both_ends_do()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("a", "grasp", 10, 20).Segment("c", "lift", 30, 40);
        task.By(2).Segment("b", "grasp", 13, 18).Segment("d", "lift", 30, 44);

        Derived derived = task.Derive();

        // Starts 10 and 13 give 12 (11.5, halves up), ends 20 and 18 give 19.
        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19], derived.Actions.Select(static r => r.Key.Frame));
        Assert.All(derived.Actions, static r => Assert.Equal((3.0, 2), (r.Key.Agreement, r.Key.Annotators)));
        Assert.Equal(
            ["to_name=image from_name=control label=lift start=30 end=40 nearest=4 frames", "to_name=image from_name=control label=lift start=30 end=44 nearest=4 frames"],
            derived.Rejected.Select(static r => r.Detail.ToString()));
    }

    [Fact]
    public void Without_a_size_percents_are_compared_as_on_a_thousand_pixels()
    {
        static void Unsized(Region region) => region.OriginalWidth = null;
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20, Unsized).Keypoint("c", "wrist", 10, 20, Unsized);
        task.By(2).Keypoint("b", "thumb", 10.4, 20, Unsized).Keypoint("d", "wrist", 10.6, 20, Unsized);

        Derived derived = task.Derive();

        KeypointRow row = Assert.Single(derived.Keypoints);
        Assert.Equal(("thumb", null, null, 2), (row.Key.Label.ToString(), row.Key.Agreement, row.X, row.Key.Annotators));
        Assert.Equal(2, derived.Rejected.Count);
    }

    [Fact]
    public void Tracks_agree_frame_by_frame_and_their_mean_covers_both()
    {
        var task = new TaskBuilder();
        task.By(1).Track("a", "cup", 20, [AnnotationBuilder.Key(1, 10, 10), AnnotationBuilder.Key(11, 20, 10, enabled: false)]);
        task.By(2).Track("b", "cup", 20, [AnnotationBuilder.Key(3, 12.2, 10), AnnotationBuilder.Key(11, 20.2, 10, enabled: false)]);

        List<BoxRow> rows = task.Derive().Boxes;

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], rows.Select(static r => r.Key.Frame));
        Assert.Equal([10, 11, 12.1, 13.1, 14.1, 15.1, 16.1, 17.1, 18.1, 19.1, 20.1], rows.Select(static r => Math.Round(r.XPct, 9)));
        Assert.Equal([1, 3, 11], rows.Where(static r => !r.Interpolated).Select(static r => r.Key.Frame));
        Assert.All(rows, static r => Assert.Equal((2, null), (r.Key.Annotators, r.Key.Agreement)));
    }

    [Theory]
    [InlineData(12, 10, 20)]
    [InlineData(5, 10.6, 20)]
    [InlineData(5, 10, 30)]
    public void Tracks_that_start_elsewhere_or_drift_or_stay_longer_disagree(long start, double x, long count)
    {
        var task = new TaskBuilder();
        task.By(1).Track("a", "cup", 20, [AnnotationBuilder.Key(5, 10, 10)]);
        task.By(2).Track("b", "cup", count, [AnnotationBuilder.Key(start, x, 10)]);

        Derived derived = task.Derive();

        Assert.Empty(derived.Boxes);
        Assert.Equal(["disagreement", "disagreement"], derived.Reasons);
    }
}
