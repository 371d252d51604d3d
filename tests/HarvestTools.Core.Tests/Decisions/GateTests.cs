using HarvestTools.Decisions;
using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Decisions;

/// <summary>Every gate in every state that it can have: value, threshold, answer and all of its words, as reports and JSON show them.</summary>
public sealed class GateTests
{
    private const string OldHash = "aaaaaaaaaaaa";
    private const string NewHash = "bbbbbbbbbbbb";
    private static readonly RetrainThresholds Defaults = RetrainThresholds.Default;
    private static readonly RetrainState Ready = new() { CorrectedEpisodes = 10, Corpus = 96, TaskCoverageGini = 0.3, TopTaskShare = 0.2, EvalSetChanged = false };

    [Theory]
    [InlineData(null, null, null, "unknown", "No eval set is pinned: nothing will show whether a retrain helped.")]
    [InlineData(true, 1.0, false, "changed", "Figures before and after a change of the eval set cannot be compared.")]
    [InlineData(false, 0.0, true, "unchanged", "The eval set is the one that the trained slice was measured by.")]
    public void An_eval_set_that_is_only_said_to_have_changed(bool? changed, double? value, bool? passed, string text, string explanation) =>
        Assert.Equal(EvalGate(value, passed, explanation, text), EvalSetGate.Evaluate(Ready with { EvalSetChanged = changed }));

    [Fact]
    public void An_eval_set_with_its_hash_then_and_now()
    {
        Dictionary<EvalSetState, RetrainGate> expected = new()
        {
            [Eval(null, null)] = EvalGate(null, null, "No eval set is pinned: nothing will show whether a retrain helped.", "unknown"),
            [Eval(null, NewHash)] = EvalGate(null, null, "No slice that a model was trained on recorded an eval set to compare eval.json with.", "unknown"),
            [Eval(OldHash, null)] = EvalGate(1, false, $"eval.json is gone, and nothing in the repository was found that has what the slice recorded (sha256 {OldHash}).", "gone"),
            [Eval(OldHash, null) with { Path = null, RecordedPath = "old.json" }] = EvalGate(1, false, $"old.json is gone, and nothing in the repository was found that has what the slice recorded (sha256 {OldHash}).", "gone"),
            [Eval(OldHash, null) with { Path = null }] = EvalGate(1, false, $"The eval set is gone, and nothing in the repository was found that has what the slice recorded (sha256 {OldHash}).", "gone"),
            [Eval(OldHash, NewHash)] = EvalGate(1, false, $"eval.json now has sha256 {NewHash}; the slice recorded sha256 {OldHash}.", "changed"),
            [Eval(OldHash, OldHash)] = EvalGate(0, true, $"eval.json has the bytes that the slice recorded (sha256 {OldHash}).", "unchanged"),
            [Eval(OldHash, OldHash) with { RecordedPath = "eval.json" }] = EvalGate(0, true, $"eval.json has the bytes that the slice recorded (sha256 {OldHash}).", "unchanged"),
            [Eval(OldHash, OldHash) with { Path = null, RecordedPath = "old.json" }] = EvalGate(0, true, $"old.json has the bytes that the slice recorded (sha256 {OldHash}).", "unchanged"),
            [Eval(OldHash, OldHash) with { RecordedPath = "old.json" }] =
                EvalGate(0, true, $"Renamed from old.json to eval.json, which has the bytes that the slice recorded (sha256 {OldHash}).", "unchanged"),
            [Eval(OldHash, OldHash) with { RecordedPath = "old.json", RenamedTo = "new.json" }] =
                EvalGate(0, true, $"eval.json is gone, and new.json has the bytes that the slice recorded (sha256 {OldHash}): set eval_set in harvest.json to \"new.json\".", "unchanged") with { Allowance = "renamed to new.json" },
            [Eval(OldHash, OldHash) with { OtherLineEnds = true }] =
                EvalGate(0, true, $"eval.json has the text that the slice recorded, with other line ends (sha256 {OldHash}).", "unchanged"),
            [Eval(OldHash, OldHash) with { RecordedPath = "old.json", RenamedTo = "new.json", OtherLineEnds = true }] =
                EvalGate(0, true, $"eval.json is gone, and new.json has the text that the slice recorded, with other line ends (sha256 {OldHash}): set eval_set in harvest.json to \"new.json\".", "unchanged") with { Allowance = "renamed to new.json" },
        };
        foreach ((EvalSetState evalSet, RetrainGate gate) in expected)
        {
            Assert.Equal(gate, EvalSetGate.Evaluate(Ready with { EvalSet = evalSet, EvalSetChanged = null }));
        }

        // What was measured counts before what was said; what was said, where nothing could be measured.
        Assert.True(EvalSetGate.Evaluate(Ready with { EvalSet = Eval(OldHash, OldHash), EvalSetChanged = true }).Passed);
        Assert.False(EvalSetGate.Evaluate(Ready with { EvalSet = Eval(null, NewHash), EvalSetChanged = true }).Passed);
    }

