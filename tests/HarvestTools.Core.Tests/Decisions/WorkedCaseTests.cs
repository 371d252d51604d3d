using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>Cases whose answer can be reckoned by hand.</summary>
public sealed class WorkedCaseTests
{
    private static readonly RetrainThresholds Defaults = RetrainThresholds.Default;

    private static readonly string[] TwelveTasks =
    [
        "close_jar", "fold_towel", "hang_cup", "insert_peg", "open_door", "pick_cube",
        "plug_cable", "pour_water", "push_button", "stack_cups", "sweep_table", "turn_key",
    ];

    [Fact]
    public void Seven_of_ninety_six_waits_with_the_words_of_the_contract()
    {
        RetrainDecision decision = Decide(Bare(7, 96, 0.31, false));

        Assert.Equal(RetrainVerdict.Wait, decision.Decision);
        Assert.False(decision.ShouldRetrain);
        Assert.Equal("need 10% delta, have 7.3%", decision.Reason);
        Assert.False(Gate(decision, RetrainGateNames.Delta).Passed);
    }

    [Fact]
    public void Ten_of_ninety_six_is_ready()
    {
        RetrainDecision decision = Decide(Bare(10, 96, 0.31, false));

        Assert.Equal(RetrainVerdict.Retrain, decision.Decision);
        Assert.Equal("ready", decision.Reason);
    }

    [Theory]
    [InlineData(10, 100, true, "10%")]
    [InlineData(249, 2500, false, "9.96%")]
    [InlineData(999_999, 10_000_000, false, "9.99999%")]
    [InlineData(1, 10_000_000, false, "0.00001%")]
    [InlineData(0, 96, false, "0%")]
    [InlineData(29, 290, true, "10%")]
    public void A_share_below_the_threshold_never_prints_as_the_threshold(int corrected, int corpus, bool passed, string text)
    {
        RetrainGate gate = Gate(Decide(Bare(corrected, corpus, 0.31, false)), RetrainGateNames.Delta);

        Assert.Equal(passed, gate.Passed);
        Assert.Equal(text, gate.ValueText);
    }

    [Fact]
    public void Every_gate_is_judged_after_an_earlier_one_decided()
    {
        RetrainDecision decision = Decide(Bare(7, 96, 0.71, true) with { RegressionDetected = true });

        Assert.Equal(RetrainVerdict.RetrainNow, decision.Decision);
        Assert.Equal("pre-annotation quality regressed, ignore the cadence", decision.Reason);
        Assert.Equal(["Regression", "Delta", "Gini", "TopTaskShare", "EvalSet"], decision.Gates.Select(gate => gate.Name));
        Assert.Equal([false, false, false, null, false], decision.Gates.Select(gate => gate.Passed));
    }

    [Fact]
    public void The_gates_decide_in_the_order_of_the_contract()
    {
        RetrainState worst = Bare(7, 96, 0.71, true);

        Assert.Equal("need 10% delta, have 7.3%", Decide(worst).Reason);
        Assert.Equal("corrections concentrated in too few tasks", Decide(worst with { CorrectedEpisodes = 10 }).Reason);
        Assert.Equal("corrections concentrated in too few tasks", Decide(worst with { CorrectedEpisodes = 10, TaskCoverageGini = 0.4, TopTaskShare = 0.81 }).Reason);
        Assert.Equal("eval set drifted, pin it before retraining", Decide(worst with { CorrectedEpisodes = 10, TaskCoverageGini = 0.4 }).Reason);
    }

    [Fact]
    public void A_bare_Gini_is_held_to_the_bare_rule_and_says_so()
    {
        RetrainGate gate = Gate(Decide(Bare(20, 96, 0.51, false)), RetrainGateNames.Gini);

        Assert.False(gate.Passed);
        Assert.Equal(0.51, gate.Value);
        Assert.Contains("bare rule", gate.Explanation, StringComparison.Ordinal);
        Assert.True(Gate(Decide(Bare(20, 96, 0.5, false)), RetrainGateNames.Gini).Passed);
    }

