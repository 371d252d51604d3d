using HarvestTools.Strings;

namespace HarvestTools.Tables;

internal struct ActionRow
{
    public RowKey Key;
    public long Start;
    public long End;
    public bool Boundary;
    public Utf8Text Attributes;
}

/// <summary>The table <c>actions</c>: a row a frame of a segment.</summary>
internal readonly struct ActionTable : IRowTable<ActionRow>
{
    public static TableDescriptor Descriptor { get; } = new TableDescriptor<ActionRow, ActionTable>(new TableLayout
    {
        Name = "actions",
        One = "action frame",
        Many = "action frames",
        Columns =
        [
            .. CommonColumns.Columns,
            new("start", ColumnType.Int64, "frame", "First frame of the segment that the row's frame belongs to."),
            new("end", ColumnType.Int64, "frame", "Last frame of that segment."),
            new("boundary", ColumnType.Boolean, null, "True on the frames at either end that boundary_frames counts."),
            CommonColumns.Attributes,
        ],
        SortKey = CommonColumns.Key,
        IdentityKey = CommonColumns.Key,
    });

    public static RowTexts TextsOf(in ActionRow row) => CommonColumns.TextsOf(row.Key);

    public static long FrameOf(in ActionRow row) => row.Key.Frame;

    public static int Compare(in ActionRow left, in ActionRow right)
    {
        int order = CommonColumns.Compare(left.Key, right.Key);
        if (order != 0
            || (order = left.Start.CompareTo(right.Start)) != 0
            || (order = left.End.CompareTo(right.End)) != 0
            || (order = left.Boundary.CompareTo(right.Boundary)) != 0)
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

    public static void Write(RowWriter writer, in ActionRow row)
    {
        CommonColumns.Write(writer, row.Key);
        WriteOwn(writer, row);
    }

    public static void WriteOwn(RowWriter writer, in ActionRow row)
    {
        RowFiller own = writer.Reserve(64 + row.Attributes.Length);
        own.Add(row.Start);
        own.Add(row.End);
        own.Add(row.Boundary);
        own.Add(row.Attributes);
        writer.Advance(own);
    }

    public static void Read(ref RowReader reader, out ActionRow row)
    {
        CommonColumns.Read(ref reader, out row.Key);
        row.Start = reader.ReadInt64();
        row.End = reader.ReadInt64();
        row.Boundary = reader.ReadBoolean();
        row.Attributes = reader.ReadText();
    }
}
