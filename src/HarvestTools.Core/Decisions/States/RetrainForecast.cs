using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>What a retrain would gain by the registered runs. Where it cannot be known, only the explanation is there.</summary>
public sealed record RetrainForecast
{
    /// <summary>Fewest runs that a forecast is made from.</summary>
    public const int FewestRuns = 4;

    /// <summary>Fewest different corpus sizes among them.</summary>
    public const int FewestSizes = 3;

    /// <summary>How often the true exponent is in the interval, if the law holds.</summary>
    public const double Confidence = 0.9;

    /// <summary>The metric forecast; null where it is not known which.</summary>
    public string? Metric { get; init; }

    /// <summary>Runs that the forecast rests on, or that were too few.</summary>
    public int Runs { get; init; }

    /// <summary>Episodes that the retrain would learn from.</summary>
    public int? Episodes { get; init; }

    /// <summary>The expected improvement of the metric, positive for better.</summary>
    public double? Gain { get; init; }

    /// <summary>Lower end of the gain's interval, in the metric's unit; null where it is not known.</summary>
    public double? GainLow { get; init; }

    /// <summary>Upper end of the gain's interval, in the metric's unit; null where it is not known.</summary>
    public double? GainHigh { get; init; }

    /// <summary>The fitted exponent of the power law.</summary>
    public double? Exponent { get; init; }

    /// <summary>The smallest difference that the eval set shows four times in five at 5 % significance; null where unknown.</summary>
    public double? SmallestVisible { get; init; }

    /// <summary>The forecast in words, or why there is none.</summary>
    public required string Explanation { get; init; }

    internal static RetrainForecast Of(RetrainState state, RetrainThresholds thresholds)
    {
        ForecastSettings settings = thresholds.Forecast;
        RegisteredRun[] sized = [.. state.Runs.Where(run => run.Episodes > 0)];
        (string? metric, string? problem) = ChooseMetric(sized, settings.Metric);
        if (metric is null)
        {
            return new RetrainForecast { Runs = sized.Length, Explanation = Unknown(problem!) };
        }

        bool higher = settings.Better == MetricGoal.Higher;
        (double Size, double Error)[] points =
        [
            .. sized.Where(run => run.Metrics.ContainsKey(metric))
                .Select(run => ((double)run.Episodes, higher ? 1 - run.Metrics[metric] : run.Metrics[metric])),
        ];
        int sizes = points.Select(point => point.Size).Distinct().Count();
        // A question such as "what if only 7 were corrected" overrides the one figure and leaves the other.
        int added = Math.Min(state.NewEpisodes ?? int.MaxValue, state.CorrectedEpisodes);
        problem = true switch
        {
            _ when points.Length < FewestRuns => $"{Figures.Count(points.Length, "registered run")} with {metric}, and it takes {FewestRuns}",
            _ when sizes < FewestSizes => $"the runs learned from corpora of {Figures.Count(sizes, "size")}, and it takes {FewestSizes}",
            _ when points.Any(point => !(point.Error > 0 && double.IsFinite(point.Error))) => higher
                ? $"{metric} is read as a score below 1 (retrain.forecast.better), and a run has another value"
                : $"{metric} is read as an error above 0 (retrain.forecast.better), and a run has another value",
            _ when state.Corpus == 0 => "there is no corpus to start from",
            _ when added == 0 => "no episode is new, and the law speaks of the corpus's size alone",
            _ => null,
        };
        return problem is null
            ? Fit(points, metric, state.Corpus, state.Corpus + added, settings.EvalItems ?? state.EvalSet?.Items)
            : new RetrainForecast { Metric = metric, Runs = points.Length, Explanation = Unknown(problem) };
    }

    /// <summary>
    /// The difference of two shares p measured on as many independent items each that a test at 5 % finds four times in
    /// five: (1.960 + 0.842) * sqrt(2 p (1 - p) / items).
    /// </summary>
    internal static double SmallestDifference(double share, int items) =>
        (1.959963984540054 + 0.8416212335729143) * Math.Sqrt(2 * share * (1 - share) / items);

    private static RetrainForecast Fit((double Size, double Error)[] points, string metric, int corpus, int next, int? items)
    {
        PowerLaw law = PowerLaw.Fit(points);
        double margin = StudentT.TwoSided(Confidence, law.Freedom) * law.ExponentError;
        double gain = law.Gain(corpus, next, law.Exponent);
        double low = law.Gain(corpus, next, law.Exponent - margin);
        double high = law.Gain(corpus, next, law.Exponent + margin);
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            return new RetrainForecast { Metric = metric, Runs = points.Length, Explanation = Unknown("the runs' corpora are too close in size") };
        }

        double error = law.ErrorAt(corpus);
        double? visible = items is { } count && error < 1 ? SmallestDifference(error, count) : null;
        string sight = visible switch
        {
            null => "What difference the eval set can show is not known (retrain.forecast.eval_items).",
            _ when gain < visible => $"The smallest difference that {Figures.Count(items!.Value, "eval item")} can show is {Significant(visible.Value)}: the gain would not show.",
            _ => $"The smallest difference that {Figures.Count(items!.Value, "eval item")} can show is {Significant(visible.Value)}.",
        };
        return new RetrainForecast
        {
            Metric = metric,
            Runs = points.Length,
            Episodes = next,
            Gain = gain,
            GainLow = low,
            GainHigh = high,
            Exponent = law.Exponent,
            SmallestVisible = visible,
            Explanation = $"From {corpus} to {Figures.Count(next, "episode")} {metric} should improve by {Significant(gain)} "
                + $"(90% interval {Significant(low)} to {Significant(high)}), by a power law through {points.Length} runs. {sight}",
        };
    }

    private static (string? Metric, string? Problem) ChooseMetric(RegisteredRun[] runs, string? named)
    {
        if (runs.Length < FewestRuns)
        {
            return (null, $"{Figures.Count(runs.Length, "registered run")}, and it takes {FewestRuns}");
        }

        if (named is not null)
        {
            return (named, null);
        }

        string[] shared =
        [
            .. runs.Select(run => run.Metrics.Keys).Aggregate((a, b) => a.Intersect(b))
                .Order(NaturalOrder.Instance),
        ];
        return shared.Length switch
        {
            0 => (null, "the runs share no metric; name one in retrain.forecast.metric"),
            1 => (shared[0], null),
            _ => (null, $"the runs share several metrics ({string.Join(", ", shared)}); name one in retrain.forecast.metric"),
        };
    }

    private static string Unknown(string problem) => $"The gain cannot be known: {problem}.";

    /// <summary>Two significant digits, at most six decimals.</summary>
    private static string Significant(double value)
    {
        int digits = value == 0 ? 0 : Math.Clamp(1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return Figures.Number(value, digits);
    }
}