    [Fact]
    public void Zero_corpus_is_the_first_training()
    {
        RetrainDecision decision = Decide(Bare(5, 0, 0.2, false));

        Assert.Equal(RetrainVerdict.Retrain, decision.Decision);
        Assert.Equal("ready for the first training: no corpus yet", decision.Reason);
        Assert.Null(Gate(decision, RetrainGateNames.Delta).Value);
    }

    [Fact]
    public void Zero_corpus_without_corrections_is_nothing_to_train_on()
    {
        RetrainDecision decision = Decide(new RetrainState());

        Assert.Equal(RetrainVerdict.Wait, decision.Decision);
        Assert.Equal("nothing to train on: no corpus and no corrected episodes", decision.Reason);
    }

    [Fact]
    public void Zero_corrected_episodes_have_no_delta_and_no_spread()
    {
        RetrainDecision decision = Decide(WithCounts(96, new int[12]));

        Assert.Equal("need 10% delta, have 0%", decision.Reason);
        Assert.Null(Gate(decision, RetrainGateNames.Gini).Passed);
        Assert.Null(Gate(decision, RetrainGateNames.TopTaskShare).Passed);
        Assert.Null(decision.Spread);
    }

    [Fact]
    public void Nothing_new_is_not_ready_even_without_a_delta_threshold()
    {
        RetrainDecision decision = RetrainDecider.Decide(Bare(0, 96, 0.2, false), Defaults with { MinDelta = 0 });

        Assert.Equal(RetrainVerdict.Wait, decision.Decision);
        Assert.Equal("nothing new: no corrected episodes", decision.Reason);
    }