    [Fact]
    public void The_share_of_corrected_episodes()
    {
        Assert.Equal(
            new RetrainGate("Delta", 10.0 / 96, 0.1, true, "10 corrected episodes on a corpus of 96.", "10.4%", "at least 10%"), DeltaGate.Evaluate(Ready, Defaults));
        Assert.Equal(
            new RetrainGate("Delta", 1.0 / 96, 0.1, false, "1 corrected episode since v3 on a corpus of 96.", "1%", "at least 10%"),
            DeltaGate.Evaluate(Ready with { CorrectedEpisodes = 1, TrainedSlice = "v3" }, Defaults));
        Assert.Equal(
            new RetrainGate("Delta", null, 0.1, true, "No corpus yet: 10 corrected episodes, and no trained slice to take a share of.", "no corpus", "at least 10%"),
            DeltaGate.Evaluate(Ready with { Corpus = 0 }, Defaults));
        Assert.False(DeltaGate.Evaluate(Ready with { Corpus = 0, CorrectedEpisodes = 0 }, Defaults).Passed);
        Assert.Equal((10, 0, 9), (DeltaGate.Needed(Ready, Defaults), DeltaGate.Missing(Ready, Defaults), DeltaGate.Missing(Ready with { CorrectedEpisodes = 1 }, Defaults)));
        Assert.Equal(1, DeltaGate.Needed(Ready, Defaults with { MinDelta = 0 }));
    }

    [Theory]
    [InlineData(null, null, "unknown", "Not known: no corrections by model version were given.")]
    [InlineData(true, false, "regressed", "As given, not tested here: no corrections by model version were given.")]
    [InlineData(false, true, "none", "As given, not tested here: no corrections by model version were given.")]
    public void A_regression_that_is_only_said(bool? detected, bool? passed, string text, string explanation)
    {
        Assert.Equal(
            new RetrainGate("Regression", null, null, passed, explanation, text, "none sustained"),
            CorrectionTrendGate.Evaluate(Ready with { RegressionDetected = detected }, null));

        // What people report decides, whatever else is known.
        Assert.Equal(
            new RetrainGate("Regression", null, null, false, "Labelers report worse pre-annotation: thumbs", "reported", "none sustained"),
            CorrectionTrendGate.Evaluate(Ready with { RegressionDetected = detected, ReportedRegression = "thumbs" }, new CorrectionTrend { Status = CorrectionTrendStatus.NoRegression, Explanation = "x" }));
    }

    [Theory]
    [InlineData("Regressed", 5.25, false, "CUSUM 5.3")]
    [InlineData("NoRegression", 5.25, true, "CUSUM 5.3")]
    [InlineData("Answered", 5.25, true, "answered")]
    [InlineData("LabelersChanged", null, null, "labelers changed")]
    [InlineData("TaskMixChanged", null, null, "task mix changed")]
    [InlineData("NotEnoughEpisodes", null, null, "too few episodes")]
    [InlineData("ModelUnknown", null, null, "which model is not known")]
    [InlineData("OrderUnknown", null, null, "order not known")]
    public void Each_answer_of_the_correction_trend(string status, double? value, bool? passed, string text)
    {
        var trend = new CorrectionTrend { Status = status, Explanation = "Because.", Statistic = 5.25, Limit = 4.5 };
        RetrainGate gate = CorrectionTrendGate.Evaluate(Ready, trend);
        Assert.Equal(
            new RetrainGate("Regression", value, 4.5, passed, "Because.", text, "CUSUM below 4.5") { Allowance = status == "Answered" ? "a training has answered the rise" : null },
            gate);
    }

