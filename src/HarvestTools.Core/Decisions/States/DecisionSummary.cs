using HarvestTools.Decisions.Statistics;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>The sentence that a labeling lead reads first.</summary>
internal static class DecisionSummary
{
    // Above it, waiting costs more than training.
    private const double OverdueDelta = 0.2;

    public static string Of(RetrainDecision decision)
    {
        // A team that asks for more than this before it trains is not late by its own rule.
        if (decision.Corpus == 0 || decision.CorrectedEpisodes <= OverdueDelta * decision.Corpus || Failed(decision, RetrainGateNames.Delta))
        {
            return Counts(decision);
        }

        string more = $"more than {Figures.Percent(OverdueDelta)} of the corpus";
        return decision.ShouldRetrain
            ? $"{Counts(decision)} A retrain is overdue: that is {more}."
            : $"{Counts(decision)} That is {more}: a retrain is overdue, and only {HeldUpBy(decision)} it up.";
    }

    private static string HeldUpBy(RetrainDecision decision) =>
        (Failed(decision, RetrainGateNames.Gini) || Failed(decision, RetrainGateNames.TopTaskShare), Failed(decision, RetrainGateNames.EvalSet)) switch
        {
            (true, true) => "their spread and the eval set hold",
            (true, false) => "their spread holds",
            _ => "the eval set holds",
        };

    private static bool Failed(RetrainDecision decision, string gate) => decision.Gates.Any(found => found.Name == gate && found.Passed == false);

    private static string Counts(RetrainDecision decision) => decision.Regression is { Status: CorrectionTrendStatus.Regressed } rise
        ? $"{(rise.Line is null ? "" : $"{rise.Line}: ")}{Names(rise.TestedVersions)} needed {Figures.Number(rise.Rise ?? 0, 1)} times the corrections an episode of {Names(rise.BaselineVersions)}. {Corrected(decision)}"
        : Corrected(decision);

    private static string Names(IReadOnlyList<string> versions) => versions.Count <= 2 ? string.Join(" and ", versions) : $"{versions[0]} to {versions[^1]}";

    private static string Corrected(RetrainDecision decision)
    {
        int corrected = decision.CorrectedEpisodes;
        string since = decision.TrainedSlice is { } slice ? $" since {slice}" : string.Empty;
        if (corrected == 0)
        {
            return decision.Corpus == 0 ? "No episode was corrected, and nothing was trained yet." : $"None of {Figures.Count(decision.Corpus, "episode")} was newly corrected{since}.";
        }

        // New episodes count too, so that more may be corrected than the corpus has.
        if (decision.Corpus == 0)
        {
            return $"{Episodes(corrected)} corrected{Spread(decision)}; nothing was trained yet.";
        }

        if (decision.NewEpisodes is > 0 and var added)
        {
            string which = added == corrected ? "all of them new" : $"{Figures.Count(added)} of them new";
            return $"{Episodes(corrected)} newly corrected{since}, {which}, beside a corpus of {Figures.Count(decision.Corpus)}{Spread(decision)}.";
        }

        string count = corrected <= decision.Corpus ? $"{Figures.Count(corrected)} of {Figures.Count(decision.Corpus, "episode")} {(corrected == 1 ? "was" : "were")} newly corrected{since}"
            : $"{Episodes(corrected)} newly corrected{since}, more than the {Figures.Count(decision.Corpus)} of the corpus";
        return $"{count}{Spread(decision)}.";
    }

    private static string Episodes(int count) => $"{Figures.Count(count, "episode")} {(count == 1 ? "was" : "were")}";

    private static string Spread(RetrainDecision decision)
    {
        SpreadStatistics? spread = decision.Spread;
        int left = decision.DormantTasks.Count;
        string others = left == 0 ? string.Empty : $" ({Figures.Count(left, "other")} without a label lately {Figures.Plural(left, "is", "are")} left out)";
        return spread switch
        {
            null => string.Empty,
            { Tasks: 1 } => left == 0 ? string.Empty : $", all in {Name(spread)}{others}",
            { TasksReached: 1 } => $", all in {Name(spread)}, one of {Figures.Count(spread.Tasks, "task")}{others}",
            _ when spread.TasksReached == spread.Tasks => $", spread over all {Figures.Count(spread.Tasks, "task")}{others}",
            _ => $", spread over {Figures.Count(spread.TasksReached)} of {Figures.Count(spread.Tasks, "task")}{others}",
        };
    }

    private static string Name(SpreadStatistics spread) => spread.TopTask.Length == 0 ? "the root folder" : spread.TopTask;
}
