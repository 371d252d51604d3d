using System.Text.Json.Nodes;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Json;

namespace HarvestTools.Decisions.Text;

/// <summary>The decision as JSON: snake_case names, a fixed order, null for what is not known.</summary>
public static class DecisionJson
{
    /// <summary>Everything but the state.</summary>
    public static JsonObject ToJson(RetrainDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new JsonObject
        {
            ["decision"] = decision.Decision.ToString(),
            ["should_retrain"] = decision.ShouldRetrain,
            ["reason"] = decision.Reason,
            ["trained_slice"] = decision.TrainedSlice,
            ["trained_at"] = decision.TrainedAt is { } time ? Timestamp.From(time).Text : null,
            ["trained_model"] = decision.TrainedModel,
            ["corrected_episodes"] = decision.CorrectedEpisodes,
            ["corpus"] = decision.Corpus,
            ["gates"] = List(decision.Gates, gate => new JsonObject
            {
                ["name"] = gate.Name,
                ["value"] = gate.Value,
                ["threshold"] = gate.Threshold,
                ["passed"] = gate.Passed,
                ["explanation"] = gate.Explanation,
            }),
            ["warnings"] = List(decision.Warnings, warning => JsonValue.Create(warning)),
            ["flips"] = List(decision.Flips, flip => JsonValue.Create(flip)),
            ["spread"] = decision.Spread is { } spread ? Spread(spread) : null,
            ["regression"] = decision.Regression is { } regression ? Regression(regression) : null,
            ["forecast"] = decision.Forecast is { } forecast ? Forecast(forecast) : null,
            ["costs"] = decision.Costs is { } costs ? Costs(costs) : null,
        };
    }

    private static JsonObject Spread(SpreadStatistics spread) => new()
    {
        ["episodes"] = spread.Episodes,
        ["tasks"] = spread.Tasks,
        ["gini"] = spread.Gini,
        ["expected_gini"] = spread.ExpectedGini,
        ["gini_p"] = spread.GiniP,
        ["gini_exact"] = spread.GiniExact,
        ["top_task"] = spread.TopTask,
        ["top_task_share"] = spread.TopTaskShare,
        ["top_task_share_p"] = spread.TopTaskShareP,
        ["effective_tasks"] = spread.EffectiveTasks,
        ["reference"] = spread.Even ? "even" : "corpus",
    };

    private static JsonObject Regression(CorrectionTrend regression) => new()
    {
        ["status"] = regression.Status.ToString(),
        ["statistic"] = regression.Statistic,
        ["limit"] = regression.Limit,
        ["false_alarm_cycles"] = regression.FalseAlarmCycles,
        ["rise"] = regression.Rise,
        ["baseline_per_episode"] = regression.BaselinePerEpisode,
        ["dispersion"] = regression.Dispersion,
        ["comparable_episodes"] = regression.ComparableEpisodes,
        ["tested_episodes"] = regression.TestedEpisodes,
        ["baseline_versions"] = List(regression.BaselineVersions, name => JsonValue.Create(name)),
        ["tested_versions"] = List(regression.TestedVersions, name => JsonValue.Create(name)),
        ["explained_by"] = regression.ExplainedBy,
        ["explanation"] = regression.Explanation,
        ["model"] = regression.Line,
        ["models"] = List(regression.Lines, line => new JsonObject { ["model"] = line.Line, ["status"] = line.Status, ["explanation"] = line.Explanation }),
        ["model_versions"] = List(regression.ModelVersions, modelVersion => new JsonObject
        {
            ["model_version"] = modelVersion.ModelVersion,
            ["episodes"] = modelVersion.Episodes,
            ["annotators"] = modelVersion.Annotators,
            ["predicted"] = modelVersion.Predicted,
            ["drawn"] = modelVersion.Drawn,
            ["corrected"] = modelVersion.Corrected,
            ["deleted"] = modelVersion.Deleted,
            ["corrections_per_episode"] = modelVersion.CorrectionsPerEpisode,
            ["correction_rate"] = modelVersion.CorrectionRate,
        }),
    };

    private static JsonObject Forecast(RetrainForecast forecast) => new()
    {
        ["metric"] = forecast.Metric,
        ["runs"] = forecast.Runs,
        ["episodes"] = forecast.Episodes,
        ["gain"] = forecast.Gain,
        ["gain_low"] = forecast.GainLow,
        ["gain_high"] = forecast.GainHigh,
        ["exponent"] = forecast.Exponent,
        ["smallest_visible"] = forecast.SmallestVisible,
        ["explanation"] = forecast.Explanation,
    };

    private static JsonObject Costs(RetrainCosts costs) => new()
    {
        ["gpu_hours"] = costs.GpuHours,
        ["price"] = costs.Price,
        ["currency"] = costs.Currency,
        ["annotation_hours"] = costs.AnnotationHours,
        ["explanation"] = costs.Explanation,
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> shape) => new([.. items.Select(shape)]);
}
