using System.Text.Json.Nodes;

namespace HarvestTools.Rules;

/// <summary>
/// The filter rules. Those left out have the defaults of derivation version 2, with which rules begin; a later version
/// that has other defaults spells them out (<see cref="DerivationVersion.Rules"/>).
/// </summary>
public sealed record HarvestRules
{
    /// <summary>Every rule at its default.</summary>
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

    /// <summary>How the values of agreeing regions become one.</summary>
    public Consensus Consensus { get; init; } = Consensus.Mean;

    /// <summary>Where a task has a ground-truth annotation, use only those.</summary>
    public bool PreferGroundTruth { get; init; } = true;

    /// <summary>Keep regions that the labeler left exactly as the model predicted them.</summary>
    public bool AcceptUntouched { get; init; } = true;

    /// <summary>Give tracks a row on every frame between key frames; otherwise on key frames only.</summary>
    public bool InterpolateTracks { get; init; } = true;

    /// <summary>Whose work and which episodes give no rows.</summary>
    public Exclusion Exclude { get; init; } = Exclusion.None;

    /// <summary>Reads the rules' JSON; rules left out have their defaults.</summary>
    /// <exception cref="HarvestException">A rule is unknown, or its value has the wrong type or is out of range.</exception>
    public static HarvestRules Parse(JsonObject json) => Default.With(json);

    /// <summary>These rules with the given ones in their place, as a slice's <c>filter_overrides</c> do.</summary>
    /// <exception cref="HarvestException">A rule is unknown, or its value has the wrong type or is out of range.</exception>
    public HarvestRules With(JsonObject overrides) => RulesJson.Read(this, overrides, RulesJson.All);

    /// <summary>Every rule, in fixed order.</summary>
    public JsonObject ToJson() => RulesJson.Write(this, RulesJson.All);
}

/// <summary>What one row takes from the annotators who agree.</summary>
public enum Consensus
{
    /// <summary>The mean of their coordinates.</summary>
    Mean,

    /// <summary>Those of the annotation with the lowest id.</summary>
    First,
}
