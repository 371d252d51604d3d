using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Mlflow;
using HarvestTools.Repositories;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Links a model or run to a slice and to a run of MLflow, so that either is found from the other: MLflow gets the data set as an input,
/// its version, hash and rows as parameters, and tags back; slice.json gets the run's parameters, metrics, times and artifact.
/// </summary>
/// <remarks>
/// Everything that can be refused is found out before anything is written; MLflow is written before slice.json. A link in slice.json so
/// always leads to a run that has its data set, and after a failure the same command goes on: MLflow takes the same parameter, tag and
/// input again, and a run that was made is found by its tags.
/// </remarks>
public static class TrackModel
{
    private const string DatasetName = "slice";

    // The field takes 36 characters; all 64 digits are in a parameter and a tag.
    private const int DigestLength = 32;
    private const string SliceTag = "harvest.slice_version";
    private const string KeyTag = "harvest.slice_key";
    private const string ModelTag = "harvest.model";
    private const string HashParameter = "dataset_hash";
    private const string CommitParameter = "git_commit";
    private static readonly string[] s_own = ["dataset_version", HashParameter, "dataset_rows", CommitParameter];

    /// <summary>What can be wrong is found without writing anything, in MLflow or here.</summary>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static void Check(Repository repository, ModelRegistration registration, MlflowRequest request, WorkContext context)
    {
        using IMlflowStore store = Open(repository, context, out MlflowPlace place);
        _ = Prepare(repository, registration, request, store, place, context);
    }

    /// <exception cref="HarvestException">
    /// As <c>RegisterModel.Run</c>; MlflowPlaceMissing, MlflowOffline, MlflowDenied, MlflowUnavailable, MlflowRunUnknown,
    /// MlflowParameterDiffers and the other faults of MLflow.
    /// </exception>
    public static RegisteredModel Run(Repository repository, ModelRegistration registration, MlflowRequest request, WorkContext context)
    {
        using IMlflowStore store = Open(repository, context, out MlflowPlace place);
        Plan plan = Prepare(repository, registration, request, store, place, context);
        SliceManifest slice = plan.Slice;
        Dictionary<string, string> tags = Tags(repository, slice, registration.Name);
        MlflowRun run = plan.Run ?? store.Create(
            $"{slice.Version} {registration.Name}",
            registration.StartedAt,
            registration.TrainedAt ?? context.Clock.GetUtcNow(),
            Identity(tags));

        // A run that was made for the model has nothing of the training but what is given here.
        Dictionary<string, string> parameters = new(plan.Parameters, StringComparer.Ordinal);
        foreach ((string name, JsonNode value) in plan.Made || plan.Run is null ? registration.Parameters : new Dictionary<string, JsonNode>())
        {
            parameters.TryAdd(name, Text(value));
        }

        store.Log(run, parameters, plan.Made || plan.Run is null ? registration.Metrics : new Dictionary<string, double>(), new Dictionary<string, string>());
        store.LogInput(run, Dataset(repository, slice, plan.Parameters, context));
        store.Log(run with { Parameters = parameters }, new Dictionary<string, string>(), new Dictionary<string, double>(), tags);
        return RegisterModel.Run(repository, plan.Registration with { Mlflow = LinkTo(repository, store, place, run) }, context);
    }

    private static IMlflowStore Open(Repository repository, WorkContext context, out MlflowPlace place)
    {
        if (repository.Offline || context.Offline)
        {
            throw MlflowErrors.MlflowOffline();
        }

        place = MlflowPlace.FromEnvironment(repository.Root);
        return place.Server is null ? new MlflowFolder(place, context) : new MlflowServer(place, repository.Notice, context);
    }

