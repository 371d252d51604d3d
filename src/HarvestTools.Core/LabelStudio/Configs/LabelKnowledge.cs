namespace HarvestTools.LabelStudio.Configs;

/// <summary>What a labeling configuration says of a label of a control.</summary>
internal enum LabelKnowledge
{
    /// <summary>The control offers the label.</summary>
    Known,

    /// <summary>The control has a fixed set of labels, and this is none of them.</summary>
    Unknown,

    /// <summary>The control takes any text, or its labels come from the task or from a server.</summary>
    Open,

    /// <summary>The configuration has no control of that name.</summary>
    NoSuchControl,
}
