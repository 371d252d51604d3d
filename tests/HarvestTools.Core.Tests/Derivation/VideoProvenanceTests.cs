using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Derivation.Tallies;

namespace HarvestTools.Tests.Derivation;

/// <summary>What became of predicted segments and tracks: the editor leaves their origin as it was, so that the prediction itself is asked.</summary>
public sealed class VideoProvenanceTests
{
    [Theory]
    [InlineData("""{"ranges":[{"start":1,"end":10}],"timelinelabels":["pour"]}""", 1, 0)]
    [InlineData("""{"timelinelabels":["pour"],"channel":1,"ranges":[{"end":10,"start":1}]}""", 1, 0)]
    [InlineData("""{"ranges":[{"start":1,"end":12}],"timelinelabels":["pour"]}""", 0, 1)]
    [InlineData("""{"ranges":[{"start":1,"end":10}],"timelinelabels":["grasp"]}""", 0, 1)]
    [InlineData("""{"ranges":[{"start":1,"end":10},{"start":20,"end":30}],"timelinelabels":["pour"]}""", 0, 1)]
    public void A_segment_is_compared_with_the_predicted_one(string value, long accepted, long corrected)
    {
        foreach (bool embedded in (bool[])[true, false])
        {
            foreach (string origin in (string[])["prediction", "prediction-changed", "manual"])
            {
                Tally tally = Derive("timelinelabels", """{"ranges":[{"start":1,"end":10}],"timelinelabels":["pour"]}""", value, origin, embedded);
                ModelTally model = tally.ByModel["m1"];
                Assert.Equal((accepted, corrected, 0, 0, 0), (model.Accepted, model.Corrected, model.Drawn, model.Deleted, model.Unknown));
                Assert.Equal(corrected, Assert.Single(tally.People).Labels.Made);
            }
        }
    }

    [Theory]
    [InlineData("""{"framesCount":9,"sequence":[{"frame":1,"x":1,"y":2,"width":3.0000000001,"height":4,"rotation":0,"enabled":true}],"labels":["cup"]}""", 1, 0)]
    [InlineData("""{"sequence":[{"frame":1,"x":1,"y":2,"width":3,"height":4},{"frame":9,"x":1,"y":2,"width":3,"height":4,"auto":true}],"labels":["cup"]}""", 1, 0)]
    [InlineData("""{"sequence":[{"frame":1,"x":1.5,"y":2,"width":3,"height":4}],"labels":["cup"]}""", 0, 1)]
    [InlineData("""{"sequence":[{"frame":1,"x":1,"y":2,"width":3,"height":4,"enabled":false}],"labels":["cup"]}""", 0, 1)]
    [InlineData("""{"sequence":[{"frame":1,"x":1,"y":2,"width":3,"height":4}],"labels":["pan"]}""", 0, 1)]
    public void A_track_is_compared_with_the_predicted_one(string value, long accepted, long corrected)
    {
        ModelTally model = Derive(
            "videorectangle", """{"sequence":[{"frame":1,"x":1,"y":2,"width":3,"height":4,"enabled":true,"rotation":0}],"labels":["cup"]}""", value, "prediction", embedded: true).ByModel["m1"];
        Assert.Equal((accepted, corrected, 0), (model.Accepted, model.Corrected, model.Unknown));
    }

    [Theory]
    [InlineData("""{"ranges":"none"}""")]
    [InlineData("7")]
    [InlineData("""{"ranges":[{"start":"x","end":10}],"timelinelabels":5}""")]
    public void What_is_odd_in_a_prediction_is_another_one_and_no_error(string predicted)
    {
        ModelTally model = Derive("timelinelabels", predicted, """{"ranges":[{"start":1,"end":10}],"timelinelabels":["pour"]}""", "prediction", embedded: true).ByModel["m1"];
        Assert.Equal((0, 1), (model.Accepted, model.Corrected));
    }

    [Fact]
    public void Without_the_predicted_value_nothing_is_known()
    {
        ModelTally model = Derive("timelinelabels", "null", """{"ranges":[{"start":1,"end":10}],"timelinelabels":["pour"]}""", "prediction", embedded: true).ByModel["m1"];
        Assert.Equal((0, 0, 1), (model.Accepted, model.Corrected, model.Unknown));
    }

    private static Tally Derive(string type, string predicted, string submitted, string origin, bool embedded)
    {
        JsonObject prediction = new()
        {
            ["id"] = 5,
            ["model_version"] = "m1",
            ["result"] = new JsonArray(Item(type, predicted)),
        };
        JsonObject region = Item(type, submitted);
        region["origin"] = origin;
        JsonObject annotation = new()
        {
            ["id"] = 1,
            ["completed_by"] = 1,
            ["result"] = new JsonArray(region),
            ["parent_prediction"] = 5,
            ["prediction"] = embedded ? prediction.DeepClone() : new JsonObject(),
        };
        JsonObject task = new()
        {
            ["id"] = 1,
            ["data"] = new JsonObject { ["video"] = "/data/pour/ep1.mp4" },
            ["annotations"] = new JsonArray(annotation),
            ["predictions"] = new JsonArray(prediction),
        };
        return ExportRows.Derive(Encoding.UTF8.GetBytes(new JsonArray(task).ToJsonString()));
    }

    private static JsonObject Item(string type, string value) => new()
    {
        ["value"] = JsonNode.Parse(value),
        ["id"] = "s1",
        ["type"] = type,
        ["from_name"] = "tl",
        ["to_name"] = "video",
    };
}
