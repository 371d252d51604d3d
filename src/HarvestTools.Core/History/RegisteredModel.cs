using System.Globalization;
using System.Text.Json;
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
    /// <summary>The digest of the data set that it was trained on; null where it was not recorded.</summary>
    public string? DatasetSha256 { get; init; }

    /// <summary>What the training was given, by name: numbers, texts and truth values.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; init; } = new Dictionary<string, object>();

    /// <summary>The same as slice.json has them: <c>lr = 1e-3</c>.</summary>
    internal IReadOnlyList<string> ParameterTexts { get; init; } = [];

    /// <summary>The commit that the training's code was at; null where it was not recorded.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Whether files of that commit had been changed and not committed.</summary>
    public bool GitDirty { get; init; }

    /// <summary>A number, or numbers by name, as JSON; null where none was recorded.</summary>
    public string? Seeds { get; init; }

    /// <summary>What it ran on, in words or as JSON; null where it was not recorded.</summary>
    public string? Hardware { get; init; }

    /// <summary>Files that name the dependencies, with their hashes.</summary>
    public IReadOnlyList<PinnedFile> Dependencies { get; init; } = [];

    /// <summary>When the training began; null where that was not recorded.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The run in an experiment tracker, as text or JSON; null where none was recorded.</summary>
    public string? Tracking { get; init; }

    /// <summary>The id of the run in MLflow; null where it is not linked to one.</summary>
    public string? MlflowRunId { get; init; }

    /// <summary>Where a person looks at the run in its tracker; null where that was not recorded.</summary>
    public string? Link { get; init; }

    /// <summary>What is at its path now, one of <see cref="ModelFile"/>; null where nobody looked.</summary>
    public string? File { get; init; }

    /// <summary>Whether it is in production: <c>Current</c>, or <c>Replaced</c> where it was put there with another artifact; else null.</summary>
    public string? Production { get; init; }

    /// <summary>What its slice shares with eval sets of the line, a sentence each, where it was registered just now; none where nothing is shared.</summary>
    public IReadOnlyList<string> Leaks { get; init; } = [];

    /// <summary>What registering it did, one of <see cref="RegisterOutcome"/>; of a model that a slice holds, <c>Unchanged</c>.</summary>
    public string Outcome { get; init; } = RegisterOutcome.Unchanged;

    /// <summary>Where <see cref="TrainedAt"/> is from, one of <see cref="TrainingDate"/>; of a model that a slice holds, <c>Recorded</c>.</summary>
    public string TrainedAtFrom { get; init; } = TrainingDate.Recorded;

    /// <summary>
    /// The slice that was made later and counted as trained last until now; null where there is none, or the date is not that of
    /// registering.
    /// </summary>
    public string? Overtakes { get; init; }

    /// <summary>What the training used otherwise than the slice pins it, a sentence each; known where it was just registered.</summary>
    public IReadOnlyList<string> PinDifferences { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>What is at a registered model's path.</summary>
public static class ModelFile
{
    /// <summary>A file with the registered hash.</summary>
    public const string Same = nameof(Same);

    /// <summary>A file with another hash.</summary>
    public const string Changed = nameof(Changed);

    /// <summary>A file; it was not hashed now, or no hash was registered.</summary>
    public const string There = nameof(There);

    /// <summary>Nothing.</summary>
    public const string Gone = nameof(Gone);

    /// <summary>The artifact is an address, which is not asked.</summary>
    public const string Address = nameof(Address);

    /// <summary>No artifact is registered, or one from outside the repository, of which only the name is known.</summary>
    public const string Unknown = nameof(Unknown);
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
    internal const string MlflowRunIdField = "mlflow_run_id";
    internal const string LinkField = "link";

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

        return new RegisteredModel(version, run.Name, run.Artifact, run.Sha256, metrics, run.TrainedAt?.Instant, replaced)
        {
            DatasetSha256 = run.DatasetSha256,
            Parameters = Plain(run.Parameters),
            ParameterTexts = [.. run.Parameters.Select(static pair => $"{pair.Key} = {TextOf(pair.Value)}")],
            GitCommit = run.GitCommit,
            GitDirty = run.GitDirty,
            Seeds = run.Seeds?.ToJsonString(),
            Hardware = TextOf(run.Hardware),
            Dependencies = run.Dependencies,
            StartedAt = run.StartedAt?.Instant,
            Tracking = TextOf(run.Tracking),
            MlflowRunId = FieldOf(run.Tracking, MlflowRunIdField),
            Link = run.Tracking is JsonValue plain && plain.TryGetValue(out string? address) && address.Contains("://", StringComparison.Ordinal) ? address : FieldOf(run.Tracking, LinkField),
        };
    }

    /// <summary>Whether a model's run has that id or link in an experiment tracker; the last part of a link is an id too.</summary>
    internal static bool TrackedAs(RegisteredModel model, string text)
    {
        if (text.Length > 0 && (model.MlflowRunId == text || model.Link == text))
        {
            return true;
        }

        if (model.Tracking is not { } tracking || text.Length == 0)
        {
            return false;
        }

        IEnumerable<string> names = [tracking];
        if (tracking.StartsWith('{'))
        {
            try
            {
                names = JsonNode.Parse(tracking)!.AsObject().Select(static pair => TextOf(pair.Value)).OfType<string>();
            }
            catch (JsonException)
            {
                // It only begins like JSON.
            }
        }

        return names.Any(name => name == text || name.TrimEnd('/').EndsWith($"/{text}", StringComparison.Ordinal));
    }

    private static OrderedDictionary<string, object> Plain(JsonObject parameters)
    {
        var plain = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in parameters)
        {
            plain[name] = value switch
            {
                JsonValue number when number.TryGetValue(out long whole) => whole,
                JsonValue number when number.GetValueKind() == JsonValueKind.Number => NumberOf(number),
                JsonValue truth when truth.TryGetValue(out bool yes) => yes,
                null => string.Empty,
                _ => TextOf(value)!,
            };
        }

        return plain;
    }

    /// <summary>A number that is not whole, or too large for 64 bits: one whose digits no type of the runtime has is its text.</summary>
    private static object NumberOf(JsonValue number)
    {
        string text = number.ToJsonString();
        return text.AsSpan().ContainsAny('.', 'e', 'E') && number.TryGetValue(out double real) && double.IsFinite(real) ? real
            : decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole) ? whole
            : text;
    }

    private static string? FieldOf(JsonNode? tracking, string name) => (tracking as JsonObject)?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString();
}
