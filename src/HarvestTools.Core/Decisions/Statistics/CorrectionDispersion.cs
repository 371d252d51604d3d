namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// The index of dispersion of the corrections of an episode, variance over mean: 1 for Poisson counts, more where some
/// episodes need many corrections and most need none. Too small a figure would make every model version look significant, so
/// the upper confidence limit is used, never less than 1.
/// </summary>
internal static class CorrectionDispersion
{
    // The 35 % quantile of the normal distribution. In the simulations of docs/retrain-decision.md it is the least
    // caution under which the false-alarm run length holds even where two model versions are all that shows the scatter.
    private const double LowerQuantile = -0.385320466407568;

    /// <summary>Below so many degrees of freedom the limit would be several times the estimate.</summary>
    private const int EnoughWithin = 10;

    private const int EnoughBetween = 3;

    /// <summary>
    /// Estimated within strata, from the episodes' squares where they are known, and from the scatter of the model versions
    /// about their stratum's mean, separately before and after the rise so that the rise itself does not count as scatter.
    /// Null where nothing shows it.
    /// </summary>
    public static double? Estimate(CorrectionTable table, Range baseline, Range tested)
    {
        var within = default(Pool);
        var between = default(Pool);
        for (int cell = 0; cell < table.Cells; cell++)
        {
            AddSegment(table, baseline, cell, ref within, ref between);
            AddSegment(table, tested, cell, ref within, ref between);
        }

        if (within.Freedom >= EnoughWithin)
        {
            double modelVersions = between.Freedom >= EnoughBetween ? between.Value : 1;
            return Math.Max(1, Math.Max(within.UpperLimit, modelVersions));
        }

        return between.Freedom >= 1 ? Math.Max(1, between.UpperLimit) : null;
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

    /// <summary>Pooled sums: squared deviations over the means that Poisson counts would show.</summary>
    private struct Pool
    {
        public double Squares;
        public double Means;
        public double Freedom;

        public readonly double Value => Means > 0 ? Squares / Means : 1;

        /// <summary>Upper 65 % confidence limit: value * df / (35 % quantile of chi-square), by Wilson and Hilferty (1931).</summary>
        public readonly double UpperLimit
        {
            get
            {
                double ninth = 2 / (9 * Freedom);
                double root = 1 - ninth + (LowerQuantile * Math.Sqrt(ninth));
                return Value / (root * root * root);
            }
        }
    }
}
