using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Rules;

public class HarvestDefinitionTests
{
    [Fact]
    public void Json_spells_out_every_rule_and_field_in_order()
    {
        Assert.Equal(
            """
            {"name":"harvest","version":"v1.0.0","rules":{"min_pixel_agreement":5,"min_frame_agreement":3,"boundary_frames":3,"boundary_weight":0.5,"require_two_annotators":false,"consensus":"mean","prefer_ground_truth":true,"accept_untouched":true,"interpolate_tracks":true,"exclude":{"annotators":[],"episodes":[]}},"fields":{"task_subdir":{"from":"data.task_subdir"},"episode":{"from":"data.episode"},"frame":{"from":"data.frame"}}}
            """,
            HarvestDefinition.Default.ToJson().ToJsonString());
    }

    [Fact]
    public void Json_gives_the_definition_back()
    {
        var definition = new HarvestDefinition(
            "hands",
            "v12.0.3",
            new HarvestRules
            {
                MinPixelAgreement = 2.5, MinFrameAgreement = 0, BoundaryFrames = 7, BoundaryWeight = 0, RequireTwoAnnotators = true,
                Consensus = Consensus.First, PreferGroundTruth = false, AcceptUntouched = false, InterpolateTracks = false, Exclude = new Exclusion([9, 7], ["b/e", "a"]),
            },
            FieldMapping.Default with { Episode = new FieldSource("data.image", "/episode_([0-9]+)/") });

        HarvestDefinition read = HarvestDefinition.Parse(JsonNode.Parse(definition.ToJson().ToJsonString())!.AsObject());

        Assert.Equal(definition, read);
        Assert.Equal(definition.Sha256, read.Sha256);
    }

    [Fact]
    public void The_hash_does_not_see_spelling_but_sees_every_value()
    {
        HarvestDefinition five = Parse("""{"name":"h","version":"v1.0.0","rules":{"min_pixel_agreement":5}}""");
        HarvestDefinition fivePointZero = Parse("""{"rules":{"min_pixel_agreement":5.0e0},"version":"v1.0.0","name":"h","fields":{}}""");
        HarvestDefinition six = Parse("""{"name":"h","version":"v1.0.0","rules":{"min_pixel_agreement":6}}""");

        Assert.Equal(five.Sha256, fivePointZero.Sha256);
        Assert.Equal(five.ToCanonicalBytes(), fivePointZero.ToCanonicalBytes());
        Assert.NotEqual(five.Sha256, six.Sha256);
        Assert.Equal("""{"name":"h","version":"v1.0.0"}""", Encoding.UTF8.GetString(five.ToCanonicalBytes()));
        Assert.Equal("""{"name":"h","rules":{"min_pixel_agreement":6},"version":"v1.0.0"}""", Encoding.UTF8.GetString(six.ToCanonicalBytes()));
        Assert.Equal(64, five.Sha256.Length);
    }

    [Fact]
    public void Overrides_replace_only_what_they_name()
    {
        var rules = new HarvestRules { BoundaryFrames = 9 };

        HarvestRules changed = rules.With(new JsonObject { ["min_pixel_agreement"] = 2, ["consensus"] = "first" });

        Assert.Equal(rules with { MinPixelAgreement = 2, Consensus = Consensus.First }, changed);
    }

    [Theory]
    [InlineData("min_pixel_agreement", "-1", "0 to 1000000")]
    [InlineData("min_pixel_agreement", "\"5\"", "0 to 1000000")]
    [InlineData("min_pixel_agreement", "1e400", "0 to 1000000")]
    [InlineData("min_frame_agreement", "2.5", "whole number")]
    [InlineData("boundary_frames", "null", "whole number")]
    [InlineData("boundary_weight", "1.01", "0 to 1")]
    [InlineData("require_two_annotators", "1", "true or false")]
    [InlineData("consensus", "\"median\"", "\"mean\" or \"first\"")]
    public void A_value_out_of_range_names_rule_value_and_range(string rule, string value, string range)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Parse($$$"""{"name":"h","version":"v1.0.0","rules":{"{{{rule}}}":{{{value}}}}}"""));

        Assert.Equal(("FieldInvalid", rule), (error.ErrorId, error.Subject));
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_json_cannot_write_is_out_of_range()
    {
        Assert.Equal("FieldInvalid", Assert.Throws<HarvestException>(() => HarvestRules.Default.With(new JsonObject { ["boundary_weight"] = double.NaN })).ErrorId);
    }

    [Fact]
    public void An_unknown_rule_is_refused_with_the_nearest_name()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => HarvestRules.Default.With(new JsonObject { ["min_pixel_agrement"] = 2 }));

        Assert.Equal("UnknownKey", error.ErrorId);
        Assert.Contains("min_pixel_agreement", error.Remedy.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"h","version":"v1.0.0","rule":{}}""", "UnknownKey")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episod":{}}}""", "UnknownKey")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":{"from":"data.a","pattern":"x"}}}""", "UnknownKey")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":"data.a"}}""", "FieldInvalid")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":{}}}""", "FieldInvalid")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":{"from":"task.id"}}}""", "BadFieldSource")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":{"from":"data."}}}""", "BadFieldSource")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":{"from":"data.a","match":"("}}}""", "BadPattern")]
    [InlineData("""{"name":"h","version":"v1.0.0","fields":{"episode":{"from":"data.a","match":"(?<=x)y"}}}""", "BadPattern")]
    [InlineData("""{"name":"h","version":"v1.0.0","rules":[]}""", "FieldInvalid")]
    [InlineData("""{"name":"h"}""", "FieldInvalid")]
    [InlineData("""{"name":"h","version":"1.0"}""", "BadHarvestVersion")]
    [InlineData("""{"name":"h@","version":"v1.0.0"}""", "BadHarvestName")]
    [InlineData("""{"name":"h","version":"h@v1.0.0"}""", "BadHarvestVersion")]
    public void What_is_not_understood_is_refused(string json, string errorId)
    {
        Assert.Equal(errorId, Assert.Throws<HarvestException>(() => Parse(json)).ErrorId);
    }

    [Theory]
    [InlineData("harvest@v1.4.2", "harvest", "v1.4.2")]
    [InlineData("Hand_points-2.x@v0.0.10", "Hand_points-2.x", "v0.0.10")]
    public void A_full_version_splits(string full, string name, string version)
    {
        Assert.Equal((name, version), HarvestDefinition.ParseFullVersion(full));
    }

    [Theory]
    [InlineData("harvest")]
    [InlineData("harvest@1.4.2")]
    [InlineData("harvest@v1.4")]
    [InlineData("harvest@v01.4.2")]
    [InlineData("harvest@v1.4.2\n")]
    [InlineData("@v1.4.2")]
    [InlineData("")]
    public void Another_form_is_refused(string full)
    {
        Assert.Equal("BadHarvestVersion", Assert.Throws<HarvestException>(() => HarvestDefinition.ParseFullVersion(full)).ErrorId);
    }

    private static HarvestDefinition Parse(string json) => HarvestDefinition.Parse(JsonNode.Parse(json)!.AsObject());
}
