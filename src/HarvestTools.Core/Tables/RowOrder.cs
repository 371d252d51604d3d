using HarvestTools.Derivation.Matching;

namespace HarvestTools.Tables;

/// <summary>
/// The final order of each table's rows within one project: the contract's sort key, then every other column in the
/// order of the schema, so that only rows equal in every column are tied and the bytes never depend on the order of
/// arrival. Texts in ordinal byte order, null first everywhere.
/// </summary>
internal static class RowOrder
{
    public static IComparer<KeypointRow> Keypoints { get; } = Comparer<KeypointRow>.Create(static (a, b) => Compare(a, b));

    public static IComparer<BoxRow> Boxes { get; } = Comparer<BoxRow>.Create(static (a, b) => Compare(a, b));

    public static IComparer<ActionRow> Actions { get; } = Comparer<ActionRow>.Create(static (a, b) => Compare(a, b));

    public static IComparer<RejectedRow> Rejected { get; } = Comparer<RejectedRow>.Create(static (a, b) => Compare(a, b));

    public static int Compare(in KeypointRow a, in KeypointRow b)
    {
        int order = CompareKeys(a.Key, b.Key);
        if (order != 0
            || (order = CompareRest(a.Key, b.Key)) != 0
            || (order = a.ParentId.CompareTo(b.ParentId)) != 0
            || (order = Nullable.Compare(a.X, b.X)) != 0
            || (order = Nullable.Compare(a.Y, b.Y)) != 0
            || (order = a.XPct.CompareTo(b.XPct)) != 0
            || (order = a.YPct.CompareTo(b.YPct)) != 0)
        {
            return order;
        }

        return a.Attributes.CompareTo(b.Attributes);
    }

    public static int Compare(in BoxRow a, in BoxRow b)
    {
        int order = CompareKeys(a.Key, b.Key);
        if (order != 0
            || (order = CompareRest(a.Key, b.Key)) != 0
            || (order = Nullable.Compare(a.X, b.X)) != 0
            || (order = Nullable.Compare(a.Y, b.Y)) != 0
            || (order = Nullable.Compare(a.Width, b.Width)) != 0
            || (order = Nullable.Compare(a.Height, b.Height)) != 0
            || (order = a.XPct.CompareTo(b.XPct)) != 0
            || (order = a.YPct.CompareTo(b.YPct)) != 0
            || (order = a.WidthPct.CompareTo(b.WidthPct)) != 0
            || (order = a.HeightPct.CompareTo(b.HeightPct)) != 0
            || (order = a.Rotation.CompareTo(b.Rotation)) != 0
            || (order = a.Interpolated.CompareTo(b.Interpolated)) != 0)
        {
            return order;
        }

        return a.Attributes.CompareTo(b.Attributes);
    }

    public static int Compare(in ActionRow a, in ActionRow b)
    {
        int order = CompareKeys(a.Key, b.Key);
        if (order != 0
            || (order = CompareRest(a.Key, b.Key)) != 0
            || (order = a.Start.CompareTo(b.Start)) != 0
            || (order = a.End.CompareTo(b.End)) != 0
            || (order = a.Boundary.CompareTo(b.Boundary)) != 0)
        {
            return order;
        }

        return a.Attributes.CompareTo(b.Attributes);
    }

    public static int Compare(in RejectedRow a, in RejectedRow b)
    {
        int order = a.TaskId.CompareTo(b.TaskId);
        if (order != 0
            || (order = Nullable.Compare(a.AnnotationId, b.AnnotationId)) != 0
            || (order = a.RegionId.CompareTo(b.RegionId)) != 0
            || (order = a.Reason.CompareTo(b.Reason)) != 0)
        {
            return order;
        }

        return a.Detail.CompareTo(b.Detail);
    }

    /// <summary>The contract's sort key after the project.</summary>
    public static int CompareKeys(in RowKey a, in RowKey b)
    {
        int order = a.TaskSubdir.CompareTo(b.TaskSubdir);
        if (order != 0
            || (order = a.Episode.CompareTo(b.Episode)) != 0
            || (order = a.Frame.CompareTo(b.Frame)) != 0
            || (order = a.TaskId.CompareTo(b.TaskId)) != 0
            || (order = Nullable.Compare(a.AnnotationId, b.AnnotationId)) != 0
            || (order = a.RegionId.CompareTo(b.RegionId)) != 0)
        {
            return order;
        }

        return a.Label.CompareTo(b.Label);
    }

    private static int CompareRest(in RowKey a, in RowKey b)
    {
        int order = a.Origin.CompareTo(b.Origin);
        if (order != 0
            || (order = a.Annotators.CompareTo(b.Annotators)) != 0
            || (order = Nullable.Compare(a.Agreement, b.Agreement)) != 0)
        {
            return order;
        }

        return a.Weight.CompareTo(b.Weight);
    }
}
