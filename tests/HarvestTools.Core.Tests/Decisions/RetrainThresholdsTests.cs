using System.Text.Json.Nodes;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class RetrainThresholdsTests
{
    [Fact]
    public void Defaults_are_spelt_out_in_a_fixed_order()
    {
        const string Expected =
            """
            {"min_delta":0.1,"max_gini":0.5,"gini":"calibrated","gini_p":0.05,"max_task_share":0.8,"reference":"corpus","task_weeks":8,"corpus_since":null,"production":null,"eval_line_ends":"exact","regression":{"ratio":2,"cycles":2,"false_alarm_cycles":100,"baseline_versions":5,"min_episodes":10,"lines":{}},"forecast":{"metric":null,"better":"higher","eval_items":null},"costs":{"gpu_hours":null,"price_per_gpu_hour":null,"currency":null,"annotation_hours_per_episode":null}}
            """;

        Assert.Equal(Expected, RetrainThresholds.Default.ToJson().ToJsonString());
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        RetrainThresholds thresholds = RetrainThresholds.Default with
        {
            MinDelta = 0.125,
            Gini = GiniRule.Plain,
            Regression = new CorrectionTrendSettings { Ratio = 1.5, Cycles = 3 },
            Forecast = new ForecastSettings { Metric = "pck", Better = MetricGoal.Lower, EvalItems = 40 },
            Costs = new CostSettings { GpuHours = 8, PricePerGpuHour = 2.5, Currency = "EUR", AnnotationHoursPerEpisode = 0.75 },
        };

        Assert.Equal(thresholds, RetrainThresholds.Parse(thresholds.ToJson()));
        Assert.Equal(thresholds, Parse(thresholds.ToJson().ToJsonString()));
        Assert.Equal(RetrainThresholds.Default, Parse("{}"));
    }

    [Theory]
    [InlineData("""{"min_dleta":0.2}""", "UnknownKey", "retrain.min_dleta", "min_delta")]
    [InlineData("""{"regression":{"cycle":3}}""", "UnknownKey", "retrain.regression.cycle", "cycles")]
    [InlineData("""{"min_delta":"0.2"}""", "FieldInvalid", "retrain.min_delta", "a number")]
    [InlineData("""{"min_delta":null}""", "FieldInvalid", "retrain.min_delta", "a number")]
    [InlineData("""{"gini":"exact"}""", "FieldInvalid", "retrain.gini", "\"plain\"")]
    [InlineData("""{"costs":7}""", "FieldInvalid", "retrain.costs", "an object")]
    [InlineData("""{"regression":{"cycles":2.5}}""", "FieldInvalid", "retrain.regression.cycles", "a whole number")]
    [InlineData("""{"task_weeks":0}""", "FieldInvalid", "retrain.task_weeks", "from 1 to 520")]
    [InlineData("""{"reference":"odd"}""", "FieldInvalid", "retrain.reference", "\"even\"")]
    [InlineData("""{"regression":{"lines":{"hand":"hand-*"}}}""", "FieldInvalid", "retrain.regression.lines.hand", "a list of texts")]
    [InlineData("""{"max_gini":1.2}""", "FieldInvalid", "retrain.max_gini", "from 0 to 1")]
    [InlineData("""{"regression":{"cycles":1}}""", "FieldInvalid", "retrain.regression.cycles", "from 2 to 20")]
    [InlineData("""{"costs":{"gpu_hours":-1}}""", "FieldInvalid", "retrain.costs.gpu_hours", "from 0")]
    public void Mistakes_are_named(string json, string errorId, string named, string told)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Parse(json));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(told, error.Message + error.Remedy, StringComparison.Ordinal);
    }

    private static RetrainThresholds Parse(string json) => RetrainThresholds.Parse(JsonNode.Parse(json)!.AsObject());
}
