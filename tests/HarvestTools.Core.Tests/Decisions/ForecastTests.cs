using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class ForecastTests
{
    private static readonly RetrainThresholds Lower = RetrainThresholds.Default with
    {
        Forecast = new ForecastSettings { Metric = "error", Better = MetricGoal.Lower, EvalItems = 40 },
    };

    [Fact]
    public void The_forecast_of_the_documentation()
    {
        // Exactly 0.8 * n^-0.5 at 16, 25, 64 and 100 episodes; the next corpus of 144 gives 0.8/12 instead of 0.08.
        RetrainForecast forecast = Forecast(Lower, 100, 44, (16, 0.2), (25, 0.16), (64, 0.1), (100, 0.08));

        Assert.Equal(0.5, forecast.Exponent!.Value, 9);
        Assert.Equal(0.08 - (0.8 / 12), forecast.Gain!.Value, 9);
        Assert.Equal(forecast.Gain.Value, forecast.GainLow!.Value, 6);
        Assert.Equal(144, forecast.Episodes);
        // (1.960 + 0.842) * sqrt(2 * 0.08 * 0.92 / 40)
        Assert.Equal(0.16996, forecast.SmallestVisible!.Value, 4);
        Assert.EndsWith("The smallest difference that 40 eval items can show is 0.17: the gain would not show.", forecast.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Scattered_runs_widen_the_interval()
    {
        RetrainForecast forecast = Forecast(Lower, 100, 44, (16, 0.22), (25, 0.15), (64, 0.11), (100, 0.078));

        Assert.True(forecast.GainLow < forecast.Gain && forecast.Gain < forecast.GainHigh);
        Assert.InRange(forecast.Exponent!.Value, 0.4, 0.6);
    }

    [Fact]
    public void A_score_is_read_as_one_minus_its_error()
    {
        RetrainThresholds higher = Lower with { Forecast = Lower.Forecast with { Better = MetricGoal.Higher } };

        RetrainForecast forecast = Forecast(higher, 100, 44, (16, 0.8), (25, 0.84), (64, 0.9), (100, 0.92));

        Assert.Equal(0.08 - (0.8 / 12), forecast.Gain!.Value, 9);
    }

    [Fact]
    public void What_cannot_be_known_is_said()
    {
        Assert.Contains("3 registered runs, and it takes 4", Forecast(Lower, 100, 44, (16, 0.2), (25, 0.16), (64, 0.1)).Explanation, StringComparison.Ordinal);
        Assert.Contains("corpora of 2 sizes", Forecast(Lower, 100, 44, (16, 0.2), (16, 0.16), (64, 0.1), (64, 0.1)).Explanation, StringComparison.Ordinal);
        Assert.Contains("no episode is new", Forecast(Lower, 100, 0, (16, 0.2), (25, 0.16), (64, 0.1), (100, 0.08)).Explanation, StringComparison.Ordinal);
        Assert.Contains("another value", Forecast(Lower, 100, 4, (16, 0.2), (25, 0.16), (64, 0.1), (100, -0.08)).Explanation, StringComparison.Ordinal);
        Assert.Null(Forecast(Lower, 100, 4, (16, 0.2), (25, 0.16), (64, 0.1)).Gain);
    }

    [Fact]
    public void The_metric_that_all_runs_share_is_taken_if_it_is_one()
    {
        RetrainThresholds unnamed = Lower with { Forecast = Lower.Forecast with { Metric = null } };
        RetrainState state = State(100, 44, (16, 0.2), (25, 0.16), (64, 0.1), (100, 0.08));
        RetrainState several = state with
        {
            Runs = [.. state.Runs.Select(run => run with { Metrics = new Dictionary<string, double>(run.Metrics) { ["map"] = 0.5 } })],
        };

        Assert.Equal("error", RetrainDecider.Decide(state, unnamed).Forecast!.Metric);
        Assert.Contains("several metrics (error, map)", RetrainDecider.Decide(several, unnamed).Forecast!.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_says_where_it_goes_by_what_and_what_the_eval_set_can_show()
    {
        const string Start = "From 100 to 144 episodes error should improve by 0.013 (90% interval 0.013 to 0.013), by a power law through 4 runs. ";
        RetrainForecast Of(ForecastSettings settings, EvalSetState? evalSet = null, double factor = 0.8) => RetrainDecider.Decide(
            State(100, 44, [.. new[] { 16, 25, 64, 100 }.Select(size => (size, factor / Math.Sqrt(size)))]) with { EvalSet = evalSet },
            Lower with { Forecast = settings }).Forecast!;

        Assert.Equal(Start + "The smallest difference that 40 eval items can show is 0.17: the gain would not show.", Of(Lower.Forecast).Explanation);
        Assert.Equal(Start + "The smallest difference that 1,000,000 eval items can show is 0.0011.", Of(Lower.Forecast with { EvalItems = 1_000_000 }).Explanation);
        Assert.Equal(Start + "What difference the eval set can show is not known (retrain.forecast.eval_items).", Of(Lower.Forecast with { EvalItems = null }).Explanation);

        // What the settings say of the eval set goes before what was counted in it.
        EvalSetState counted = new(null, null, "eval.json", [], Items: 40);
        Assert.EndsWith(" 40 eval items can show is 0.17: the gain would not show.", Of(Lower.Forecast with { EvalItems = null }, counted).Explanation, StringComparison.Ordinal);
        Assert.Contains(" 1,000,000 eval items ", Of(Lower.Forecast with { EvalItems = 1_000_000 }, counted).Explanation, StringComparison.Ordinal);

        // An error above 1 is no share of items.
        RetrainForecast large = Of(Lower.Forecast, factor: 20);
        Assert.Null(large.SmallestVisible);
        Assert.Equal("From 100 to 144 episodes error should improve by 0.33 (90% interval 0.33 to 0.33), by a power law through 4 runs. What difference the eval set can show is not known (retrain.forecast.eval_items).", large.Explanation);
    }

    /// <summary>Each thing that is missing, whole, and the same with one more of it.</summary>
    [Fact]
    public void Each_reason_why_the_gain_cannot_be_known()
    {
        (int, double)[] runs = [(16, 0.2), (25, 0.16), (64, 0.1), (64, 0.08)];
        RetrainThresholds higher = Lower with { Forecast = Lower.Forecast with { Better = MetricGoal.Higher } };
        Assert.StartsWith("From 100 ", Forecast(Lower, 100, 44, runs).Explanation, StringComparison.Ordinal);

        Assert.Equal("The gain cannot be known: the runs learned from corpora of 2 sizes, and it takes 3.", Forecast(Lower, 100, 44, (16, 0.2), (16, 0.16), (64, 0.1), (64, 0.1)).Explanation);
        Assert.Equal("The gain cannot be known: there is no corpus to start from.", Forecast(Lower, 0, 44, runs).Explanation);
        Assert.Equal("The gain cannot be known: no episode is new, and the law speaks of the corpus's size alone.", Forecast(Lower, 100, 0, runs).Explanation);
        Assert.Equal("The gain cannot be known: error is read as an error above 0 (retrain.forecast.better), and a run has another value.", Forecast(Lower, 100, 44, [.. runs, (70, 0)]).Explanation);
        Assert.Equal("The gain cannot be known: error is read as a score below 1 (retrain.forecast.better), and a run has another value.", Forecast(higher, 100, 44, [.. runs, (70, 1)]).Explanation);
        Assert.Equal("The gain cannot be known: error is read as an error above 0 (retrain.forecast.better), and a run has another value.", Forecast(Lower, 100, 44, [.. runs, (70, double.PositiveInfinity)]).Explanation);

        // With corpora so close, one end of the interval is beyond all numbers; the other is not.
        RetrainForecast close = Forecast(Lower, 100, 99_999_900, (100, 0.2), (101, 0.1), (102, 0.3), (100, 0.15));
        Assert.Equal(("The gain cannot be known: the runs' corpora are too close in size.", "error", 4), (close.Explanation, close.Metric, close.Runs));

        // A run on no episode is none.
        Assert.Equal("The gain cannot be known: 3 registered runs, and it takes 4.", Forecast(Lower, 100, 44, [(0, 0.5), .. runs[..3]]).Explanation);
    }

    [Fact]
    public void The_metric_is_one_that_every_run_has()
    {
        RetrainThresholds unnamed = Lower with { Forecast = Lower.Forecast with { Metric = null } };
        RetrainState state = State(100, 44, (16, 0.2), (25, 0.16), (64, 0.1), (100, 0.08));
        RetrainState one = state with { Runs = [.. state.Runs.Select(static (run, i) => run with { Metrics = new Dictionary<string, double>(run.Metrics) { [$"of {i}"] = 0.5 } })] };
        RetrainState none = state with { Runs = [.. state.Runs.Select(static (run, i) => run with { Metrics = new Dictionary<string, double> { [$"of {i}"] = 0.5 } })] };
        RetrainState few = state with { Runs = [.. state.Runs.Take(3), state.Runs[3] with { Metrics = new Dictionary<string, double> { ["map"] = 0.5 } }] };

        Assert.Equal("error", RetrainDecider.Decide(one, unnamed).Forecast!.Metric);
        Assert.Equal("The gain cannot be known: the runs share no metric; name one in retrain.forecast.metric.", RetrainDecider.Decide(none, unnamed).Forecast!.Explanation);
        RetrainForecast named = RetrainDecider.Decide(few, Lower).Forecast!;
        Assert.Equal(("The gain cannot be known: 3 registered runs with error, and it takes 4.", 3), (named.Explanation, named.Runs));

        // Several that all have, of which the settings name one.
        RetrainState several = state with { Runs = [.. state.Runs.Select(static run => run with { Metrics = new Dictionary<string, double>(run.Metrics) { ["map"] = 0.5 } })] };
        Assert.Equal("error", RetrainDecider.Decide(several, Lower).Forecast!.Metric);
    }

    [Fact]
    public void What_is_learned_from_is_the_corpus_and_what_is_new()
    {
        RetrainState state = State(100, 44, (16, 0.2), (25, 0.16), (64, 0.1), (100, 0.08));

        Assert.Equal(102, RetrainDecider.Decide(state with { NewEpisodes = 2 }, Lower).Forecast!.Episodes);
        Assert.Equal(144, RetrainDecider.Decide(state with { NewEpisodes = 60 }, Lower).Forecast!.Episodes);
    }

    [Theory]
    [InlineData(0.9, 1, 6.3138)]
    [InlineData(0.9, 2, 2.9200)]
    [InlineData(0.9, 3, 2.3534)]
    [InlineData(0.95, 10, 2.2281)]
    [InlineData(0.95, 7, 2.3646)]
    public void Student_quantiles_are_those_of_the_tables(double confidence, int freedom, double expected)
    {
        Assert.Equal(expected, StudentT.TwoSided(confidence, freedom), 4);
    }

    [Fact]
    public void Costs_come_from_the_settings()
    {
        RetrainThresholds priced = RetrainThresholds.Default with
        {
            Costs = new CostSettings { GpuHours = 8, PricePerGpuHour = 2.5, Currency = "EUR", AnnotationHoursPerEpisode = 0.75 },
        };

        RetrainCosts costs = RetrainDecider.Decide(State(96, 7), priced).Costs!;

        Assert.Equal(20, costs.Price);
        Assert.Equal(2.25, costs.AnnotationHours);
        Assert.Equal("One training takes 8 GPU hours: 20 EUR. The 3 episodes still missing take 2.3 hours of annotation.", costs.Explanation);
        Assert.StartsWith("Not known", RetrainDecider.Decide(State(96, 7), RetrainThresholds.Default).Costs!.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Costs_say_only_what_is_set_and_applies()
    {
        static RetrainCosts Of(int corrected, CostSettings costs) => RetrainDecider.Decide(State(96, corrected), RetrainThresholds.Default with { Costs = costs }).Costs!;

        Assert.Equal("One training takes 8 GPU hours: the price of one is not set.", Of(7, new CostSettings { GpuHours = 8 }).Explanation);
        Assert.Equal("One training takes 8 GPU hours: 20.", Of(7, new CostSettings { GpuHours = 8, PricePerGpuHour = 2.5 }).Explanation);
        Assert.Equal("The 1 episode still missing take 0.8 hours of annotation.", Of(9, new CostSettings { AnnotationHoursPerEpisode = 0.75 }).Explanation);

        // Nothing is missing any more.
        RetrainCosts enough = Of(10, new CostSettings { AnnotationHoursPerEpisode = 0.75 });
        Assert.Equal((null, "Not known: retrain.costs in harvest.json sets none that applies."), (enough.AnnotationHours, enough.Explanation));
    }

    private static RetrainForecast Forecast(RetrainThresholds thresholds, int corpus, int added, params (int Size, double Metric)[] runs) =>
        RetrainDecider.Decide(State(corpus, added, runs), thresholds).Forecast!;

    private static RetrainState State(int corpus, int added, params (int Size, double Metric)[] runs) => new()
    {
        CorrectedEpisodes = added,
        Corpus = corpus,
        Runs = [.. runs.Select((run, i) => new RegisteredRun($"run {i}", $"v{i}", run.Size, null, new Dictionary<string, double> { ["error"] = run.Metric }))],
    };
}
