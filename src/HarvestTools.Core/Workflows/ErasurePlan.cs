using HarvestTools.Erasure;
using HarvestTools.History;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>An export that holds something of what is to be erased.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Sha256">The export.</param>
/// <param name="Path">Where it came from.</param>
/// <param name="Holds">What of it.</param>
public sealed record ErasedExport(string Project, string Sha256, string? Path, RedactionCounts Holds)
{
    /// <summary>The SHA-256 of the same export without it; null where none was written.</summary>
    public string? RedactedSha256 { get; init; }

    /// <summary>Slices that name the export.</summary>
    public required IReadOnlyList<string> Slices { get; init; }
}

/// <summary>A slice with an export that holds something of what is to be erased.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Rows">How many of its rows are of it, of what several people agree on those too; null where they are not known here.</param>
/// <param name="Exports">How many of its exports hold something of it.</param>
/// <param name="Models">Models trained on the slice.</param>
public sealed record ErasedSlice(string Version, long? Rows, int Exports, IReadOnlyList<RegisteredModel> Models);

/// <summary>What the erasure of a person's work or an episode touches, and what takes the place of it.</summary>
/// <param name="Subject">In words, for example <c>annotator 7</c>.</param>
/// <param name="Exports">Exports that hold something of it, the oldest of a project first.</param>
/// <param name="Slices">Slices with such an export.</param>
/// <param name="KeptSlices">Slices without one: nothing of them changes.</param>
/// <param name="Models">Models trained on rows of it, which are to be trained again.</param>
/// <param name="NotRead">Exports that are not on this machine, so that what they hold is not known.</param>
public sealed record ErasurePlan(
    string Subject,
    IReadOnlyList<ErasedExport> Exports,
    IReadOnlyList<ErasedSlice> Slices,
    IReadOnlyList<string> KeptSlices,
    IReadOnlyList<RegisteredModel> Models,
    IReadOnlyList<string> NotRead)
{
    /// <summary>What is not known of rows that a team's own program derives, each reason once.</summary>
    public IReadOnlyList<UnknownRows> NotKnown { get; init; } = [];

    /// <summary>Whether the plan, once it is written, has a definition that leaves it out; not of one project alone, nor where a program derives.</summary>
    public bool WritesRule { get; init; }

    /// <summary>Whether redacted exports and the rule were written.</summary>
    public bool Written { get; init; }

    /// <summary>The version of the harvest definition in harvest.json that leaves it out; null where no rule was written.</summary>
    public string? HarvestVersion { get; init; }

    /// <summary>What that definition leaves out.</summary>
    public Exclusion? Exclude { get; init; }

    /// <summary>What is to be done next, in this order.</summary>
    public IReadOnlyList<Remedy> Next { get; init; } = [];
}
