using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A model or run to be linked to a slice.</summary>
/// <param name="Version">The slice it was trained on.</param>
/// <param name="Name">Its name, unique within the slice; the same name again replaces what was registered.</param>
public sealed record ModelRegistration(string Version, string Name)
{
    /// <summary>The artifact: a file, which is hashed, or an address such as <c>s3://…</c>; null where there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Metrics by name. Those of an earlier registration under the name stay unless named again.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>When it was trained; null takes now, or what was registered before.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>Where the run is tracked, for example an address.</summary>
    public string? Tracking { get; init; }
}

/// <summary>Links a model or run to a slice. The slice's key does not change, so its cache stays.</summary>
public static class RegisterModel
{
    /// <exception cref="HarvestException">The slice does not exist, a metric is no number, or the manifest cannot be written.</exception>
    public static RegisteredModel Run(Repository repository, ModelRegistration registration, WorkContext context)
    {
        if (string.IsNullOrWhiteSpace(registration.Name))
        {
            throw RegisterErrors.ModelNameMissing(registration.Version);
        }

        foreach ((string metric, double value) in registration.Metrics)
        {
            if (!double.IsFinite(value))
            {
                throw RegisterErrors.MetricNotFinite(registration.Version, metric);
            }
        }

        (string? artifact, string? sha256) = Artifact(repository, registration.Path, context);
        SliceRun? earlier = null;
        SliceRun? made = null;
        repository.Slices.Rewrite(registration.Version, slice =>
        {
            earlier = slice.Runs.FirstOrDefault(run => run.Name == registration.Name);
            made = Merge(earlier ?? new SliceRun { Name = registration.Name }, registration, artifact, sha256, context.Clock.GetUtcNow());
            return slice with
            {
                Runs = earlier is null
                    ? [.. slice.Runs, made]
                    : [.. slice.Runs.Select(run => run.Name == registration.Name ? made : run)],
            };
        });
        return RegisteredModels.Describe(registration.Version, made!, replaced: earlier is not null);
    }

    private static SliceRun Merge(
        SliceRun earlier, ModelRegistration registration, string? artifact, string? sha256, DateTimeOffset now)
    {
        JsonObject metrics = earlier.Metrics.DeepClone().AsObject();
        foreach ((string metric, double value) in registration.Metrics)
        {
            metrics[metric] = value;
        }

        return earlier with
        {
            Artifact = artifact ?? earlier.Artifact,
            Sha256 = artifact is null ? earlier.Sha256 : sha256,
            Metrics = metrics,
            TrainedAt = registration.TrainedAt is { } trained ? Timestamp.From(trained) : earlier.TrainedAt ?? Timestamp.From(now),
            Tracking = registration.Tracking is null ? earlier.Tracking : JsonValue.Create(registration.Tracking),
        };
    }

    private static (string? Artifact, string? Sha256) Artifact(Repository repository, string? path, WorkContext context)
    {
        if (path is null)
        {
            return (null, null);
        }

        if (path.Contains("://", StringComparison.Ordinal))
        {
            return (path, null);
        }

        string full = Path.GetFullPath(path, repository.Root);
        if (!File.Exists(full))
        {
            throw RegisterErrors.ModelNotFound(path);
        }

        // A model outside the repository is recorded by its name and hash, as an export from outside is.
        return (
            repository.MakeRelative(full) ?? Path.GetFileName(full),
            FileHash.Compute(full, context.Bytes("Hashing", Path.GetFileName(full), new FileInfo(full).Length), context.Cancellation));
    }
}
