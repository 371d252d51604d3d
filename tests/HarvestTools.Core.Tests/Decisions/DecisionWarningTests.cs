using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>What a decision warns of and what it rests on, in its words.</summary>
public sealed class DecisionWarningTests
{
    private static readonly RetrainState Ready = new() { CorrectedEpisodes = 10, Corpus = 96, TaskCoverageGini = 0.3, TopTaskShare = 0.2, EvalSetChanged = false, RegressionDetected = false };

    private static readonly VersionCorrections[] OneVersion = [new("v1", null, [new("t", 1, 20, 2000, 0, 80, 0, 0)])];

    [Fact]
    public void A_decision_without_doubts_warns_of_nothing() => Assert.Empty(Warnings(Ready));

    [Theory]
    [InlineData(1, "1 episode of the eval set is also in the training slice, so its figures flatter the model: t/0.")]
    [InlineData(2, "2 episodes of the eval set are also in the training slice, so its figures flatter the model: t/0 and t/1.")]
    public void Episodes_of_the_eval_set_that_were_trained_on(int leaked, string warning) =>
        Assert.Equal([warning], Warnings(Ready with { LeakedEpisodes = [.. Enumerable.Range(0, leaked).Select(static i => $"t/{i}")] }));

    [Fact]
    public void What_labelers_report_a_renamed_eval_set_and_doubtful_rows()
    {
        RetrainState state = Ready with
        {
            ReportedRegression = "thumbs are off",
            EvalSet = new EvalSetState("a", "a", "eval.json", []) { RenamedTo = "new.json" },
            CandidateWarnings = ["Rows are doubtful."],
        };

        Assert.Equal(
            ["Labelers report worse pre-annotation: thumbs are off", "The eval set was renamed to new.json: set eval_set in harvest.json to \"new.json\".", "Rows are doubtful."],
            Warnings(state));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "1 of 10 corrected episodes has no known prediction and says nothing about a model version.")]
    [InlineData(2, "2 of 10 corrected episodes have no known prediction and say nothing about a model version.")]
    public void Episodes_without_a_prediction_where_model_versions_are_compared(int alone, string? warning)
    {
        RetrainState state = Ready with { CorrectedWithoutPrediction = alone };

        Assert.Empty(Warnings(state));
        Assert.Equal(warning, Warnings(state with { CorrectionsPerEpisode = OneVersion }).FirstOrDefault(static text => !text.StartsWith("Regression", StringComparison.Ordinal)));
    }

    [Fact]
    public void Gates_that_could_not_be_judged_are_named_where_the_decision_is_to_retrain()
    {
        string trend = RetrainDecider.Decide(Ready with { CorrectionsPerEpisode = OneVersion }, RetrainThresholds.Default).Regression!.Explanation;

        Assert.Equal([$"Regression could not be judged. {trend}"], Warnings(Ready with { CorrectionsPerEpisode = OneVersion }));
        Assert.Equal(
            ["EvalSet could not be judged. No eval set is pinned: nothing will show whether a retrain helped."],
            Warnings(Ready with { EvalSetChanged = null }));
        Assert.Empty(Warnings(Ready with { CorrectedEpisodes = 1, EvalSetChanged = null }));
    }

    [Fact]
    public void A_decision_refuses_thresholds_and_figures_that_cannot_be()
    {
        Assert.Throws<HarvestException>(() => RetrainDecider.Decide(Ready, RetrainThresholds.Default with { MinDelta = -1 }));
        Assert.Throws<HarvestException>(() => RetrainDecider.Decide(Ready with { Corpus = -1 }, RetrainThresholds.Default));
    }

    private static IReadOnlyList<string> Warnings(RetrainState state) => RetrainDecider.Decide(state, RetrainThresholds.Default).Warnings;
}
