using System.Text;
using HarvestTools.Filtering;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Manifests;

public sealed class HarvestSettingsTests
{
    /// <summary>What a new repository starts with.</summary>
    private const string Defaults = """
        {
          "harvest": {
            "name": "harvest",
            "version": "v1.0.0",
            "rules": {
              "min_pixel_agreement": 5,
              "min_frame_agreement": 3,
              "boundary_frames": 3,
              "boundary_weight": 0.5,
              "require_two_annotators": false,
              "consensus": "mean",
              "prefer_ground_truth": true,
              "accept_untouched": true,
              "interpolate_tracks": true
            },
            "fields": {
              "task_subdir": { "from": "data.task_subdir" },
              "episode": { "from": "data.episode" },
              "frame": { "from": "data.frame" }
            }
          },
          "slices": "slices",
          "archive": ".harvest/archive",
          "cache": ".harvest/cache",
          "eval_set": null,
          "retrain": {
            "min_delta": 0.1,
            "max_gini": 0.5,
            "max_task_share": 0.8,
            "max_regression": 0.2,
            "regression_episodes": 20
          }
        }

        """;

    [Fact]
    public void Every_default_is_spelt_out() => Assert.Equal(Defaults, Encoding.UTF8.GetString(HarvestSettings.Default.ToUtf8Bytes()));

    [Fact]
    public void The_defaults_are_read_back_as_themselves()
    {
        Assert.Equal(HarvestSettings.Default, Parse(Defaults));
        Assert.Equal(HarvestSettings.Default, Parse("{}"));
    }

    [Fact]
    public void Every_setting_is_read_and_written()
    {
        HarvestSettings settings = Parse("""
            {
              "harvest": { "name": "hands", "version": "v2", "rules": { "min_pixel_agreement": 2.5, "min_frame_agreement": 0, "boundary_frames": 1,
                "boundary_weight": 0, "require_two_annotators": true, "consensus": "first", "prefer_ground_truth": false,
                "accept_untouched": false, "interpolate_tracks": false },
                "fields": { "episode": { "from": "data.image", "match": "/episode_([0-9]+)/" } } },
              "slices": "data/slices", "archive": "store", "cache": "tmp/cache", "eval_set": "eval/set.json",
              "retrain": { "min_delta": 0.2, "max_gini": 0.4, "max_task_share": 0.7, "max_regression": 0.1, "regression_episodes": 5 }
            }
            """);

        Assert.Equal("hands@v2", settings.Harvest.FullVersion);
        Assert.Equal(
            new HarvestRules
            {
                MinPixelAgreement = 2.5, MinFrameAgreement = 0, BoundaryFrames = 1, BoundaryWeight = 0, RequireTwoAnnotators = true,
                Consensus = Consensus.First, PreferGroundTruth = false, AcceptUntouched = false, InterpolateTracks = false,
            },
            settings.Harvest.Rules);
        Assert.Equal(new FieldSource("data.image", "/episode_([0-9]+)/"), settings.Harvest.Fields.Episode);
        Assert.Equal(FieldMapping.Default.Frame, settings.Harvest.Fields.Frame);
        Assert.Equal(("data/slices", "store", "tmp/cache", "eval/set.json"), (settings.SlicesFolder, settings.ArchiveFolder, settings.CacheFolder, settings.EvalSet));
        Assert.Equal(
            new RetrainThresholds { MinDelta = 0.2, MaxGini = 0.4, MaxTaskShare = 0.7, MaxRegression = 0.1, RegressionEpisodes = 5 },
            settings.Retrain);
        Assert.Equal(settings, HarvestSettings.Parse(settings.ToUtf8Bytes()));
    }

    [Theory]
    [InlineData("{ \"slice\": \"x\" }", "UnknownKey", "line 1, byte 12: there is no setting \"slice\". Did you mean \"slices\"?")]
    [InlineData("{\n  \"harvest\": {\n    \"vresion\": \"v1\" } }", "UnknownKey", "line 3, byte 16: there is no setting \"harvest.vresion\". Did you mean \"version\"?")]
    [InlineData("{ \"harvest\": { \"rules\": { \"min_pixel_agrement\": 5 } } }", "*", "min_pixel_agreement")]
    [InlineData("{ \"harvest\": { \"rules\": { \"boundary_weight\": 1.5 } } }", "*", "boundary_weight")]
    [InlineData("{ \"harvest\": { \"rules\": { \"boundary_frames\": 1e12 } } }", "*", "boundary_frames")]
    [InlineData("{ \"harvest\": { \"rules\": { \"accept_untouched\": \"yes\" } } }", "*", "accept_untouched")]
    [InlineData("{ \"harvest\": { \"rules\": { \"consensus\": \"median\" } } }", "*", "consensus")]
    [InlineData("{ \"harvest\": { \"fields\": { \"frame\": { } } } }", "*", "from")]
    [InlineData("{ \"harvest\": { \"name\": \"a@b\" } }", "*", "name")]
    [InlineData("{ \"retrain\": { \"min_dleta\": 0.1 } }", "UnknownKey", "Did you mean \"min_delta\"?")]
    [InlineData("{ \"retrain\": { \"max_gini\": 5 } }", "FieldInvalid", "\"retrain.max_gini\" is not a number from 0 to 1")]
    [InlineData("{ \"retrain\": { \"regression_episodes\": 1.5 } }", "FieldInvalid", "retrain.regression_episodes")]
    [InlineData("{ \"archive\": \"/srv/archive\" }", "PathLeavesRepository", "\"archive\"")]
    [InlineData("{ \"cache\": \"../cache\" }", "PathLeavesRepository", "\"cache\"")]
    [InlineData("{ \"slices\": 5 }", "FieldInvalid", "\"slices\" is not text")]
    [InlineData("{ \"slices\": \"a\", \"slices\": \"b\" }", "DuplicateKey", "\"slices\"")]
    [InlineData("{\n  // folders\n  \"slices\": \"a\" }", "JsonSyntax", "line 2, byte 3: JSON has no comments")]
    [InlineData("{\n  \"slices\": \"a\",\n}", "JsonSyntax", "line 3, byte 1: a comma stands before the closing bracket")]
    public void A_fault_is_named(string text, string id, string words)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Parse(text));
        if (id != "*")
        {
            Assert.Equal(id, error.ErrorId);
        }

        Assert.Equal(HarvestFault.InvalidData, error.Fault);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("harvest.json", error.Message, StringComparison.Ordinal);
    }

    private static HarvestSettings Parse(string text) => HarvestSettings.Parse(Encoding.UTF8.GetBytes(text));
}
