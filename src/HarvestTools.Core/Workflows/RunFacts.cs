using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>One fact of a run that is other than before.</summary>
/// <param name="Name">For people: <c>parameter lr</c>, <c>commit</c>.</param>
/// <param name="Before">What was registered; null where nothing was.</param>
/// <param name="Now">What is registered now; null where nothing is.</param>
internal sealed record RunDifference(string Name, string? Before, string? Now);

/// <summary>What is known of a training besides its artifact, metrics and end: read once, before anything is written.</summary>
internal sealed class RunFacts
{
    private readonly ModelRegistration _registration;
    private readonly string? _dataset;
    private readonly GitState? _head;
    private readonly string? _commit;
    private readonly JsonNode? _hardware;
    private readonly IReadOnlyList<PinnedFile> _dependencies;

    private RunFacts(Repository repository, ModelRegistration registration, SliceManifest slice)
    {
        _registration = registration;

        // Of a slice that does not say under which definition it was made the digest would change with harvest.json.
        _dataset = slice.HarvestSha256 is null ? null : DatasetDigest.Of(repository, slice);
        _head = registration.Commit is null or "HEAD" ? GitState.TryRead(repository.Root, repository.Settings.SlicesFolder) : null;
        _commit = registration.Commit is null ? null : _head?.Commit ?? Resolve(repository, registration.Commit);
        _hardware = registration.Hardware is null ? null
            : registration.Hardware == ModelRegistration.ThisMachine ? Hardware.Read() : JsonValue.Create(registration.Hardware);
        _dependencies = [.. registration.Dependencies.Select(path => Dependency(repository, path))];
    }

    /// <exception cref="HarvestException">CommitUnknown, ParameterNotPlain, PinnedFileNotFound; a dependency is outside the repository.</exception>
    public static RunFacts Of(Repository repository, ModelRegistration registration, SliceManifest slice)
    {
        foreach ((string name, JsonNode value) in registration.Parameters)
        {
            if (value.GetValueKind() is not (JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False))
            {
                throw RegisterErrors.ParameterNotPlain(name);
            }
        }

        return new RunFacts(repository, registration, slice);
    }

    /// <summary>The run with these facts; what is not given stays as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="atTheEnd">Whether the training ends just now, so that what is checked out is what it ran with.</param>
    public SliceRun AddTo(SliceRun run, bool atTheEnd)
    {
        JsonObject parameters = run.Parameters.DeepClone().AsObject();
        foreach ((string name, JsonNode value) in _registration.Parameters)
        {
            parameters[name] = value.DeepClone();
        }

        string? commit = _commit ?? (atTheEnd ? _head?.Commit : null);
        return run with
        {
            DatasetSha256 = _dataset ?? run.DatasetSha256,
            Parameters = parameters,
            GitCommit = commit ?? run.GitCommit,
            GitDirty = commit is null ? run.GitDirty : _head?.Dirty == true,
            Seeds = _registration.Seeds?.DeepClone() ?? run.Seeds,
            Hardware = _hardware?.DeepClone() ?? run.Hardware,
            Dependencies = [.. run.Dependencies.Where(known => _dependencies.All(file => file.Path != known.Path)), .. _dependencies],
            StartedAt = _registration.StartedAt is { } started ? Timestamp.From(started) : run.StartedAt,
        };
    }

    /// <summary>What of these facts is other in one run than in another.</summary>
    public static IReadOnlyList<RunDifference> Differences(SliceRun before, SliceRun now)
    {
        Dictionary<string, string> old = Facts(before);
        Dictionary<string, string> present = Facts(now);
        return [.. old.Keys.Union(present.Keys, StringComparer.Ordinal)
            .Select(name => new RunDifference(name, old.GetValueOrDefault(name), present.GetValueOrDefault(name)))
            .Where(static one => one.Before != one.Now)];
    }

    private static Dictionary<string, string> Facts(SliceRun run)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("the data set", run.DatasetSha256 is { } dataset ? Figures.ShortHash(dataset) : null);
        foreach ((string name, JsonNode? value) in run.Parameters)
        {
            Add($"parameter {name}", value?.ToJsonString());
        }

        Add("the commit", run.GitCommit is { } commit ? $"{Figures.ShortHash(commit)}{(run.GitDirty ? " with changes" : "")}" : null);
        Add("the seed", run.Seeds?.ToJsonString());
        Add("the hardware", run.Hardware?.ToJsonString());
        foreach (PinnedFile file in run.Dependencies)
        {
            Add(file.Path, file.Sha256 is { } sha256 ? Figures.ShortHash(sha256) : null);
        }

        Add("the start", run.StartedAt?.Text);
        return facts;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                facts[name] = value;
            }
        }
    }

    private static string Resolve(Repository repository, string name) =>
        GitState.Resolve(repository.Root, name) ?? (name.Length is >= 7 and <= Sha256Text.Length && Sha256Text.IsHex(name) ? name.ToLowerInvariant() : throw RegisterErrors.CommitUnknown(name));

    /// <summary>A file of the repository with its hash.</summary>
    internal static PinnedFile Dependency(Repository repository, string path)
    {
        string full = Path.GetFullPath(path, repository.Root);
        string relative = repository.MakeRelative(full) ?? throw RegisterErrors.PinnedFileOutside(path);
        return File.Exists(full) ? new PinnedFile { Path = relative, Sha256 = FileHash.Compute(full) } : throw RegisterErrors.PinnedFileNotFound(path);
    }
}
