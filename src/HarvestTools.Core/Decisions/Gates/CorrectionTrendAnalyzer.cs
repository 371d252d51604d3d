using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Decisions.Gates;

/// <summary>Turns corrections by model version into an answer about the pre-annotation.</summary>
internal static class CorrectionTrendAnalyzer
{
    /// <summary>
    /// Tests the model versions, given in order of model version. A rise counts only within the same task and annotator; where the
    /// plain figures rose and these did not, the answer names what explains it.
    /// </summary>
    public static CorrectionTrend Analyze(IReadOnlyList<VersionCorrections> modelVersions, CorrectionTrendSettings settings)
    {
        ArgumentNullException.ThrowIfNull(modelVersions);
        ArgumentNullException.ThrowIfNull(settings);
        // A model version that nobody worked on shows nothing and must not count as a cycle that disagrees.
        VersionCorrections[] worked = [.. modelVersions.Where(modelVersion => modelVersion.Episodes > 0)];
        var test = new CorrectionTrendTest(worked, settings);
        CorrectionTrendFinding stratified = test.Run(Stratification.TaskAndAnnotator);
        CorrectionTrendFinding plain = test.Run(Stratification.None);
        var basis = new CorrectionTrend
        {
            Status = CorrectionTrendStatus.NotEnoughEpisodes,
            Explanation = "",
            Limit = test.Limit,
            FalseAlarmCycles = settings.FalseAlarmCycles,
            ModelVersions = [.. modelVersions.Select(VersionFigures.Of)],
        };
        if (stratified.Alarms(test.Limit))
        {
            CorrectionTrend found = Describe(basis, worked, stratified.Sustained!) with { Status = CorrectionTrendStatus.Regressed };
            return found with { Explanation = CorrectionTrendText.Regressed(found) };
        }

        bool canTell = stratified.CanTell(test.Limit);
        bool young = stratified.Young is { } recent && recent.Evidence.LogLikelihoodRatio >= test.Limit;
        if (canTell || young)
        {
            CorrectionTrend found = Describe(basis, worked, stratified.Sustained ?? stratified.MostTelling ?? stratified.Young!) with
            {
                Status = CorrectionTrendStatus.NoRegression,
                Statistic = Math.Max(0, stratified.Sustained?.Evidence.LogLikelihoodRatio ?? 0),
                ExplainedBy = canTell && plain.Alarms(test.Limit) ? Explain(test) : null,
            };
            return found with
            {
                Explanation = CorrectionTrendText.NoRegression(
                    found, settings, plain.Sustained?.Evidence.Rise, canTell, young ? Describe(basis, worked, stratified.Young!) : null),
            };
        }

        return plain.CanTell(test.Limit) && ComparisonGap.Find(worked, settings) is { } gap
            ? basis with { Status = gap.Status, Explanation = CorrectionTrendText.Gap(gap, plain.MostTelling!.Evidence.Rise) }
            : basis with { Explanation = CorrectionTrendText.NotEnough(worked.Length, settings, test.Limit, stratified.MostTelling) };
    }

    private static CorrectionTrend Describe(CorrectionTrend basis, VersionCorrections[] modelVersions, RiseCandidate candidate)
    {
        RiseEvidence evidence = candidate.Evidence;
        return basis with
        {
            Statistic = Math.Max(0, evidence.LogLikelihoodRatio),
            Rise = evidence.Rise,
            BaselinePerEpisode = evidence.BaselineCorrections / evidence.BaselineEpisodes,
            Dispersion = candidate.Dispersion,
            ComparableEpisodes = (long)evidence.TestedEpisodes,
            TestedEpisodes = modelVersions[candidate.Tested].Sum(modelVersion => modelVersion.Episodes),
            BaselineVersions = [.. modelVersions[candidate.Baseline].Select(modelVersion => modelVersion.ModelVersion)],
            TestedVersions = [.. modelVersions[candidate.Tested].Select(modelVersion => modelVersion.ModelVersion)],
        };
    }

    /// <summary>Which stratification makes the alarm of the plain figures go away.</summary>
    private static string Explain(CorrectionTrendTest test)
    {
        bool tasks = !test.Run(Stratification.Task).Alarms(test.Limit);
        bool labelers = !test.Run(Stratification.Annotator).Alarms(test.Limit);
        return (tasks, labelers) switch
        {
            (true, false) => "task mix",
            (false, true) => "labelers",
            _ => "labelers and task mix",
        };
    }
}
