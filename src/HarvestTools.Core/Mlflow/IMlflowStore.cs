namespace HarvestTools.Mlflow;

/// <summary>A run as MLflow has it.</summary>
internal sealed record MlflowRun
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Whether it is deleted, which MLflow can take back.</summary>
    public bool Deleted { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Where its artifacts are.</summary>
    public string? ArtifactUri { get; init; }

    /// <summary>Its parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The last value of each metric, those that are numbers.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Name and digest of each data set that is an input of it.</summary>
    public IReadOnlyList<(string Name, string Digest)> Inputs { get; init; } = [];
}

/// <summary>A data set as MLflow records it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">At most 36 characters.</param>
/// <param name="SourceType">What kind of source it is.</param>
/// <param name="Source">JSON.</param>
/// <param name="Schema">JSON.</param>
/// <param name="Profile">JSON.</param>
internal sealed record MlflowDataset(string Name, string Digest, string SourceType, string Source, string Schema, string Profile)
{
    /// <summary>What the run used it for, by the tag that MLflow's own clients set.</summary>
    public const string ContextTag = "mlflow.data.context";
}

/// <summary>MLflow's tracking: a server, or the folders of a <c>file:</c> store. Everything that is written may be written again.</summary>
internal interface IMlflowStore : IDisposable
{
    /// <summary>Reads a run.</summary>
    /// <exception cref="HarvestException">MlflowRunUnknown.</exception>
    MlflowRun Get(string runId);

    /// <summary>The newest run that is not deleted and has these tags; null where there is none.</summary>
    MlflowRun? Find(IReadOnlyDictionary<string, string> tags);

    /// <summary>Makes a run that has ended, with these tags.</summary>
    MlflowRun Create(string name, DateTimeOffset? startedAt, DateTimeOffset endedAt, IReadOnlyDictionary<string, string> tags);

    /// <summary>Writes parameters and metrics that the run does not have, and tags.</summary>
    void Log(MlflowRun run, IReadOnlyDictionary<string, string> parameters, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, string> tags);

    /// <summary>Records a data set as an input of the run.</summary>
    void LogInput(MlflowRun run, MlflowDataset dataset);

    /// <summary>SHA-256 of an artifact's file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Below its artifacts, with <c>/</c>.</param>
    /// <exception cref="HarvestException">MlflowArtifactUnknown, MlflowArtifactElsewhere.</exception>
    string HashArtifact(MlflowRun run, string path);

    /// <summary>Where a person looks at the run; null where there is no page.</summary>
    string? LinkOf(MlflowRun run);

    /// <summary>Where an artifact is, as slice.json has it: an address, or a full path.</summary>
    string PlaceOf(MlflowRun run, string path);
}
