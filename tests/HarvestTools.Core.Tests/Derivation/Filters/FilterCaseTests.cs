using System.Text;
using HarvestTools.Derivation;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation;

/// <summary>What becomes of annotations and regions before anybody's are compared, case by case.</summary>
public sealed class FilterCaseTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, false)]
    [InlineData(100, 100, 100, 100, false)]
    [InlineData(-0.1, 0, 0, 0, true)]
    [InlineData(100.1, 0, 0, 0, true)]
    [InlineData(0, -0.1, 0, 0, true)]
    [InlineData(0, 100.1, 0, 0, true)]
    [InlineData(0, 0, -0.1, 0, true)]
    [InlineData(0, 0, 100.1, 0, true)]
    [InlineData(0, 0, 0, -0.1, true)]
    [InlineData(0, 0, 0, 100.1, true)]
    public void What_is_beyond_the_image_is_counted(double x, double y, double width, double height, bool outside)
    {
        var box = new TaskBuilder();
        box.By(1).Box("a", "hand", x, y, width, height).Box("b", "hand", 1, 1, 1, 1);
        Assert.Equal(outside ? 1 : 0, box.Derive().Tally.OutOfRange);

        // Of a track each key frame, and two of them are one region.
        var track = new TaskBuilder();
        KeyFrame[] keys = [AnnotationBuilder.Key(1, 5, 5), AnnotationBuilder.Key(2, x, y, width, height), AnnotationBuilder.Key(3, x, y, width, height)];
        track.By(1).Track("a", "hand", 9, keys).Track("b", "hand", 9, keys[..1]);
        Assert.Equal((outside ? 1 : 0, 0), (track.Derive().Tally.OutOfRange, track.Derive().Tally.UnknownSizes));

        var polygon = new TaskBuilder();
        polygon.By(1).Region(RegionKind.Polygon, "polygonlabels", "a", "hand", region => region.Points.AddRange([1, 1, x, y, width, height]));
        Assert.Equal(outside ? 1 : 0, polygon.Derive().Tally.OutOfRange);
    }

    [Theory]
    [InlineData(1000.0, 500.0, 0)]
    [InlineData(0.0, 500.0, 1)]
    [InlineData(1000.0, 0.0, 1)]
    [InlineData(null, 500.0, 1)]
    [InlineData(1000.0, null, 1)]
    public void Images_of_no_size_are_counted(double? width, double? height, int unknown)
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "tip", 1, 1, region => (region.OriginalWidth, region.OriginalHeight) = (width, height)).Segment("s", "grasp", 1, 2);
        Assert.Equal(unknown, task.Derive().Tally.UnknownSizes);
    }

    [Fact]
    public void A_region_without_a_label_says_what_is_there_in_its_place()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Keypoint("empty text", "", 1, 1)
            .Keypoint("empty list", "", 2, 1, static region => region.Labels.Clear())
            .Keypoint("no list", "", 3, 1, static region => { region.Labels.Clear(); region.HasLabelList = false; });
        string[] details = Details(task, "no-label");
        Assert.Equal(3, details.Length);
        Assert.All(["the label is empty", "empty list of labels", "no list of labels"], text => Assert.Single(details, detail => detail.EndsWith(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_annotation_that_is_there_twice_counts_once_and_all_of_ground_truth_is_kept()
    {
        var task = new TaskBuilder();
        task.By(1, id: 5).GroundTruth().Keypoint("a", "tip", 1, 1);
        task.By(1, id: 5).GroundTruth().Keypoint("a", "tip", 1, 1);
        task.By(2, id: 6).GroundTruth().Keypoint("b", "tip", 50, 50);
        task.By(3, id: 7).Keypoint("c", "tip", 50, 50);
        Derived derived = task.Derive();
        Assert.Equal((1, 3, 3), (derived.Tally.RepeatedAnnotations, derived.Tally.Annotations, derived.Tally.Regions));
        Assert.Equal(["disagreement", "disagreement", "superseded"], derived.Reasons);

        // Another task may have the same ids.
        var deriver = new TaskDeriver(HarvestRules.Default, FieldMapping.Default, DerivationVersion.Current);
        var rows = new TaskRows();
        var tally = new HarvestTools.Derivation.Tallies.Tally();
        deriver.Derive(task.Task, rows, tally);
        deriver.Derive(task.Task, rows, tally);
        Assert.Equal((2, 6), (tally.RepeatedAnnotations, tally.Annotations));
    }

    [Fact]
    public void A_disagreement_says_the_place_the_shape_and_the_sizes_that_differ()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "hand", 10, 20, 5, 6, more: static region => region.ItemIndex = 2);
        task.By(2).Box("b", "hand", 50, 20, 5, 6, more: static region => (region.ItemIndex, region.OriginalWidth, region.OriginalHeight) = (2, 500, 1000));
        Assert.EndsWith(" annotators have the image as 500x1000 and 1000x500", Details(task, "disagreement")[0], StringComparison.Ordinal);
        Assert.StartsWith("to_name=image item_index=2 from_name=control label=hand x=10% y=20% width=5% height=6% nearest=", Details(task, "disagreement")[0], StringComparison.Ordinal);

        var choices = new TaskBuilder();
        choices.By(1).Item(RegionKind.Attribute, "choices", null, """{"choices":["near"]}""", "state");
        choices.By(2).Item(RegionKind.Attribute, "choices", null, """{"choices":["far"]}""", "state");
        Assert.Equal(["to_name=image from_name=state label=state value=far", "to_name=image from_name=state label=state value=near"], Details(choices, "disagreement").Order(StringComparer.Ordinal));

        var tracks = new TaskBuilder();
        tracks.By(1).Track("a", "cup", 9, [AnnotationBuilder.Key(1, 10, 10)]);
        tracks.By(2).Track("b", "cup", 9, [AnnotationBuilder.Key(20, 10, 10)]);
        Assert.Equal("to_name=image from_name=control label=cup start=1 end=9", Details(tracks, "disagreement")[0]);
    }

    [Fact]
    public void What_is_said_of_the_whole_needs_a_value_and_can_be_a_prediction()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Item(RegionKind.Attribute, "choices", null, """{"choices":[]}""", "state")
            .Item(RegionKind.Attribute, "rating", null, """{"rating":4}""", "stars", static region => region.Origin = Utf8Text.From("prediction"))
            .Item(RegionKind.Attribute, "number", null, """{"number":7}""", "", static region => region.FromName = default);
        Assert.Equal(["number 7", "stars 4"], task.Derive().Choices.Select(static row => $"{row.Key.Label} {row.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(["type=choices to_name=image from_name=state nothing is chosen or written"], Details(task, "no-label"));

        Derived touched = task.Derive(new HarvestRules { AcceptUntouched = false });
        Assert.Equal(["number 7"], touched.Choices.Select(static row => $"{row.Key.Label} {row.Value}"));
        Assert.Equal(["no-label", "untouched-prediction"], touched.Reasons);
    }

    [Fact]
    public void A_value_that_no_number_has_is_an_error_that_names_its_region()
    {
        foreach (string? id in new[] { "a", "b" })
        {
            var task = new TaskBuilder();
            task.By(1).Keypoint("a", "tip", 1, 1).Item(RegionKind.Attribute, "number", id, """{"number":1e999}""", "state");
            HarvestException error = Assert.Throws<HarvestException>(() => task.Derive());
            Assert.Equal("AttributeUnusable", error.ErrorId);
            Assert.Contains($"\"{id}\"", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Labels_and_choices_that_the_configuration_does_not_offer_are_counted()
    {
        LabelConfig config = LabelConfig.Parse(Encoding.UTF8.GetBytes(
            """<View><Image name="image" value="$image"/><KeyPointLabels name="control" toName="image"><Label value="tip"/></KeyPointLabels><Choices name="state" toName="image"><Choice value="near"/></Choices></View>"""), "config.xml");
        var task = new TaskBuilder();
        task.By(1)
            .Keypoint("a", "tip", 1, 1).Keypoint("b", "wrist", 2, 1)
            .Keypoint("c", "tip", 3, 1, static region => region.Labels.Add(Utf8Text.From("palm")))
            .Item(RegionKind.Attribute, "choices", "a", """{"choices":["near","far"]}""", "state")
            .Item(RegionKind.Attribute, "choices", null, """{"choices":["near"]}""", "mood")
            .Item(RegionKind.Attribute, "textarea", "a", """{"text":["anything"]}""", "note");
        var tally = new HarvestTools.Derivation.Tallies.Tally();
        new TaskDeriver(HarvestRules.Default, FieldMapping.Default, DerivationVersion.Current, config).Derive(task.Task, new TaskRows(), tally);
        Assert.Equal((4, "control: palm"), (tally.UnknownLabels, tally.UnknownLabel));
    }

    [Fact]
    public void Each_open_segment_ends_with_its_own_video()
    {
        static Action<Region> On(string video, long? frames = null) => region => (region.ToName, region.FramesCount) = (Utf8Text.From(video), frames);
        var task = new TaskBuilder();
        task.By(1)
            .Segment("a", "grasp", 3, null, On("front", 4)).Segment("b", "grasp", 3, null, On("side", 6)).Segment("c", "lift", 3, null, On("front"));
        Assert.Equal(
            ["a 4", "b 6", "c 4"],
            task.Derive().Actions.Select(static row => $"{row.Key.RegionId} {row.End}").Distinct().Order(StringComparer.Ordinal));
    }

    private static string[] Details(TaskBuilder task, string reason) =>
        [.. task.Derive().Rejected.Where(row => row.Reason.ToString() == reason).Select(static row => row.Detail.ToString())];
}
