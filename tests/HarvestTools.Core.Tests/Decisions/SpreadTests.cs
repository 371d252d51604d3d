using HarvestTools.Decisions;
using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class SpreadTests
{
    [Fact]
    public void The_Gini_coefficient_of_the_documentation()
    {
        // Ascending 0 1 2 5: 2 * (0 + 2 + 6 + 20) - 5 * 8 = 16, over 4 * 8.
        SpreadStatistics spread = Of(5, 0, 2, 1);

        Assert.Equal(0.5, spread.Gini);
        Assert.Equal(64.0 / 30, spread.EffectiveTasks, 12);
        Assert.Equal(0.625, spread.TopTaskShare);
    }

    [Fact]
    public void Three_episodes_over_three_tasks_by_hand()
    {
        // 27 outcomes: 3 put all in one task (G = 2/3), 18 are 2-1-0 (G = 4/9), 6 are 1-1-1 (G = 0).
        SpreadStatistics spread = Of(2, 1, 0);

        Assert.Equal(4.0 / 9, spread.Gini, 12);
        Assert.Equal(21.0 / 27, spread.GiniP, 12);
        Assert.Equal(((3 * (2.0 / 3)) + (18 * (4.0 / 9))) / 27, spread.ExpectedGini, 12);
        Assert.True(spread.GiniExact);
        // Two or more of three in one task: 3 * (3 * 1/9 * 2/3 + 1/27) = 21/27 as well.
        Assert.Equal(21.0 / 27, spread.TopTaskShareP, 12);
    }

    [Theory]
    [InlineData(7, 4)]
    [InlineData(12, 12)]
    [InlineData(30, 5)]
    public void Enumeration_and_simulation_agree(int episodes, int tasks)
    {
        long middle = (long)(0.4 * episodes * tasks);
        NullDistribution exact = NullDistribution.Compare(episodes, tasks, middle);
        NullDistribution simulated = NullDistribution.Simulate(episodes, tasks, middle, 40_000);

        Assert.True(exact.IsExact);
        Assert.Equal(exact.ExpectedGini, simulated.ExpectedGini, 2);
        Assert.InRange(simulated.PValue - exact.PValue, -0.012, 0.012);
    }

    [Fact]
    public void Large_batches_are_simulated_the_same_way_every_time()
    {
        NullDistribution first = NullDistribution.Compare(300, 25, 900);
        NullDistribution second = NullDistribution.Compare(300, 25, 900);

        Assert.False(first.IsExact);
        Assert.Equal(first, second);
        // Fixed by the seed on every machine; another generator or order of draws would change it.
        Assert.Equal(0.15536420308697538, first.ExpectedGini, 15);
        // By hand: E(G) = (k - 1) E|x1 - x2| / 2n, where x1 + x2 = s is Binomial(n, 2/k) and x1 then Binomial(s, 1/2).
        double difference = 0;
        for (int s = 0; s <= 300; s++)
        {
            for (int x = 0; x <= s; x++)
            {
                difference += Math.Abs((2 * x) - s) * Binomial(s, 300, 2.0 / 25) * Binomial(x, s, 0.5);
            }
        }

        Assert.Equal(24 * difference / 600, first.ExpectedGini, 0.001);

        static double Binomial(int hits, int trials, double p) =>
            Math.Exp(SpecialFunctions.LogChoose(trials, hits) + (hits * Math.Log(p)) + ((trials - hits) * Math.Log(1 - p)));
    }

    [Fact]
    public void Binomial_draws_have_their_mean_and_variance()
    {
        var random = new SplitMix(3);
        double sum = 0;
        double squares = 0;
        const int Draws = 20_000;
        for (int draw = 0; draw < Draws; draw++)
        {
            int value = random.Binomial(90, 5, 12);
            sum += value;
            squares += (double)value * value;
        }

        double mean = sum / Draws;
        Assert.Equal(37.5, mean, 0.12);
        Assert.Equal(90 * (5.0 / 12) * (7.0 / 12), (squares / Draws) - (mean * mean), 0.7);
    }

    [Fact]
    public void The_flip_names_the_tasks_that_lack_episodes_and_would_pass()
    {
        int[] counts = [9, 1, 1, 0, 0];
        RetrainDecision decision = RetrainDecider.Decide(Counts(40, counts), RetrainThresholds.Default);

        Assert.Equal("corrections concentrated in too few tasks", decision.Reason);
        string flip = Assert.Single(decision.Flips, flip => flip.Contains("spread gates", StringComparison.Ordinal));
        Assert.StartsWith("2 more corrected episodes, one each in task_3 and task_4, would pass", flip, StringComparison.Ordinal);
        Assert.False(Passes([9, 1, 1, 1, 0]));
        Assert.True(Passes([9, 1, 1, 1, 1]));
    }

    /// <summary>A corpus of which 70 % are of one task: a batch like it passes, and one of a rare task fails.</summary>
    [Fact]
    public void A_batch_is_held_against_the_mix_of_the_corpus()
    {
        Dictionary<string, int> corpus = new() { ["a"] = 70, ["b"] = 15, ["c"] = 10, ["d"] = 5 };
        RetrainState like = new() { CorrectedEpisodes = 24, Corpus = 100, CorpusCounts = corpus, TaskSubdirCounts = new Dictionary<string, int> { ["a"] = 17, ["b"] = 4, ["c"] = 2, ["d"] = 1 } };
        RetrainState rare = like with { CorrectedEpisodes = 14, TaskSubdirCounts = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0, ["c"] = 0, ["d"] = 14 } };
        RetrainThresholds even = RetrainThresholds.Default with { Reference = SpreadReference.Even };

        Assert.Equal(RetrainVerdict.Retrain, RetrainDecider.Decide(like, RetrainThresholds.Default).Decision);
        Assert.Equal("corrections concentrated in too few tasks", RetrainDecider.Decide(like, even).Reason);
        Assert.Equal("corrections concentrated in too few tasks", RetrainDecider.Decide(rare, RetrainThresholds.Default).Reason);

        // 4 * 0.05^14, and with equal shares the sum of the formula for an even draw.
        Assert.True(SpreadStatistics.Of(rare.TaskSubdirCounts, corpus)!.TopTaskShareP < 1e-15);
        Assert.Equal(Concentration.LargestShareP(14, 4, 9), Concentration.LargestShareP(14, 0.25, 4, 9), 12);
        (double asEven, double asCorpus) = EvenBatchSimulation.RunSkewed([70, 15, 10, 5], 24, 400, 5);
        Assert.InRange(asCorpus, 0, 0.08);
        Assert.InRange(asEven, 0.3, 1);
    }

    [Theory]
    [InlineData(new[] { 3, 0, 0 }, "task_1 or task_2")]
    [InlineData(new[] { 20, 0 }, "in task_1)")]
    [InlineData(new[] { 12, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "would pass the spread gates.")]
    public void What_the_flip_asks_for_is_enough(int[] counts, string named)
    {
        RetrainThresholds plain = RetrainThresholds.Default with { Gini = GiniRule.Plain };
        string flip = SpreadCounterfactual.Describe(Counts(10, counts).TaskSubdirCounts!, corpus: null, plain)!;
        int added = int.Parse(flip.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        Assert.Contains(named, flip, StringComparison.Ordinal);
        Assert.True(PassesPlain(Poorest(counts, added)));
        Assert.False(PassesPlain(Poorest(counts, added - 1)));

        bool PassesPlain(int[] after) => RetrainDecider.Decide(Counts(10, after), plain)
            .Gates.Where(gate => gate.Name is RetrainGateNames.Gini or RetrainGateNames.TopTaskShare).All(gate => gate.Passed == true);
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 12)]
    [InlineData(6, 2)]
    [InlineData(6, 12)]
    [InlineData(12, 12)]
    [InlineData(24, 12)]
    [InlineData(24, 40)]
    public void Even_batches_fail_no_more_often_than_stated(int episodes, int tasks)
    {
        EvenBatchSimulation.Rates rates = EvenBatchSimulation.Run(episodes, tasks, 1500, 5);

        // 5 % and three standard errors of 1,500 batches.
        Assert.InRange(rates.Gini, 0, 0.067);
        Assert.InRange(rates.Share, 0, 0.067);
    }

    [Fact]
    public void The_bare_rule_fails_even_batches_of_one_episode_a_task_four_times_in_ten()
    {
        Assert.InRange(EvenBatchSimulation.Run(12, 12, 1500, 5).PlainGini, 0.36, 0.44);
    }

    private static bool Passes(int[] counts) => RetrainDecider.Decide(Counts(40, counts), RetrainThresholds.Default).Reason == "ready";

    private static int[] Poorest(int[] counts, int added)
    {
        int[] after = [.. counts];
        for (; added > 0; added--)
        {
            after[Array.IndexOf(after, after.Min())]++;
        }

        return after;
    }

    private static SpreadStatistics Of(params int[] counts) => SpreadStatistics.Of(Counts(1, counts).TaskSubdirCounts)!;

    private static RetrainState Counts(int corpus, int[] counts) => new()
    {
        CorrectedEpisodes = counts.Sum(),
        Corpus = corpus,
        EvalSetChanged = false,
        TaskSubdirCounts = Enumerable.Range(0, counts.Length).ToDictionary(i => $"task_{i}", i => counts[i]),
    };
}
