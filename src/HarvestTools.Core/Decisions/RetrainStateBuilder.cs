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
        thresholds ??= RetrainThresholds.Default;
        IReadOnlyList<VersionCorrections> modelVersions = Answer(VersionCorrections.InOrder(inputs.ModelVersions), inputs.TrainedVersions, thresholds.Regression);
        IReadOnlyList<EpisodeSnapshot> corpus = EpisodeComparison.Corpus([inputs.Trained, .. inputs.TrainedBefore]);
        var corpusCounts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (EpisodeSnapshot episode in corpus)
        {
            counts[episode.TaskSubdir] = 0;
            corpusCounts[episode.TaskSubdir] = corpusCounts.GetValueOrDefault(episode.TaskSubdir) + 1;
        }

        foreach (EpisodeSnapshot episode in inputs.Candidate)
        {
            counts.TryAdd(episode.TaskSubdir, 0);
        }

        int corrected = 0;
        int added = 0;
        int withoutPrediction = 0;
        foreach ((EpisodeSnapshot episode, bool isNew) in EpisodeComparison.Corrected(inputs.TrainedShared ?? inputs.Trained, inputs.Candidate))
        {
            counts[episode.TaskSubdir]++;
            corrected++;
            added += isNew ? 1 : 0;
            withoutPrediction += episode.HasPrediction ? 0 : 1;
        }

        string[] dormant = [.. Dormant(counts, inputs.Dates, thresholds.TaskWeeks)];
        foreach (string task in dormant)
        {
            counts.Remove(task);
        }

        // The figures of a state are of the batch alone; what it is held against matters to the gates.
        SpreadStatistics? spread = SpreadStatistics.Of(counts);
        return new RetrainState
        {
            CorrectedEpisodes = corrected,
            NewEpisodes = added,
            Corpus = corpus.Count,
            CorpusCounts = corpusCounts,
            DormantTasks = dormant,
            CorrectedWithoutPrediction = withoutPrediction,
            TaskCoverageGini = spread?.Gini,
            TopTaskShare = spread?.TopTaskShare,
            EffectiveTasks = spread?.EffectiveTasks,
            TaskSubdirCounts = counts,
            EvalSetChanged = inputs.EvalSet?.Changed,
            EvalSet = inputs.EvalSet,
            LeakedEpisodes = inputs.EvalSet?.LeakedEpisodes ?? [],
            CorrectionsPerEpisode = modelVersions,
            RegressionDetected = CorrectionTrendGate.Passed(CorrectionTrendAnalyzer.Analyze(modelVersions, thresholds.Regression)) switch
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

    /// <summary>
    /// Marks the versions whose rise a trained slice already shows: a training has answered it, and until later work is corrected it
    /// says nothing new. What an earlier training answered stays answered, and is no baseline to hold later work against.
    /// </summary>
    private static IReadOnlyList<VersionCorrections> Answer(
        IReadOnlyList<VersionCorrections> versions, IReadOnlyList<IReadOnlyList<VersionCorrections>> trained, CorrectionTrendSettings settings)
    {
        // The first training first: what it answered raises no second alarm, by which the next one would pass for an answer to
        // a version that was bad after it.
        var answered = new HashSet<(string?, string)>();
        foreach (IReadOnlyList<VersionCorrections> slice in trained.Reverse())
        {
            CorrectionTrend then = CorrectionTrendAnalyzer.Analyze(Marked(VersionCorrections.InOrder(slice), answered), settings);
            foreach (CorrectionTrend line in then.Lines.Count > 0 ? then.Lines : [then])
            {
                if (line.Status == CorrectionTrendStatus.Regressed)
                {
                    // One model's trend has no name; its versions have that of their line, where the candidate has several.
                    answered.UnionWith(slice
                        .Where(version => line.TestedVersions.Contains(version.ModelVersion) && (line.Line is null || line.Line == version.Line))
                        .Select(static version => (version.Line, version.ModelVersion)));
                }
            }
        }

        return Marked(versions, answered);
    }

    private static IReadOnlyList<VersionCorrections> Marked(IReadOnlyList<VersionCorrections> versions, HashSet<(string?, string)> answered) => answered.Count == 0
        ? versions
        : [.. versions.Select(version => answered.Contains((version.Line, version.ModelVersion)) ? version with { Answered = true } : version)];

    /// <summary>
    /// Tasks without a corrected episode in which nothing was labelled for so many weeks before the latest label, while others were
    /// worked on: after a pause no task is out of use for that.
    /// </summary>
    private static IEnumerable<string> Dormant(SortedDictionary<string, int> counts, WorkDates dates, int weeks)
    {
        if (dates.LastSeen.Count == 0)
        {
            return [];
        }

        DateTimeOffset since = dates.LastSeen.Values.Max() - TimeSpan.FromDays(7 * weeks);
        return counts
            .Where(task => task.Value == 0)
            .Select(static task => task.Key)
            .Where(task => dates.LastSeen.TryGetValue(task, out DateTimeOffset seen)
                ? seen < since && 2 * dates.WeeksAfter(seen) >= weeks
                : !dates.Undated.Contains(task));
    }
}
