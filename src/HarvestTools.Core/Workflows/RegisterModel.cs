using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Links a model or run to a slice. The slice's key does not change, so its cache stays.</summary>
public static class RegisterModel
{
    /// <summary>What can be wrong is found without writing anything.</summary>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static void Check(Repository repository, ModelRegistration registration, WorkContext context)
    {
        RequireNumbers(registration);
        (string? artifact, string? sha256) = Artifact(repository, registration, context);
        SliceManifest slice = repository.Slices.Load(registration.Version, context.Cancellation);
        RunFacts facts = RunFacts.Of(repository, registration, slice);
        if (!registration.Force && (slice.Runs.FirstOrDefault(run => run.Name == registration.Name) ?? OutputOf(slice, registration.Name)) is { } earlier)
        {
            RefuseReplacing(earlier, registration, artifact, sha256, facts);
        }

        RequireFreeName(slice, registration);
        RequireOwnFile(repository, registration, sha256, context);
        RequireOrder(registration, slice.Runs.FirstOrDefault(run => run.Name == registration.Name), context.Clock);
    }

    /// <exception cref="HarvestException">
    /// The slice does not exist, a metric is no number, the slice has another model of that name, another slice has the file, or
    /// the manifest cannot be written.
    /// </exception>
    public static RegisteredModel Run(Repository repository, ModelRegistration registration, WorkContext context)
    {
        RequireNumbers(registration);
        (string? artifact, string? sha256) = Artifact(repository, registration, context);
        SliceManifest present = repository.Slices.Load(registration.Version, context.Cancellation);
        RequireFreeName(present, registration);
        RunFacts facts = RunFacts.Of(repository, registration, present);
        var marks = ProductionMarks.Open(repository);
        RequireOwnFile(repository, registration, sha256, context);
        SliceRun? earlier = null;
        SliceRun? made = null;
        string from = TrainingDate.Given;
        SlicePins? pins = null;
        repository.Slices.Rewrite(registration.Version, slice =>
        {
            pins = slice.Pins;
            SliceRun? recorded = slice.Runs.FirstOrDefault(run => run.Name == registration.Name);
            earlier = recorded ?? OutputOf(slice, registration.Name);
            if (earlier is not null && !registration.Force)
            {
                RefuseReplacing(earlier, registration, artifact, sha256, facts);
            }

            RequireOrder(registration, earlier, context.Clock);
            (Timestamp trainedAt, from) = Trained(slice, earlier, registration, context.Clock);
            made = Merge(
                earlier is null || IsAnother(earlier, artifact, sha256) ? new SliceRun { Name = registration.Name, Rest = earlier?.Rest } : earlier,
                registration,
                artifact,
                sha256,
                trainedAt);
            made = facts.AddTo(made, atTheEnd: earlier is null && from == TrainingDate.Registering);
            return recorded is not null && Same(recorded, made) ? slice : With(slice, recorded, made);
        });
        string outcome = earlier is null ? RegisterOutcome.Registered
            : Same(earlier, made!) ? RegisterOutcome.Unchanged
            : IsMore(earlier, made!) ? RegisterOutcome.Updated : RegisterOutcome.Replaced;
        return marks.Of(RegisteredModels.Describe(registration.Version, made!, replaced: outcome == RegisterOutcome.Replaced)) with
        {
            Outcome = outcome,
            Leaks = LeaksOf(repository, registration.Version, context),
            TrainedAtFrom = from,
            PinDifferences = RunPins.Differences(repository, pins, made!),
            Overtakes = from == TrainingDate.Registering ? Overtaken(repository, registration.Version) : null,
        };
    }

    /// <summary>Nothing is derived for it: what is not in the cache is said to be not known.</summary>
    private static IReadOnlyList<string> LeaksOf(Repository repository, string version, WorkContext context)
    {
        var uses = new Lazy<Drift.SliceUses>(() => new Drift.SliceUses(repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>()));
        using var leaks = new SliceLeaks(repository, context, new CheckInputs(repository, context, Cache.PartRequest.DefaultRowBudget), uses);
        return [.. leaks.Run(repository.Slices.Load(version, context.Cancellation)).Select(static finding => finding.Message)];
    }

    /// <summary>
    /// One more name for a slice that was trained on is no later training: the time of registering is taken only where the slice
    /// has no training date at all, so that an older slice does not become the one trained last.
    /// </summary>
    private static (Timestamp TrainedAt, string From) Trained(SliceManifest slice, SliceRun? earlier, ModelRegistration registration, TimeProvider clock) =>
        registration.TrainedAt is { } given ? (Timestamp.From(given), TrainingDate.Given)
        : earlier?.TrainedAt is { } recorded ? (recorded, TrainingDate.Recorded)
        : LastTraining.Of(slice) is { } last ? (last.At, TrainingDate.Slice)
        : (Timestamp.From(clock.GetUtcNow()), TrainingDate.Registering);

