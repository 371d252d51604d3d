using HarvestTools.Drift;

namespace HarvestTools.Workflows;

/// <summary>A slice that brought a row or changed it.</summary>
/// <param name="Version">The slice.</param>
/// <param name="CreatedAt">When it was made; null where slice.json does not say.</param>
/// <param name="HarvestVersion">Its rules.</param>
/// <param name="Project">The project.</param>
/// <param name="Sha256">The export that the row comes from.</param>
/// <param name="Path">Where the export came from.</param>
/// <param name="AnnotationId">The row's annotation; null where it has no id.</param>
/// <param name="Annotators">Ids of the people who agree on the row.</param>
/// <param name="UpdatedAt">When the annotation was changed last; null where the export does not say, or is not here.</param>
/// <param name="Origin">manual, prediction or prediction-changed.</param>
/// <param name="Columns">The columns that differ from the slice before; empty where the row came with this slice.</param>
/// <param name="Before">The row in the slice before; null where it came with this one.</param>
/// <param name="After">The row.</param>
public sealed record BlameEvent(
    string Version,
    DateTimeOffset? CreatedAt,
    string HarvestVersion,
    string Project,
    string Sha256,
    string? Path,
    long? AnnotationId,
    IReadOnlyList<string> Annotators,
    DateTimeOffset? UpdatedAt,
    string Origin,
    IReadOnlyList<string> Columns,
    RowValues? Before,
    RowValues After)
{
    /// <summary>What changed, for example <c>x 120.5 → 121.25</c>; empty where the row came with this slice.</summary>
    public string Change => Before is null ? "" : RowFormatter.Columns(Columns, Before, After);

    /// <summary><c>v3 x 120.5 → 121.25</c>.</summary>
    public override string ToString() => $"{Version} {Change}".TrimEnd();
}

/// <summary>A row, where it came from, and what changed it since.</summary>
/// <param name="Version">The slice in which the row is.</param>
/// <param name="Table">Its table.</param>
/// <param name="Project">The project.</param>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Frame">The frame; null where the table of a team's own program does not say, as of the task.</param>
/// <param name="TaskId">Label Studio's task.</param>
/// <param name="RegionId">The region; null where it has no id.</param>
/// <param name="Label">The label.</param>
/// <param name="First">The slice that brought it first, as far back as is known here.</param>
/// <param name="Changes">The slices that changed it since, oldest first.</param>
/// <param name="NotKnown">Why it is not known whether an earlier slice had it; null where it is.</param>
public sealed record BlamedRow(
    string Version,
    string Table,
    string Project,
    string TaskSubdir,
    string Episode,
    long? Frame,
    long? TaskId,
    string? RegionId,
    string Label,
    BlameEvent First,
    IReadOnlyList<BlameEvent> Changes,
    string? NotKnown);
