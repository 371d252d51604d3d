namespace HarvestTools.Derivation.Matching;

/// <summary>What became of a candidate when annotators were compared.</summary>
internal enum Verdict
{
    /// <summary>No other annotator has a region of its medium, control, kind, label and parent.</summary>
    Alone,

    /// <summary>It agrees with another annotator's.</summary>
    Agreed,

    /// <summary>Others have regions that it could have agreed with, but none near enough that is still free.</summary>
    Disagreed,
}