    private static Plan Prepare(Repository repository, ModelRegistration registration, MlflowRequest request, IMlflowStore store, MlflowPlace place, WorkContext context)
    {
        SliceManifest slice = repository.Slices.Load(registration.Version, context.Cancellation);
        string? id = request.RunId ?? place.RunId;

        // Before the server is asked: what is wrong here needs no network.
        RegisterModel.Check(repository, registration with { Mlflow = id is null ? null : new MlflowLink(id, "", null, null) }, context);
        MlflowRun? run = id is not null ? store.Get(id) : store.Find(Identity(Tags(repository, slice, registration.Name)));
        if (run is { Deleted: true })
        {
            throw MlflowErrors.MlflowRunDeleted(place.Shown, run.Id);
        }

        if (run is null && request.Artifact is not null)
        {
            throw MlflowErrors.MlflowRunNeeded(request.Artifact);
        }

        ModelRegistration whole = run is null ? registration : With(registration, run, request, store, made: id is null, slice.Pins?.GitCommit);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dataset_version"] = slice.Version,
            [HashParameter] = DatasetDigest.Of(repository, slice),
        };
        if (slice.Rows is { } rows)
        {
            parameters["dataset_rows"] = rows.ToString(CultureInfo.InvariantCulture);
        }

        if (Commit(repository, registration, run, slice) is { } commit)
        {
            parameters[CommitParameter] = commit;
        }

        foreach ((string name, string value) in parameters)
        {
            if (run?.Parameters.TryGetValue(name, out string? recorded) == true && recorded != value)
            {
                throw MlflowErrors.MlflowParameterDiffers(run.Id, name, recorded, value);
            }
        }

        if (run is not null)
        {
            whole = whole with { Mlflow = LinkTo(repository, store, place, run) };
            RegisterModel.Check(repository, whole, context);
        }

