using System.Text.Json.Nodes;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Parameters;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Reads what a new slice pins: what harvest.json names, and what the request adds.</summary>
internal static class ReadPins
{
    /// <param name="repository">The repository.</param>
    /// <param name="request">What is asked for.</param>
    /// <returns>Null where there is nothing to pin.</returns>
    /// <exception cref="HarvestException">
    /// PinnedFileNotFound, PinnedFileOutside, ParameterKeyUnknown and the other faults of parameter files; a file cannot be read.
    /// </exception>
    public static SlicePins? Run(Repository repository, NewSliceRequest request)
    {
        PinSettings settings = repository.Settings.Pins;
        GitState? git = settings.Commit ? GitState.TryRead(repository.Root, repository.Settings.SlicesFolder) : null;
        var pins = new SlicePins
        {
            GitCommit = git?.Commit,
            GitDirty = git?.Dirty == true,
            Dependencies = [.. settings.Files.Concat(request.PinnedFiles).Select(path => RunFacts.Dependency(repository, path)).DistinctBy(static file => file.Path, StringComparer.Ordinal)],
            Parameters = [.. settings.Parameters.Concat(request.PinnedParameters).Select(text => Parameters(repository, ParameterSelection.Parse(text))).DistinctBy(static pinned => pinned.ToString(), StringComparer.Ordinal)],
            Seeds = Seeds(settings.Seeds, request.Seeds),
            Hardware = settings.Hardware ? Hardware.Read() : null,
        };
        return pins.IsEmpty ? null : pins;
    }

    /// <summary>A pinned parameter file as it is now.</summary>
    internal static PinnedParameters Parameters(Repository repository, ParameterSelection selection)
    {
        string full = Path.GetFullPath(selection.Path, repository.Root);
        string relative = repository.MakeRelative(full) ?? throw RegisterErrors.PinnedFileOutside(selection.Path);
        if (!File.Exists(full))
        {
            throw RegisterErrors.PinnedFileNotFound(selection.Path);
        }

        ParameterFile file = ParameterFile.Read(full, selection with { Path = relative });
        return new PinnedParameters
        {
            Path = relative,
            Keys = selection.Keys,
            Sha256 = selection.Keys is null ? file.FileSha256 : null,
            ValuesSha256 = ParameterFile.HashOf(file.Values),
            Values = file.Values,
        };
    }

    // Seeds by name add to each other; a number has no name to go under.
    private static JsonNode? Seeds(JsonNode? set, JsonNode? given)
    {
        if (given is not JsonObject added || set is not JsonObject known)
        {
            return (given ?? set)?.DeepClone();
        }

        JsonObject all = known.DeepClone().AsObject();
        foreach ((string name, JsonNode? seed) in added)
        {
            all[name] = seed?.DeepClone();
        }

        return all;
    }
}