    [Fact]
    public void One_task_alone_has_nothing_to_spread_over()
    {
        RetrainDecision decision = Decide(WithCounts(50, [9]));

        Assert.Equal("ready", decision.Reason);
        Assert.Equal(0, decision.Spread!.Gini);
        Assert.Equal(1, decision.Spread.TopTaskShare);
        Assert.Contains("the only task", Gate(decision, RetrainGateNames.TopTaskShare).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void One_episode_is_as_concentrated_as_can_be_and_still_no_more_than_chance()
    {
        // One of twelve tasks holds it: G = (2 * 12 - 13) / 12 = 11 / 12, and every draw of one episode looks like that.
        RetrainDecision decision = Decide(WithCounts(8, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

        Assert.Equal("ready", decision.Reason);
        Assert.Equal(11.0 / 12, decision.Spread!.Gini, 12);
        Assert.Equal(1, decision.Spread.GiniP, 12);
        Assert.Equal(1, decision.Spread.TopTaskShareP, 12);
        Assert.True(Gate(decision, RetrainGateNames.Gini).Passed);
    }

    [Fact]
    public void One_episode_fails_the_plain_rule()
    {
        RetrainDecision decision = RetrainDecider.Decide(
            WithCounts(8, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Defaults with { Gini = GiniRule.Plain });

        Assert.Equal("corrections concentrated in too few tasks", decision.Reason);
    }

    [Fact]
    public void All_episodes_in_one_task_of_twelve_are_concentrated()
    {
        // p: the other nine must fall where the first one fell, 12^-9.
        RetrainDecision decision = Decide(WithCounts(96, [0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

        Assert.Equal(RetrainVerdict.Wait, decision.Decision);
        Assert.Equal("corrections concentrated in too few tasks", decision.Reason);
        Assert.Equal("fold_towel", decision.Spread!.TopTask);
        Assert.Equal(11.0 / 12, decision.Spread.Gini, 12);
        Assert.Equal(1, decision.Spread.EffectiveTasks, 12);
        Assert.Equal(Math.Pow(12, -9), decision.Spread.GiniP, 1e-15);
        Assert.Equal(Math.Pow(12, -9), decision.Spread.TopTaskShareP, 1e-15);
        Assert.False(Gate(decision, RetrainGateNames.Gini).Passed);
        Assert.False(Gate(decision, RetrainGateNames.TopTaskShare).Passed);
    }

    [Fact]
    public void Ten_episodes_in_ten_of_twelve_tasks_pass()
    {
        RetrainDecision decision = Decide(WithCounts(96, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]));

        Assert.Equal("ready", decision.Reason);
        Assert.Equal(2.0 / 12, decision.Spread!.Gini, 12);
        Assert.Equal(10, decision.Spread.EffectiveTasks, 12);
    }

    [Fact]
    public void A_renamed_eval_set_with_the_same_bytes_has_not_changed()
    {
        RetrainDecision decision = Decide(Bare(10, 96, 0.3, null) with
        {
            EvalSet = new EvalSetState(Hash('a'), Hash('A'), "eval/hands_2.json", [], "eval/hands.json"),
        });

        RetrainGate gate = Gate(decision, RetrainGateNames.EvalSet);
        Assert.Equal("ready", decision.Reason);
        Assert.True(gate.Passed);
        Assert.Contains("Renamed from eval/hands.json to eval/hands_2.json", gate.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_byte_gives_another_hash_and_waits()
    {
        RetrainDecision decision = Decide(Bare(10, 96, 0.3, null) with
        {
            EvalSet = new EvalSetState(Hash('a'), Hash('b'), "eval/hands.json", []),
        });

        Assert.Equal(RetrainVerdict.Wait, decision.Decision);
        Assert.Equal("eval set drifted, pin it before retraining", decision.Reason);
    }

    [Fact]
    public void An_eval_set_that_is_gone_has_changed_and_one_never_recorded_is_unknown()
    {
        RetrainState state = Bare(10, 96, 0.3, null);

        Assert.False(Gate(Decide(state with { EvalSet = new EvalSetState(Hash('a'), null, "eval.json", []) }), RetrainGateNames.EvalSet).Passed);
        RetrainDecision unknown = Decide(state with { EvalSet = new EvalSetState(null, Hash('a'), "eval.json", []) });
        Assert.Null(Gate(unknown, RetrainGateNames.EvalSet).Passed);
        Assert.Equal("ready", unknown.Reason);
        Assert.Contains(unknown.Warnings, warning => warning.StartsWith("EvalSet could not be judged.", StringComparison.Ordinal));
    }

    [Fact]
    public void Leaked_episodes_are_named()
    {
        RetrainDecision decision = Decide(Bare(10, 96, 0.3, false) with { LeakedEpisodes = ["fold_towel/0007", "plug_cable/0012"] });

        string many = Assert.Single(Decide(Bare(10, 96, 0.3, false) with { LeakedEpisodes = [.. Enumerable.Range(1, 60).Select(static i => $"t/{i}")] }).Warnings, static warning => warning.Contains("flatter", StringComparison.Ordinal));
        Assert.EndsWith("the model: t/1, t/2, t/3, t/4, t/5, t/6 and 54 more.", many, StringComparison.Ordinal);
        Assert.Contains("fold_towel/0007 and plug_cable/0012", Assert.Single(decision.Warnings, warning => warning.Contains("eval set", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 96, 0.3)]
    [InlineData(1, -96, 0.3)]
    [InlineData(1, 96, 1.5)]
    [InlineData(1, 96, double.NaN)]
    public void Impossible_figures_are_refused(int corrected, int corpus, double gini)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Decide(Bare(corrected, corpus, gini, false)));

        Assert.Equal("RetrainStateOutOfRange", error.ErrorId);
    }

    internal static RetrainState WithCounts(int corpus, int[] counts) => new()
    {
        CorrectedEpisodes = counts.Sum(),
        Corpus = corpus,
        TaskSubdirCounts = counts.Select((count, i) => (TwelveTasks[i], count)).ToDictionary(pair => pair.Item1, pair => pair.count),
        EvalSetChanged = false,
    };

    private static RetrainState Bare(int corrected, int corpus, double gini, bool? evalSetChanged) =>
        new() { CorrectedEpisodes = corrected, Corpus = corpus, TaskCoverageGini = gini, EvalSetChanged = evalSetChanged };

    private static RetrainDecision Decide(RetrainState state) => RetrainDecider.Decide(state, Defaults);

    private static RetrainGate Gate(RetrainDecision decision, string name) => Assert.Single(decision.Gates, gate => gate.Name == name);

    private static string Hash(char digit) => new(digit, 64);
}
