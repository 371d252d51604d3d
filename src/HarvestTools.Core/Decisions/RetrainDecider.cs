using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions;

/// <summary>Decides from a state and thresholds. Pure: no clock, no file, the same answer every time.</summary>
public static class RetrainDecider
{
    /// <summary>
    /// Evaluates every gate and decides by the first that objects: regression, delta, spread, eval set. A gate that
    /// cannot be judged does not object, but a decision to retrain then names it among the warnings.
    /// </summary>
    /// <exception cref="HarvestException">A figure of the state or a threshold is out of range.</exception>
    public static RetrainDecision Decide(RetrainState state, RetrainThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(thresholds);
        state.Validate();
        thresholds.Validate();

        SpreadStatistics? spread = SpreadStatistics.Of(state.TaskSubdirCounts, SpreadGates.CorpusOf(state, thresholds));
        CorrectionTrend? analysis = state.CorrectionsPerEpisode.Count == 0
            ? null
            : CorrectionTrendAnalyzer.Analyze(VersionCorrections.InOrder(state.CorrectionsPerEpisode), thresholds.Regression);
        RetrainGate regression = CorrectionTrendGate.Evaluate(state, analysis);
        RetrainGate delta = DeltaGate.Evaluate(state, thresholds);
        RetrainGate gini = SpreadGates.Gini(state, spread, thresholds);
        RetrainGate share = SpreadGates.TopTaskShare(state, spread, thresholds);
        RetrainGate evalSet = EvalSetGate.Evaluate(state);
        RetrainGate[] gates = [regression, delta, gini, share, evalSet];

        (string verdict, string reason) = (regression, delta, gini, share, evalSet) switch
        {
            ({ Passed: false }, _, _, _, _) => (RetrainVerdict.RetrainNow, "pre-annotation quality regressed, ignore the cadence"),
            (_, { Passed: false }, _, _, _) => (RetrainVerdict.Wait, DeltaReason(state, thresholds)),
            (_, _, { Passed: false }, _, _) or (_, _, _, { Passed: false }, _) => (RetrainVerdict.Wait, "corrections concentrated in too few tasks"),
            (_, _, _, _, { Passed: false }) => (RetrainVerdict.Wait, "eval set drifted, pin it before retraining"),
            _ when state.Corpus == 0 => (RetrainVerdict.Retrain, "ready for the first training: no corpus yet"),
            _ => (RetrainVerdict.Retrain, "ready"),
        };

        return new RetrainDecision
        {
            Decision = verdict,
            Reason = reason,
            Gates = gates,
            Warnings = Warnings(state, verdict, gates),
            Flips = Counterfactuals.Of(state, thresholds, verdict, gates, analysis),
            Spread = spread,
            Regression = analysis,
            Forecast = RetrainForecast.Of(state, thresholds),
            Costs = RetrainCosts.Of(thresholds, DeltaGate.Missing(state, thresholds)),
            TrainedSlice = state.TrainedSlice,
            TrainedAt = state.TrainedAt,
            TrainedModel = state.TrainedModel,
            CorrectedEpisodes = state.CorrectedEpisodes,
            Corpus = state.Corpus,
            DormantTasks = state.DormantTasks,
            NewEpisodes = state.NewEpisodes,
        };
    }

    private static string DeltaReason(RetrainState state, RetrainThresholds thresholds)
    {
        if (state.Corpus == 0)
        {
            return "nothing to train on: no corpus and no corrected episodes";
        }

        // A threshold of zero is met by no episodes at all; training the same corpus again is still not new.
        return thresholds.MinDelta == 0
            ? "nothing new: no corrected episodes"
            : $"need {Figures.Percent(thresholds.MinDelta)} delta, have {DeltaGate.Have(state, thresholds)}";
    }

    private static List<string> Warnings(RetrainState state, string verdict, IReadOnlyList<RetrainGate> gates)
    {
        var warnings = new List<string>();
        int leaked = state.LeakedEpisodes.Count;
        if (leaked > 0)
        {
            warnings.Add($"{Figures.Count(leaked, "episode")} of the eval set {Figures.Plural(leaked, "is", "are")} also in the training slice, so its figures flatter the model: "
                + Figures.List(state.LeakedEpisodes) + ".");
        }

        if (state.ReportedRegression is { } report)
        {
            warnings.Add($"Labelers report worse pre-annotation: {report}");
        }

        if (state.EvalSet?.RenamedTo is { } renamed)
        {
            warnings.Add($"The eval set was renamed to {renamed}: set eval_set in harvest.json to \"{renamed}\".");
        }

        if (state.CorrectedWithoutPrediction is > 0 and var alone && state.CorrectionsPerEpisode.Count > 0)
        {
            warnings.Add($"{Figures.Count(alone)} of {Figures.Count(state.CorrectedEpisodes, "corrected episode")} {Figures.Plural(alone, "has", "have")} no known prediction and {Figures.Plural(alone, "says", "say")} nothing about a model version.");
        }

        warnings.AddRange(state.CandidateWarnings);
        if (verdict == RetrainVerdict.Retrain)
        {
            warnings.AddRange(gates.Where(gate => gate.Passed is null).Select(gate => $"{gate.Name} could not be judged. {gate.Explanation}"));
        }

        return warnings;
    }
}
