using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Decisions;

/// <summary>Computes the state from what the repository knows.</summary>
internal static class RetrainStateBuilder
{
    /// <summary>Compares the candidate with the trained slice, puts the model versions in order and tests them.</summary>
    /// <param name="inputs">What the repository knows.</param>
    /// <param name="thresholds">Whose regression settings the state's <see cref="RetrainState.RegressionDetected"/> follows; null takes the defaults.</param>
    public static RetrainState Build(RetrainInputs inputs, RetrainThresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        IReadOnlyList<VersionCorrections> modelVersions = VersionCorrections.InOrder(inputs.ModelVersions);
        var trained = new Dictionary<(string, string), string>();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (EpisodeSnapshot episode in inputs.Trained)
        {
            trained[(episode.TaskSubdir, episode.Episode)] = episode.Digest;
            counts[episode.TaskSubdir] = 0;
        }

        int corrected = 0;
        int added = 0;
        foreach (EpisodeSnapshot episode in inputs.Candidate)
        {
            counts.TryAdd(episode.TaskSubdir, 0);
            bool known = trained.TryGetValue((episode.TaskSubdir, episode.Episode), out string? digest);
            if (episode.HasCorrection && (!known || digest != episode.Digest))
            {
                counts[episode.TaskSubdir]++;
                corrected++;
                added += known ? 0 : 1;
            }
        }

        SpreadStatistics? spread = SpreadStatistics.Of(counts);
        return new RetrainState
        {
            CorrectedEpisodes = corrected,
            NewEpisodes = added,
            Corpus = trained.Count,
            TaskCoverageGini = spread?.Gini,
            TopTaskShare = spread?.TopTaskShare,
            EffectiveTasks = spread?.EffectiveTasks,
            TaskSubdirCounts = counts,
            EvalSetChanged = inputs.EvalSet?.Changed,
            EvalSet = inputs.EvalSet,
            LeakedEpisodes = inputs.EvalSet?.LeakedEpisodes ?? [],
            CorrectionsPerEpisode = modelVersions,
            RegressionDetected = CorrectionTrendGate.Passed(CorrectionTrendAnalyzer.Analyze(modelVersions, (thresholds ?? RetrainThresholds.Default).Regression)) switch
            {
                null => null,
                bool passed => !passed,
            },
            TrainedSlice = inputs.TrainedSlice,
            TrainedAt = inputs.Training?.At.Instant,
            TrainedModel = inputs.Training?.Model,
            CandidateExports = inputs.CandidateExports,
            CandidateWarnings = inputs.CandidateWarnings,
            Runs = inputs.Runs,
            CorrectedPerWeek = inputs.CorrectedPerWeek,
            AsOf = inputs.AsOf,
        };
    }
}
