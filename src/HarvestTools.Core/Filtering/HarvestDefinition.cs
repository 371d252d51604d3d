namespace HarvestTools.Filtering;

/// <summary>
/// The named, versioned derivation: what a slice's <c>harvest_version</c> stands for. Its canonical JSON is archived
/// under its own hash, so an old slice re-derives under its own rules however harvest.json changes later.
/// </summary>
/// <param name="Name">For example <c>harvest</c>.</param>
/// <param name="Version">For example <c>v1.4.2</c>.</param>
/// <param name="Rules">The filter rules.</param>
/// <param name="Fields">Where task_subdir, episode and frame come from.</param>
public sealed record HarvestDefinition(string Name, string Version, HarvestRules Rules, FieldMapping Fields)
{
    /// <summary>Name and version as manifests write it, <c>harvest@v1.4.2</c>.</summary>
    public string FullVersion => $"{Name}@{Version}";
}

/// <summary>The filter rules with the defaults of the contract.</summary>
public sealed record HarvestRules
{
    public static HarvestRules Default { get; } = new();

    /// <summary>Largest distance at which two annotators' points, edges or corners agree, in pixels.</summary>
    public double MinPixelAgreement { get; init; } = 5;

    /// <summary>Largest distance at which the ends of two annotators' segments agree, in frames.</summary>
    public int MinFrameAgreement { get; init; } = 3;

    /// <summary>How many frames from either end of an action count as boundary.</summary>
    public int BoundaryFrames { get; init; } = 3;

    /// <summary>The weight of a boundary frame, 0 to 1; every other frame weighs 1.</summary>
    public double BoundaryWeight { get; init; } = 0.5;

    /// <summary>Drop what one annotator alone labelled.</summary>
    public bool RequireTwoAnnotators { get; init; }

    public Consensus Consensus { get; init; } = Consensus.Mean;

    /// <summary>Where a task has a ground-truth annotation, use only those.</summary>
    public bool PreferGroundTruth { get; init; } = true;

    /// <summary>Keep regions that the labeler left exactly as the model predicted them.</summary>
    public bool AcceptUntouched { get; init; } = true;

    /// <summary>Give tracks a row on every frame between key frames; otherwise on key frames only.</summary>
    public bool InterpolateTracks { get; init; } = true;
}

/// <summary>What one row takes from the annotators who agree.</summary>
public enum Consensus
{
    /// <summary>The mean of their coordinates.</summary>
    Mean,

    /// <summary>Those of the annotation with the lowest id.</summary>
    First,
}

/// <summary>Where the three key columns come from.</summary>
public sealed record FieldMapping(FieldSource TaskSubdir, FieldSource Episode, FieldSource Frame)
{
    public static FieldMapping Default { get; } =
        new(new FieldSource("data.task_subdir"), new FieldSource("data.episode"), new FieldSource("data.frame"));
}

/// <summary>A place in the task's data and, where given, a pattern whose first group is the value.</summary>
/// <param name="From">For example <c>data.episode</c>.</param>
/// <param name="Match">A regular expression, for example <c>/episode_([0-9]+)/</c>; null takes the value whole.</param>
public sealed record FieldSource(string From, string? Match = null);
