using System.Globalization;

namespace HarvestTools.Drift;

/// <summary>What happened to a row between two derivations.</summary>
public static class RowChangeKind
{
    /// <summary>Only the later side has the row.</summary>
    public const string Added = nameof(Added);

    /// <summary>Only the earlier side has the row.</summary>
    public const string Removed = nameof(Removed);

    /// <summary>The key is on both sides, other columns differ.</summary>
    public const string Changed = nameof(Changed);
}

/// <summary>
/// One row that differs. A row is told by project, task_subdir, episode, frame, task, annotation, region and label; the
/// <c>rejected</c> table has only project, task, annotation and region.
/// </summary>
/// <param name="Table">The table's name.</param>
/// <param name="Change">What happened to it.</param>
/// <param name="Project">The project.</param>
/// <param name="TaskSubdir">Null in <c>rejected</c>, like episode, frame and label.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Frame">The frame.</param>
/// <param name="TaskId">Label Studio's task; null where the table of a team's own program does not say.</param>
/// <param name="AnnotationId">The annotation; null where the row has none.</param>
/// <param name="RegionId">The region; null where the row has none.</param>
/// <param name="Label">The label; null where the row has none.</param>
/// <param name="Columns">Names of the columns that differ; empty unless changed.</param>
/// <param name="Before">Every column by name, in the table's order, a list as an array of doubles; null where the row was added.</param>
/// <param name="After">The same after the change; null where the row was removed.</param>
public sealed record RowChange(
    string Table,
    string Change,
    string Project,
    string? TaskSubdir,
    string? Episode,
    long? Frame,
    long? TaskId,
    long? AnnotationId,
    string? RegionId,
    string? Label,
    IReadOnlyList<string> Columns,
    RowValues? Before,
    RowValues? After)
{
    /// <summary>
    /// Of a row that a team's own program wrote, its key columns: <c>task_id 3, frame 7</c>; without any all that it has. Null for rows of rules.
    /// </summary>
    public string? KeyText { get; init; }

    /// <summary><c>Added keypoints episode_0065@12 ring_tip</c>; in <c>rejected</c>, <c>Added rejected task 1007</c>.</summary>
    public override string ToString() => KeyText is not null ? $"{Change} {Table} {KeyText}"
        : Episode is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Change} {Table} task {TaskId}")
        : string.Create(CultureInfo.InvariantCulture, $"{Change} {Table} {Episode}@{Frame} {Label}");

    /// <summary>The difference that a <see cref="RowDiff"/> stands on, as an object that outlives it.</summary>
    internal static RowChange From(RowDiff diff)
    {
        RowLayout layout = diff.Layout;
        RowRef row = diff.Either;
        return new RowChange(
            layout.Schema.Table,
            diff.Kind,
            (string)layout.ValueOf(row, layout.Project)!,
            Value(layout.TaskSubdir) as string,
            Value(layout.Episode) as string,
            Value(layout.Frame) as long?,
            (long)layout.ValueOf(row, layout.TaskId)!,
            Value(layout.AnnotationId) as long?,
            Value(layout.RegionId) as string,
            Value(layout.Label) as string,
            diff.Kind == RowChangeKind.Changed ? new NameList([.. layout.Differing(diff.Before, diff.After)]) : new NameList([]),
            diff.Kind == RowChangeKind.Added ? null : Columns(diff.Before),
            diff.Kind == RowChangeKind.Removed ? null : Columns(diff.After));

        object? Value(int column) => column < 0 ? null : layout.ValueOf(row, column);

        RowValues Columns(RowRef of)
        {
            var columns = new RowValues(layout.Schema.Columns.Count);
            for (int i = 0; i < layout.Schema.Columns.Count; i++)
            {
                columns.Add(layout.Schema.Columns[i].Name, layout.ValueOf(of, i));
            }

            return columns;
        }
    }
}
