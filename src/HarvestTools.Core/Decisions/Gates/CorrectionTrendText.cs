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
                + $"a rise to {Times(settings.Ratio)} would show within {CorrectionTrendTest.PromisedCycles} cycles in nine cases of ten, where cycles differ in difficulty by {Figures.Percent(CorrectionDispersion.UsualVariation)} at most.");
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

    public static string Gap(ComparisonGap gap)
    {
        string figures = $"{gap.Unmatched} of {Figures.Count(gap.Episodes, "episode")} of {Names(gap.After)}";
        string cause = (gap.Status, gap.Names.Count) switch
        {
            _ when gap.Regrouped => $"Not known: {figures} were each labelled by a group of people that labelled no episode under {Names(gap.Before)}",
            (_, 0) => $"Not known: {figures} are of people and tasks that were not together under {Names(gap.Before)}",
            (CorrectionTrendStatus.LabelersChanged, _) => $"Not known: {figures} are by annotators without an episode under {Names(gap.Before)} ({Figures.List(gap.Names)})",
            _ => $"Not known: {figures} are of tasks without an episode under {Names(gap.Before)} ({Figures.List(gap.Names)})",
        };
        string sentence = $"{cause}, so that nothing says whether a change from then on is the model's (the plain figures are at {Times(gap.Rise)}).";
        return gap.Bridge is not { } bridge
            ? sentence
            : $"{sentence} About {Figures.Count(bridge.Episodes, "episode")} of each of {Names(bridge.Versions)}, labelled by {Figures.List([.. bridge.Annotators.Select(AnnotatorName)])} in the tasks {(bridge.Groups ? "and groups " : "")}that they had before, would settle it.";
    }

    public static string ModelUnknown(IReadOnlyList<VersionCorrections> versions) =>
        $"Not known: whether {Figures.List([.. versions.Select(static version => version.ModelVersion)])} are versions of one model or of several. "
        + "Say it in harvest.json, for example \"lines\": { \"hand\": [\"hand*\"] } in retrain.regression.";

    public static string OrderUnknown(IReadOnlyList<VersionCorrections> versions)
    {
        VersionCorrections[] unordered = [.. versions.Where(static version => version.OrderUnknown)];
        string names = Figures.List([.. unordered.Select(static version => version.ModelVersion)]);
        return unordered.Any(static version => version.FirstSeen is null)
            ? $"Not known: {names} cannot be put in order, since neither the exports nor registered trainings date them. Register them with their training dates."
            : $"Not known: {names} cannot be put in order, since their predictions were first corrected at the same time.";
    }

    public static string Answered(IReadOnlyList<VersionCorrections> versions) =>
        $"The rise of {Names([.. versions.Select(static version => version.ModelVersion)])} is answered: its corrections are in the slice trained last. "
        + "No later model version was corrected yet.";

    public static string NotEnough(int modelVersions, CorrectionTrendSettings settings, double limit, RiseCandidate? telling)
    {
        const string Words = "Too few episodes: ";
        if (modelVersions <= settings.Cycles)
        {
            return $"{Words}{Figures.Count(modelVersions, "model version")} with corrected episodes, and it takes {settings.Cycles + 1} (a baseline and {settings.Cycles} cycles).";
        }

        return telling is null
            ? $"{Words}it takes {settings.MinEpisodes} in the baseline and {settings.MinEpisodes} in the latest cycles, of the same tasks and annotators."
            : $"{Words}with the {Figures.Count((long)telling.Evidence.TestedEpisodes, "comparable episode")} there are and {Figures.Count(modelVersions, "model version")} a rise to {Times(settings.Ratio)} "
                + $"would be found in fewer than nine cases of ten (its CUSUM would be about {Figures.Beside(telling.Evidence.Expected, limit, 1)} on average and scatter, limit {Figures.Number(limit)}).";
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

    // The promise is kept in simulation where the scatter between cycles is measured.
    private static string RunLength(CorrectionTrend found) => found.KeepsRunLength
        ? string.Create(CultureInfo.InvariantCulture, $"a false alarm comes at most once in {found.FalseAlarmCycles} cycles, as long as cycles differ in difficulty by no more than 20%")
        : "how often a false alarm comes is not known, since few model versions show how they scatter";
}
