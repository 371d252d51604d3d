using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <content>Translation from and to harvest.json, and the ranges.</content>
public sealed partial record RetrainThresholds
{
    /// <summary>Reads the <c>retrain</c> object. What is absent takes its default.</summary>
    /// <exception cref="HarvestException">A name is unknown, a value has the wrong type or is out of range; the message names it.</exception>
    public static RetrainThresholds Parse(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var settings = new SettingsReader(json, "retrain");
        RetrainThresholds thresholds = new()
        {
            MinDelta = settings.Number("min_delta", Default.MinDelta),
            MaxGini = settings.Number("max_gini", Default.MaxGini),
            Gini = settings.Choice("gini", Default.Gini),
            GiniP = settings.Number("gini_p", Default.GiniP),
            MaxTaskShare = settings.Number("max_task_share", Default.MaxTaskShare),
            Reference = settings.Choice("reference", Default.Reference),
            TaskWeeks = settings.Integer("task_weeks", Default.TaskWeeks),
            CorpusSince = settings.OptionalText("corpus_since"),
            Production = settings.OptionalText("production"),
            EvalLineEnds = settings.Choice("eval_line_ends", Default.EvalLineEnds),
            Regression = ParseRegression(settings.Object("regression")),
            Forecast = ParseForecast(settings.Object("forecast")),
            Costs = ParseCosts(settings.Object("costs")),
        };
        settings.RefuseUnknown();
        thresholds.Validate();
        return thresholds;
    }

    /// <summary>The object as harvest.json holds it: every setting spelt out, in a fixed order.</summary>
    public JsonObject ToJson() => new()
    {
        ["min_delta"] = MinDelta,
        ["max_gini"] = MaxGini,
        ["gini"] = SettingValue.Word(Gini),
        ["gini_p"] = GiniP,
        ["max_task_share"] = MaxTaskShare,
        ["reference"] = SettingValue.Word(Reference),
        ["task_weeks"] = TaskWeeks,
        ["corpus_since"] = CorpusSince,
        ["production"] = Production,
        ["eval_line_ends"] = SettingValue.Word(EvalLineEnds),
        ["regression"] = new JsonObject
        {
            ["ratio"] = Regression.Ratio,
            ["cycles"] = Regression.Cycles,
            ["false_alarm_cycles"] = Regression.FalseAlarmCycles,
            ["baseline_versions"] = Regression.BaselineVersions,
            ["min_episodes"] = Regression.MinEpisodes,
            ["lines"] = new JsonObject(Regression.Lines.Select(static line =>
                KeyValuePair.Create(line.Key, (JsonNode?)new JsonArray([.. line.Value.Select(static pattern => JsonValue.Create(pattern))])))),
        },
        ["forecast"] = new JsonObject
        {
            ["metric"] = Forecast.Metric,
            ["better"] = SettingValue.Word(Forecast.Better),
            ["eval_items"] = Forecast.EvalItems,
        },
        ["costs"] = new JsonObject
        {
            ["gpu_hours"] = Costs.GpuHours,
            ["price_per_gpu_hour"] = Costs.PricePerGpuHour,
            ["currency"] = Costs.Currency,
            ["annotation_hours_per_episode"] = Costs.AnnotationHoursPerEpisode,
        },
    };

    /// <summary>Refuses a value out of range, whether it came from harvest.json or from a parameter.</summary>
    /// <exception cref="HarvestException"><c>FieldInvalid</c>.</exception>
    public void Validate()
    {
        Require("min_delta", MinDelta, MinDelta is >= 0 and <= 1, "from 0 to 1 (0.1 is 10 %)");
        Require("max_gini", MaxGini, MaxGini is >= 0 and <= 1, "from 0 to 1");
        Require("gini_p", GiniP, GiniP is > 0 and < 1, "between 0 and 1");
        Require("max_task_share", MaxTaskShare, MaxTaskShare is > 0 and <= 1, "above 0 and at most 1");
        Require("task_weeks", TaskWeeks, TaskWeeks is >= 1 and <= 520, "from 1 to 520");
        Require("regression.ratio", Regression.Ratio, Regression.Ratio is >= 1.1 and <= 100, "from 1.1 to 100");
        Require("regression.cycles", Regression.Cycles, Regression.Cycles is >= 2 and <= 20, "from 2 to 20");
        Require("regression.false_alarm_cycles", Regression.FalseAlarmCycles, Regression.FalseAlarmCycles is >= 2 and <= 1_000_000, "from 2 to 1000000");
        Require("regression.baseline_versions", Regression.BaselineVersions, Regression.BaselineVersions is >= 1 and <= 100, "from 1 to 100");
        Require("regression.min_episodes", Regression.MinEpisodes, Regression.MinEpisodes >= 1, "at least 1");
        Require("forecast.eval_items", Forecast.EvalItems, Forecast.EvalItems is null or >= 1, "at least 1, or null");
        RequireCost("costs.gpu_hours", Costs.GpuHours);
        RequireCost("costs.price_per_gpu_hour", Costs.PricePerGpuHour);
        RequireCost("costs.annotation_hours_per_episode", Costs.AnnotationHoursPerEpisode);
    }

    private static CorrectionTrendSettings ParseRegression(SettingsReader settings)
    {
        CorrectionTrendSettings standard = Default.Regression;
        CorrectionTrendSettings parsed = new()
        {
            Ratio = settings.Number("ratio", standard.Ratio),
            Cycles = settings.Integer("cycles", standard.Cycles),
            FalseAlarmCycles = settings.Integer("false_alarm_cycles", standard.FalseAlarmCycles),
            BaselineVersions = settings.Integer("baseline_versions", standard.BaselineVersions),
            MinEpisodes = settings.Integer("min_episodes", standard.MinEpisodes),
            Lines = ParseLines(settings.Object("lines")),
        };
        settings.RefuseUnknown();
        return parsed;
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> ParseLines(SettingsReader settings)
    {
        var lines = new OrderedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (string name in settings.Names)
        {
            lines.Add(name, settings.Texts(name));
        }

        return lines.Count == 0 ? CorrectionTrendSettings.NoLines : lines;
    }

    private static ForecastSettings ParseForecast(SettingsReader settings)
    {
        ForecastSettings parsed = new()
        {
            Metric = settings.OptionalText("metric"),
            Better = settings.Choice("better", Default.Forecast.Better),
            EvalItems = settings.OptionalInteger("eval_items"),
        };
        settings.RefuseUnknown();
        return parsed;
    }

    private static CostSettings ParseCosts(SettingsReader settings)
    {
        CostSettings parsed = new()
        {
            GpuHours = settings.OptionalNumber("gpu_hours"),
            PricePerGpuHour = settings.OptionalNumber("price_per_gpu_hour"),
            Currency = settings.OptionalText("currency"),
            AnnotationHoursPerEpisode = settings.OptionalNumber("annotation_hours_per_episode"),
        };
        settings.RefuseUnknown();
        return parsed;
    }

    private static void RequireCost(string name, double? value) =>
        Require(name, value, value is null or (>= 0 and <= 1e9), "from 0 to 1000000000, or null");

    private static void Require(string name, double? value, bool holds, string range)
    {
        if (!holds)
        {
            string shown = value?.ToString(CultureInfo.InvariantCulture) ?? "null";
            throw JsonDocumentErrors.FieldInvalid($"retrain.{name}", $"is {shown}; it must be {range}", $"Write a value {range}.");
        }
    }
}
