using HarvestTools.Decisions.States;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>Is there enough that is new? Corrected episodes against the corpus.</summary>
internal static class DeltaGate
{
    public static RetrainGate Evaluate(RetrainState state, RetrainThresholds thresholds)
    {
        string since = state.TrainedSlice is null ? "" : $" since {state.TrainedSlice}";
        string corrected = Figures.Count(state.CorrectedEpisodes, "corrected episode") + since;
        string threshold = "at least " + Figures.Percent(thresholds.MinDelta);
        if (state.Corpus == 0)
        {
            return new RetrainGate(
                RetrainGateNames.Delta,
                null,
                thresholds.MinDelta,
                state.CorrectedEpisodes > 0,
                $"No corpus yet: {corrected}, and no trained slice to take a share of.",
                "no corpus",
                threshold);
        }

        return new RetrainGate(
            RetrainGateNames.Delta,
            (double)state.CorrectedEpisodes / state.Corpus,
            thresholds.MinDelta,
            Missing(state, thresholds) == 0,
            $"{corrected} on a corpus of {state.Corpus}.",
            Have(state, thresholds),
            threshold);
    }

    /// <summary>The share as it is printed beside the threshold, never rounded up to it.</summary>
    public static string Have(RetrainState state, RetrainThresholds thresholds) =>
        Figures.Beside((decimal)state.CorrectedEpisodes * 100 / state.Corpus, Figures.ToDecimal(thresholds.MinDelta) * 100, 1) + "%";

    /// <summary>How many corrected episodes the gate asks for; one at least, since the same corpus again is nothing new.</summary>
    public static long Needed(RetrainState state, RetrainThresholds thresholds) =>
        // In decimal 0.1 is 0.1: 10 episodes of 100 are enough, where the double product is a hair above 10.
        (long)Math.Max(1, Math.Ceiling(Figures.ToDecimal(thresholds.MinDelta) * state.Corpus));

    /// <summary>How many more corrected episodes the gate needs.</summary>
    public static long Missing(RetrainState state, RetrainThresholds thresholds) =>
        Math.Max(0, Needed(state, thresholds) - state.CorrectedEpisodes);
}
