using System.Globalization;

namespace HarvestTools.Packs;

/// <summary>Errors of packs.</summary>
internal static class PackErrors
{
    /// <summary>A pack of which a part has other bytes than when it was written.</summary>
    /// <param name="pack">The file.</param>
    /// <param name="sha256">The object that cannot be read for it.</param>
    /// <param name="part">Which part, for people.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    public static HarvestException PackDamaged(string pack, string sha256, string part, long offset) => new(
        nameof(PackDamaged), HarvestFault.Damaged,
        string.Create(CultureInfo.InvariantCulture, $"'{pack}' is damaged in {part} (from byte {offset}), so that the object {sha256} cannot be read."),
        $"Run {new RemedyAction.RepairArchive()}, or add the file with the right hash again.", sha256);

    /// <summary>A pack of a later release.</summary>
    public static HarvestException PackUnsupported(string pack, long version) => new(
        nameof(PackUnsupported), HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"'{pack}' has version {version} of the format of packs, which this release cannot read."),
        "Use the release that wrote it, or a later one.", pack);

    /// <summary>A patch whose anchor is not here.</summary>
    public static HarvestException AnchorMissing(string pack, string sha256, string anchor) => new(
        nameof(AnchorMissing), HarvestFault.Damaged,
        $"'{pack}' holds the object {sha256} as a patch against {anchor}, which is not here.",
        $"Run {new RemedyAction.RepairArchive()}, or add the file with either hash again.", sha256);
}
