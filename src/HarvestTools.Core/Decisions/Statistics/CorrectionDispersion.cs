namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// The index of dispersion of corrections, variance over mean: 1 for Poisson counts, more where some episodes need many
/// corrections and most need none, and more again where whole cycles are harder than others. Too small a figure would make
/// every model version look significant, so the upper confidence limit is used, never less than 1.
/// </summary>
internal static class CorrectionDispersion
{
    // The 35 % quantile of the normal distribution. In the simulations of docs/retrain-decision.md it is the least
    // caution under which the false-alarm run length holds even where two model versions are all that shows the scatter.
    private const double LowerQuantile = -0.385320466407568;

    /// <summary>Below so many degrees of freedom the limit would be several times the estimate.</summary>
    private const int EnoughWithin = 10;

    // Until cycles show how they scatter, they are taken to differ in difficulty by this coefficient of variation, with the
    // weight of so many degrees of freedom. With both, the false-alarm run length holds in simulations of many kinds of teams up
    // to a variation of 0.2, and a doubling after six even cycles is still found.
    internal const double UsualVariation = 0.2;
    private const double UsualWeight = 5;
    private const double CycleQuantile = -0.45;

    /// <summary>
    /// Of episodes within strata, from their squares where they are known, and of model versions about what their strata lead to
    /// expect, separately before and after the rise so that the rise itself does not count as scatter. Null where nothing shows it.
    /// </summary>
    public static Dispersion? Estimate(CorrectionTable table, Range baseline, Range tested)
    {
        var within = default(Pool);
        var between = default(Pool);
        var cycles = default(Cycles);
        for (int cell = 0; cell < table.Cells; cell++)
        {
            AddSegment(table, baseline, cell, ref within, ref between);
            AddSegment(table, tested, cell, ref within, ref between);
        }

        AddCycles(table, baseline, ref cycles);
        AddCycles(table, tested, ref cycles);
        if (within.Freedom >= EnoughWithin)
        {
            return Of(within, cycles);
        }

        return between.Freedom >= 1 ? Of(between, cycles) : null;
    }

    private static Dispersion Of(in Pool episodes, in Cycles cycles)
    {
        double own = Math.Max(1, episodes.Value);
        (double value, double limit) = cycles.Scatter(own);
        double shape = Math.Max(1, episodes.UpperLimit);
        return new Dispersion(Math.Max(shape, limit), Math.Max(own, value), shape);
    }

    private static void AddSegment(CorrectionTable table, Range modelVersions, int cell, ref Pool within, ref Pool between)
    {
        double episodes = table.Episodes(modelVersions, cell);
        if (episodes == 0)
        {
            return;
        }

        double mean = table.Corrections(modelVersions, cell) / episodes;
        int present = 0;
        (int start, int length) = modelVersions.GetOffsetAndLength(table.ModelVersions);
        for (int modelVersion = start; modelVersion < start + length; modelVersion++)
        {
            double worked = table.Episodes(modelVersion, cell);
            if (worked == 0)
            {
                continue;
            }

            present++;
            double corrections = table.Corrections(modelVersion, cell);
            double deviation = corrections - (worked * mean);
            between.Squares += deviation * deviation / worked;
            if (table.Squares(modelVersion, cell) is { } squares)
            {
                within.Squares += squares - (corrections * corrections / worked);
                within.Means += (worked - 1) * corrections / worked;
                within.Freedom += worked - 1;
            }
        }

        between.Means += (present - 1) * mean;
        between.Freedom += present - 1;
    }

    /// <summary>What each cycle as a whole deviates from what its strata lead to expect.</summary>
    private static void AddCycles(CorrectionTable table, Range modelVersions, ref Cycles cycles)
    {
        (int start, int length) = modelVersions.GetOffsetAndLength(table.ModelVersions);
        int shown = 0;
        for (int modelVersion = start; modelVersion < start + length; modelVersion++)
        {
            double deviation = 0;
            double free = 0;
            double expected = 0;
            for (int cell = 0; cell < table.Cells; cell++)
            {
                double worked = table.Episodes(modelVersion, cell);
                if (worked == 0)
                {
                    continue;
                }

                double all = table.Episodes(modelVersions, cell);
                double mean = table.Corrections(modelVersions, cell) / all;
                deviation += table.Corrections(modelVersion, cell) - (worked * mean);
                expected += worked * mean;

                // What a cycle contributes to the mean that it is held against is no deviation.
                free += worked * mean * (1 - (worked / all));
            }

            cycles.Expected += expected;
            cycles.Count++;
            if (free > 0)
            {
                cycles.Sum += deviation * deviation / free;
                shown++;
            }
        }

        cycles.Shown += shown;
        cycles.Freedom += Math.Max(0, shown - 1);
    }

    /// <summary>The scatter of whole cycles.</summary>
    private struct Cycles
    {
        public double Sum;
        public double Expected;
        public int Count;
        public int Shown;
        public int Freedom;

        /// <summary>
        /// Variance over mean of a cycle's corrections: what the cycles show, together with what is usual while they are few.
        /// </summary>
        /// <param name="episodes">Variance over mean of an episode's corrections.</param>
        public readonly (double Value, double Limit) Scatter(double episodes)
        {
            double usual = episodes + (UsualVariation * UsualVariation * (Count == 0 ? 0 : Expected / Count));
            double shown = Shown == 0 ? 0 : Sum / Shown;
            double freedom = Freedom + UsualWeight;
            double value = ((Freedom * shown) + (UsualWeight * usual)) / freedom;
            return (value, ToUpperLimit(value, freedom, CycleQuantile));
        }
    }

    /// <summary>Pooled sums: squared deviations over the means that Poisson counts would show.</summary>
    private struct Pool
    {
        public double Squares;
        public double Means;
        public double Freedom;

        public readonly double Value => Means > 0 ? Squares / Means : 1;

        /// <summary>Upper 65 % confidence limit.</summary>
        public readonly double UpperLimit => ToUpperLimit(Value, Freedom, LowerQuantile);
    }

    /// <summary>Value * df / (quantile of chi-square), by Wilson and Hilferty (1931).</summary>
    private static double ToUpperLimit(double value, double freedom, double quantile)
    {
        double ninth = 2 / (9 * freedom);
        double root = 1 - ninth + (quantile * Math.Sqrt(ninth));
        return value / (root * root * root);
    }
}

/// <summary>Variance over mean of corrections.</summary>
/// <param name="Limit">The upper confidence limit, which the test uses.</param>
/// <param name="Value">The estimate, which says how the test's figures scatter.</param>
/// <param name="Episodes">The upper confidence limit of what episodes alone show, without what cycles as a whole differ by.</param>
internal readonly record struct Dispersion(double Limit, double Value, double Episodes);
