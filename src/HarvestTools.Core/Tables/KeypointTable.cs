using HarvestTools.Strings;

namespace HarvestTools.Tables;

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

/// <summary>The table <c>keypoints</c>: a row a point.</summary>
internal readonly struct KeypointTable : IRowTable<KeypointRow>
{
    public static TableDescriptor Descriptor { get; } = new TableDescriptor<KeypointRow, KeypointTable>(new TableLayout
    {
        Name = "keypoints",
        One = "keypoint",
        Many = "keypoints",
        Columns =
        [
            .. CommonColumns.Columns,
            new("parent_id", ColumnType.Utf8, null, "Id of the region that the point belongs to, such as a hand's box; null where it belongs to none.", Nullable: true),
            new("x", ColumnType.Double, "px", "Distance from the image's left edge; null where its size is not known.", Nullable: true),
            new("y", ColumnType.Double, "px", "Distance from the image's top edge; null where its size is not known.", Nullable: true),
            new("x_pct", ColumnType.Double, "%", "Distance from the left edge in percent of the image's width."),
            new("y_pct", ColumnType.Double, "%", "Distance from the top edge in percent of the image's height."),
            CommonColumns.Attributes,
        ],
        SortKey = CommonColumns.Key,
        IdentityKey = CommonColumns.Key,
    });

    public static RowTexts TextsOf(in KeypointRow row) => CommonColumns.TextsOf(row.Key);

    public static long FrameOf(in KeypointRow row) => row.Key.Frame;

    public static int Compare(in KeypointRow left, in KeypointRow right)
    {
        int order = CommonColumns.Compare(left.Key, right.Key);
        if (order != 0
            || (order = left.ParentId.CompareTo(right.ParentId)) != 0
            || (order = Nullable.Compare(left.X, right.X)) != 0
            || (order = Nullable.Compare(left.Y, right.Y)) != 0
            || (order = left.XPct.CompareTo(right.XPct)) != 0
            || (order = left.YPct.CompareTo(right.YPct)) != 0)
        {
            return order;
        }

        return left.Attributes.CompareTo(right.Attributes);
    }

    public static RowPlace ReadPlace(ref RowReader reader) => CommonColumns.ReadPlace(ref reader);

    public static int CompareInFrame(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium) =>
        CommonColumns.CompareInFrame(left, leftMedium, right, rightMedium);

    public static bool IsEqualBeforeRegion(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium) =>
        CommonColumns.IsEqualBeforeRegion(left, leftMedium, right, rightMedium);

    public static int RegionAt(ReadOnlySpan<byte> row) => CommonColumns.RegionAt(row);

    public static void Write(RowWriter writer, in KeypointRow row)
    {
        CommonColumns.Write(writer, row.Key);
        WriteOwn(writer, row);
    }

    public static void WriteOwn(RowWriter writer, in KeypointRow row)
    {
        RowFiller own = writer.Reserve(96 + row.ParentId.Length + row.Attributes.Length);
        own.Add(row.ParentId);
        own.Add(row.X);
        own.Add(row.Y);
        own.Add(row.XPct);
        own.Add(row.YPct);
        own.Add(row.Attributes);
        writer.Advance(own);
    }

    public static void Read(ref RowReader reader, out KeypointRow row)
    {
        CommonColumns.Read(ref reader, out row.Key);
        row.ParentId = reader.ReadText();
        row.X = reader.ReadNullableDouble();
        row.Y = reader.ReadNullableDouble();
        row.XPct = reader.ReadDouble();
        row.YPct = reader.ReadDouble();
        row.Attributes = reader.ReadText();
    }
}