    [Fact]
    public void A_correction_trend_without_figures_reads_as_none() =>
        Assert.Equal(
            new RetrainGate("Regression", null, null, true, "Because.", "CUSUM 0", "CUSUM below 0"),
            CorrectionTrendGate.Evaluate(Ready, new CorrectionTrend { Status = CorrectionTrendStatus.NoRegression, Explanation = "Because." }));

    [Fact]
    public void What_turns_a_decision_to_wait_for_more_is_a_number_and_a_date()
    {
        RetrainState few = Ready with { CorrectedEpisodes = 7 };
        Assert.Equal("Needs 3 more corrected episodes.", OnlyFlip(few));
        Assert.Equal("Needs 3 more corrected episodes; how many come in a week is not known yet.", OnlyFlip(few with { TrainedSlice = "v1" }));
        Assert.Equal("Needs 3 more corrected episodes; none was corrected lately.", OnlyFlip(few with { CorrectedPerWeek = 0 }));
        Assert.Equal("Needs 3 more corrected episodes; at 6 a week that is about 4 days.", OnlyFlip(few with { CorrectedPerWeek = 6 }));
        Assert.Equal("Needs 1 more corrected episode; at 7 a week that is about 1 day.", OnlyFlip(few with { CorrectedEpisodes = 9, CorrectedPerWeek = 7 }));
        DateTimeOffset now = new(2026, 12, 20, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal("Needs 3 more corrected episodes; at 3 a week that is about 27 December 2026.", OnlyFlip(few with { CorrectedPerWeek = 3, AsOf = now }));
        Assert.Equal("Needs 3 more corrected episodes; at 1.5 a week that is about 3 January 2027.", OnlyFlip(few with { CorrectedPerWeek = 1.5, AsOf = now }));

        // 3650 days are still a date, and one more is not.
        Assert.EndsWith($"that is about {Figures.Count(3650, "day")}.", OnlyFlip(few with { CorrectedPerWeek = 21.0 / 3649.5 }), StringComparison.Ordinal);
        Assert.EndsWith("that is more than ten years away.", OnlyFlip(few with { CorrectedPerWeek = 21.0 / 3650.5 }), StringComparison.Ordinal);
        Assert.Equal("Needs a first corrected episode.", OnlyFlip(new RetrainState { EvalSetChanged = false }));
    }

    [Fact]
    public void What_turns_a_decision_to_retrain_is_its_margin()
    {
        Assert.Equal("Would wait with 1 corrected episode fewer, or once the eval set changes.", OnlyFlip(Ready));
        Assert.Equal("Would wait with 3 corrected episodes fewer.", OnlyFlip(Ready with { CorrectedEpisodes = 12, EvalSetChanged = null }));
        Assert.Empty(RetrainDecider.Decide(Ready with { Corpus = 0 }, Defaults).Flips);
        Assert.Equal("Restoring the eval set's recorded bytes, or pinning it as it is now, would pass the eval gate.", OnlyFlip(Ready with { EvalSetChanged = true }));
        Assert.Equal("Restoring the eval set, or pinning another one, would pass the eval gate.", OnlyFlip(Ready with { EvalSet = Eval("a", null), EvalSetChanged = null }));
        Assert.Equal("Without the regression that was reported, the gates below would decide.", OnlyFlip(Ready with { RegressionDetected = true }));
        Assert.Equal("Gini must be at most 0.5; in which tasks cannot be said without the counts by task.", OnlyFlip(Ready with { TaskCoverageGini = 0.6 }));
        Assert.Equal("TopTaskShare must be at most 80%; in which tasks cannot be said without the counts by task.", OnlyFlip(Ready with { TopTaskShare = 0.9 }));
    }

    private static EvalSetState Eval(string? recorded, string? now) => new(recorded, now, "eval.json", []);

    private static RetrainGate EvalGate(double? value, bool? passed, string explanation, string text) => new("EvalSet", value, 0, passed, explanation, text, "unchanged");

    private static string OnlyFlip(RetrainState state) => Assert.Single(RetrainDecider.Decide(state, Defaults).Flips);
}