        return new Plan(slice, run, whole, parameters, Made: id is null);
    }

    /// <summary>
    /// The registration with what the run has; what is given here goes before it. A run that was made for the model has its times and
    /// commit from here, and they say nothing new.
    /// </summary>
    private static ModelRegistration With(ModelRegistration registration, MlflowRun run, MlflowRequest request, IMlflowStore store, bool made, string? pinned)
    {
        var parameters = new OrderedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach ((string name, string text) in run.Parameters.Where(static one => !s_own.Contains(one.Key)))
        {
            parameters[name] = Value(text);
        }

        var metrics = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, double value) in run.Metrics)
        {
            metrics[name] = value;
        }

        foreach ((string name, JsonNode value) in registration.Parameters)
        {
            parameters[name] = value;
        }

        foreach ((string name, double value) in registration.Metrics)
        {
            metrics[name] = value;
        }

        string? path = registration.Path;
        string? sha256 = registration.Sha256;
        if (request.Artifact is { } artifact)
        {
            path ??= store.PlaceOf(run, artifact);
            sha256 ??= store.HashArtifact(run, artifact);
        }

        return registration with
        {
            Path = path,
            Sha256 = sha256,
            Parameters = parameters,
            Metrics = metrics,
            Commit = registration.Commit ?? (made ? null : RunCommit(run, pinned)),
            StartedAt = registration.StartedAt ?? (made ? null : run.StartedAt),
            TrainedAt = registration.TrainedAt ?? (made ? null : run.EndedAt),
        };
    }

    private static MlflowLink LinkTo(Repository repository, IMlflowStore store, MlflowPlace place, MlflowRun run) => new(
        run.Id,
        run.ExperimentId,
        place.Server is not null ? place.Shown : repository.MakeRelative(place.Folder!) is { } folder ? $"file:{folder}" : null,
        store.LinkOf(run));

    private static Dictionary<string, string> Tags(Repository repository, SliceManifest slice, string model) => new(StringComparer.Ordinal)
    {
        [SliceTag] = slice.Version,
        [KeyTag] = SliceInputs.KeyOf(repository, slice),
        ["harvest.dataset_sha256"] = DatasetDigest.Of(repository, slice),
        [ModelTag] = model,
        ["harvest.repository"] = Path.GetFileName(repository.Root),
        ["harvest.slice_path"] = $"{repository.Settings.SlicesFolder}/{slice.Version}/{SliceStore.FileName}",
    };

    /// <summary>The tags by which a run that was made for a model is found again.</summary>
    private static Dictionary<string, string> Identity(Dictionary<string, string> tags) => new(tags.Where(static tag => tag.Key is SliceTag or KeyTag or ModelTag), StringComparer.Ordinal);

    private static string? Commit(Repository repository, ModelRegistration registration, MlflowRun? run, SliceManifest slice) =>
        (registration.Commit is { } given ? given == "HEAD" ? GitHead.TryRead(repository.Root) : Lineage.GitState.Resolve(repository.Root, given) ?? given : null)
        ?? (run is null ? null : run.Parameters.GetValueOrDefault(CommitParameter) ?? RunCommit(run, pinned: null))
        // A training that is registered as it ends ran with what is checked out.
        ?? (run is null && registration.TrainedAt is null && LastTraining.Of(slice) is null ? GitHead.TryRead(repository.Root) : null)
        ?? slice.Pins?.GitCommit;

    /// <summary>The commit that the run names. The slice's own was perhaps written there by this command, and says nothing of the training.</summary>
    private static string? RunCommit(MlflowRun run, string? pinned) =>
        (run.Tags.GetValueOrDefault("mlflow.source.git.commit") ?? (run.Parameters.GetValueOrDefault(CommitParameter) is { } given && given != pinned ? given : null)) is { Length: >= 7 and <= Sha256Text.Length } commit && Sha256Text.IsHex(commit) ? commit : null;

    private static MlflowDataset Dataset(Repository repository, SliceManifest slice, Dictionary<string, string> parameters, WorkContext context)
    {
        string digest = parameters[HashParameter];
        var tables = new JsonObject();
        foreach (IGrouping<string, SliceOutput> table in slice.Outputs.GroupBy(static output => output.Table, StringComparer.Ordinal))
        {
            tables[table.Key] = table.Sum(static output => output.Rows);
        }

        foreach (IGrouping<string, ProgramOutput> table in slice.ProgramOutputs.GroupBy(static output => output.Table, StringComparer.Ordinal))
        {
            tables[table.Key] = table.All(static output => output.Rows is not null) ? table.Sum(static output => output.Rows) : null;
        }

        // A kind of source that every client of MLflow can read without a network.
        var source = new JsonObject
        {
            ["tags"] = new JsonObject
            {
                ["mlflow.source.name"] = $"{repository.Settings.SlicesFolder}/{slice.Version}/{SliceStore.FileName}",
                ["mlflow.source.type"] = "LOCAL",
                [SliceTag] = slice.Version,
                [KeyTag] = SliceInputs.KeyOf(repository, slice),
                ["harvest.dataset_sha256"] = digest,
                ["harvest.exports"] = string.Join(' ', slice.Exports.Select(static export => $"{export.Project}:{export.Sha256}")),
            },
        };
        var profile = new JsonObject { ["num_rows"] = slice.Rows, ["exports"] = slice.Exports.Count, ["tables"] = tables };
        return new MlflowDataset(DatasetName, digest[..DigestLength], "code", source.ToJsonString(), (slice.IsProgram ? ProgramSchema.Of(repository, slice, context) : Schema(tables.Select(static table => table.Key))).ToJsonString(), profile.ToJsonString());
    }

    /// <summary>The columns of the tables that have rows, each after its table's name.</summary>
    private static JsonObject Schema(IEnumerable<string> tables) => new()
    {
        ["mlflow_colspec"] = new JsonArray([.. tables
            .Select(static name => TableCatalog.All.FirstOrDefault(table => table.Name == name))
            .OfType<TableDescriptor>()
            .SelectMany(static table => table.Columns.Select(column => new JsonObject { ["type"] = Type(column.Type), ["name"] = $"{table.Name}.{column.Name}", ["required"] = !column.Nullable }))]),
    };

    private static JsonNode Type(ColumnType type) => type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.Int32 => "integer",
        ColumnType.Int64 => "long",
        ColumnType.Double => "double",
        _ => "string",
    };

    /// <summary>MLflow has texts alone: what reads as a number or a truth value is one again, with its spelling.</summary>
    private static JsonNode Value(string text)
    {
        try
        {
            JsonNode? node = text.Length is > 0 and < 400 ? JsonNode.Parse(text) : null;
            return node?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? node : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static string Text(JsonNode value) => value is JsonValue one && one.TryGetValue(out string? text) ? text : value.ToJsonString();

    /// <param name="Slice">The slice.</param>
    /// <param name="Run">The run; null where one is to be made.</param>
    /// <param name="Registration">What goes into slice.json.</param>
    /// <param name="Parameters">What the run says of the data set.</param>
    /// <param name="Made">Whether it is a run that was, or is to be, made for the model.</param>
    private sealed record Plan(SliceManifest Slice, MlflowRun? Run, ModelRegistration Registration, Dictionary<string, string> Parameters, bool Made);
}
