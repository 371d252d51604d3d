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

    private static RetrainForecast Forecast(RetrainThresholds thresholds, int corpus, int added, params (int Size, double Metric)[] runs) =>
        RetrainDecider.Decide(State(corpus, added, runs), thresholds).Forecast!;

    private static RetrainState State(int corpus, int added, params (int Size, double Metric)[] runs) => new()
    {
        CorrectedEpisodes = added,
        Corpus = corpus,
        Runs = [.. runs.Select((run, i) => new RegisteredRun($"run {i}", $"v{i}", run.Size, null, new Dictionary<string, double> { ["error"] = run.Metric }))],
    };
}
