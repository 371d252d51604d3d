using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>The values that every row of labels has, without the project, which one part has once.</summary>
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
    public Utf8Text AnnotatorIds;
    public double? Agreement;
    public double Weight;
    public Utf8Text Media;
    public Utf8Text ToName;
    public int? ItemIndex;
    public Utf8Text FromName;
    public int? ImageWidth;
    public int? ImageHeight;
}

/// <summary>The first columns of every table of labels: what they are, and how their values are written, read and compared.</summary>
internal static class CommonColumns
{
    public const string Origin = "origin";
    public const string Label = "label";

    public const string Media = "media";
    public const string ToName = "to_name";

    /// <summary>Where the frame is in a row that leaves its shared texts out.</summary>
    public const int FrameAt = 2 * sizeof(int);

    /// <summary>Where the annotation is in such a row, behind frame and task.</summary>
    private const int AnnotationAt = FrameAt + (2 * sizeof(long));

    /// <summary>The length of <see cref="Shared"/>.</summary>
    public const int SharedTexts = 4;

    /// <summary>Bytes of all numbers, of the lengths of texts and of the marks of nullable values.</summary>
    private const int NumbersMost = 160;

    /// <summary>The columns that all rows of an episode share; they follow the project.</summary>
    public static readonly string[] Episode = ["task_subdir", "episode"];

    /// <summary>The texts that neighbouring rows mostly have in common, in the order in which they are written.</summary>
    public static readonly string[] Shared = [.. Episode, Media, ToName];

    /// <summary>The sort key, which is also what identifies a row.</summary>
    public static readonly string[] Key = ["project", .. Episode, "frame", "task_id", "to_name", "item_index", "from_name", "annotation_id", "region_id", Label];

    public static readonly TableColumn Project = new(
        "project", ColumnType.Utf8, null, "The project that the export belongs to.");

    public static readonly TableColumn TaskId = new(
        "task_id", ColumnType.Int64, null, "Label Studio's id of the task.");

    public static readonly TableColumn AnnotationId = new(
        "annotation_id", ColumnType.Int64, null, "Label Studio's id of the annotation, of several that agree the lowest; null where it has none.", Nullable: true);

    public static readonly TableColumn RegionId = new(
        "region_id", ColumnType.Utf8, null, "Id of the region within its annotation; null where it has none.", Nullable: true);

    public static readonly TableColumn Attributes = new(
        "attributes", ColumnType.Utf8, null, "Choices, texts and numbers given to the region, as JSON by control; null where there are none.", Nullable: true);

    public static readonly TableColumn[] Columns =
    [
        Project,
        new("task_subdir", ColumnType.Utf8, null, "The task folder that the episode belongs to; empty where it is unknown."),
        new("episode", ColumnType.Utf8, null, "The episode, unique within its task folder; empty where it is unknown."),
        new("frame", ColumnType.Int64, "frame", "The frame of the episode; 0 where it is unknown."),
        TaskId,
        AnnotationId,
        RegionId,
        new(Label, ColumnType.Utf8, null, "The label; a region with several has a row for each."),
        new(Origin, ColumnType.Utf8, null, "manual, prediction or prediction-changed: who drew the region."),
        new("annotators", ColumnType.Int32, "people", "How many annotators agree on the row."),
        new("annotator_ids", ColumnType.Utf8, null, "Their ids in Label Studio, ascending, with commas between; those whom the export does not name are left out."),
        new("agreement", ColumnType.Double, "px or frames", "The largest distance between those who agree; null for one alone, or where no size is known.", Nullable: true),
        new("weight", ColumnType.Double, null, "How much the row counts in training, 0 to 1."),
        new(Media, ColumnType.Utf8, null, "Link of the image or video as the task's data has it, without the parameters that a store signs again at each export; null where it is not known which of several it is, or where it is embedded in the data.", Nullable: true),
        new(ToName, ColumnType.Utf8, null, "The object tag that the label is drawn on; empty where the region names none."),
        new("item_index", ColumnType.Int32, null, "Which of several media of that tag it is, from 0; null where the tag shows one.", Nullable: true),
        new("from_name", ColumnType.Utf8, null, "The control tag that offers the label; empty where the region names none."),
        new("image_width", ColumnType.Int32, "px", "Width of the image as Label Studio saw it; null where it is not known.", Nullable: true),
        new("image_height", ColumnType.Int32, "px", "Height of the image as Label Studio saw it; null where it is not known.", Nullable: true),
    ];

    public static RowTexts TextsOf(in RowKey key) => new(key.TaskSubdir, key.Episode, key.Media, key.ToName);

    /// <summary>The frame and the task of a row, which follow its first two texts.</summary>
    public static RowPlace ReadPlace(ref RowReader reader)
    {
        reader.SkipText();
        reader.SkipText();
        return new RowPlace(reader.ReadInt64(), reader.ReadInt64());
    }

