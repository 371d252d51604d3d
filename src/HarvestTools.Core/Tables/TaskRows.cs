using HarvestTools.Derivation.Matching;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>The columns that keypoints, boxes and actions share, without the project, which one part has once.</summary>
internal struct RowKey
{
    public Utf8Text TaskSubdir;
    public Utf8Text Episode;
    public long Frame;
    public long TaskId;
    public long? AnnotationId;
    public Utf8Text RegionId;
    public Utf8Text Label;
    public Utf8Text Origin;
    public int Annotators;
    public double? Agreement;
    public double Weight;
}

internal struct KeypointRow
{
    public RowKey Key;
    public Utf8Text ParentId;
    public double? X;
    public double? Y;
    public double XPct;
    public double YPct;
    public Utf8Text Attributes;
}

internal struct BoxRow
{
    public RowKey Key;
    public double? X;
    public double? Y;
    public double? Width;
    public double? Height;
    public double XPct;
    public double YPct;
    public double WidthPct;
    public double HeightPct;
    public double Rotation;
    public bool Interpolated;
    public Utf8Text Attributes;
}

internal struct ActionRow
{
    public RowKey Key;
    public long Start;
    public long End;
    public bool Boundary;
    public Utf8Text Attributes;
}

internal struct RejectedRow
{
    public long TaskId;
    public long? AnnotationId;
    public Utf8Text RegionId;
    public Utf8Text Reason;
    public Utf8Text Detail;
}

/// <summary>
/// What one task gives, table by table, in any order. Reused from task to task; the texts in it live as long as
/// the task they came from.
/// </summary>
internal sealed class TaskRows
{
    public List<KeypointRow> Keypoints { get; } = [];

    public List<BoxRow> Boxes { get; } = [];

    public List<ActionRow> Actions { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];

    public void Clear()
    {
        Keypoints.Clear();
        Boxes.Clear();
        Actions.Clear();
        Rejected.Clear();
    }
}
