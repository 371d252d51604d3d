using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Decisions;

/// <summary>The two spread gates in every state: unknown, by a bare figure, within, at and above the threshold, by either rule.</summary>
public sealed class SpreadGateTests
{
    private const string Bare = "By the bare rule: without the counts by task it is unknown whether chance alone explains it.";
    private const string Chance = "Above the threshold, but no more concentrated than chance makes a batch of this size.";
    private static readonly RetrainThresholds Defaults = RetrainThresholds.Default with { MaxTaskShare = 0.5 };
    private static readonly RetrainState Given = new() { CorrectedEpisodes = 10, Corpus = 96 };

    private static readonly SpreadStatistics Measured = SpreadStatistics.Of(new Dictionary<string, int> { ["a"] = 4, ["b"] = 3, ["c"] = 3 }, null)! with
    {
        Gini = 0.4, GiniP = 0.5, ExpectedGini = 0.25, TopTask = "a", TopTaskShare = 0.4, TopTaskShareP = 0.5, EffectiveTasks = 2.94,
    };

    [Fact]
    public void Figures_that_nobody_gave_are_unknown()
    {
        const string NotGiven = "Not known: neither the counts by task nor this figure was given.";
        const string Nothing = "No corrected episode: there is nothing to spread.";
        Assert.Equal(new RetrainGate("Gini", null, 0.5, null, NotGiven, "unknown", "at most 0.5"), SpreadGates.Gini(Given, null, Defaults));
        Assert.Equal(new RetrainGate("TopTaskShare", null, 0.5, null, NotGiven, "unknown", "at most 50%"), SpreadGates.TopTaskShare(Given, null, Defaults));
        foreach (RetrainState empty in new[] { Given with { CorrectedEpisodes = 0 }, Given with { TaskSubdirCounts = new Dictionary<string, int> { ["a"] = 0 }, TaskCoverageGini = 0.9, TopTaskShare = 0.9 } })
        {
            Assert.Equal(new RetrainGate("Gini", null, 0.5, null, Nothing, "unknown", "at most 0.5"), SpreadGates.Gini(empty, null, Defaults));
            Assert.Equal(new RetrainGate("TopTaskShare", null, 0.5, null, Nothing, "unknown", "at most 50%"), SpreadGates.TopTaskShare(empty, null, Defaults));
        }
    }

    [Theory]
    [InlineData(0.49, true, "0.49", "49%")]
    [InlineData(0.5, true, "0.5", "50%")]
    [InlineData(0.51, false, "0.51", "51%")]
    public void A_bare_figure_is_held_to_the_threshold_alone(double value, bool passed, string gini, string share)
    {
        RetrainState bare = Given with { TaskCoverageGini = value, TopTaskShare = value };
        Assert.Equal(new RetrainGate("Gini", value, 0.5, passed, Bare, gini, "at most 0.5"), SpreadGates.Gini(bare, null, Defaults));
        Assert.Equal(new RetrainGate("TopTaskShare", value, 0.5, passed, Bare, share, "at most 50%"), SpreadGates.TopTaskShare(bare, null, Defaults));
    }

