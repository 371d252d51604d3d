using HarvestTools.Decisions.Statistics;

namespace HarvestTools.Tests.Decisions;

/// <summary>What chance alone does, against every way in which a few episodes can fall on a few tasks.</summary>
public sealed class NullDistributionTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(2, 6)]
    [InlineData(7, 3)]
    [InlineData(5, 5)]
    [InlineData(10, 2)]
    public void Even_draws_are_counted_exactly(int episodes, int tasks)
    {
        (double Weight, long Numerator)[] outcomes = [.. Outcomes(episodes, [.. Enumerable.Repeat(1, tasks)])];
        foreach (long numerator in outcomes.Select(static outcome => outcome.Numerator).Distinct())
        {
            NullDistribution found = NullDistribution.Compare(episodes, tasks, numerator);
            Assert.True(found.IsExact);
            Assert.Equal(outcomes.Where(outcome => outcome.Numerator >= numerator).Sum(static outcome => outcome.Weight), found.PValue, 12);
            Assert.Equal(outcomes.Sum(static outcome => outcome.Weight * outcome.Numerator) / (episodes * tasks), found.ExpectedGini, 12);

            // Of equal weights nothing is drawn.
            Assert.Equal(found, NullDistribution.Compare(episodes, [.. Enumerable.Repeat(7, tasks)], numerator));
        }
    }

    [Theory]
    [InlineData(3, new[] { 3, 1 })]
    [InlineData(4, new[] { 1, 5, 2 })]
    [InlineData(4, new[] { 0, 1, 0, 3 })]
    [InlineData(5, new[] { 2, 0, 0 })]
    [InlineData(1, new[] { 1, 1, 1, 1, 2 })]
    public void Draws_with_weights_are_as_likely_as_their_outcomes(int episodes, int[] weights)
    {
        (double Weight, long Numerator)[] outcomes = [.. Outcomes(episodes, weights)];
        foreach (long numerator in outcomes.Where(static outcome => outcome.Weight > 0).Select(static outcome => outcome.Numerator).Distinct())
        {
            // Five standard errors of 9,999 draws, and the one that is added to both.
            NullDistribution found = NullDistribution.Compare(episodes, weights, numerator);
            double share = outcomes.Where(outcome => outcome.Numerator >= numerator).Sum(static outcome => outcome.Weight);
            Assert.False(found.IsExact);
            Assert.Equal(share, found.PValue, (5 * Math.Sqrt(share * (1 - share) / NullDistribution.Draws)) + 1e-4);
            Assert.Equal(outcomes.Sum(static outcome => outcome.Weight * outcome.Numerator) / (episodes * weights.Length), found.ExpectedGini, 0.02);
            Assert.Equal(found, NullDistribution.Compare(episodes, weights, numerator));
        }
    }

    /// <summary>The draws against the count, where there are both: five standard errors, and the one that is added to both.</summary>
    [Theory]
    [InlineData(5, 3)]
    [InlineData(10, 2)]
    [InlineData(3, 6)]
    [InlineData(1, 7)]
    public void Even_draws_are_as_likely_as_they_are_counted(int episodes, int tasks)
    {
        const int Draws = 3000;
        foreach (long numerator in Outcomes(episodes, [.. Enumerable.Repeat(1, tasks)]).Select(static outcome => outcome.Numerator).Distinct())
        {
            NullDistribution exact = NullDistribution.Compare(episodes, tasks, numerator);
            NullDistribution drawn = NullDistribution.Simulate(episodes, tasks, numerator, Draws);
            Assert.False(drawn.IsExact);
            Assert.Equal(exact.PValue, drawn.PValue, (5 * Math.Sqrt(exact.PValue * Math.Max(0, 1 - exact.PValue) / Draws)) + 1e-3);
            Assert.Equal(exact.ExpectedGini, drawn.ExpectedGini, 0.03);
        }

        Assert.Equal(1, NullDistribution.Simulate(episodes, tasks, 0, 10).PValue, 12);
        Assert.Equal(1.0 / 11, NullDistribution.Simulate(episodes, tasks, long.MaxValue, 10).PValue, 12);
    }

    [Theory]
    [InlineData(60, 4, true)]
    [InlineData(61, 4, false)]
    [InlineData(2, 1000, true)]
    [InlineData(2, 1001, false)]
    [InlineData(45, 45, false)]
    [InlineData(41, 41, true)]
    [InlineData(42, 42, false)]
    public void What_has_few_outcomes_is_counted_and_the_rest_is_drawn(int episodes, int tasks, bool exact) =>
        Assert.Equal(exact, NullDistribution.Compare(episodes, tasks, 0).IsExact);

    [Fact]
    public void A_p_value_is_never_nothing_and_never_more_than_all()
    {
        Assert.Equal(new NullDistribution { ExpectedGini = 0, PValue = 1, IsExact = true }, NullDistribution.Compare(9, 1, 0));
        Assert.Equal(1, NullDistribution.Compare(5, 3, 0).PValue, 12);
        Assert.Equal(1.0 / 10_000, NullDistribution.Compare(500, 40, long.MaxValue).PValue, 15);
        Assert.Equal(1, NullDistribution.Compare(500, 40, 0).PValue, 15);

        // Many episodes have a tenth of the draws, which the least p-value shows.
        Assert.Equal(1.0 / 10_000, NullDistribution.Compare(100_000, 3, long.MaxValue).PValue, 15);
        Assert.Equal(1.0 / 1_000, NullDistribution.Compare(100_001, 3, long.MaxValue).PValue, 15);
        Assert.Equal(1.0 / 1_000, NullDistribution.Compare(100_001, [1, 2], long.MaxValue).PValue, 15);
        Assert.Throws<OverflowException>(() => NullDistribution.Compare(5, [int.MaxValue, 1], 0));
    }

    /// <summary>Every way in which the episodes can fall, with its probability and the sum of the differences between any two tasks.</summary>
    private static IEnumerable<(double Weight, long Numerator)> Outcomes(int episodes, int[] weights)
    {
        double all = weights.Sum();
        for (int outcome = 0; outcome < (int)Math.Pow(weights.Length, episodes); outcome++)
        {
            int[] counts = new int[weights.Length];
            double weight = 1;
            for ((int episode, int rest) = (0, outcome); episode < episodes; episode++, rest /= weights.Length)
            {
                counts[rest % weights.Length]++;
                weight *= weights[rest % weights.Length] / all;
            }

            yield return (weight, counts.Select((count, i) => counts.Skip(i + 1).Sum(other => (long)Math.Abs(count - other))).Sum());
        }
    }
}