    /// <summary>The slice made after that one which was trained last before.</summary>
    private static string? Overtaken(Repository repository, string version)
    {
        SliceManifest[] slices = [.. repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()];
        if (LastTraining.Latest(slices, ProductionUse.Read(repository, slices).Choice)?.Version != version)
        {
            return null;
        }

        return slices.FirstOrDefault(slice => slice.Version == version)?.CreatedAt is { } made
            ? LastTraining.Latest(slices.Where(slice => slice.Version != version)) is { CreatedAt: { } later } last && later.Instant > made.Instant ? last.Version : null
            : null;
    }

    /// <summary>Whether no file and no metric was replaced, which takes force: a date or a tracking address that is corrected replaces no model.</summary>
    private static bool IsMore(SliceRun earlier, SliceRun made) =>
        (earlier.Artifact is null || earlier.Artifact == made.Artifact)
        && (earlier.Sha256 is null || earlier.Sha256 == made.Sha256)
        && earlier.Metrics.All(metric => JsonNode.DeepEquals(metric.Value, made.Metrics[metric.Key]))
        && RunFacts.Differences(earlier, made).All(static one => one.Before is null);

    /// <summary>Whether another model takes the place of one: what was measured of that, and how it came about, is not true of this.</summary>
    private static bool IsAnother(SliceRun earlier, string? artifact, string? sha256) => artifact is not null && (sha256 is not null && earlier.Sha256 is not null
        ? sha256 != earlier.Sha256
        : earlier.Artifact is not null && artifact != earlier.Artifact);

    private static void RequireOrder(ModelRegistration registration, SliceRun? earlier, TimeProvider clock)
    {
        if (registration.StartedAt is null && registration.TrainedAt is null)
        {
            return;
        }

        DateTimeOffset end = registration.TrainedAt ?? earlier?.TrainedAt?.Instant ?? clock.GetUtcNow();
        if ((registration.StartedAt ?? earlier?.StartedAt?.Instant) is { } start && start > end)
        {
            throw RegisterErrors.RunEndsBeforeStart(registration.Name, Timestamp.From(start).Text, Timestamp.From(end).Text);
        }
    }

    private static void RequireNumbers(ModelRegistration registration)
    {
        if (string.IsNullOrWhiteSpace(registration.Name))
        {
            throw RegisterErrors.ModelNameMissing(registration.Version);
        }

        if (registration.Tracking is { } tracking && SecretsInAddress.Find(tracking) is { } secret)
        {
            throw RegisterErrors.AddressHoldsSecret(SecretsInAddress.Without(tracking), secret);
        }

        foreach ((string metric, double value) in registration.Metrics)
        {
            if (!double.IsFinite(value))
            {
                throw RegisterErrors.MetricNotFinite(registration.Version, metric);
            }
        }
    }

    /// <summary>A slice of an earlier release may have a model that is called so, of which more may be registered.</summary>
    private static void RequireFreeName(SliceManifest slice, ModelRegistration registration)
    {
        if (registration.Name == ProductionLog.Alias && RegisteredModels.Of(slice).All(static model => model.Name != ProductionLog.Alias))
        {
            throw RegisterErrors.ModelNameReserved(registration.Version);
        }
    }

    /// <summary>What <c>model_outputs</c> alone says of a model; null where it does not name it.</summary>
    private static SliceRun? OutputOf(SliceManifest slice, string name) => slice.ModelOutputs.TryGetValue(name, out string? path)
        ? new SliceRun { Name = name, Artifact = path, TrainedAt = slice.TrainedAt }
        : null;

    private static SliceManifest With(SliceManifest slice, SliceRun? recorded, SliceRun made)
    {
        IReadOnlyDictionary<string, string> outputs = slice.ModelOutputs;
        if (made.Artifact is { } artifact && outputs.TryGetValue(made.Name, out string? path) && path != artifact)
        {
            // Both name the model; one that kept the path from before would contradict the other.
            outputs = new OrderedDictionary<string, string>(outputs) { [made.Name] = artifact };
        }

        return slice with
        {
            ModelOutputs = outputs,
            Runs = recorded is null ? [.. slice.Runs, made] : [.. slice.Runs.Select(run => ReferenceEquals(run, recorded) ? made : run)],
        };
    }

    private static bool Same(SliceRun earlier, SliceRun made) =>
        earlier.Artifact == made.Artifact
        && earlier.Sha256 == made.Sha256
        && JsonNode.DeepEquals(earlier.Metrics, made.Metrics)
        && earlier.TrainedAt?.Instant == made.TrainedAt?.Instant
        && JsonNode.DeepEquals(earlier.Tracking, made.Tracking)
        && RunFacts.Differences(earlier, made).Count == 0;