    public static void Write(RowWriter writer, in RowKey key)
    {
        bool shares = writer.SharesTexts;
        int texts = key.RegionId.Length + key.Label.Length + key.Origin.Length + key.AnnotatorIds.Length + key.FromName.Length;
        RowFiller row = writer.Reserve(NumbersMost + texts + (shares ? 0 : TextsOf(key).Bytes));
        row.AddShared(key.TaskSubdir, shares);
        row.AddShared(key.Episode, shares);
        row.Add(key.Frame);
        row.Add(key.TaskId);
        row.Add(key.AnnotationId);
        row.Add(key.RegionId);
        row.Add(key.Label);
        row.Add(key.Origin);
        row.Add(key.Annotators);
        row.Add(key.AnnotatorIds);
        row.Add(key.Agreement);
        row.Add(key.Weight);
        writer.SetMedium(row.Length);
        row.AddShared(key.Media, shares);
        row.AddShared(key.ToName, shares);
        row.Add(key.ItemIndex);
        row.Add(key.FromName);
        row.Add(key.ImageWidth);
        row.Add(key.ImageHeight);
        writer.Advance(row);
        writer.EndKey();
    }

    public static void Read(ref RowReader reader, out RowKey key)
    {
        key.TaskSubdir = reader.ReadShared(0);
        key.Episode = reader.ReadShared(1);
        key.Frame = reader.ReadInt64();
        key.TaskId = reader.ReadInt64();
        key.AnnotationId = reader.ReadNullableInt64();
        key.RegionId = reader.ReadText();
        key.Label = reader.ReadText();
        key.Origin = reader.ReadText();
        key.Annotators = reader.ReadInt32();
        key.AnnotatorIds = reader.ReadText();
        key.Agreement = reader.ReadNullableDouble();
        key.Weight = reader.ReadDouble();
        key.Media = reader.ReadShared(2);
        key.ToName = reader.ReadShared(3);
        key.ItemIndex = reader.ReadNullableInt32();
        key.FromName = reader.ReadText();
        key.ImageWidth = reader.ReadNullableInt32();
        key.ImageHeight = reader.ReadNullableInt32();
    }

    /// <inheritdoc cref="IRowTable{TRow}.CompareInFrame"/>
    public static int CompareInFrame(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium)
    {
        // What follows the two marks in the place of the medium's texts.
        var a = new RowBytesReader(left[(leftMedium + (2 * sizeof(int)))..]);
        var b = new RowBytesReader(right[(rightMedium + (2 * sizeof(int)))..]);
        int order = RowBytesReader.CompareInt32(ref a, ref b);
        if (order != 0 || (order = RowBytesReader.CompareTexts(ref a, ref b)) != 0)
        {
            return order;
        }

        a = new RowBytesReader(left[AnnotationAt..]);
        b = new RowBytesReader(right[AnnotationAt..]);
        if ((order = RowBytesReader.CompareInt64(ref a, ref b)) != 0 || (order = RowBytesReader.CompareTexts(ref a, ref b)) != 0)
        {
            return order;
        }

        return RowBytesReader.CompareTexts(ref a, ref b);
    }

    /// <inheritdoc cref="IRowTable{TRow}.IsEqualBeforeRegion"/>
    public static bool IsEqualBeforeRegion(ReadOnlySpan<byte> left, int leftMedium, ReadOnlySpan<byte> right, int rightMedium)
    {
        int from = leftMedium + (2 * sizeof(int));
        int otherFrom = rightMedium + (2 * sizeof(int));
        int end = RowBytes.TextEnd(left, RowBytes.NullableInt32End(left, from));
        int otherEnd = RowBytes.TextEnd(right, RowBytes.NullableInt32End(right, otherFrom));
        return left[from..end].SequenceEqual(right[otherFrom..otherEnd])
            && left[AnnotationAt..RegionAt(left)].SequenceEqual(right[AnnotationAt..RegionAt(right)]);
    }

    /// <inheritdoc cref="IRowTable{TRow}.RegionAt"/>
    public static int RegionAt(ReadOnlySpan<byte> row) => RowBytes.NullableInt64End(row, AnnotationAt);

    /// <summary>The sort key after the project, then the other columns.</summary>
    public static int Compare(in RowKey a, in RowKey b)
    {
        int order = CompareKeys(a, b);
        return order != 0 ? order : CompareRest(a, b);
    }

    private static int CompareKeys(in RowKey a, in RowKey b)
    {
        int order = a.TaskSubdir.CompareTo(b.TaskSubdir);
        if (order != 0
            || (order = a.Episode.CompareTo(b.Episode)) != 0
            || (order = a.Frame.CompareTo(b.Frame)) != 0
            || (order = a.TaskId.CompareTo(b.TaskId)) != 0
            || (order = a.ToName.CompareTo(b.ToName)) != 0
            || (order = Nullable.Compare(a.ItemIndex, b.ItemIndex)) != 0
            || (order = a.FromName.CompareTo(b.FromName)) != 0
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
            || (order = a.AnnotatorIds.CompareTo(b.AnnotatorIds)) != 0
            || (order = Nullable.Compare(a.Agreement, b.Agreement)) != 0
            || (order = a.Weight.CompareTo(b.Weight)) != 0
            || (order = a.Media.CompareTo(b.Media)) != 0
            || (order = Nullable.Compare(a.ImageWidth, b.ImageWidth)) != 0)
        {
            return order;
        }

        return Nullable.Compare(a.ImageHeight, b.ImageHeight);
    }
}
