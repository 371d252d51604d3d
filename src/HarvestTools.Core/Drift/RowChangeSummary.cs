using System.Globalization;

namespace HarvestTools.Drift;

/// <summary>How many rows of one group were added, removed and changed; what does not name the group is null.</summary>
public sealed record RowChangeCount
{
    /// <summary>The table; null where the count is not by table.</summary>
    public string? Table { get; init; }

    /// <summary>The label; in the <c>rejected</c> table the reason.</summary>
    public string? Label { get; init; }

    /// <summary>The task folder; null where the count is not by task folder.</summary>
    public string? TaskSubdir { get; init; }

    /// <summary>The episode; null where the count is not by episode.</summary>
    public string? Episode { get; init; }

    /// <summary>Label Studio's user id, as text; empty where the annotation names nobody.</summary>
    public string? Annotator { get; init; }

    /// <summary>Rows that only the later side has.</summary>
    public long Added { get; init; }

    /// <summary>Rows that only the earlier side has.</summary>
    public long Removed { get; init; }

    /// <summary>Rows that both sides have with other values.</summary>
    public long Changed { get; init; }

    /// <summary>All rows that differ.</summary>
    public long Total => Added + Removed + Changed;

    /// <summary>What names the group, as people read it: <c>actions fold</c>, <c>fold_towel/episode_0001</c>.</summary>
    public string Group => string.Join(' ', new[] { Table, Label, TaskSubdir is { Length: > 0 } && Episode is not null ? $"{TaskSubdir}/{Episode}" : TaskSubdir + Episode, Annotator }
        .Where(static name => !string.IsNullOrEmpty(name)));

    /// <summary><c>keypoints 12</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label ?? Table ?? Episode ?? TaskSubdir ?? Annotator} {Total}");
}

/// <summary>How many rows differ, counted in several ways; every list is in ordinal order and holds no zeroes.</summary>
public sealed record RowChangeSummary
{
    /// <summary>No row differs.</summary>
    public static RowChangeSummary None { get; } = new();

    /// <summary>Rows that only the later side has.</summary>
    public long Added { get; init; }

    /// <summary>Rows that only the earlier side has.</summary>
    public long Removed { get; init; }

    /// <summary>Rows that both sides have with other values.</summary>
    public long Changed { get; init; }

    /// <summary>All rows that differ.</summary>
    public long Total => Added + Removed + Changed;

    /// <summary>The counts by table.</summary>
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
