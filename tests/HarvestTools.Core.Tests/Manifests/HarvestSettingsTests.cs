using System.Text;
using HarvestTools.Manifests;
using HarvestTools.Rules;

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
              "interpolate_tracks": true,
              "exclude": {
                "annotators": [],
                "episodes": []
              }
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
          "eval_frames_apart": 30,
          "projects": {},
          "media": {},
          "remotes": {},
          "pins": {
            "commit": true,
            "files": [],
            "params": [],
            "seeds": null,
            "hardware": false
          },
          "retrain": {
            "min_delta": 0.1,
            "max_gini": 0.5,

        """;

    [Fact]
    public void Several_definitions_are_written_as_they_were_read_and_a_changed_one_in_its_place()
    {
        HarvestSettings settings = Parse("""
            { "harvest": { "name": "rows", "version": "v1.0.0" },
              "definitions": { "counts": { "version": "v2.0.0", "kind": "program", "after": "rows", "run": ["a", "{tables}"], "tables": ["*.csv"] } } }
            """);
        Assert.Equal("counts@v2.0.0", settings.Harvest.FullVersion);
        Assert.Equal(["rows@v1.0.0", "counts@v2.0.0"], settings.Harvest.Steps.Select(static step => step.FullVersion));

        HarvestSettings again = HarvestSettings.Parse((settings with { Harvest = settings.Harvest with { Version = "v2.1.0" } }).ToUtf8Bytes());
        Assert.Equal("counts@v2.1.0", again.Harvest.FullVersion);
        Assert.Equal(["rows@v1.0.0", "counts@v2.1.0"], again.Harvest.Steps.Select(static step => step.FullVersion));
        Assert.Equal(Encoding.UTF8.GetString(again.ToUtf8Bytes()), Encoding.UTF8.GetString(HarvestSettings.Parse(again.ToUtf8Bytes()).ToUtf8Bytes()));
    }

    [Fact]
    public void What_a_definition_of_several_lacks_is_named_with_its_line()
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Parse("{ \"definitions\": {\n \"a\": { \"version\": \"v1.0.0\", \"kind\": \"program\", \"tables\": [\"*.csv\"],\n \"run\": [] } } }"));
        Assert.Equal("ProgramIncomplete", fault.ErrorId);
        Assert.Contains("definitions.a.run", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_default_is_spelt_out()
    {
        string text = Encoding.UTF8.GetString(HarvestSettings.Default.ToUtf8Bytes());
        Assert.StartsWith(Defaults.TrimEnd(), text, StringComparison.Ordinal);
        Assert.Contains("\n    \"max_task_share\": 0.8,\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n  },\n  \"pack\": \"manual\"\n}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Retention_is_read_and_written_and_held_to_its_ranges()
    {
        HarvestSettings settings = Parse("""{ "retention": { "unlinked_days": 7, "quarantine_days": 0, "remote_grace_days": 3, "cache_bytes": 5000000000 } }""");
        Assert.Equal((7, 0, 3, 5_000_000_000), (settings.Retention.UnlinkedDays, settings.Retention.QuarantineDays, settings.Retention.RemoteGraceDays, settings.Retention.CacheBytes));
        Assert.Equal(settings.Retention, HarvestSettings.Parse(settings.ToUtf8Bytes()).Retention);
        Assert.Equal((90, 30, 14, null), (HarvestSettings.Default.Retention.UnlinkedDays, HarvestSettings.Default.Retention.QuarantineDays, HarvestSettings.Default.Retention.RemoteGraceDays, HarvestSettings.Default.Retention.CacheBytes));
        Assert.Equal("FieldInvalid", Assert.Throws<HarvestException>(() => Parse("""{ "retention": { "remote_grace_days": 0 } }""")).ErrorId);
        Assert.Equal("FieldInvalid", Assert.Throws<HarvestException>(() => Parse("""{ "retention": { "unlinked_days": -1 } }""")).ErrorId);
        Assert.Equal("UnknownKey", Assert.Throws<HarvestException>(() => Parse("""{ "retention": { "days": 1 } }""")).ErrorId);
    }

    [Fact]
    public void Packing_is_by_hand_unless_harvest_json_says_otherwise()
    {
        Assert.False(Parse("{}").PacksAutomatically);
        Assert.False(Parse("""{ "pack": "manual" }""").PacksAutomatically);
        HarvestSettings settings = Parse("""{ "pack": "auto" }""");
        Assert.True(settings.PacksAutomatically);
        Assert.True(HarvestSettings.Parse(settings.ToUtf8Bytes()).PacksAutomatically);
        Assert.Equal("FieldInvalid", Assert.Throws<HarvestException>(() => Parse("""{ "pack": "always" }""")).ErrorId);
    }

    [Fact]
    public void The_defaults_are_read_back_as_themselves()
    {
        Assert.Equal(HarvestSettings.Default, HarvestSettings.Parse(HarvestSettings.Default.ToUtf8Bytes()));
        Assert.Equal(HarvestSettings.Default, Parse("{}"));
    }

    [Fact]
    public void Every_setting_is_read_and_written()
    {
        HarvestSettings settings = Parse("""
            {
              "harvest": { "name": "hands", "version": "v2.0.1", "rules": { "min_pixel_agreement": 2.5, "min_frame_agreement": 0, "boundary_frames": 1,
                "boundary_weight": 0, "require_two_annotators": true, "consensus": "first", "prefer_ground_truth": false,
                "accept_untouched": false, "interpolate_tracks": false },
                "fields": { "episode": { "from": "data.image", "match": "/episode_([0-9]+)/" } } },
              "slices": "data/slices", "archive": "store", "cache": "tmp/cache", "eval_set": "eval/set.json",
              "retrain": { "min_delta": 0.2, "max_gini": 0.4, "max_task_share": 0.7 }
            }
            """);

        HarvestSettings named = Parse("""{ "projects": { "hands": { "names": ["b"], "label_studio_ids": [12, 15], "retired": true } } }""");
        Assert.Equal(("b", 15L, true), (named.Projects["hands"].Names.Single(), named.Projects["hands"].LabelStudioIds[1], named.Projects["hands"].Retired));
        Assert.Equal(named.ToUtf8Bytes(), HarvestSettings.Parse(named.ToUtf8Bytes()).ToUtf8Bytes());
        Assert.Equal("hands@v2.0.1", settings.Harvest.FullVersion);
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
            new RetrainThresholds { MinDelta = 0.2, MaxGini = 0.4, MaxTaskShare = 0.7 },
            settings.Retrain);
        Assert.Equal(settings, HarvestSettings.Parse(settings.ToUtf8Bytes()));
    }

    [Theory]
    [InlineData("{ \"slice\": \"x\" }", "line 1, byte 12: \"slice\" is not a setting. Did you mean \"slices\"?")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"vresion\": \"v1\" } }", "line 2, byte 12: \"harvest.vresion\" is not a setting")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"rules\": { \"min_pixel_agrement\": 5 } } }", "line 2, byte 34: \"min_pixel_agrement\" is not a setting")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"rules\": {\n\"boundary_weight\": 1.5 } } }", "line 3, byte 20: \"boundary_weight\" is 1.5; it must be a number from 0 to 1")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"rules\": { \"boundary_frames\": 1e12 } } }", "boundary_frames")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"rules\": { \"accept_untouched\": \"yes\" } } }", "accept_untouched")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"rules\": { \"consensus\": \"median\" } } }", "consensus")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\", \"version\": \"v1.0.0\",\n\"fields\": { \"frame\": { } } } }", "harvest.fields.frame.from")]
    [InlineData("{ \"harvest\": { \"name\": \"a@b\", \"version\": \"v1.0.0\" } }", "line 1, byte 24: \"harvest.name\" is \"a@b\", which cannot name a harvest definition")]
    [InlineData("{ \"harvest\": { \"name\": \"harvest\",\n\"version\": \"1\" } }", "line 2, byte 12: \"harvest.version\" is \"1\", which is not a version")]
    [InlineData("{ \"retrain\": {\n\"min_dleta\": 0.1 } }", "line 2, byte 14: ")]
    [InlineData("{ \"retrain\": { \"max_gini\": 5 } }", "line 1, byte 28: \"retrain.max_gini\" is 5")]
    [InlineData("{ \"archive\": \"/srv/archive\" }", "\"archive\"")]
    [InlineData("{ \"cache\": \"../cache\" }", "\"cache\"")]
    [InlineData("{ \"slices\": 5 }", "\"slices\" is not text")]
    [InlineData("{ \"slices\": \"a\", \"slices\": \"b\" }", "\"slices\"")]
    [InlineData("{\n  // folders\n  \"slices\": \"a\" }", "line 2, byte 3: JSON has no comments")]
    [InlineData("{\n  \"slices\": \"a\",\n}", "line 3, byte 1: there is a comma before the closing bracket")]
    public void A_fault_is_named_with_its_place(string text, string words)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Parse(text));
        Assert.Equal(HarvestFault.InvalidData, error.Fault);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("'harvest.json', line ", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy.ToString());
    }

    [Theory]
    [InlineData("harvest", "1", "Write v and three numbers, for example v1.4.2.", "harvest", "v1.4.2")]
    [InlineData("harvest", "harvest@v1.4.2", "Write v and three numbers, for example v1.4.2.", "harvest", "v1.4.2")]
    [InlineData("harvest@v1.4.2", "v1.4.2", "beginning with a letter, for example harvest;", "harvest", "v1.4.2")]
    public void The_remedy_for_a_name_or_a_version_is_right_for_its_own_field(string name, string version, string remedy, string nameThen, string versionThen)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Parse(Harvest(name, version)));
        Assert.Contains(remedy, error.Remedy.ToString(), StringComparison.Ordinal);

        Assert.Equal("harvest@v1.4.2", Parse(Harvest(nameThen, versionThen)).Harvest.FullVersion);

        static string Harvest(string name, string version) => $$"""{ "harvest": { "name": "{{name}}", "version": "{{version}}" } }""";
    }

    private static HarvestSettings Parse(string text) => HarvestSettings.Parse(Encoding.UTF8.GetBytes(text));
}
