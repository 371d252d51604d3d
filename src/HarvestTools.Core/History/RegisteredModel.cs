using System.Text.Json.Nodes;
using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>A model or run as a slice holds it.</summary>
public sealed record RegisteredModel(
    string Version,
    string Name,
    string? Path,
    string? Sha256,
    IReadOnlyDictionary<string, double> Metrics,
    DateTimeOffset? TrainedAt,
    bool Replaced)
{
    /// <summary>What registering it did, one of <see cref="RegisterOutcome"/>; of a model that a slice holds, <c>Unchanged</c>.</summary>
    public string Outcome { get; init; } = RegisterOutcome.Unchanged;

    /// <summary>Where <see cref="TrainedAt"/> is from, one of <see cref="TrainingDate"/>; of a model that a slice holds, <c>Recorded</c>.</summary>
    public string TrainedAtFrom { get; init; } = TrainingDate.Recorded;

    /// <summary>
    /// The slice that was made later and counted as trained last until now; null where there is none, or the date is not that of
    /// registering.
    /// </summary>
    public string? Overtakes { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>What registering a model did.</summary>
public static class RegisterOutcome
{
    /// <summary>The slice did not name it before.</summary>
    public const string Registered = nameof(Registered);

    /// <summary>Facts were added to those that it had: a hash, a metric, a date.</summary>
    public const string Updated = nameof(Updated);

    /// <summary>A fact that it had is another one now.</summary>
    public const string Replaced = nameof(Replaced);

    /// <summary>The slice had all of it already.</summary>
    public const string Unchanged = nameof(Unchanged);
}

/// <summary>Where the date of a training is from.</summary>
public static class TrainingDate
{
    /// <summary>It was given.</summary>
    public const string Given = nameof(Given);

    /// <summary>The slice has it under the model's name.</summary>
    public const string Recorded = nameof(Recorded);

    /// <summary>It is the last one of the slice, which has other models or a date of its own.</summary>
    public const string Slice = nameof(Slice);

    /// <summary>It is the time of registering, since nothing else is known.</summary>
    public const string Registering = nameof(Registering);
}

/// <summary>The models and runs that slices hold.</summary>
public static class RegisteredModels
{
    /// <summary>The models and runs of a slice, those that only <c>model_outputs</c> names included.</summary>
    public static IEnumerable<RegisteredModel> Of(SliceManifest slice)
    {
        foreach (SliceRun run in slice.Runs)
        {
            yield return Describe(slice.Version, run, replaced: false);
        }

        foreach ((string name, string path) in slice.ModelOutputs)
        {
            if (slice.Runs.All(run => run.Name != name))
            {
                yield return new RegisteredModel(
                    slice.Version, name, path, null, new Dictionary<string, double>(), slice.TrainedAt?.Instant, Replaced: false);
            }
        }
    }

    internal static RegisteredModel Describe(string version, SliceRun run, bool replaced)
    {
        var metrics = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in run.Metrics)
        {
            if (value is JsonValue number && number.TryGetValue(out double metric))
            {
                metrics[name] = metric;
            }
        }

        return new RegisteredModel(version, run.Name, run.Artifact, run.Sha256, metrics, run.TrainedAt?.Instant, replaced);
    }
}
