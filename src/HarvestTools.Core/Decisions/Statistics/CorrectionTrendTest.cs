using HarvestTools.Manifests;

namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// CUSUM over model versions (Page 1954) on the evidence of <see cref="RiseEvidence"/>: the rise may have begun with any of
/// the last model versions, and the start that explains the figures best counts. Each start's likelihood ratio has mean 1
/// while nothing is wrong, so a limit of ln(A) is passed by chance no more often than once in A cycles (Lorden 1971).
/// </summary>
/// <param name="modelVersions">Of one model, in order.</param>
/// <param name="settings">The settings.</param>
/// <param name="lines">How many models are tested, which share the error rate.</param>
internal sealed class CorrectionTrendTest(IReadOnlyList<VersionCorrections> modelVersions, CorrectionTrendSettings settings, int lines)
{
    /// <summary>Within how many cycles a real rise is to be found in nine cases of ten, if the data are to count as enough.</summary>
    public const int PromisedCycles = 3;

    /// <summary>The limit for the false-alarm run length of the settings, over all models together.</summary>
    public double Limit => Math.Log((double)settings.FalseAlarmCycles * lines);

    /// <summary>What the model versions show under one stratification.</summary>
    public CorrectionTrendFinding Run(Stratification stratification)
    {
        var table = new CorrectionTable(modelVersions, stratification);
        var finding = new CorrectionTrendFinding();
        int last = table.ModelVersions - 1;
        for (int start = Math.Max(1, table.ModelVersions - settings.BaselineVersions); start <= last; start++)
        {
            if (At(table, start) is not { } candidate)
            {
                continue;
            }

            RiseEvidence evidence = candidate.Evidence;
            (bool comparable, bool agree) = LookAtLastCycles(table, candidate);
            if (!comparable)
            {
                continue;
            }

            if (table.ModelVersions - start < settings.Cycles)
            {
                // Too young to be sustained; kept to be named.
                finding.Young = RiseCandidate.Stronger(finding.Young, candidate);
                continue;
            }

            if (table.ModelVersions - start <= Math.Max(PromisedCycles, settings.Cycles))
            {
                finding.MostTelling = finding.MostTelling is { } telling && telling.Evidence.Expected >= evidence.Expected ? telling : candidate;
            }

            if (agree)
            {
                finding.Sustained = RiseCandidate.Stronger(finding.Sustained, candidate);
            }
        }

        return finding;
    }

    /// <summary>
    /// All starts that a baseline could still reach, with enough cycles since, the earliest first; each with whether comparable
    /// episodes could show a rise that began there.
    /// </summary>
    /// <returns>By the plain figures; nothing where there are too few of them.</returns>
    public IEnumerable<(RiseCandidate Plain, bool Comparable)> Starts()
    {
        var plain = new CorrectionTable(modelVersions, Stratification.None);
        var stratified = new CorrectionTable(modelVersions, Stratification.TaskAndAnnotator);
        for (int start = Math.Max(1, plain.ModelVersions - (2 * settings.BaselineVersions)); start <= plain.ModelVersions - settings.Cycles; start++)
        {
            if (At(plain, start) is { } candidate)
            {
                yield return (candidate, At(stratified, start)?.CanTell(Limit) == true);
            }
        }
    }

    /// <summary>Whether comparable episodes, some of them in each of the last cycles, could show a rise that began with a model version.</summary>
    public bool CanCompare(int start)
    {
        var table = new CorrectionTable(modelVersions, Stratification.TaskAndAnnotator);
        return At(table, start) is { } candidate && candidate.CanTell(Limit) && LookAtLastCycles(table, candidate).Comparable;
    }

    /// <summary>The evidence for a rise that began with a model version; null where nothing or too little can be compared.</summary>
    private RiseCandidate? At(CorrectionTable table, int start)
    {
        Range baseline = Math.Max(0, start - settings.BaselineVersions)..start;
        Range tested = start..table.ModelVersions;
        if (CorrectionDispersion.Estimate(table, baseline, tested) is not { } dispersion)
        {
            return null;
        }

        RiseEvidence evidence = RiseEvidence.Between(table, baseline, tested, settings.Ratio, dispersion);
        return evidence.BaselineEpisodes < settings.MinEpisodes || evidence.TestedEpisodes < settings.MinEpisodes
            ? null
            : new RiseCandidate(baseline, tested, dispersion, evidence);
    }

    /// <summary>
    /// Whether each of the last cycles has an episode that can be compared at all, so that earlier cycles do not speak for it, and
    /// whether each of them by itself speaks for the rise rather than against it.
    /// </summary>
    private (bool Comparable, bool Agree) LookAtLastCycles(CorrectionTable table, RiseCandidate candidate)
    {
        bool comparable = true;
        bool agree = true;
        for (int modelVersion = Math.Max(candidate.Tested.Start.Value, table.ModelVersions - settings.Cycles); modelVersion < table.ModelVersions; modelVersion++)
        {
            var own = RiseEvidence.Between(table, candidate.Baseline, modelVersion..(modelVersion + 1), settings.Ratio, candidate.Dispersion);
            comparable &= own.TestedEpisodes > 0;
            agree &= own.LogLikelihoodRatio > 0;
        }

        return (comparable, agree);
    }
}

/// <summary>One possible start of a rise.</summary>
internal sealed record RiseCandidate(Range Baseline, Range Tested, Dispersion Dispersion, RiseEvidence Evidence)
{
    /// <summary>Whether a rise of the size looked for would have passed the limit in nine cases of ten.</summary>
    public bool CanTell(double limit) => CanTell(Evidence.Expected, Dispersion, limit);

    /// <summary>
    /// The log likelihood ratio is then close to normal. Its variance is twice its mean where the dispersion is what the test uses,
    /// and less where that is a cautious limit.
    /// </summary>
    public static bool CanTell(double expected, Dispersion dispersion, double limit)
    {
        const double NinetyPercent = 1.2815515655446004;
        return expected - (NinetyPercent * Math.Sqrt(2 * expected * Math.Min(1, dispersion.Value / dispersion.Limit))) >= limit;
    }

    public static RiseCandidate Stronger(RiseCandidate? one, RiseCandidate other) =>
        one is not null && one.Evidence.LogLikelihoodRatio >= other.Evidence.LogLikelihoodRatio ? one : other;
}

/// <summary>The starts that matter, null where there is none.</summary>
internal sealed class CorrectionTrendFinding
{
    /// <summary>The strongest start whose last cycles agree.</summary>
    public RiseCandidate? Sustained { get; set; }

    /// <summary>The start under which a real rise would have shown most clearly.</summary>
    public RiseCandidate? MostTelling { get; set; }

    /// <summary>The strongest start too recent for enough cycles to agree.</summary>
    public RiseCandidate? Young { get; set; }

    public bool Alarms(double limit) => Sustained is not null && Sustained.Evidence.LogLikelihoodRatio >= limit;

    /// <summary>Whether a rise of the size looked for would have passed the limit in nine cases of ten.</summary>
    public bool CanTell(double limit) => MostTelling?.CanTell(limit) == true;
}
