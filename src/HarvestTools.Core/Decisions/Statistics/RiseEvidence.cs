namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// The evidence that corrections an episode rose by a given ratio between a baseline and the model versions after it.
/// Within each stratum the split of all corrections between the two is compared, given their sum: binomial for Poisson
/// counts, beta-binomial for overdispersed (negative binomial) ones. The stratum's own rate cancels out, so neither a
/// strict annotator nor a hard task can pass for a worse model, and a stratum that only one side knows says nothing.
/// </summary>
internal readonly record struct RiseEvidence
{
    /// <summary>Log likelihood ratio of the rise against no rise.</summary>
    public double LogLikelihoodRatio { get; private init; }

    /// <summary>The log likelihood ratio to be expected if the rise were real: what the data could have shown.</summary>
    public double Expected { get; private init; }

    /// <summary>Mantel-Haenszel estimate of the rise; null where the comparable baseline has no correction.</summary>
    public double? Rise { get; private init; }

    /// <summary>Episodes of the baseline in strata that both sides know.</summary>
    public double BaselineEpisodes { get; private init; }

    /// <summary>Corrections there.</summary>
    public double BaselineCorrections { get; private init; }

    /// <summary>Episodes of the tested model versions in strata that both sides know.</summary>
    public double TestedEpisodes { get; private init; }

    public static RiseEvidence Between(CorrectionTable table, Range baseline, Range tested, double ratio, Dispersion dispersion)
    {
        double evidence = 0;
        double expected = 0;
        double above = 0;
        double below = 0;
        var sums = default((double BaselineEpisodes, double BaselineCorrections, double TestedEpisodes, double TestedCorrections));
        for (int cell = 0; cell < table.Cells; cell++)
        {
            double before = table.Episodes(baseline, cell);
            double after = table.Episodes(tested, cell);
            if (before == 0 || after == 0)
            {
                continue;
            }

            double old = table.Corrections(baseline, cell);
            double now = table.Corrections(tested, cell);
            double even = after / (after + before);
            double risen = ratio * after / ((ratio * after) + before);
            evidence += LogRatio(now, old, even, risen, dispersion.Episodes);
            expected += ExpectedOf(old + now, before, after, ratio, dispersion.Limit);
            above += now * before / (before + after);
            below += old * after / (before + after);
            sums = (sums.BaselineEpisodes + before, sums.BaselineCorrections + old, sums.TestedEpisodes + after, sums.TestedCorrections + now);
        }

        return new RiseEvidence
        {
            // What a whole cycle differs by is common to its strata: within one of them corrections scatter as episodes do, and what is
            // common takes from the weight of all of them together.
            LogLikelihoodRatio = evidence * dispersion.Episodes / dispersion.Limit,
            Expected = expected * IfRisen(sums.BaselineEpisodes, sums.BaselineCorrections, sums.TestedEpisodes, sums.TestedCorrections, ratio),
            Rise = below > 0 ? above / below : null,
            BaselineEpisodes = sums.BaselineEpisodes,
            BaselineCorrections = sums.BaselineCorrections,
            TestedEpisodes = sums.TestedEpisodes,
        };
    }

    /// <summary>
    /// By how much more corrections there would be if the rise were real: what the data could have shown is asked also where they
    /// show none. The lower of two rates counts, that of the baseline and that of both, so that the power is not overstated.
    /// </summary>
    private static double IfRisen(double before, double old, double after, double now, double ratio)
    {
        if (old + now == 0)
        {
            return 1;
        }

        double rate = Math.Min(old / before, (old + now) / (before + after));
        return rate * (before + (ratio * after)) / (old + now);
    }

    /// <summary>The log likelihood ratio that so many corrections would lead to expect if the rise were real.</summary>
    public static double ExpectedOf(double corrections, double before, double after, double ratio, double dispersion)
    {
        double even = after / (after + before);
        double risen = ratio * after / ((ratio * after) + before);
        return corrections * ((risen * Math.Log(risen / even)) + ((1 - risen) * Math.Log((1 - risen) / (1 - even)))) / dispersion;
    }

    private static double LogRatio(double now, double old, double even, double risen, double dispersion)
    {
        if (now + old == 0)
        {
            return 0;
        }

        // Close to Poisson the beta-binomial is the binomial, and its parameters grow without bound.
        if (dispersion < 1.001)
        {
            return (now * Math.Log(risen / even)) + (old * Math.Log((1 - risen) / (1 - even)));
        }

        double size = (now + old) / (dispersion - 1);
        return BetaBinomial(now, old, risen, size) - BetaBinomial(now, old, even, size);
    }

    private static double BetaBinomial(double now, double old, double share, double size) =>
        SpecialFunctions.LogBeta(now + (share * size), old + ((1 - share) * size))
        - SpecialFunctions.LogBeta(share * size, (1 - share) * size);
}
