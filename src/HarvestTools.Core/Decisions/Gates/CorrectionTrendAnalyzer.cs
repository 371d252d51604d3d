using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Decisions.Gates;

/// <summary>Turns corrections by model version into an answer about the pre-annotation.</summary>
internal static class CorrectionTrendAnalyzer
{
    // With fewer cycles the scatter between them is an assumption.
    private const int CyclesForPromise = 5;

    /// <summary>
    /// Tests the versions of each model apart, given in order. A rise counts only within the same task and people; where the
    /// plain figures rose and these did not, the answer names what explains it, and where nothing can be compared, it says so.
    /// </summary>
    public static CorrectionTrend Analyze(IReadOnlyList<VersionCorrections> modelVersions, CorrectionTrendSettings settings)
    {
        ArgumentNullException.ThrowIfNull(modelVersions);
        ArgumentNullException.ThrowIfNull(settings);
        VersionCorrections[][] lines = [.. modelVersions.GroupBy(static version => version.LineUnknown ? null : version.Line).Select(static line => line.ToArray())];
        if (lines.Length <= 1)
        {
            return OfLine(modelVersions, settings, lines: 1);
        }

        CorrectionTrend[] trends = [.. lines.Select(line => OfLine(line, settings, lines.Length) with { Line = line[0].LineUnknown ? null : line[0].Line })];
        CorrectionTrend deciding = trends.MinBy(static trend => trend.Status switch
        {
            CorrectionTrendStatus.Regressed => 0,
            CorrectionTrendStatus.NoRegression => 3,
            CorrectionTrendStatus.Answered => 2,
            _ => 1,
        })!;
        return deciding with
        {
            Lines = trends,
            Explanation = string.Join(" ", trends.Select(static trend => $"{trend.Line ?? "Unassigned"}: {trend.Explanation}").Concat(SameModel.Suggest(modelVersions, trends, settings))),
            ModelVersions = [.. modelVersions.Select(VersionFigures.Of)],
        };
    }

    private static CorrectionTrend OfLine(IReadOnlyList<VersionCorrections> modelVersions, CorrectionTrendSettings settings, int lines)
    {
        // A model version that nobody worked on shows nothing and must not count as a cycle that disagrees.
        VersionCorrections[] all = [.. modelVersions.Where(static modelVersion => modelVersion.Episodes > 0)];
        VersionCorrections[] worked = [.. all.Where(static modelVersion => !modelVersion.Answered)];
        var test = new CorrectionTrendTest(worked, settings, lines);
        var basis = new CorrectionTrend
        {
            Status = CorrectionTrendStatus.NotEnoughEpisodes,
            Explanation = "",
            Limit = test.Limit,
            FalseAlarmCycles = settings.FalseAlarmCycles,
            ModelVersions = [.. modelVersions.Select(VersionFigures.Of)],
        };
        if (all.Length > 1 && all.Any(static version => version.LineUnknown))
        {
            return basis with { Status = CorrectionTrendStatus.ModelUnknown, Explanation = CorrectionTrendText.ModelUnknown(all) };
        }

        if (all.Length > 1 && all.Any(static version => version.OrderUnknown))
        {
            return basis with { Status = CorrectionTrendStatus.OrderUnknown, Explanation = CorrectionTrendText.OrderUnknown(all) };
        }

        CorrectionTrend found = Judge(basis, worked, test, settings, lines);
        return all is [.., { Answered: true }] && found.Status != CorrectionTrendStatus.Regressed
            ? basis with { Status = CorrectionTrendStatus.Answered, Explanation = CorrectionTrendText.Answered([.. all.Where(static version => version.Answered)]) }
            : found;
    }

    private static CorrectionTrend Judge(CorrectionTrend basis, VersionCorrections[] worked, CorrectionTrendTest test, CorrectionTrendSettings settings, int lines)
    {
        CorrectionTrendFinding stratified = test.Run(Stratification.TaskAndAnnotator);
        CorrectionTrendFinding plain = test.Run(Stratification.None);
        if (stratified.Alarms(test.Limit))
        {
            CorrectionTrend found = Describe(basis, worked, stratified.Sustained!) with { Status = CorrectionTrendStatus.Regressed };
            return found with { Explanation = CorrectionTrendText.Regressed(found) };
        }

        // A start from which on people or tasks are others, so that comparable episodes could not show a rise: nothing is concluded,
        // whatever the figures since then say of each other.
        ComparisonGap? gap = test.Starts()
            .Where(static start => !start.Comparable)
            .Select(start => (Gap: ComparisonGap.Find(worked, start.Plain, settings, lines), Shows: start.Plain.CanTell(test.Limit)))
            .Where(static found => found.Gap is { } gap && (found.Shows || gap.IsOfOthers))
            .Select(static found => found.Gap!)
            .MaxBy(static found => (double)found.Unmatched / found.Episodes);
        if (gap is not null)
        {
            return basis with { Status = gap.Status, Explanation = CorrectionTrendText.Gap(gap) };
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

        return basis with { Explanation = CorrectionTrendText.NotEnough(worked.Length, settings, test.Limit, stratified.MostTelling) };
    }

    private static CorrectionTrend Describe(CorrectionTrend basis, VersionCorrections[] modelVersions, RiseCandidate candidate)
    {
        RiseEvidence evidence = candidate.Evidence;
        return basis with
        {
            Statistic = Math.Max(0, evidence.LogLikelihoodRatio),
            Rise = evidence.Rise,
            BaselinePerEpisode = evidence.BaselineCorrections / evidence.BaselineEpisodes,
            Dispersion = candidate.Dispersion.Limit,
            ComparableEpisodes = (long)evidence.TestedEpisodes,
            TestedEpisodes = modelVersions[candidate.Tested].Sum(modelVersion => modelVersion.Episodes),
            BaselineVersions = [.. modelVersions[candidate.Baseline].Select(modelVersion => modelVersion.ModelVersion)],
            TestedVersions = [.. modelVersions[candidate.Tested].Select(modelVersion => modelVersion.ModelVersion)],
            KeepsRunLength = modelVersions.Length >= CyclesForPromise,
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
