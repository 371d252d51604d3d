using System.Globalization;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>What the correction trend test says, in sentences.</summary>
internal static class CorrectionTrendText
{
    public static string Regressed(CorrectionTrend found) =>
        $"{Names(found.TestedVersions)} needed {Times(found.Rise)} the corrections an episode of {Names(found.BaselineVersions)} "
        + $"({Per(found.BaselinePerEpisode)}), in the same tasks and by the same annotators{Comparable(found)}. "
        + $"CUSUM {Figures.Beside(found.Statistic!.Value, found.Limit!.Value, 1)}, limit {Figures.Number(found.Limit.Value)}: {RunLength(found)}.";

    public static string NoRegression(
        CorrectionTrend found, CorrectionTrendSettings settings, double? plainRise, bool canTell, CorrectionTrend? young)
    {
        var sentences = new List<string>();
        if (canTell)
        {
            sentences.Add($"No sustained rise: {At(found)} the corrections an episode of {Names(found.BaselineVersions)}{Comparable(found)}; "
                + $"a rise to {Times(settings.Ratio)} would show within {CorrectionTrendTest.PromisedCycles} cycles in nine cases of ten.");
        }

        if (found.ExplainedBy is not null)
        {
            sentences.Add($"The plain figures rose to {Times(plainRise)}; within the same task and annotator they did not: "
                + $"a change of {found.ExplainedBy}, not of the model.");
        }

        if (young is not null)
        {
            sentences.Add($"{At(young)} the corrections an episode of {Names(young.BaselineVersions)}; "
                + $"{settings.Cycles} cycles must agree before that counts as sustained.");
        }

        return string.Join(" ", sentences);
    }

    public static string Gap(ComparisonGap gap, double? plainRise)
    {
        string figures = $"{gap.Unmatched} of {Figures.Count(gap.Episodes, "episode")} of {Names(gap.Latest)}";
        string cause = (gap.Status, gap.Names.Count) switch
        {
            (_, 0) => $"The labelers changed tasks: {figures} come from annotators who had not worked on those tasks before",
            (CorrectionTrendStatus.LabelersChanged, _) => $"The labelers changed: {figures} come from annotators without an episode under the earlier model versions ({string.Join(", ", gap.Names)})",
            _ => $"The task mix changed: {figures} come from tasks without an episode under the earlier model versions ({string.Join(", ", gap.Names)})",
        };
        return $"{cause}, so that a rise to {Times(plainRise)} of the plain figures says nothing about the model. Too few episodes are left to compare.";
    }

    public static string NotEnough(int modelVersions, CorrectionTrendSettings settings, double limit, RiseCandidate? telling)
    {
        const string Words = "Too few episodes: ";
        if (modelVersions <= settings.Cycles)
        {
            return $"{Words}{Figures.Count(modelVersions, "model version")} with corrected episodes, and it takes {settings.Cycles + 1} (a baseline and {settings.Cycles} cycles).";
        }

        return telling is null
            ? $"{Words}it takes {settings.MinEpisodes} in the baseline and {settings.MinEpisodes} in the latest cycles, of the same tasks and annotators."
            : $"{Words}a rise to {Times(settings.Ratio)} would bring the CUSUM to about {Figures.Beside(telling.Evidence.Expected, limit, 1)} "
                + $"with the {Figures.Count((long)telling.Evidence.TestedEpisodes, "comparable episode")} there are, too close to its limit {Figures.Number(limit)} to be found nine times in ten.";
    }

    public static string AnnotatorName(long? annotator) =>
        annotator is null ? "unnamed" : string.Create(CultureInfo.InvariantCulture, $"{annotator}");

    /// <summary>Model version names: one, "v7 and v8", or "v2 to v6".</summary>
    public static string Names(IReadOnlyList<string> modelVersions) => modelVersions.Count switch
    {
        1 => modelVersions[0],
        2 => $"{modelVersions[0]} and {modelVersions[1]}",
        _ => $"{modelVersions[0]} to {modelVersions[^1]}",
    };

    /// <summary>A factor, for example <c>x2.1</c>.</summary>
    public static string Times(double? factor) => factor is null ? "an unknown multiple of" : "x" + Figures.Number(factor.Value);

    private static string At(CorrectionTrend found) => found.TestedVersions.Count == 1
        ? $"{found.TestedVersions[0]} alone is at {Times(found.Rise)}"
        : $"{Names(found.TestedVersions)} are at {Times(found.Rise)}";

    private static string Per(double? perEpisode) => $"{Figures.Number(perEpisode ?? 0, 1)} an episode";

    private static string Comparable(CorrectionTrend found) => found.ComparableEpisodes == found.TestedEpisodes
        ? $" ({Figures.Count(found.TestedEpisodes, "episode")})"
        : $" ({found.ComparableEpisodes} of {Figures.Count(found.TestedEpisodes, "episode")} comparable)";

    private static string RunLength(CorrectionTrend found) =>
        string.Create(CultureInfo.InvariantCulture, $"a false alarm comes at most once in {found.FalseAlarmCycles} cycles");
}
