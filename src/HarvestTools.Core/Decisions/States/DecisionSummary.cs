using HarvestTools.Decisions.Statistics;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>The sentence that a labeling lead reads first.</summary>
internal static class DecisionSummary
{
    // Above it, waiting costs more than training.
    private const double OverdueDelta = 0.2;

    public static string Of(RetrainDecision decision) =>
        decision.Corpus > 0 && decision.CorrectedEpisodes > OverdueDelta * decision.Corpus
            ? $"{Counts(decision)} A retrain is overdue: that is more than {Figures.Percent(OverdueDelta)} of the corpus."
            : Counts(decision);

    private static string Counts(RetrainDecision decision)
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
            return $"{Episodes(corrected)} corrected{Spread(decision.Spread)}; nothing was trained yet.";
        }

        string count = corrected <= decision.Corpus ? $"{Figures.Count(corrected)} of {Figures.Count(decision.Corpus, "episode")} {(corrected == 1 ? "was" : "were")} newly corrected{since}"
            : $"{Episodes(corrected)} newly corrected{since}, more than the {Figures.Count(decision.Corpus)} of the corpus";
        return $"{count}{Spread(decision.Spread)}.";
    }

    private static string Episodes(int count) => $"{Figures.Count(count, "episode")} {(count == 1 ? "was" : "were")}";

    private static string Spread(SpreadStatistics? spread) => spread switch
    {
        null or { Tasks: 1 } => string.Empty,
        { TasksReached: 1 } => $", all in {(spread.TopTask.Length == 0 ? "the root folder" : spread.TopTask)}, one of {Figures.Count(spread.Tasks, "task")}",
        _ when spread.TasksReached == spread.Tasks => $", spread over all {Figures.Count(spread.Tasks, "task")}",
        _ => $", spread over {Figures.Count(spread.TasksReached)} of {Figures.Count(spread.Tasks, "task")}",
    };
}
