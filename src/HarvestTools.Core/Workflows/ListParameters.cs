using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What a training script is given of a slice: which data set it is, where its tables are, seeds and parameters as they were pinned.</summary>
public static class ListParameters
{
    private const string Prefix = "HARVEST_";

    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">SliceNotFound, ParameterNamesMeet; the slice cannot be read.</exception>
    public static IReadOnlyList<SliceParameter> Run(Repository repository, string version, WorkContext context)
    {
        SliceManifest slice = repository.Slices.Load(version, context.Cancellation);
        string key = SliceInputs.KeyOf(repository, slice);
        var all = new List<SliceParameter>();
        Add(ParameterKind.Dataset, "dataset_version", JsonValue.Create(slice.Version));
        Add(ParameterKind.Dataset, "dataset_hash", JsonValue.Create(DatasetDigest.Of(repository, slice)));
        if (slice.Rows is { } rows)
        {
            Add(ParameterKind.Dataset, "dataset_rows", JsonValue.Create(rows));
        }

        Add(ParameterKind.Dataset, "dataset_path", JsonValue.Create(Path.Combine(repository.CacheFolder, key)));
        Add(ParameterKind.Dataset, "slice_key", JsonValue.Create(key));
        Add(ParameterKind.Dataset, "harvest_version", JsonValue.Create(slice.HarvestVersion));
        if (slice.Pins?.GitCommit is { } commit)
        {
            Add(ParameterKind.Dataset, "git_commit", JsonValue.Create(commit));
        }

        foreach ((string name, JsonNode? seed) in Seeds(slice.Pins?.Seeds))
        {
            Add(ParameterKind.Seed, name, seed);
        }

        foreach (PinnedParameters pinned in slice.Pins?.Parameters ?? [])
        {
            foreach ((string name, JsonNode? value) in pinned.Values)
            {
                Add(ParameterKind.Parameter, name, value, pinned.Path);
            }
        }

        RequireOwnVariables(all);
        return all;

        void Add(string kind, string name, JsonNode? value, string? source = null)
        {
            var made = new SliceParameter(slice.Version, kind, name, Plain(value), Text(value), Variable(kind, name)) { Json = value?.ToJsonString() ?? "null", Source = source };

            // A file that is pinned whole and by key has the parameter twice.
            if (!all.Contains(made))
            {
                all.Add(made);
            }
        }
    }

    /// <summary>Whether the slice's tables are where its parameters say.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="parameters">What <see cref="Run"/> gave.</param>
    public static bool IsBuilt(Repository repository, IReadOnlyList<SliceParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Directory.Exists(parameters.First(static one => one.Name == "dataset_path").Text);
    }

    /// <summary>A shell that is given two values under one name keeps the last, and says nothing.</summary>
    private static void RequireOwnVariables(List<SliceParameter> all)
    {
        foreach (IGrouping<string, SliceParameter> same in all.GroupBy(static one => one.Variable, StringComparer.Ordinal))
        {
            if (same.Skip(1).FirstOrDefault() is { } second)
            {
                throw PinErrors.ParameterNamesMeet(Label(same.First()), Label(second), same.Key);
            }
        }

        static string Label(SliceParameter one) => one.Source is null ? one.Name : $"{one.Source}:{one.Name}";
    }

    private static IEnumerable<(string Name, JsonNode? Seed)> Seeds(JsonNode? seeds) => seeds switch
    {
        null => [],
        JsonObject named => named.Select(static pair => ($"seed.{pair.Key}", pair.Value)),
        JsonArray list => list.Select(static (seed, index) => (string.Create(CultureInfo.InvariantCulture, $"seed.{index}"), seed)),
        _ => [("seed", seeds)],
    };

    private static string Variable(string kind, string name)
    {
        var text = new StringBuilder(kind == ParameterKind.Parameter ? $"{Prefix}PARAM_" : Prefix);
        foreach (char letter in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_');
        }

        return text.ToString();
    }

    private static object? Plain(JsonNode? value) => value switch
    {
        null => null,
        JsonValue number when number.TryGetValue(out long whole) => whole,
        JsonValue number when number.TryGetValue(out double real) => real,
        JsonValue truth when truth.TryGetValue(out bool yes) => yes,
        _ => Text(value),
    };

    private static string Text(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? plain) ? plain : value?.ToJsonString() ?? string.Empty;
}
