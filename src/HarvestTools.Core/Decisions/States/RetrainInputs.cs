using HarvestTools.Decisions.Statistics;
using HarvestTools.History;

namespace HarvestTools.Decisions.States;

/// <summary>What a repository knows that bears on retraining; <see cref="RetrainStateBuilder"/> turns it into a state.</summary>
internal sealed record RetrainInputs
{
    /// <summary>The last trained slice's version; null before the first training.</summary>
    public string? TrainedSlice { get; init; }

    /// <summary>When that was, and what says so.</summary>
    public LastTraining? Training { get; init; }

    /// <summary>Episodes of that slice.</summary>
    public IReadOnlyList<EpisodeSnapshot> Trained { get; init; } = [];

    /// <summary>
    /// The same without the projects that the candidate does not have, which a retired project's are: what it is compared with. Null
    /// where the candidate has all of them.
    /// </summary>
    public IReadOnlyList<EpisodeSnapshot>? TrainedShared { get; init; }

    /// <summary>Episodes of the slices in its line that were trained on before, the latest first.</summary>
    public IReadOnlyList<IReadOnlyList<EpisodeSnapshot>> TrainedBefore { get; init; } = [];

    /// <summary>The corrections by model version that each trained slice of the line has: an alarm of theirs is answered.</summary>
    public IReadOnlyList<IReadOnlyList<VersionCorrections>> TrainedVersions { get; init; } = [];

    /// <summary>When people worked on the candidate's tasks, where that is known.</summary>
    public WorkDates Dates { get; init; } = new(new Dictionary<string, DateTimeOffset>(), []);

    /// <summary>Episodes of what would be trained on now.</summary>
    public IReadOnlyList<EpisodeSnapshot> Candidate { get; init; } = [];

    /// <summary>The exports of the candidate, as a person names them.</summary>
    public IReadOnlyList<string> CandidateExports { get; init; } = [];

    /// <summary>What about the candidate's rows makes its episodes doubtful, a sentence each.</summary>
    public IReadOnlyList<string> CandidateWarnings { get; init; } = [];

    /// <summary>The eval set; null if none was ever pinned.</summary>
    public EvalSetState? EvalSet { get; init; }

    /// <summary>Corrections by pre-annotating model version, in any order.</summary>
    public IReadOnlyList<VersionCorrections> ModelVersions { get; init; } = [];

    /// <summary>Registered runs of all slices.</summary>
    public IReadOnlyList<RegisteredRun> Runs { get; init; } = [];

    /// <summary>Episodes corrected a week, lately; null where unknown.</summary>
    public double? CorrectedPerWeek { get; init; }

    /// <summary>The day from which dates are reckoned; null leaves dates out.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>The pinned eval set then and now.</summary>
/// <param name="RecordedSha256">The hash that the last trained slice recorded; null if it recorded none.</param>
/// <param name="CurrentSha256">The hash of the pinned file or folder now; null if it is gone.</param>
/// <param name="Path">Where it is now, relative to the repository.</param>
/// <param name="LeakedEpisodes">Episodes of the eval set that are also in the training slice, as <c>task_subdir/episode</c>.</param>
/// <param name="RecordedPath">Where it was when the slice recorded it.</param>
/// <param name="Items">Independent items (episodes) in it, where known.</param>
public sealed record EvalSetState(
    string? RecordedSha256,
    string? CurrentSha256,
    string? Path,
    IReadOnlyList<string> LeakedEpisodes,
    string? RecordedPath = null,
    int? Items = null)
{
    /// <summary>Where the recorded bytes are, when nothing is at the path any more; null otherwise.</summary>
    public string? RenamedTo { get; init; }

    /// <summary>Whether its bytes are other ones now, and the difference is line ends alone, which the settings ignore.</summary>
    public bool OtherLineEnds { get; init; }

    /// <summary>Whether its bytes changed; null where nothing was recorded to compare with. A renamed set with the same bytes did not change.</summary>
    public bool? Changed => RecordedSha256 is null
        ? null
        : !string.Equals(RecordedSha256, CurrentSha256, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A registered run of a trained slice.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="SliceVersion">The slice it was trained on.</param>
/// <param name="Episodes">Episodes in that slice.</param>
/// <param name="TrainedAt">When it was trained, where known.</param>
/// <param name="Metrics">Its metrics by name.</param>
public sealed record RegisteredRun(
    string Name, string SliceVersion, int Episodes, DateTimeOffset? TrainedAt, IReadOnlyDictionary<string, double> Metrics);
