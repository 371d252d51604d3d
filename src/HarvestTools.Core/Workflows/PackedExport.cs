using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>An archived export that is to be packed or unpacked.</summary>
/// <param name="Project">The project that it is of.</param>
/// <param name="Sha256">Of its bytes.</param>
public sealed record PackTarget(string Project, string Sha256)
{
    /// <summary><c>b-451a57b0b9f0</c>, by which it can be named again.</summary>
    public string Selector => $"{Project}-{Figures.ShortHash(Sha256)}";
}

/// <summary>What packing or unpacking did with an export.</summary>
public enum PackOutcome
{
    /// <summary>It was made a pack, and its plain bytes went.</summary>
    Packed,

    /// <summary>It was packed; nothing was written.</summary>
    AlreadyPacked,

    /// <summary>Its plain bytes are smaller than a pack would be, and stay.</summary>
    KeptPlain,

    /// <summary>It was made plain bytes, and its pack went.</summary>
    Unpacked,
}

/// <summary>An export after it was packed or unpacked.</summary>
/// <param name="Project">The project that it is of.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="StoredBytes">What it takes in the archive now.</param>
/// <param name="Anchor">The export that it is a patch against; null where it is whole.</param>
/// <param name="Outcome">What was done.</param>
public sealed record PackedExport(string Project, string Sha256, long Bytes, long StoredBytes, string? Anchor, PackOutcome Outcome);
