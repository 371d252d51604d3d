using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>Errors about slices as a whole; faults inside a slice.json are <see cref="JsonDocumentErrors"/>.</summary>
internal static class SliceErrors
{
    public static HarvestException SliceNotFound(string version, string? nearest) => new(
        nameof(SliceNotFound), HarvestFault.NotFound,
        $"There is no slice '{version}'." + (nearest is null ? string.Empty : $" Did you mean '{nearest}'?"),
        $"List the slices with {new RemedyAction.ListSlices()}.", version);

    public static HarvestException SliceExists(string version) => new(
        nameof(SliceExists), HarvestFault.Usage,
        $"The slice '{version}' already exists.",
        "Choose another version; a slice is made once and never changed.", version);

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
