using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>The tables that labels become rows of, looked for once and not for each row.</summary>
/// <param name="rows">What holds them.</param>
internal sealed class RowTables(TaskRows rows)
{
    public TaskRows Rows { get; } = rows;

    public TaskTable<KeypointRow, KeypointTable> Keypoints { get; } = rows.Of<KeypointRow, KeypointTable>();

    public TaskTable<BoxRow, BoxTable> Boxes { get; } = rows.Of<BoxRow, BoxTable>();

    public TaskTable<PolygonRow, PolygonTable> Polygons { get; } = rows.Of<PolygonRow, PolygonTable>();

    public TaskTable<ActionRow, ActionTable> Actions { get; } = rows.Of<ActionRow, ActionTable>();

    public TaskTable<ChoiceRow, ChoiceTable> Choices { get; } = rows.Of<ChoiceRow, ChoiceTable>();
}
