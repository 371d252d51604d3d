using HarvestTools.Strings;

namespace HarvestTools.Tables;

internal struct PolygonRow
{
    public RowKey Key;
    public DoubleList Points;
    public DoubleList PointsPct;
    public bool Closed;
    public Utf8Text Attributes;
}

/// <summary>The table <c>polygons</c>: a row a polygon or open line.</summary>
internal readonly struct PolygonTable : IRowTable<PolygonRow>
{
    public static TableDescriptor Descriptor { get; } = new TableDescriptor<PolygonRow, PolygonTable>(new TableLayout
    {
        Name = "polygons",
        One = "polygon",
        Many = "polygons",
        Columns =
        [
            .. CommonColumns.Columns,
            new("points", ColumnType.DoubleList, "px", "The vertices x0, y0, x1, y1, … from the image's top-left corner; empty where the image's size is not known."),
            new("points_pct", ColumnType.DoubleList, "%", "The same in percent of the image's width and height."),
            new("closed", ColumnType.Boolean, null, "Whether the last vertex is joined with the first."),
            CommonColumns.Attributes,
        ],
        SortKey = CommonColumns.Key,
        IdentityKey = CommonColumns.Key,
    });

    public static RowTexts TextsOf(in PolygonRow row) => CommonColumns.TextsOf(row.Key);

    public static long FrameOf(in PolygonRow row) => row.Key.Frame;

    public static int Compare(in PolygonRow left, in PolygonRow right)
    {
        int order = CommonColumns.Compare(left.Key, right.Key);
        if (order != 0
            || (order = left.Points.CompareTo(right.Points)) != 0
            || (order = left.PointsPct.CompareTo(right.PointsPct)) != 0
            || (order = left.Closed.CompareTo(right.Closed)) != 0)
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

    public static void Write(RowWriter writer, in PolygonRow row)
    {
        CommonColumns.Write(writer, row.Key);
        WriteOwn(writer, row);
    }

    public static void WriteOwn(RowWriter writer, in PolygonRow row)
    {
        RowFiller own = writer.Reserve(32 + row.Points.Bytes.Length + row.PointsPct.Bytes.Length + row.Attributes.Length);
        own.Add(row.Points.Bytes);
        own.Add(row.PointsPct.Bytes);
        own.Add(row.Closed);
        own.Add(row.Attributes);
        writer.Advance(own);
    }

    public static void Read(ref RowReader reader, out PolygonRow row)
    {
        CommonColumns.Read(ref reader, out row.Key);
        row.Points = reader.ReadList();
        row.PointsPct = reader.ReadList();
        row.Closed = reader.ReadBoolean();
        row.Attributes = reader.ReadText();
    }
}
