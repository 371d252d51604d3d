using System.Globalization;

namespace HarvestTools.Drift;

/// <summary>How many rows of one group were added, removed and changed; what does not name the group is null.</summary>
public sealed record RowChangeCount
{
    public string? Table { get; init; }

    /// <summary>The label; in the <c>rejected</c> table the reason.</summary>
    public string? Label { get; init; }

    public string? TaskSubdir { get; init; }

    public string? Episode { get; init; }

    /// <summary>Label Studio's user id, as text; empty where the annotation names nobody.</summary>
    public string? Annotator { get; init; }

    public long Added { get; init; }

    public long Removed { get; init; }

    public long Changed { get; init; }

    public long Total => Added + Removed + Changed;

    /// <summary><c>keypoints 12</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label ?? Table ?? Episode ?? TaskSubdir ?? Annotator} {Total}");
}

/// <summary>How many rows differ, counted in several ways; every list is in ordinal order and holds no zeroes.</summary>
public sealed record RowChangeSummary
{
    public static RowChangeSummary None { get; } = new();

    public long Added { get; init; }

    public long Removed { get; init; }

    public long Changed { get; init; }

    public long Total => Added + Removed + Changed;

    public IReadOnlyList<RowChangeCount> ByTable { get; init; } = [];

    /// <summary>By table and label; in <c>rejected</c> by reason.</summary>
    public IReadOnlyList<RowChangeCount> ByLabel { get; init; } = [];

    /// <summary>Over the tables of labels; <c>rejected</c> knows no episodes.</summary>
    public IReadOnlyList<RowChangeCount> ByTaskSubdir { get; init; } = [];

    /// <summary>By task_subdir and episode, over the tables of labels.</summary>
    public IReadOnlyList<RowChangeCount> ByEpisode { get; init; } = [];

    /// <summary>By the annotator of the annotation that gave the row, over all tables.</summary>
    public IReadOnlyList<RowChangeCount> ByAnnotator { get; init; } = [];

    /// <summary><c>280 added, 560 removed, 0 changed</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Added} added, {Removed} removed, {Changed} changed");
}
