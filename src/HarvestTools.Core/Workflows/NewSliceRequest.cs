using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>What a new slice is to be.</summary>
/// <param name="Version">Its version, for example <c>v3</c>; null takes the next free one after its parent's.</param>
public sealed record NewSliceRequest(string? Version = null)
{
    /// <summary>
    /// Its exports: hashes or their beginnings, alone or as <c>project-hash</c>, project names (the newest export of that project), or paths of archived files.
    /// Empty takes the newest archived export of each project.
    /// </summary>
    public IReadOnlyList<string> Exports { get; init; } = [];

    /// <summary>
    /// Which export wins where two of one project hold the same labelled task: <c>newest</c>, or the beginning of a hash.
    /// Null refuses such a slice.
    /// </summary>
    public string? Prefer { get; init; }

    /// <summary>The slice it follows; null takes the one created last.</summary>
    public string? Parent { get; init; }

    /// <summary>What changed and why.</summary>
    public string? Reason { get; init; }

    /// <summary>Rules that differ from harvest.json's for this slice only.</summary>
    public JsonObject FilterOverrides { get; init; } = [];

    /// <summary>Models trained on it, by name.</summary>
    public IReadOnlyDictionary<string, string> ModelOutputs { get; init; } = new Dictionary<string, string>();

    /// <summary>When a model was trained on it; null where none was.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>The eval set's file or folder, relative to the repository; null takes harvest.json's.</summary>
    public string? EvalSet { get; init; }

    /// <summary>A project may lose more than a tenth of the labelled tasks that its parent has.</summary>
    public bool AllowShrink { get; init; }

    /// <summary>It may have episodes or media that its eval set has; they are a notice then.</summary>
    public bool AllowLeak { get; init; }

    /// <summary>Files to pin besides those of harvest.json, for example a lock file of dependencies.</summary>
    public IReadOnlyList<string> PinnedFiles { get; init; } = [];

    /// <summary>Parameter files to pin besides those of harvest.json, whole or by key: <c>params.yaml:train.*</c>.</summary>
    public IReadOnlyList<string> PinnedParameters { get; init; } = [];

    /// <summary>Seeds to pin: a number, a list of numbers, or numbers by name, which add to those of harvest.json.</summary>
    public JsonNode? Seeds { get; init; }

    /// <summary>Make no slice where the parent, or one that was made meanwhile, has the same labels under the same rules.</summary>
    public bool IfChanged { get; init; }

    /// <summary>List the media that the rows name, with hash and size, so that their bytes are part of what the slice is.</summary>
    public bool Media { get; init; }

    /// <summary>Write the manifest without deriving; the check then has nothing to compare with.</summary>
    public bool NoBuild { get; init; }

    /// <summary>What the definition's program wrote already, elsewhere, so that it is not run; null where it is to be run.</summary>
    internal IReadOnlyList<Programs.ProgramTableFile>? Written { get; init; }
}

/// <summary>A slice that was made, and its tables unless it was not built.</summary>
/// <param name="Slice">Its record; where none was made, that of the slice with the same labels.</param>
/// <param name="ManifestPath">Full path of its slice.json.</param>
/// <param name="Built">Its tables; null where it was not built.</param>
/// <param name="Losses">What projects lack that the parent has, by project.</param>
public sealed record NewSliceResult(SliceManifest Slice, string ManifestPath, BuiltSlice? Built, IReadOnlyList<ProjectLoss> Losses)
{
    /// <summary>False where no slice was made, since one has the same labels under the same rules.</summary>
    public bool Made { get; init; } = true;

    /// <summary>The versions before the one that was taken that are in use elsewhere; empty where a version was asked for.</summary>
    public IReadOnlyList<TakenVersion> Taken { get; init; } = [];

    /// <summary>That nothing changed since the parent, in a sentence; null where something did, or where that is not known.</summary>
    public string? Unchanged { get; init; }

    /// <summary>Retired projects that the parent has and the slice is made without, which is no loss.</summary>
    public IReadOnlyList<string> Retired { get; init; } = [];

    /// <summary>What is to be known of a slice that was made all the same: episodes that two of its projects have.</summary>
    public IReadOnlyList<ExportNotice> Notices { get; init; } = [];

    /// <summary>Slices that cannot be read, so that nothing of them was considered; the newest slice is none of them.</summary>
    public IReadOnlyList<SliceEntry> PassedOver { get; init; } = [];
}
