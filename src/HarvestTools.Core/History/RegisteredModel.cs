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
    /// <summary>The name.</summary>
    public override string ToString() => Name;
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
