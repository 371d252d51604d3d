using System.Text.Json.Nodes;

namespace HarvestTools.Workflows;

/// <summary>A model or run to be linked to a slice.</summary>
/// <param name="Version">The slice it was trained on.</param>
/// <param name="Name">Its name, unique within the slice; the same name again adds to what was registered.</param>
public sealed record ModelRegistration(string Version, string Name)
{
    /// <summary>In the place of <see cref="Hardware"/>: read what this machine is.</summary>
    public const string ThisMachine = "auto";

    /// <summary>The artifact: a file, which is hashed, or an address such as <c>s3://…</c>; null where there is none.</summary>
    public string? Path { get; init; }

    /// <summary>SHA-256 of the artifact, for an address; of a file it has to be the file's.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Replace what is registered under the name and is different; false refuses to.</summary>
    public bool Force { get; init; }

    /// <summary>What the training was given, by name: numbers, texts, truth values.</summary>
    public IReadOnlyDictionary<string, JsonNode> Parameters { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>Metrics by name. Those of an earlier registration under the name stay unless named again.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// The commit that the training's code was at: a hash, or a name that git knows. Null takes what is checked out where a training
    /// is registered as it ends (without a date of its own), and else none.
    /// </summary>
    public string? Commit { get; init; }

    /// <summary>A number, a list of numbers, or numbers by name.</summary>
    public JsonNode? Seeds { get; init; }

    /// <summary>What it ran on, in words; <see cref="ThisMachine"/> reads it.</summary>
    public string? Hardware { get; init; }

    /// <summary>Files of the repository that name the dependencies; they are hashed.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>When the training began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was trained; null takes what was registered before, else the slice's last training date, else now.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>Where the run is tracked, for example an address.</summary>
    public string? Tracking { get; init; }

    /// <summary>The run of MLflow; null where none was asked for.</summary>
    internal MlflowLink? Mlflow { get; init; }
}
