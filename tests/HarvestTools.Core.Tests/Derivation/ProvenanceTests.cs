using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public class ProvenanceTests
{
    [Fact]
    public void Regions_are_accepted_corrected_drawn_or_deleted()
    {
        var task = new TaskBuilder();
        AnnotationBuilder annotation = task.By(1)
            .Box("p1", "hand", 1, 1, 5, 5, more: Origin("prediction"))
            .Box("p2", "hand", 2, 2, 5, 5, more: Origin("prediction-changed"))
            .Box("new", "hand", 3, 3, 5, 5);
        annotation.Extras.PredictionCopy = Predict("v7", "p1", "p2", "p3", "p4");

        ModelTally model = task.Derive().Tally.ByModel["v7"];

        Assert.Equal((1, 1, 1, 1, 2, 0), (model.Annotations, model.Accepted, model.Corrected, model.Drawn, model.Deleted, model.Unknown));
        Assert.Equal((1, 1), (model.Episodes, model.Annotators));
    }

    [Fact]
    public void A_prediction_is_found_by_the_id_that_the_annotation_names()
    {
        var task = new TaskBuilder();
        AddPrediction(task, 5, "old", "x");
        AddPrediction(task, 6, "new", "x");
        task.By(1).Box("x", "hand", 1, 1, 5, 5, more: Origin("prediction")).Extras.ParentPrediction = 6;

        Assert.Equal(["new"], task.Derive().Tally.ByModel.Keys);
    }

    [Fact]
    public void A_prediction_is_found_by_a_shared_region_id_if_only_one_shares_it()
    {
        var task = new TaskBuilder();
        AddPrediction(task, 5, "old", "a");
        AddPrediction(task, 6, "new", "b");
        task.By(1).Box("b", "hand", 1, 1, 5, 5, more: Origin("prediction"));
        Assert.Equal(["new"], task.Derive().Tally.ByModel.Keys);

        AddPrediction(task, 7, "newer", "b");
        Assert.Equal([""], task.Derive().Tally.ByModel.Keys);
    }

    [Fact]
    public void A_named_prediction_that_the_export_lacks_is_unknown_not_the_one_present()
    {
        var task = new TaskBuilder();
        AddPrediction(task, 5, "old", "a");
        task.By(1).Box("a", "hand", 1, 1, 5, 5, more: Origin("prediction")).Extras.ParentPrediction = 99;

        ModelTally model = task.Derive().Tally.ByModel[""];
        Assert.Equal((1, 0), (model.Accepted, model.Deleted));
    }

    [Fact]
    public void Renewed_ids_never_count_as_deleted()
    {
        var task = new TaskBuilder();
        AnnotationBuilder annotation = task.By(1).Box("renewed", "hand", 1, 1, 5, 5, more: Origin("prediction"));
        annotation.Extras.PredictionCopy = Predict("v7", "p1");

        ModelTally model = task.Derive().Tally.ByModel["v7"];
        Assert.Equal((1, 0), (model.Accepted, model.Deleted));
    }

    [Fact]
    public void Video_origins_are_not_believed()
    {
        var task = new TaskBuilder();
        AnnotationBuilder annotation = task.By(1)
            .Segment("p1", "grasp", 1, 5, Origin("prediction"))
            .Segment("new", "lift", 6, 9, Origin("manual"));
        annotation.Extras.PredictionCopy = Predict("v7", "p1");

        ModelTally model = task.Derive().Tally.ByModel["v7"];
        Assert.Equal((0, 1, 1), (model.Accepted, model.Drawn, model.Unknown));
    }

    [Fact]
    public void A_manual_region_with_a_predicted_id_is_unknown()
    {
        var task = new TaskBuilder();
        task.By(1).Box("p1", "hand", 1, 1, 5, 5).Extras.PredictionCopy = Predict("v7", "p1");

        ModelTally model = task.Derive().Tally.ByModel["v7"];
        Assert.Equal((0, 1), (model.Drawn, model.Unknown));
    }

    [Fact]
    public void Predictions_change_no_row()
    {
        var bare = new TaskBuilder();
        bare.By(1).Box("p1", "hand", 1, 1, 5, 5, more: Origin("prediction"));
        var predicted = new TaskBuilder();
        predicted.By(1).Box("p1", "hand", 1, 1, 5, 5, more: Origin("prediction")).Extras.PredictionCopy = Predict("v7", "p1", "p2");

        Assert.Equal(bare.Derive().Print(), predicted.Derive().Print());
    }

    private static Action<Region> Origin(string origin) => region => region.Origin = Utf8Text.From(origin);

    private static Prediction Predict(string version, params string[] ids)
    {
        var prediction = new Prediction { HasResult = true, ModelVersion = Utf8Text.From(version) };
        prediction.RegionIds.AddRange(ids.Select(Utf8Text.From));
        return prediction;
    }

    private static void AddPrediction(TaskBuilder task, long id, string version, params string[] ids)
    {
        Prediction prediction = task.Task.Extras.AddPrediction();
        prediction.Id = id;
        prediction.HasResult = true;
        prediction.ModelVersion = Utf8Text.From(version);
        prediction.RegionIds.AddRange(ids.Select(Utf8Text.From));
    }
}
