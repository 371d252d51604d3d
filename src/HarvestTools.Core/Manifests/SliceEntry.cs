namespace HarvestTools.Manifests;

/// <summary>A slice as the store found it: its manifest, or why that cannot be read.</summary>
/// <param name="Version">The name of the slice's folder.</param>
/// <param name="Path">Of its slice.json.</param>
/// <param name="Manifest">Null where it cannot be read.</param>
/// <param name="Error">Null where it can.</param>
public sealed record SliceEntry(string Version, string Path, SliceManifest? Manifest, HarvestException? Error)
{
    /// <summary>For where the work goes on without the slice: which one it is and why, in a sentence; null where it can be read.</summary>
    public string? PassedOver => Error is null ? null : $"Slice {Version} cannot be read, and nothing of it was considered: {Error.Message}";
}
