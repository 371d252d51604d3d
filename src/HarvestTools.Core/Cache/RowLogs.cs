using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>The rows of one worker, table by table.</summary>
internal sealed class RowLogs(SegmentStore store)
{
    public RowLog<KeypointRow, KeypointTable> Keypoints { get; } = new(store);

    public RowLog<BoxRow, BoxTable> Boxes { get; } = new(store);

    public RowLog<ActionRow, ActionTable> Actions { get; } = new(store);

    public RowLog<RejectedRow, RejectedTable> Rejected { get; } = new(store);

    public void Add(TaskRows rows)
    {
        Keypoints.Add(rows.Keypoints);
        Boxes.Add(rows.Boxes);
        Actions.Add(rows.Actions);
        Rejected.Add(rows.Rejected);
    }

    /// <summary>Ends the logs; call once, after the last <see cref="Add"/>.</summary>
    public void Complete()
    {
        Keypoints.Complete();
        Boxes.Complete();
        Actions.Complete();
        Rejected.Complete();
    }
}
