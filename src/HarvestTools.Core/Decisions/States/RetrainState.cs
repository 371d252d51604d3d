using HarvestTools.Decisions.Statistics;

namespace HarvestTools.Decisions.States;

/// <summary>
/// Everything the decision reads. Null means that it is not known, and then the gate that needs it says so.
/// A state may come from a repository, from JSON, or from a handful of parameters.
/// </summary>
public sealed record RetrainState
{
    /// <summary>Episodes whose labels by people differ from those of the trained slice, and new ones with a correction.</summary>
    public int CorrectedEpisodes { get; init; }

    /// <summary>Those of them that the trained slice did not have at all; null where unknown.</summary>
    public int? NewEpisodes { get; init; }

    /// <summary>Distinct episodes of the trained slices in the line of the last training; 0 before the first.</summary>
    public int Corpus { get; init; }

    /// <summary>Gini coefficient of the corrected episodes over the task folders, zeros included.</summary>
    public double? TaskCoverageGini { get; init; }

    /// <summary>The largest task's share of the corrected episodes, 0 to 1.</summary>
    public double? TopTaskShare { get; init; }

    /// <summary>Effective number of tasks: the inverse Simpson index of the corrected episodes.</summary>
    public double? EffectiveTasks { get; init; }

    /// <summary>
    /// Corrected episodes by task folder, over all folders of corpus and candidate, zeros included. Where it is given,
    /// the three figures above are computed from it and the spread gates can be calibrated.
    /// </summary>
    public IReadOnlyDictionary<string, int>? TaskSubdirCounts { get; init; }

    /// <summary>Episodes of the corpus by task folder, whose shares a batch is held against; null where unknown.</summary>
    public IReadOnlyDictionary<string, int>? CorpusCounts { get; init; }

    /// <summary>Task folders that are left out of <see cref="TaskSubdirCounts"/>, since nothing was labelled there lately.</summary>
    public IReadOnlyList<string> DormantTasks { get; init; } = [];

    /// <summary>Corrected episodes of which no prediction is known: they say nothing about a model. Null where unknown.</summary>
    public int? CorrectedWithoutPrediction { get; init; }

    /// <summary>When the candidate's last label was made, by the dates in the exports; null where unknown.</summary>
    public DateTimeOffset? LabelledUntil { get; init; }

    /// <summary>Whether the eval set's bytes differ from those that the trained slice recorded.</summary>
    public bool? EvalSetChanged { get; init; }

    /// <summary>The eval set then and now, where a repository records it.</summary>
    public EvalSetState? EvalSet { get; init; }

    /// <summary>Episodes that are both in the eval set and in the training slice, as <c>task_subdir/episode</c>.</summary>
    public IReadOnlyList<string> LeakedEpisodes { get; init; } = [];

    /// <summary>Corrections an episode by pre-annotating model version, in order of model version.</summary>
    public IReadOnlyList<VersionCorrections> CorrectionsPerEpisode { get; init; } = [];

    /// <summary>
    /// Whether the pre-annotation got worse and stayed so. Where <see cref="CorrectionsPerEpisode"/> is given, the
    /// decision tests those figures instead of believing this one.
    /// </summary>
    public bool? RegressionDetected { get; init; }

    /// <summary>What labelers report about the pre-annotation; it decides as a regression that was found. Null where nothing was reported.</summary>
    public string? ReportedRegression { get; init; }

    /// <summary>The last trained slice's version.</summary>
    public string? TrainedSlice { get; init; }

    /// <summary>The training date by which it is the last one; null where that is not known.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>The registered model that has the date; null where it is the slice's own.</summary>
    public string? TrainedModel { get; init; }

    /// <summary>The exports that would be trained on now.</summary>
    public IReadOnlyList<string> CandidateExports { get; init; } = [];

    /// <summary>What about the candidate's rows makes its episodes doubtful, a sentence each.</summary>
    public IReadOnlyList<string> CandidateWarnings { get; init; } = [];

    /// <summary>Registered runs, for the forecast.</summary>
    public IReadOnlyList<RegisteredRun> Runs { get; init; } = [];

    /// <summary>Episodes corrected a week, lately.</summary>
    public double? CorrectedPerWeek { get; init; }

    /// <summary>The day from which dates are reckoned.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Refuses figures that cannot be.</summary>
    /// <exception cref="HarvestException"><c>RetrainStateOutOfRange</c>.</exception>
    internal void Validate()
    {
        Require(nameof(CorrectedEpisodes), CorrectedEpisodes, CorrectedEpisodes >= 0, "at least 0");
        Require(nameof(NewEpisodes), NewEpisodes, NewEpisodes is null or >= 0, "at least 0");
        Require(nameof(Corpus), Corpus, Corpus >= 0, "at least 0");
        Require(nameof(TaskCoverageGini), TaskCoverageGini, TaskCoverageGini is null or (>= 0 and <= 1), "from 0 to 1");
        Require(nameof(TopTaskShare), TopTaskShare, TopTaskShare is null or (>= 0 and <= 1), "from 0 to 1");
        Require(nameof(CorrectedPerWeek), CorrectedPerWeek, CorrectedPerWeek is null || (CorrectedPerWeek >= 0 && double.IsFinite(CorrectedPerWeek.Value)), "at least 0");
        foreach (KeyValuePair<string, int> count in TaskSubdirCounts ?? new Dictionary<string, int>())
        {
            Require($"{nameof(TaskSubdirCounts)}['{count.Key}']", count.Value, count.Value >= 0, "at least 0");
        }

        long episodes = TaskSubdirCounts?.Values.Sum(count => (long)count) ?? 0;
        Require($"The sum of {nameof(TaskSubdirCounts)}", episodes, episodes <= int.MaxValue, "at most 2147483647");
        foreach (CorrectionStratum stratum in CorrectionsPerEpisode.SelectMany(modelVersion => modelVersion.Strata))
        {
            long least = new[] { stratum.Episodes, stratum.Predicted, stratum.Accepted, stratum.Corrected, stratum.Drawn, stratum.Deleted, stratum.Unknown }.Min();
            Require(nameof(CorrectionsPerEpisode), least, least >= 0, "made of counts of at least 0");
        }
    }

    private static void Require(string property, double? value, bool holds, string range)
    {
        if (!holds)
        {
            throw DecisionErrors.RetrainStateOutOfRange(property, value, range);
        }
    }
}
