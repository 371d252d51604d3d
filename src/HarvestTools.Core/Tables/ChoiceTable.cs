using HarvestTools.Strings;

namespace HarvestTools.Tables;

internal struct ChoiceRow
{
    public RowKey Key;
    public Utf8Text Value;
    public Utf8Text Attributes;
}

/// <summary>The table <c>choices</c>: a row a choice, rating, number, text or taxonomy that is said of a whole medium or task.</summary>
internal readonly struct ChoiceTable : IRowTable<ChoiceRow>
{
    public static TableDescriptor Descriptor { get; } = new TableDescriptor<ChoiceRow, ChoiceTable>(new TableLayout
    {
        Name = "choices",
        One = "choice",
        Many = "choices",
        Columns =
        [
            .. CommonColumns.Columns.Select(static column => column.Name == CommonColumns.Label ? column with { Meaning = "The control tag that was answered, which is also from_name." } : column),
            new("value", ColumnType.Utf8, null, "What was chosen, rated or written: one text or number as it is, several as JSON."),
            CommonColumns.Attributes with { Meaning = "Nothing of its own is said of a choice; null in every row." },
        ],
        SortKey = CommonColumns.Key,
        IdentityKey = CommonColumns.Key,
    });

    public static RowTexts TextsOf(in ChoiceRow row) => CommonColumns.TextsOf(row.Key);

    public static long FrameOf(in ChoiceRow row) => row.Key.Frame;

    public static int Compare(in ChoiceRow left, in ChoiceRow right)
    {
        int order = CommonColumns.Compare(left.Key, right.Key);
        if (order != 0 || (order = left.Value.CompareTo(right.Value)) != 0)
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

    public static void Write(RowWriter writer, in ChoiceRow row)
    {
        CommonColumns.Write(writer, row.Key);
        WriteOwn(writer, row);
    }

    public static void WriteOwn(RowWriter writer, in ChoiceRow row)
    {
        RowFiller own = writer.Reserve(16 + row.Value.Length + row.Attributes.Length);
        own.Add(row.Value);
        own.Add(row.Attributes);
        writer.Advance(own);
    }

    public static void Read(ref RowReader reader, out ChoiceRow row)
    {
        CommonColumns.Read(ref reader, out row.Key);
        row.Value = reader.ReadText();
        row.Attributes = reader.ReadText();
    }
}
