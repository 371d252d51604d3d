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
    public static RowTexts TextsOf(in RejectedRow row) => default;

    public static long FrameOf(in RejectedRow row) => 0;

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

    public static int CompareInFrame(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium)
    {
        var a = new RowBytesReader(left[sizeof(long)..]);
        var b = new RowBytesReader(right[sizeof(long)..]);
        int order = RowBytesReader.CompareInt64(ref a, ref b);
        if (order != 0 || (order = RowBytesReader.CompareTexts(ref a, ref b)) != 0)
        {
            return order;
        }

        return RowBytesReader.CompareTexts(ref a, ref b);
    }

    public static bool IsEqualBeforeRegion(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium) =>
        left[sizeof(long)..RegionAt(left)].SequenceEqual(right[sizeof(long)..RegionAt(right)]);

    public static int RegionAt(ReadOnlySpan<byte> row) => RowBytes.NullableInt64End(row, sizeof(long));

    public static void Write(RowWriter writer, in RejectedRow row) => WriteOwn(writer, row);

    public static void WriteOwn(RowWriter writer, in RejectedRow row)
    {
        RowFiller own = writer.Reserve(64 + row.RegionId.Length + row.Reason.Length + row.Detail.Length);
        own.Add(row.TaskId);
        own.Add(row.AnnotationId);
        own.Add(row.RegionId);
        own.Add(row.Reason);
        own.Add(row.Detail);
        writer.Advance(own);
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
