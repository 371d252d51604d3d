using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>Do the corrections spread over the tasks? The Gini coefficient, and the largest task's share as a gate of its own.</summary>
internal static class SpreadGates
{
    public static RetrainGate Gini(RetrainState state, SpreadStatistics? spread, RetrainThresholds thresholds)
    {
        double? value = spread?.Gini ?? (state.TaskSubdirCounts is null ? state.TaskCoverageGini : null);
        var gate = new RetrainGate(
            RetrainGateNames.Gini, value, thresholds.MaxGini, null, Unknown(state), "unknown", "at most " + Figures.Number(thresholds.MaxGini, 15));
        if (value is null)
        {
            return gate;
        }

        gate = gate with { ValueText = Figures.Beside(value.Value, thresholds.MaxGini, 2) };
        bool above = value > thresholds.MaxGini;
        if (spread is null)
        {
            return gate with
            {
                Passed = !above,
                Explanation = "By the bare rule: without the counts by task it is unknown whether chance alone explains it.",
            };
        }

        string draw = $"{(spread.Even ? "An even draw" : "A draw with the corpus's shares")} of {Figures.Count(spread.Episodes, "episode")} over {Figures.Count(spread.Tasks, "task")} "
            + $"has Gini {Figures.Number(spread.ExpectedGini)} on average; {Figures.PValue(spread.GiniP)}.";
        return gate with
        {
            Passed = GiniPasses(spread, thresholds),
            Allowance = Allowance(above, GiniPasses(spread, thresholds)),
            Explanation = $"{draw} {Verdict(above, spread.GiniP, thresholds)}",
        };
    }

    public static RetrainGate TopTaskShare(RetrainState state, SpreadStatistics? spread, RetrainThresholds thresholds)
    {
        double? value = spread?.TopTaskShare ?? (state.TaskSubdirCounts is null ? state.TopTaskShare : null);
        var gate = new RetrainGate(
            RetrainGateNames.TopTaskShare, value, thresholds.MaxTaskShare, null, Unknown(state), "unknown", "at most " + Figures.Percent(thresholds.MaxTaskShare));
        if (value is null)
        {
            return gate;
        }

        gate = gate with { ValueText = Figures.Percent(value.Value, thresholds.MaxTaskShare) };
        bool above = value > thresholds.MaxTaskShare;
        if (spread is null)
        {
            return gate with
            {
                Passed = !above,
                Explanation = "By the bare rule: without the counts by task it is unknown whether chance alone explains it.",
            };
        }

        if (spread.Tasks == 1)
        {
            return gate with
            {
                Passed = true,
                Allowance = above ? "the only task" : null,
                Explanation = $"{TaskName(spread.TopTask)} is the only task, so there is no other to spread over.",
            };
        }

        string share = $"The largest share is in {Largest(state.TaskSubdirCounts, spread)}; effective number of tasks "
            + $"{Figures.Number(spread.EffectiveTasks, 1)} of {spread.Tasks}; {Figures.PValue(spread.TopTaskShareP)}.";
        return gate with
        {
            Passed = SharePasses(spread, thresholds),
            Allowance = Allowance(above, SharePasses(spread, thresholds)),
            Explanation = $"{share} {Verdict(above, spread.TopTaskShareP, thresholds)}",
        };
    }

    public static bool GiniPasses(SpreadStatistics spread, RetrainThresholds thresholds) =>
        Passes(spread.Gini > thresholds.MaxGini, spread.GiniP, thresholds);

    /// <summary>One task alone passes under either rule: there is no other to spread over.</summary>
    public static bool SharePasses(SpreadStatistics spread, RetrainThresholds thresholds) =>
        spread.Tasks == 1 || Passes(spread.TopTaskShare > thresholds.MaxTaskShare, spread.TopTaskShareP, thresholds);

    /// <summary>What the draw's shares are taken from; null for an even draw.</summary>
    public static IReadOnlyDictionary<string, int>? CorpusOf(RetrainState state, RetrainThresholds thresholds) =>
        thresholds.Reference == SpreadReference.Corpus ? state.CorpusCounts : null;

    /// <summary>A task folder as a sentence names it; the empty one is the root.</summary>
    public static string TaskName(string taskSubdir) => taskSubdir.Length == 0 ? "(no task folder)" : taskSubdir;

    /// <summary>The task with the most corrected episodes, or all of them where several have as many.</summary>
    private static string Largest(IReadOnlyDictionary<string, int>? counts, SpreadStatistics spread)
    {
        if (counts is null)
        {
            return TaskName(spread.TopTask);
        }

        int most = counts.Values.Max();
        string[] tasks = [.. counts.Where(task => task.Value == most).Select(static task => TaskName(task.Key)).Order(StringComparer.Ordinal)];
        return tasks.Length == 1 ? tasks[0] : Figures.List(tasks) + " alike";
    }

    private static bool Passes(bool above, double p, RetrainThresholds thresholds) =>
        !above || (thresholds.Gini == GiniRule.Calibrated && p > thresholds.GiniP);

    // In the table beside the figure: a pass with 0.58 where at most 0.5 is wanted would read as a fault.
    private static string? Allowance(bool above, bool passes) => above && passes ? "no more than chance gives" : null;

    private static string Verdict(bool above, double p, RetrainThresholds thresholds)
    {
        string level = Figures.Percent(thresholds.GiniP);
        return (above, thresholds.Gini) switch
        {
            (false, _) => "Within the threshold.",
            (true, GiniRule.Plain) => "Above the threshold by the plain rule, which does not ask whether chance explains it.",
            (true, _) when p > thresholds.GiniP => "Above the threshold, but no more concentrated than chance makes a batch of this size.",
            _ => $"Above the threshold and more concentrated than chance; at most {level} of batches drawn so would fail here.",
        };
    }

    private static string Unknown(RetrainState state) => state.CorrectedEpisodes == 0 || state.TaskSubdirCounts is not null
        ? "No corrected episode: there is nothing to spread."
        : "Not known: neither the counts by task nor this figure was given.";
}
