using System.Globalization;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>What would turn the decision: one sentence for each gate that fails, or for a decision to retrain its margin.</summary>
internal static class Counterfactuals
{
    // Beyond ten years a date is no forecast, and adding it could leave the calendar.
    private const double FarthestDays = 3650;

    // After so long a pause the pace from before says nothing of when the next episodes come.
    private static readonly TimeSpan s_pause = TimeSpan.FromDays(28);

    public static IReadOnlyList<string> Of(
        RetrainState state, RetrainThresholds thresholds, string verdict, IReadOnlyList<RetrainGate> gates, CorrectionTrend? analysis)
    {
        var flips = new List<string>();

        // Where the regression decides, no other gate's figure would turn anything.
        foreach (RetrainGate gate in gates.Where(gate => gate.Passed == false && (verdict != RetrainVerdict.RetrainNow || gate.Name == RetrainGateNames.Regression)))
        {
            string? flip = gate.Name switch
            {
                RetrainGateNames.Regression => Regression(analysis, thresholds),
                RetrainGateNames.Delta => Delta(state, thresholds),
                RetrainGateNames.Gini => Spread(state, thresholds, gate),
                // One sentence speaks for both spread gates.
                RetrainGateNames.TopTaskShare when !flips.Exists(found => found.Contains("spread gates", StringComparison.Ordinal)) =>
                    Spread(state, thresholds, gate),
                RetrainGateNames.EvalSet when EvalSetGate.IsGone(state.EvalSet) => "Restoring the eval set, or pinning another one, would pass the eval gate.",
                RetrainGateNames.EvalSet => "Restoring the eval set's recorded bytes, or pinning it as it is now, would pass the eval gate.",
                _ => null,
            };
            if (flip is not null)
            {
                flips.Add(flip);
            }
        }

        if (verdict == RetrainVerdict.Retrain && state.Corpus > 0)
        {
            long spare = state.CorrectedEpisodes - DeltaGate.Needed(state, thresholds) + 1;
            string eval = gates.Any(static gate => gate is { Name: RetrainGateNames.EvalSet, Passed: true }) ? ", or once the eval set changes" : string.Empty;
            flips.Add($"Would wait with {Figures.Count(spare, "corrected episode")} fewer{eval}.");
        }

        return flips;
    }

    private static string Regression(CorrectionTrend? analysis, RetrainThresholds thresholds)
    {
        if (analysis is not { Status: CorrectionTrendStatus.Regressed, BaselinePerEpisode: { } baseline })
        {
            return "Without the regression that was reported, the gates below would decide.";
        }

        // At this factor the likelihoods of a rise and of none are equal: the latest cycle no longer agrees.
        double ratio = thresholds.Regression.Ratio;
        double even = (ratio - 1) / Math.Log(ratio);
        return $"The alarm ends with a model version that needs fewer than about {Figures.Number(even * baseline, 1)} corrections an episode "
            + $"({CorrectionTrendText.Times(even)} the baseline of {Figures.Number(baseline, 1)}).";
    }

    private static string Delta(RetrainState state, RetrainThresholds thresholds)
    {
        if (state.Corpus == 0)
        {
            return "Needs a first corrected episode.";
        }

        long missing = DeltaGate.Missing(state, thresholds);
        string needs = $"Needs {Figures.Count(missing, "more corrected episode")}";
        if (state.CorrectedPerWeek is not { } pace)
        {
            return needs + (state.TrainedSlice is null ? "." : "; how many come in a week is not known yet.");
        }

        if (pace == 0)
        {
            return needs + "; none was corrected lately.";
        }

        if (state.LabelledUntil is { } last && state.AsOf - last > s_pause)
        {
            return $"{needs}; the last label is of {Day(last)}, so that nothing says when they come.";
        }

        double days = Math.Ceiling(missing / pace * 7);
        string weekly = $"{needs}; at {Figures.Beside(pace, 0, 1)} a week that is ";
        if (days > FarthestDays)
        {
            return weekly + "more than ten years away.";
        }

        if (state.AsOf is not { } now)
        {
            return weekly + $"about {Figures.Count((long)days, "day")}.";
        }

        return weekly + $"about {Day(now.AddDays(days))}.";
    }

    // With its year: what is said of the past, or read later, must not pass for a day to come.
    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string? Spread(RetrainState state, RetrainThresholds thresholds, RetrainGate gate) => state.TaskSubdirCounts is null
        ? $"{gate.Name} must be {gate.ThresholdText}; in which tasks cannot be said without the counts by task."
        : SpreadCounterfactual.Describe(state.TaskSubdirCounts, SpreadGates.CorpusOf(state, thresholds), thresholds);
}
