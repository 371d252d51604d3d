using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>Errors about slices as a whole; faults inside a slice.json are <see cref="JsonDocumentErrors"/>.</summary>
internal static class SliceErrors
{
    public static HarvestException SliceNotFound(string version, string? nearest) => new(
        nameof(SliceNotFound), HarvestFault.NotFound,
        $"There is no slice '{version}'." + (nearest is null ? string.Empty : $" Did you mean '{nearest}'?"),
        $"List the slices with {new RemedyAction.ListSlices()}.", version);

    /// <param name="version">The version.</param>
    /// <param name="next">The next one that is free.</param>
    public static HarvestException SliceExists(string version, string next) => new(
        nameof(SliceExists), HarvestFault.Usage,
        $"The slice '{version}' already exists.",
        $"Choose another version; the next free one is {next}: {new RemedyAction.NewSlice(next)}. A slice is made once and never changed.", version);

    /// <param name="folder">The slice's folder.</param>
    /// <param name="version">The slice.</param>
    /// <param name="manifest">Its record as git knows it, relative to the repository.</param>
    public static HarvestException SliceRecordMissing(string folder, string version, string manifest) => new(
        nameof(SliceRecordMissing), HarvestFault.InvalidData,
        $"'{folder}' has a definition.json and no slice.json, so what slice {version} was is not known.",
        $"Take slice.json back from git, for example with {new RemedyAction.RestoreFromGit(manifest)}, or remove the folder if the slice is not wanted.", version);

    public static HarvestException SliceDiffersByCase(string version, string existing) => new(
        nameof(SliceDiffersByCase), HarvestFault.Usage,
        $"'{version}' differs from the existing slice '{existing}' by upper and lower case alone.",
        "Choose another version; on Windows and macOS both would be one folder.", version);

    public static HarvestException SliceVersionInvalid(string version, string why) => new(
        nameof(SliceVersionInvalid), HarvestFault.Usage,
        $"'{version}' cannot name a slice: {why}.",
        "Use letters, digits, '.', '_' and '-', as in v3.", version);

    public static HarvestException SliceVersionMismatch(string file, string version, string folder) => new(
        nameof(SliceVersionMismatch), HarvestFault.InvalidData,
        $"'{file}' says \"slice_version\": \"{version}\", but is in the folder of '{folder}'.",
        "Make the folder's name and slice_version agree.", folder);
}
