using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Which prediction an annotation began from, and what is counted of it, case by case.</summary>
public sealed class ProvenanceCaseTests
{
    private static readonly DateTime s_day = new(2026, 5, 4, 8, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void What_was_skipped_counts_nothing_and_what_is_said_of_a_region_is_none()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "cup", 1, 1, 5, 5).Item(RegionKind.Attribute, "choices", "a", "[\"x\"]").Extras.PredictionCopy = Predict("v7", "p");
        task.By(2).Box("b", "cup", 9, 9, 5, 5).Cancelled().Extras.PredictionCopy = Predict("v7", "p");
        Tally tally = task.Derive().Tally;
        Assert.Equal("v7: 1 annotations, accepted 0, corrected 0, drawn 1, deleted 1, unknown 0", Counts(tally));

        // The box, its choice and the deleted one.
        Assert.Equal((3, 2), (tally.People.Single().Labels.Made, tally.People.Single().Labels.All));
    }

    [Fact]
    public void Of_an_emptied_annotation_everything_predicted_is_deleted()
    {
        var task = new TaskBuilder();
        Prediction prediction = Predict("v7", "p", "q");
        prediction.RegionsWithoutId = 3;
        task.By(1).Extras.PredictionCopy = prediction;
        Assert.Equal("v7: 1 annotations, accepted 0, corrected 0, drawn 0, deleted 5, unknown 0", Counts(task.Derive().Tally));
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(null, 2, 2)]
    [InlineData(1, null, 1)]
    public void Work_is_of_the_day_on_which_it_was_submitted_first(int? created, int? updated, int day)
    {
        var task = new TaskBuilder();
        AnnotationExtras extras = task.By(1).Box("a", "cup", 1, 1, 5, 5).Extras;
        (extras.CreatedAt, extras.UpdatedAt) = (created is { } one ? s_day.AddDays(one) : null, updated is { } two ? s_day.AddDays(two) : null);
        ModelStratum stratum = Assert.Single(task.Derive().Tally.ByModel[""].Strata).Stratum;
        Assert.Equal((s_day.AddDays(day), s_day.AddDays(day)), (stratum.FirstAt!.Value, stratum.LastAt!.Value));
    }

    [Fact]
    public void The_ids_of_one_prediction_are_not_those_of_the_next()
    {
        var task = new TaskBuilder();
        Add(task, 5, "old", "a");
        Add(task, 6, "new", "b");
        task.By(1).Box("a", "cup", 1, 1, 5, 5);
        Assert.Equal(["old"], task.Derive().Tally.ByModel.Keys);

        // Of two annotations each is held against its own regions.
        var two = new TaskBuilder();
        two.By(1).Box("p", "cup", 1, 1, 5, 5).Box("q", "cup", 9, 9, 5, 5).Extras.PredictionCopy = Predict("v7", "p", "q");
        two.By(2).Box("x", "cup", 1, 1, 5, 5).Extras.PredictionCopy = Predict("v7", "p", "q");
        Assert.Equal("v7: 2 annotations, accepted 0, corrected 0, drawn 1, deleted 2, unknown 2", Counts(two.Derive().Tally));
    }

    [Fact]
    public void A_prediction_is_named_by_number_or_is_the_only_one_that_shares_an_id()
    {
        var named = new TaskBuilder();
        Add(named, 5, "old", "a");
        Add(named, 6, "new", "b");
        named.By(1).Box("x", "cup", 1, 1, 5, 5).Extras.PredictionId = 6;
        Assert.Equal(["new"], named.Derive().Tally.ByModel.Keys);

        var only = new TaskBuilder();
        Add(only, 5, "old", "a", "b");
        only.By(1).Box("a", "cup", 1, 1, 5, 5);
        Assert.Equal(["old"], only.Derive().Tally.ByModel.Keys);

        // Of two predictions an emptied task says nothing, and of one that everything is deleted.
        var emptied = new TaskBuilder();
        Add(emptied, 5, "old", "a");
        emptied.By(1);
        Assert.Equal("old: 1 annotations, accepted 0, corrected 0, drawn 0, deleted 1, unknown 0", Counts(emptied.Derive().Tally));
        Add(emptied, 6, "new", "b");
        Assert.Empty(emptied.Derive().Tally.ByModel);

        // One that shares no id where ids are known is none.
        var other = new TaskBuilder();
        Add(other, 5, "old", "a");
        other.By(1).Box("x", "cup", 1, 1, 5, 5, more: static region => region.Origin = Utf8Text.From("prediction"));
        Assert.Equal([""], other.Derive().Tally.ByModel.Keys);
    }

    [Fact]
    public void A_segment_is_compared_with_the_one_predicted_under_its_id_alone()
    {
        // A box that has the id of a predicted segment is what its origin says.
        var box = new TaskBuilder();
        box.By(1).Box("s", "cup", 1, 1, 5, 5, more: static region => region.Origin = Utf8Text.From("prediction")).Extras.PredictionCopy = Videos(("s", 1, 5));
        Assert.Equal("v7: 1 annotations, accepted 1, corrected 0, drawn 0, deleted 0, unknown 0", Counts(box.Derive().Tally));

        var task = new TaskBuilder();
        task.By(1).Segment("s", "fold", 1, 5).Extras.PredictionCopy = Videos(("s", 1, 5));
        Assert.Equal("v7: 1 annotations, accepted 1, corrected 0, drawn 0, deleted 0, unknown 0", Counts(task.Derive().Tally));

        // Several of one id are compared with none of them, and of another annotation's prediction nothing is left.
        var several = new TaskBuilder();
        several.By(1).Segment("s", "fold", 1, 5).Extras.PredictionCopy = Videos(("s", 7, 9), ("s", 1, 5));
        Assert.Equal("v7: 1 annotations, accepted 0, corrected 0, drawn 0, deleted 0, unknown 1", Counts(several.Derive().Tally));
        task.By(2).Segment("s", "fold", 1, 5).Extras.PredictionCopy = Predict("v7", "s");
        Assert.Equal("v7: 2 annotations, accepted 1, corrected 0, drawn 0, deleted 0, unknown 1", Counts(task.Derive().Tally));
    }

    private static Prediction Videos(params (string Id, long Start, long End)[] segments)
    {
        Prediction prediction = Predict("v7", [.. segments.Select(static segment => segment.Id).Distinct()]);
        foreach ((string id, long start, long end) in segments)
        {
            Region region = prediction.AddVideo();
            (region.Id, region.Kind) = (Utf8Text.From(id), RegionKind.Timeline);
            region.Labels.Add(Utf8Text.From("fold"));
            region.Ranges.Add(new FrameRange(start, end));
        }

        return prediction;
    }

    private static Prediction Predict(string version, params string[] ids)
    {
        var prediction = new Prediction { HasResult = true, ModelVersion = Utf8Text.From(version) };
        prediction.RegionIds.AddRange(ids.Select(Utf8Text.From));
        return prediction;
    }

    private static void Add(TaskBuilder task, long id, string version, params string[] ids)
    {
        Prediction prediction = task.Task.Extras.AddPrediction();
        (prediction.Id, prediction.HasResult, prediction.ModelVersion) = (id, true, Utf8Text.From(version));
        prediction.RegionIds.AddRange(ids.Select(Utf8Text.From));
    }

    private static string Counts(Tally tally) => string.Join("; ", tally.ByModel.Select(static model =>
        $"{model.Key}: {model.Value.Annotations} annotations, accepted {model.Value.Accepted}, corrected {model.Value.Corrected}, drawn {model.Value.Drawn}, deleted {model.Value.Deleted}, unknown {model.Value.Unknown}"));
}
