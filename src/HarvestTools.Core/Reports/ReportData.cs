using HarvestTools.Decisions.States;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Rules;

namespace HarvestTools.Reports;

/// <summary>What the page shows.</summary>
/// <param name="Title">The repository's name.</param>
/// <param name="History">Newest first.</param>
/// <param name="Slices">The manifests by version.</param>
/// <param name="Drift">What a check found by version; null where none was asked for.</param>
/// <param name="Faults">Why a slice could not be read or checked, by version.</param>
/// <param name="Commands">How the front end that writes the page spells commands.</param>
internal sealed record ReportData(
    string Title,
    IReadOnlyList<SliceHistoryEntry> History,
    IReadOnlyDictionary<string, SliceManifest> Slices,
    IReadOnlyDictionary<string, DriftReport>? Drift,
    IReadOnlyList<(string Version, HarvestException Fault)> Faults,
    ICommandSpelling Commands)
{
    /// <summary>What manifests do not hold, by version; a slice that is left out has none of it here.</summary>
    public IReadOnlyDictionary<string, SliceFacts> Facts { get; init; } = new Dictionary<string, SliceFacts>();

    /// <summary>The retrain decision; null where it is not known here.</summary>
    public RetrainDecision? Decision { get; init; }

    /// <summary>Why there is no decision, a sentence or two.</summary>
    public string? DecisionUnknown { get; init; }
}

/// <summary>What is known of a slice beyond its manifest.</summary>
/// <param name="Key">Its slice key.</param>
/// <param name="Dataset">The digest of its data set.</param>
/// <param name="Definition">The rules in force, overrides applied; null where they are not here.</param>
/// <param name="Counts">What the derivation of each export counted, in the order of the manifest; null where the cache does not have it.</param>
internal sealed record SliceFacts(string Key, string Dataset, HarvestDefinition? Definition, IReadOnlyList<Tally?> Counts);