    /// <summary>A name that could mean two artifacts, or one with two values of a metric, would answer for neither.</summary>
    private static void RefuseReplacing(SliceRun earlier, ModelRegistration registration, string? artifact, string? sha256, RunFacts facts)
    {
        RegisteredModel registered = RegisteredModels.Describe(registration.Version, earlier, replaced: false);
        var differences = new List<string>();
        if (artifact is not null && registered.Path is { } path && path != artifact)
        {
            differences.Add($"it is registered at '{path}', not at '{artifact}'");
        }

        if (sha256 is not null && registered.Sha256 is { } hash && hash != sha256)
        {
            differences.Add($"the registered file has SHA-256 {Figures.ShortHash(hash)}, this one {Figures.ShortHash(sha256)}");
        }

        if (registration.Mlflow is { } link && registered.MlflowRunId is { } other && other != link.RunId)
        {
            differences.Add($"it is registered with the MLflow run {other}, not with {link.RunId}");
        }

        foreach ((string metric, double value) in registration.Metrics)
        {
            if (registered.Metrics.TryGetValue(metric, out double before) && before != value)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{metric} is registered as {before}, not as {value}"));
            }
        }

        differences.AddRange(RunFacts.Differences(earlier, facts.AddTo(earlier, atTheEnd: false)).Where(static one => one.Before is not null)
            .Select(static one => $"{one.Name} is registered as {one.Before}, not as {one.Now}"));
        if (differences.Count > 0)
        {
            throw RegisterErrors.ModelRegistered(
                new RemedyAction.ReplaceModel(registration.Version, registration.Name, registration.Path) { Metrics = registration.Metrics }, differences);
        }
    }

    /// <summary>
    /// A file was trained on one slice: one that two slices have answers for neither. An address can be written to again, and a
    /// name goes from slice to slice with the models of a line.
    /// </summary>
    private static void RequireOwnFile(Repository repository, ModelRegistration registration, string? sha256, WorkContext context)
    {
        if (sha256 is null || registration.Force)
        {
            return;
        }

        foreach (SliceManifest slice in repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>())
        {
            if (slice.Version != registration.Version && slice.Runs.FirstOrDefault(run => run.Sha256 == sha256) is { } run)
            {
                throw RegisterErrors.ModelOfAnotherSlice(
                    new RemedyAction.ReplaceModel(registration.Version, registration.Name, registration.Path) { Metrics = registration.Metrics },
                    slice.Version,
                    run.Name,
                    sha256);
            }
        }
    }

    private static SliceRun Merge(
        SliceRun earlier, ModelRegistration registration, string? artifact, string? sha256, Timestamp trainedAt)
    {
        JsonObject metrics = earlier.Metrics.DeepClone().AsObject();
        foreach ((string metric, double value) in registration.Metrics)
        {
            // One that has the value already keeps its spelling.
            if (metrics[metric] is not JsonValue known || !known.TryGetValue(out double before) || before != value)
            {
                metrics[metric] = value;
            }
        }

        return earlier with
        {
            Artifact = artifact ?? earlier.Artifact,
            Sha256 = artifact is null ? earlier.Sha256 : sha256,
            Metrics = metrics,
            TrainedAt = trainedAt,
            Tracking = registration.Mlflow is { } link ? link.ToJson() : registration.Tracking is null ? earlier.Tracking : JsonValue.Create(registration.Tracking),
        };
    }

    private static (string? Artifact, string? Sha256) Artifact(Repository repository, ModelRegistration registration, WorkContext context)
    {
        string? given = registration.Sha256 is not { } text ? null
            : Sha256Text.IsNormal(text.ToLowerInvariant()) ? text.ToLowerInvariant() : throw RegisterErrors.ModelHashInvalid(text);
        if (registration.Path is not { } path)
        {
            return given is null ? (null, null) : throw RegisterErrors.ModelHashAlone();
        }

        if (path.Contains("://", StringComparison.Ordinal))
        {
            return SecretsInAddress.Find(path) is { } secret ? throw RegisterErrors.AddressHoldsSecret(SecretsInAddress.Without(path), secret) : (path, given);
        }

        string full = Path.GetFullPath(path, repository.Root);
        if (!File.Exists(full))
        {
            throw Directory.Exists(full) ? RegisterErrors.ModelIsFolder(path) : RegisterErrors.ModelNotFound(path);
        }

        // A model outside the repository is recorded by its name and hash, as an export from outside is.
        string sha256 = FileHash.Compute(full, context.Bytes("Hashing", Path.GetFileName(full), new FileInfo(full).Length), context.Cancellation);
        return given is null || given == sha256
            ? (repository.MakeRelative(full) ?? Path.GetFileName(full), sha256)
            : throw RegisterErrors.ModelHashDiffers(path, given, sha256);
    }
}
