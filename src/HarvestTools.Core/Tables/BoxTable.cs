using HarvestTools.Strings;

namespace HarvestTools.Tables;

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

/// <summary>The table <c>boxes</c>: a row a rectangle, and a row a frame of a track.</summary>
internal readonly struct BoxTable : IRowTable<BoxRow>
{
    public static TableDescriptor Descriptor { get; } = new TableDescriptor<BoxRow, BoxTable>(new TableLayout
    {
        Name = "boxes",
        One = "box",
        Many = "boxes",
        Columns =
        [
            .. CommonColumns.Columns,
            new("x", ColumnType.Double, "px", "The box's own top-left corner, from the image's left edge; null where the image's size is not known.", Nullable: true),
            new("y", ColumnType.Double, "px", "The box's own top-left corner, from the image's top edge; null where the image's size is not known.", Nullable: true),
            new("width", ColumnType.Double, "px", "Length of the box's top edge; null where the image's size is not known.", Nullable: true),
            new("height", ColumnType.Double, "px", "Length of the box's left edge; null where the image's size is not known.", Nullable: true),
            new("x_pct", ColumnType.Double, "%", "x in percent of the image's width."),
            new("y_pct", ColumnType.Double, "%", "y in percent of the image's height."),
            new("width_pct", ColumnType.Double, "%", "width in percent of the image's width."),
            new("height_pct", ColumnType.Double, "%", "height in percent of the image's height."),
            new("rotation", ColumnType.Double, "degrees", "The angle by which the box is turned clockwise about its top-left corner, in pixels."),
            new("interpolated", ColumnType.Boolean, null, "True on a frame between two key frames of a track."),
            CommonColumns.Attributes,
        ],
        SortKey = CommonColumns.Key,
        IdentityKey = CommonColumns.Key,
    });

    public static RowTexts TextsOf(in BoxRow row) => CommonColumns.TextsOf(row.Key);

    public static long FrameOf(in BoxRow row) => row.Key.Frame;

    public static int Compare(in BoxRow left, in BoxRow right)
    {
        int order = CommonColumns.Compare(left.Key, right.Key);
        if (order != 0
            || (order = Nullable.Compare(left.X, right.X)) != 0
            || (order = Nullable.Compare(left.Y, right.Y)) != 0
            || (order = Nullable.Compare(left.Width, right.Width)) != 0
            || (order = Nullable.Compare(left.Height, right.Height)) != 0
            || (order = left.XPct.CompareTo(right.XPct)) != 0
            || (order = left.YPct.CompareTo(right.YPct)) != 0
            || (order = left.WidthPct.CompareTo(right.WidthPct)) != 0
            || (order = left.HeightPct.CompareTo(right.HeightPct)) != 0
            || (order = left.Rotation.CompareTo(right.Rotation)) != 0
            || (order = left.Interpolated.CompareTo(right.Interpolated)) != 0)
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

    public static void Write(RowWriter writer, in BoxRow row)
    {
        CommonColumns.Write(writer, row.Key);
        WriteOwn(writer, row);
    }

    public static void WriteOwn(RowWriter writer, in BoxRow row)
    {
        RowFiller own = writer.Reserve(128 + row.Attributes.Length);
        own.Add(row.X);
        own.Add(row.Y);
        own.Add(row.Width);
        own.Add(row.Height);
        own.Add(row.XPct);
        own.Add(row.YPct);
        own.Add(row.WidthPct);
        own.Add(row.HeightPct);
        own.Add(row.Rotation);
        own.Add(row.Interpolated);
        own.Add(row.Attributes);
        writer.Advance(own);
    }

    public static void Read(ref RowReader reader, out BoxRow row)
    {
        CommonColumns.Read(ref reader, out row.Key);
        row.X = reader.ReadNullableDouble();
        row.Y = reader.ReadNullableDouble();
        row.Width = reader.ReadNullableDouble();
        row.Height = reader.ReadNullableDouble();
        row.XPct = reader.ReadDouble();
        row.YPct = reader.ReadDouble();
        row.WidthPct = reader.ReadDouble();
        row.HeightPct = reader.ReadDouble();
        row.Rotation = reader.ReadDouble();
        row.Interpolated = reader.ReadBoolean();
        row.Attributes = reader.ReadText();
    }
}