    [Theory]
    [InlineData(0.5, 0.001, true, "Within the threshold.", null)]
    [InlineData(0.6, 0.04, false, "Above the threshold and more concentrated than chance; at most 5% of batches drawn so would fail here.", null)]
    [InlineData(0.6, 0.05, false, "Above the threshold and more concentrated than chance; at most 5% of batches drawn so would fail here.", null)]
    [InlineData(0.6, 0.06, true, Chance, "no more than chance gives")]
    public void A_measured_spread_is_held_to_the_threshold_and_to_chance(double value, double p, bool passed, string verdict, string? allowance)
    {
        SpreadStatistics spread = Measured with { Gini = value, GiniP = p, TopTaskShare = value, TopTaskShareP = p };

        // The figures given beside the counts are not what is judged.
        RetrainState state = Given with { TaskCoverageGini = 0.99, TopTaskShare = 0.99 };
        RetrainGate gini = SpreadGates.Gini(state, spread, Defaults);
        RetrainGate share = SpreadGates.TopTaskShare(state, spread, Defaults);
        Assert.Equal((value, passed, allowance), (gini.Value, gini.Passed, gini.Allowance));
        Assert.Equal((value, passed, allowance), (share.Value, share.Passed, share.Allowance));
        Assert.Equal($"An even draw of 10 episodes over 3 tasks has Gini 0.25 on average; {Figures.PValue(p)}. {verdict}", gini.Explanation);
        Assert.Equal($"The largest share is in a; effective number of tasks 2.9 of 3; {Figures.PValue(p)}. {verdict}", share.Explanation);
        Assert.Equal((passed, passed), (SpreadGates.GiniPasses(spread, Defaults), SpreadGates.SharePasses(spread, Defaults)));
    }

    [Theory]
    [InlineData(5, 3, 2, "The largest share is in a;")]
    [InlineData(4, 2, 4, "The largest share is in a and c alike;")]
    [InlineData(3, 3, 3, "The largest share is in a, b and c alike;")]
    public void Tasks_with_as_many_episodes_are_all_named(int a, int b, int c, string words) =>
        Assert.StartsWith(words, SpreadGates.TopTaskShare(Given with { TaskSubdirCounts = new Dictionary<string, int> { ["c"] = c, ["b"] = b, ["a"] = a } }, Measured, Defaults).Explanation, StringComparison.Ordinal);

    [Fact]
    public void The_plain_rule_does_not_ask_about_chance()
    {
        RetrainThresholds plain = Defaults with { Gini = GiniRule.Plain };
        SpreadStatistics above = Measured with { Gini = 0.6, GiniP = 0.9, TopTaskShare = 0.6, TopTaskShareP = 0.9, Even = false };
        RetrainGate gini = SpreadGates.Gini(Given, above, plain);
        Assert.Equal((false, null), (gini.Passed, gini.Allowance));
        Assert.StartsWith("A draw with the corpus's shares of 10 episodes", gini.Explanation, StringComparison.Ordinal);
        Assert.EndsWith("Above the threshold by the plain rule, which does not ask whether chance explains it.", gini.Explanation, StringComparison.Ordinal);
        Assert.False(SpreadGates.TopTaskShare(Given, above, plain).Passed);
        Assert.True(SpreadGates.TopTaskShare(Given, above with { TopTaskShare = 0.5 }, plain).Passed);
    }

    [Theory]
    [InlineData("a", 1.0, "the only task", "a is the only task, so there is no other to spread over.")]
    [InlineData("", 1.0, "the only task", "(no task folder) is the only task, so there is no other to spread over.")]
    [InlineData("a", 0.5, null, "a is the only task, so there is no other to spread over.")]
    public void One_task_alone_passes_under_either_rule(string task, double share, string? allowance, string explanation)
    {
        SpreadStatistics one = Measured with { Tasks = 1, TopTask = task, TopTaskShare = share, TopTaskShareP = 0.001 };
        foreach (GiniRule rule in Enum.GetValues<GiniRule>())
        {
            RetrainGate gate = SpreadGates.TopTaskShare(Given, one, Defaults with { Gini = rule });
            Assert.Equal((true, allowance, explanation), (gate.Passed, gate.Allowance, gate.Explanation));
        }
    }

    [Fact]
    public void The_draw_is_held_against_the_corpus_unless_an_even_one_is_asked_for()
    {
        RetrainState state = Given with { CorpusCounts = new Dictionary<string, int> { ["a"] = 3 } };
        Assert.Same(state.CorpusCounts, SpreadGates.CorpusOf(state, Defaults with { Reference = SpreadReference.Corpus }));
        Assert.Null(SpreadGates.CorpusOf(state, Defaults with { Reference = SpreadReference.Even }));
    }
}
