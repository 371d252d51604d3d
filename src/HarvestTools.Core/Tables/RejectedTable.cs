using HarvestTools.Strings;

namespace HarvestTools.Tables;

internal struct RejectedRow
{
    public long TaskId;
    public long? AnnotationId;
    public Utf8Text RegionId;
    public Utf8Text Reason;
    public Utf8Text Detail;
}

/// <summary>The table <c>rejected</c>: a row for everything that was dropped, with the reason.</summary>
internal readonly struct RejectedTable : IRowTable<RejectedRow>
{
    public static TableDescriptor Descriptor { get; } = new TableDescriptor<RejectedRow, RejectedTable>(new TableLayout
    {
        Name = "rejected",
        One = "rejected item",
        Many = "rejected items",
        HoldsLabels = false,
        Columns =
        [
            CommonColumns.Project,
            CommonColumns.TaskId,
            CommonColumns.AnnotationId with { Meaning = "Label Studio's id of the annotation; null where it has none." },
            CommonColumns.RegionId with { Meaning = "Id of the region within its annotation; null where the whole annotation was dropped, or the region has none." },
            new("reason", ColumnType.Utf8, null, "Why it was dropped, as the tally counts it."),
            new("detail", ColumnType.Utf8, null, "What else helps to find it in Label Studio; empty where nothing does."),
        ],
        SortKey = ["project", "task_id", "annotation_id", "region_id", "reason"],
        IdentityKey = ["project", "task_id", "annotation_id", "region_id"],
    });

    // The rejected table is ordered by task alone, so tasks of one episode need not be kept together.
    public static RunKey KeyOf(in RejectedRow row) => new(default, default, 0, row.TaskId);

    public static int Compare(in RejectedRow left, in RejectedRow right)
    {
        int order = left.TaskId.CompareTo(right.TaskId);
        if (order != 0
            || (order = Nullable.Compare(left.AnnotationId, right.AnnotationId)) != 0
            || (order = left.RegionId.CompareTo(right.RegionId)) != 0
            || (order = left.Reason.CompareTo(right.Reason)) != 0)
        {
            return order;
        }

        return left.Detail.CompareTo(right.Detail);
    }

    public static RowPlace ReadPlace(ref RowReader reader) => new(0, reader.ReadInt64());

    // It has no texts that rows share.
    public static bool SharesTexts(in RejectedRow before, in RejectedRow row) => true;

    public static void Write(RowWriter writer, in RejectedRow row)
    {
        writer.Write(row.TaskId);
        writer.Write(row.AnnotationId);
        writer.Write(row.RegionId);
        writer.Write(row.Reason);
        writer.Write(row.Detail);
    }

    public static void Read(ref RowReader reader, out RejectedRow row)
    {
        row.TaskId = reader.ReadInt64();
        row.AnnotationId = reader.ReadNullableInt64();
        row.RegionId = reader.ReadText();
        row.Reason = reader.ReadText();
        row.Detail = reader.ReadText();
    }
}
