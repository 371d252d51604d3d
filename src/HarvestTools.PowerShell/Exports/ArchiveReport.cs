using HarvestTools.Archive;

namespace HarvestTools.PowerShell;

/// <summary>What a check of the archive found.</summary>
/// <param name="Whole">True where nothing is wrong, or everything that was has been repaired.</param>
/// <param name="Objects">How many objects were read.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Findings">What was found, in an order that does not depend on chance.</param>
/// <param name="Repository">Full path of the repository.</param>
public sealed record ArchiveReport(bool Whole, long Objects, long Bytes, IReadOnlyList<ArchiveFinding> Findings, string Repository);
