using HarvestTools.Decisions;
using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class CorrectionTrendTests
{
    private static readonly CorrectionTrendSettings Settings = new();

    [Fact]
    public void A_doubling_that_two_model_versions_agree_on_overrides_the_cadence()
    {
        RetrainState state = new()
        {
            CorrectedEpisodes = 1,
            Corpus = 96,
            CorrectionsPerEpisode = ModelVersions([80, 84, 78, 82, 160, 170]),
        };

        RetrainDecision decision = RetrainDecider.Decide(state, RetrainThresholds.Default);

        Assert.Equal(RetrainVerdict.RetrainNow, decision.Decision);
        Assert.Equal("pre-annotation quality regressed, ignore the cadence", decision.Reason);
        Assert.Equal(CorrectionTrendStatus.Regressed, decision.Regression!.Status);
        Assert.Equal(["v5", "v6"], decision.Regression.TestedVersions);
        Assert.Equal(["v1", "v2", "v3", "v4"], decision.Regression.BaselineVersions);
    }

    [Fact]
    public void Model_versions_out_of_order_give_the_same_answer()
    {
        IReadOnlyList<VersionCorrections> ordered = [.. ModelVersions([80, 84, 78, 82, 80, 84, 78, 82, 81, 165, 170])
            .Select(static (version, day) => version with { FirstSeen = new DateTimeOffset(2026, 5, 1 + day, 0, 0, 0, TimeSpan.Zero) })];
        RetrainState state = new() { CorrectionsPerEpisode = [.. ordered.OrderBy(modelVersion => modelVersion.ModelVersion, StringComparer.Ordinal)] };

        RetrainDecision decision = RetrainDecider.Decide(state, RetrainThresholds.Default);

        Assert.Equal("v10", state.CorrectionsPerEpisode[1].ModelVersion);
        Assert.Equal(["v10", "v11"], decision.Regression!.TestedVersions);
        Assert.Equal(RetrainVerdict.RetrainNow, decision.Decision);
        Assert.Equal(
            CorrectionTrendAnalyzer.Analyze(ordered, Settings).Explanation,
            decision.Regression.Explanation);
    }

    [Fact]
    public void One_bad_model_version_is_named_but_not_yet_sustained()
    {
        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(ModelVersions([80, 84, 78, 82, 79, 170]), Settings);

        Assert.Equal(CorrectionTrendStatus.NoRegression, analysis.Status);
        Assert.Contains("v6 alone is at x2.1", analysis.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_model_version_that_the_next_one_healed_is_no_regression()
    {
        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(ModelVersions([80, 84, 78, 82, 170, 80]), Settings);

        Assert.NotEqual(CorrectionTrendStatus.Regressed, analysis.Status);
    }

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 80 })]
    [InlineData(new long[] { 80, 200 })]
    [InlineData(new long[] { 0, 0, 0, 0 })]
    [InlineData(new long[] { 2, 1, 3, 5, 4 })]
    public void Too_little_data_is_an_answer(long[] corrections)
    {
        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(ModelVersions(corrections), Settings);

        Assert.Equal(CorrectionTrendStatus.NotEnoughEpisodes, analysis.Status);
        Assert.StartsWith("Too few episodes: ", analysis.Explanation, StringComparison.Ordinal);
        Assert.Null(CorrectionTrendGate.Passed(analysis));
    }

    [Fact]
    public void Too_few_episodes_are_not_enough_however_many_corrections_they_have()
    {
        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(ModelVersions([80, 84, 78, 82, 160, 170], episodes: 4), Settings);

        Assert.Equal(CorrectionTrendStatus.NotEnoughEpisodes, analysis.Status);
    }

    [Fact]
    public void New_labelers_are_named_and_not_called_a_regression()
    {
        IReadOnlyList<VersionCorrections> modelVersions = [.. ModelVersions([80, 84, 78, 82, 80, 84]), .. ModelVersions([160, 170, 165], from: 7, annotator: 12)];

        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(modelVersions, Settings);

        Assert.Equal(CorrectionTrendStatus.LabelersChanged, analysis.Status);
        Assert.Contains("60 of 60 episodes of v7 to v9 are by annotators without an episode under v2 to v6 (12)", analysis.Explanation, StringComparison.Ordinal);
        Assert.Contains("of each of v8 and v9, labelled by 7 in the tasks that they had before, would settle it", analysis.Explanation, StringComparison.Ordinal);
        Assert.Null(CorrectionTrendGate.Passed(analysis));
    }

    [Fact]
    public void New_tasks_are_named_and_not_called_a_regression()
    {
        IReadOnlyList<VersionCorrections> modelVersions = [.. ModelVersions([80, 84, 78, 82]), .. ModelVersions([160, 170, 165], from: 5, task: "plug_cable")];

        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(modelVersions, Settings);

        Assert.Equal(CorrectionTrendStatus.TaskMixChanged, analysis.Status);
        Assert.Contains("(plug_cable)", analysis.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rise_of_the_plain_figures_by_stricter_labelers_is_explained()
    {
        // Annotator 2 corrects three times as much as annotator 1, before and after; afterwards most episodes are theirs.
        VersionCorrections[] modelVersions =
        [
            .. new[] { (80L, 48L), (84, 46), (78, 50), (82, 47) }.Select((counts, i) => Mixed(i + 1, 16, counts.Item1 * 16 / 20, 4, counts.Item2)),
            .. new[] { (17L, 185L), (16, 190), (18, 186) }.Select((counts, i) => Mixed(i + 5, 4, counts.Item1, 16, counts.Item2)),
        ];

        CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(modelVersions, Settings);

        Assert.Equal(CorrectionTrendStatus.NoRegression, analysis.Status);
        Assert.Equal("labelers", analysis.ExplainedBy);
        Assert.Contains("a change of labelers, not of the model", analysis.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_evidence_is_the_likelihood_ratio_of_the_documentation()
    {
        // Baseline 40 episodes with 80 corrections, tested 20 with 80, ratio 2, Poisson: 1/3 of all corrections are
        // expected in the tested part without a rise, 2*20 / (2*20 + 40) = 1/2 with one.
        RiseEvidence poisson = Evidence(1);
        Assert.Equal((80 * Math.Log(0.5 / (1.0 / 3))) + (80 * Math.Log(0.5 / (2.0 / 3))), poisson.LogLikelihoodRatio, 10);
        Assert.Equal(9.42, poisson.LogLikelihoodRatio, 2);
        Assert.Equal(2, poisson.Rise!.Value, 12);

        // Overdispersed with variance three times the mean: beta-binomial of size 160 / (3 - 1) = 80.
        Assert.Equal(LogBetaBinomial(80, 80, 40, 40) - LogBetaBinomial(80, 80, 80.0 / 3, 160.0 / 3), Evidence(3).LogLikelihoodRatio, 9);
        Assert.InRange(Evidence(3).LogLikelihoodRatio, 2.8, 3.6);
    }

    [Fact]
    public void The_likelihood_ratio_has_mean_one_while_nothing_is_wrong()
    {
        // All ways in which 12 corrections can split over a baseline of 30 and 10 tested episodes, weighted by their probability.
        double mean = 0;
        double total = 0;
        for (int now = 0; now <= 12; now++)
        {
            double weight = Math.Exp(SpecialFunctions.LogChoose(12, now) + LogBetaBinomial(now, 12 - now, 0.25 * 6, 0.75 * 6));
            var table = new CorrectionTable([.. ModelVersions([12 - now], episodes: 30), .. ModelVersions([now], episodes: 10, from: 2)], Stratification.TaskAndAnnotator);
            mean += weight * Math.Exp(RiseEvidence.Between(table, 0..1, 1..2, 2, new Dispersion(3, 3, 3)).LogLikelihoodRatio);
            total += weight;
        }

        Assert.Equal(1, total, 10);
        Assert.Equal(1, mean, 10);
    }

    [Fact]
    public void The_scatter_between_episodes_is_measured_where_the_squares_are_known()
    {
        // 20 episodes: ten with 8 corrections, ten without. Mean 4, squared deviations 320 against 19 * 4 = 76 for Poisson.
        CorrectionStratum stratum = new("fold_towel", 1, 20, 2000, 0, 80, 0, 0, 0, 10 * 64);
        var table = new CorrectionTable([new("v1", null, [stratum]), new("v2", null, [stratum])], Stratification.TaskAndAnnotator);

        double dispersion = CorrectionDispersion.Estimate(table, 0..1, 1..2)!.Value.Limit;

        // One cycle before and one after show nothing of how cycles differ: what is usual counts, 0.2 squared times 80 corrections,
        // with 5 degrees of freedom, whose 32.6 % quantile of chi-square is 3.19.
        Assert.Equal(((320.0 / 76) + (0.04 * 80)) * 5 / 3.19, dispersion, 1);

        // Where cycles are small the episodes' own scatter decides: 38 degrees of freedom, 35 % quantile 34.0 by table.
        CorrectionStratum quarter = new("fold_towel", 1, 20, 2000, 0, 4, 0, 0, 0, 16);
        var small = new CorrectionTable([new("v1", null, [quarter]), new("v2", null, [quarter]), new("v3", null, [quarter]), new("v4", null, [quarter])], Stratification.TaskAndAnnotator);
        double own = (16 - (16.0 / 20)) / (19 * 4.0 / 20);
        Assert.InRange(CorrectionDispersion.Estimate(small, 0..2, 2..4)!.Value.Limit, own, own * 1.2);
    }

    [Fact]
    public void The_limit_is_the_logarithm_of_the_cycles_to_a_false_alarm()
    {
        foreach (int cycles in (int[])[2, 100, 12345])
        {
            CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(ModelVersions([80, 84, 78, 82]), Settings with { FalseAlarmCycles = cycles });
            Assert.Equal(Math.Log(cycles), analysis.Limit!.Value, 12);
            Assert.Equal(cycles, analysis.FalseAlarmCycles);
        }
    }

    [Fact]
    public void A_statistic_alarms_from_its_limit_on_and_not_below()
    {
        IReadOnlyList<VersionCorrections> modelVersions = ModelVersions([20, 21, 19, 20, 40, 42]);
        double statistic = CorrectionTrendAnalyzer.Analyze(modelVersions, Settings with { FalseAlarmCycles = 2 }).Statistic!.Value;
        Assert.InRange(statistic, 1, 20);
        int within = (int)Math.Floor(Math.Exp(statistic));

        CorrectionTrend reached = CorrectionTrendAnalyzer.Analyze(modelVersions, Settings with { FalseAlarmCycles = within });
        CorrectionTrend missed = CorrectionTrendAnalyzer.Analyze(modelVersions, Settings with { FalseAlarmCycles = within + 1 });

        Assert.Equal(CorrectionTrendStatus.Regressed, reached.Status);
        Assert.NotEqual(CorrectionTrendStatus.Regressed, missed.Status);
        var exact = new CorrectionTrendFinding { Sustained = new RiseCandidate(0..4, 4..6, new Dispersion(1, 1, 1), Evidence(1)) };
        Assert.True(exact.Alarms(Evidence(1).LogLikelihoodRatio));
        Assert.False(exact.Alarms(Math.BitIncrement(Evidence(1).LogLikelihoodRatio)));
    }

    private static RiseEvidence Evidence(double dispersion)
    {
        var table = new CorrectionTable([.. ModelVersions([80], episodes: 40), .. ModelVersions([80], from: 2)], Stratification.TaskAndAnnotator);
        return RiseEvidence.Between(table, 0..1, 1..2, 2, new Dispersion(dispersion, dispersion, dispersion));
    }

    private static double LogBetaBinomial(double now, double old, double a, double b)
    {
        // By rising factorials instead of gamma functions: an independent way to the same figure.
        double sum = 0;
        for (int i = 0; i < now; i++)
        {
            sum += Math.Log((a + i) / (a + b + i));
        }

        for (int i = 0; i < old; i++)
        {
            sum += Math.Log((b + i) / (a + b + now + i));
        }

        return sum;
    }

    private static IReadOnlyList<VersionCorrections> ModelVersions(
        long[] corrections, int episodes = 20, int from = 1, long annotator = 7, string task = "fold_towel") =>
        [.. corrections.Select((count, i) => new VersionCorrections(
            $"v{from + i}", null, [new CorrectionStratum(task, annotator, episodes, 100 * episodes, 0, count - (count / 3), count / 3, 0)]))];

    private static VersionCorrections Mixed(int version, long lenientEpisodes, long lenient, long strictEpisodes, long strict) => new(
        $"v{version}",
        null,
        [
            new CorrectionStratum("fold_towel", 1, lenientEpisodes, 1000, 0, lenient, 0, 0),
            new CorrectionStratum("fold_towel", 2, strictEpisodes, 1000, 0, strict, 0, 0),
        ]);
}
