using HarvestTools.Decisions.Statistics;

namespace HarvestTools.Tests.Decisions;

/// <summary>The distributions and fits that the decision rests on, against values of published tables, of other programs or by hand.</summary>
public sealed class StatisticsTests
{
    /// <summary>Tables of the t distribution, two-sided.</summary>
    [Theory]
    [InlineData(0.95, 1, 12.7062047)]
    [InlineData(0.95, 2, 4.3026527)]
    [InlineData(0.95, 3, 3.1824463)]
    [InlineData(0.95, 4, 2.7764451)]
    [InlineData(0.99, 5, 4.0321430)]
    [InlineData(0.95, 10, 2.2281389)]
    [InlineData(0.80, 30, 1.3104150)]
    [InlineData(0.50, 7, 0.7111418)]
    public void Students_t_is_that_of_the_tables(double confidence, int freedom, double t)
    {
        Assert.Equal(t, StudentT.TwoSided(confidence, freedom), 6);
        Assert.Equal(confidence, StudentT.Within(t, freedom), 6);
    }

    [Fact]
    public void The_gamma_function_is_that_of_factorials()
    {
        double factorial = 0;
        for (int n = 1; n <= 40; n++)
        {
            Assert.Equal(factorial, SpecialFunctions.LogGamma(n), 10);
            factorial += Math.Log(n);
        }

        Assert.Equal(Math.Log(Math.Sqrt(Math.PI)), SpecialFunctions.LogGamma(0.5), 12);
        Assert.Equal(Math.Log(120), SpecialFunctions.LogChoose(10, 3), 10);
        Assert.Equal(Math.Log(1.0 / 12), SpecialFunctions.LogBeta(2, 3), 10);
    }

    /// <summary>The generator's own test values, from the authors' program.</summary>
    [Fact]
    public void The_generator_gives_the_numbers_of_its_authors()
    {
        var draw = new SplitMix(1234567);
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], new[] { draw.Next(), draw.Next(), draw.Next() });
        Assert.Equal((6457827717110365317 >> 11) / (double)(1UL << 53), new SplitMix(1234567).NextDouble());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(1, 2)]
    [InlineData(5, 64)]
    [InlineData(7, 8)]
    public void Draws_have_the_mean_and_the_spread_of_the_binomial_distribution(int numerator, int denominator)
    {
        double share = (double)numerator / denominator;
        foreach (int trials in new[] { 1, 63, 64, 65, 200 })
        {
            var draw = new SplitMix((ulong)trials);
            const int Draws = 4000;
            double[] seen = [.. Enumerable.Range(0, Draws).Select(_ => (double)draw.Binomial(trials, numerator, denominator))];
            double variance = trials * share * (1 - share);
            Assert.InRange(seen.Average(), (trials * share) - (5 * Math.Sqrt(variance / Draws)), (trials * share) + (5 * Math.Sqrt(variance / Draws)));
            Assert.InRange(seen.Average(one => (one - (trials * share)) * (one - (trials * share))), 0.8 * variance, 1.2 * variance);
            Assert.All(seen, one => Assert.InRange(one, 0, trials));
        }
    }

    [Fact]
    public void What_is_certain_needs_no_draw()
    {
        var draw = new SplitMix(7);
        Assert.Equal((0, 9, 9, 0), (draw.Binomial(9, 0, 4), draw.Binomial(9, 4, 4), draw.Binomial(9, 5, 4), draw.Binomial(0, 1, 4)));
        Assert.Equal(new SplitMix(7).Next(), draw.Next());
    }

    /// <summary>An even chance is decided by one bit a trial, the first bits of each number, and no number is taken for nothing.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(130)]
    [InlineData(3)]
    public void An_even_chance_takes_one_bit_a_trial(int trials)
    {
        var draw = new SplitMix(5);
        var same = new SplitMix(5);
        int heads = 0;
        for (int left = trials; left > 0; left -= 64)
        {
            heads += System.Numerics.BitOperations.PopCount(same.Next() >> Math.Max(0, 64 - left));
        }

        Assert.Equal(trials - heads, draw.Binomial(trials, 1, 2));
        Assert.Equal(same.Next(), draw.Next());
    }

    [Fact]
    public void A_power_law_is_found_where_there_is_one_and_has_an_error_where_it_is_not_exact()
    {
        PowerLaw exact = PowerLaw.Fit([(100, 2 * Math.Pow(100, -0.5)), (400, 2 * Math.Pow(400, -0.5)), (900, 2 * Math.Pow(900, -0.5))]);
        Assert.Equal(Math.Log(2), exact.LogScale, 10);
        Assert.Equal(0.5, exact.Exponent, 12);
        Assert.Equal(0, exact.ExponentError, 10);
        Assert.Equal(1, exact.Freedom);
        Assert.Equal(0.2, exact.ErrorAt(100), 12);
        Assert.Equal(0.1, exact.Gain(100, 400, 0.5), 12);
        Assert.Equal(0.2 * (1 - (1 / 4.0)), exact.Gain(100, 400, 1), 12);

        // The same by a program of one's own.
        PowerLaw fitted = PowerLaw.Fit([(100, 0.5), (200, 0.4), (400, 0.25), (800, 0.22)]);
        Assert.Equal(1.2610834601765735, fitted.LogScale, 10);
        Assert.Equal(0.4231345618524922, fitted.Exponent, 10);
        Assert.Equal(0.06390152908889643, fitted.ExponentError, 10);
        Assert.Equal(2, fitted.Freedom);
    }

    [Fact]
    public void Concentration_is_counted_in_whole_numbers()
    {
        Assert.Equal(0, Concentration.Numerator([3, 3, 3], 9));
        Assert.Equal(2 * ((1 * 0) + (2 * 1) + (3 * 8)) - (4 * 9), Concentration.Numerator([8, 0, 1], 9));
        int[] counts = [8, 0, 1];
        _ = Concentration.Numerator(counts, 9);
        Assert.Equal([8, 0, 1], counts);
        Assert.Equal(3, Concentration.EffectiveNumber([3, 3, 3], 9), 12);
        Assert.Equal(81 / 65.0, Concentration.EffectiveNumber([8, 0, 1], 9), 12);
    }

    [Fact]
    public void A_large_share_is_as_likely_as_the_binomial_distribution_says()
    {
        Assert.Equal(0.01021185794848346, Concentration.LargestShareP(10, 3, 8), 12);
        Assert.Equal(0.04501253665803604, Concentration.LargestShareP(20, 0.1, 4, 6), 12);
        Assert.Equal(1, Concentration.LargestShareP(1000, 5, 300) / 1.9055223437444046e-13, 9);
        Assert.Equal(1, Concentration.LargestShareP(10, 3, 1));
        Assert.Equal((1.0, 1.0, 1.0, 0.0), (Concentration.LargestShareP(10, 1, 10), Concentration.LargestShareP(10, 0.2, 1, 10), Concentration.LargestShareP(10, 1.0, 4, 10), Concentration.LargestShareP(10, 0.0, 4, 1)));
    }

    [Fact]
    public void Weeks_of_work_are_counted_from_a_time_on()
    {
        DateTimeOffset time = DateTimeOffset.UnixEpoch;
        var dates = new WorkDates(new Dictionary<string, DateTimeOffset>(), [time.AddDays(-3), time, time.AddDays(1), time.AddDays(6), time.AddDays(7), time.AddDays(30)]);
        Assert.Equal((3, 3, 0), (dates.WeeksAfter(time), dates.WeeksAfter(time.AddDays(-1)), dates.WeeksAfter(time.AddDays(30))));
        Assert.Empty(dates.Undated);
    }
}
