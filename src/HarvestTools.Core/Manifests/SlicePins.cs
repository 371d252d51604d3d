using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Parameters;

namespace HarvestTools.Manifests;

/// <summary>What else a training depends on, as it was when the slice was made. It is no part of the slice's key.</summary>
public sealed record SlicePins
{
    /// <summary>The commit that the repository was at; null outside git.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Whether files of that commit had been changed and not committed.</summary>
    public bool GitDirty { get; init; }

    /// <summary>Files that name the dependencies, with their hashes.</summary>
    public IReadOnlyList<PinnedFile> Dependencies { get; init; } = [];

    /// <summary>Files with training parameters, whole or by key.</summary>
    public IReadOnlyList<PinnedParameters> Parameters { get; init; } = [];

    /// <summary>Whatever the training calls its seeds: a number, a list or an object.</summary>
    public JsonNode? Seeds { get; init; }

    /// <summary>The hardware, in whatever form it was recorded.</summary>
    public JsonNode? Hardware { get; init; }

    internal JsonObject? Rest { get; init; }

    /// <summary>Whether nothing is pinned.</summary>
    internal bool IsEmpty => GitCommit is null && Dependencies.Count == 0 && Parameters.Count == 0 && Seeds is null && Hardware is null && Rest is null;

    internal static SlicePins Parse(ObjectReader reader) => new()
    {
        GitCommit = reader.Text("git_commit"),
        GitDirty = reader.Flag("git_dirty"),
        Dependencies = reader.List("dependencies", ManifestReader.Pinned),
        Parameters = reader.List("parameters", PinnedParameters.Parse),
        Seeds = reader.Take("seeds"),
        Hardware = reader.Take("hardware"),
        Rest = reader.Rest(),
    };

    internal JsonObject ToJson() => new ObjectWriter(Rest)
        .Add("git_commit", GitCommit)
        .Add("git_dirty", GitDirty ? JsonValue.Create(true) : null)
        .AddList("dependencies", Dependencies, ManifestWriter.Pinned)
        .AddList("parameters", Parameters, static pinned => pinned.ToJson())
        .Add("seeds", Seeds)
        .Add("hardware", Hardware)
        .Build();

    /// <summary>What no command writes: field, value, and why that cannot be.</summary>
    internal IEnumerable<(string Field, string Value, string Problem)> Faults()
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            PinnedParameters pinned = Parameters[i];
            if (pinned.ValuesSha256 is { } recorded && ParameterFile.TryHashOf(pinned.Values) is var actual && actual != recorded)
            {
                yield return (JsonFileText.ItemPath("pins.parameters", i), recorded, "which is not the hash of its values");
            }
        }

        if (Seeds is not null && !IsSeed(Seeds) && !(Seeds is JsonArray list && list.All(IsSeed)) && !(Seeds is JsonObject named && named.All(static pair => IsSeed(pair.Value))))
        {
            yield return ("pins.seeds", Seeds.ToJsonString(), "which is no number, list of numbers, or numbers by name");
        }
    }

    private static bool IsSeed(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number;
}

/// <summary>A file with training parameters as it was when the slice was made, and the parameters themselves.</summary>
public sealed record PinnedParameters
{
    /// <summary>Where it is, relative to the repository, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Which of its parameters, as <c>train.*</c>; null for the whole file.</summary>
    public string? Keys { get; init; }

    /// <summary>SHA-256 of the file's bytes, where it is pinned whole.</summary>
    public string? Sha256 { get; init; }

    /// <summary>SHA-256 of the parameters' canonical JSON; null where they are not recorded.</summary>
    public string? ValuesSha256 { get; init; }

    /// <summary>The parameters by their whole keys; numbers keep their spelling.</summary>
    public JsonObject Values { get; init; } = [];

    internal JsonObject? Rest { get; init; }

    /// <summary><c>params.yaml:train.*</c>.</summary>
    public override string ToString() => new ParameterSelection(Path, Keys).ToString();

    internal static PinnedParameters Parse(ObjectReader reader) => new()
    {
        Path = reader.RequiredPath("path"),
        Keys = reader.Text("keys"),
        Sha256 = reader.Sha256("sha256"),
        ValuesSha256 = reader.Sha256("values_sha256"),
        Values = reader.FreeObject("values"),
        Rest = reader.Rest(),
    };

    internal JsonObject ToJson() => new ObjectWriter(Rest)
        .Add("path", Path)
        .Add("keys", Keys)
        .Add("sha256", Sha256)
        .Add("values_sha256", ValuesSha256)
        .Add("values", Values.Count == 0 ? null : Values)
        .Build();
}
