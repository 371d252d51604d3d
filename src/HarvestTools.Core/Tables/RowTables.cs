using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

internal readonly struct KeypointTable : IRowTable<KeypointRow>
{
    public static ParquetSchema Schema => TableSchemas.Keypoints;

    public static int Compare(in KeypointRow left, in KeypointRow right) => RowOrder.Compare(left, right);

    public static RunKey KeyOf(in KeypointRow row) => CommonColumns.KeyOf(row.Key);

    public static int OriginColumn => CommonColumns.OriginColumn;

    public static int EpisodeColumns => CommonColumns.EpisodeColumns;

    public static void Write(RowWriter writer, in KeypointRow row)
    {
        CommonColumns.Write(writer, row.Key);
        writer.Write(row.ParentId);
        writer.Write(row.X);
        writer.Write(row.Y);
        writer.Write(row.XPct);
        writer.Write(row.YPct);
        writer.Write(row.Attributes);
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

internal readonly struct BoxTable : IRowTable<BoxRow>
{
    public static ParquetSchema Schema => TableSchemas.Boxes;

    public static int Compare(in BoxRow left, in BoxRow right) => RowOrder.Compare(left, right);

    public static RunKey KeyOf(in BoxRow row) => CommonColumns.KeyOf(row.Key);

    public static int OriginColumn => CommonColumns.OriginColumn;

    public static int EpisodeColumns => CommonColumns.EpisodeColumns;

    public static void Write(RowWriter writer, in BoxRow row)
    {
        CommonColumns.Write(writer, row.Key);
        writer.Write(row.X);
        writer.Write(row.Y);
        writer.Write(row.Width);
        writer.Write(row.Height);
        writer.Write(row.XPct);
        writer.Write(row.YPct);
        writer.Write(row.WidthPct);
        writer.Write(row.HeightPct);
        writer.Write(row.Rotation);
        writer.Write(row.Interpolated);
        writer.Write(row.Attributes);
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

internal readonly struct ActionTable : IRowTable<ActionRow>
{
    public static ParquetSchema Schema => TableSchemas.Actions;

    public static int Compare(in ActionRow left, in ActionRow right) => RowOrder.Compare(left, right);

    public static RunKey KeyOf(in ActionRow row) => CommonColumns.KeyOf(row.Key);

    public static int OriginColumn => CommonColumns.OriginColumn;

    public static int EpisodeColumns => CommonColumns.EpisodeColumns;

    public static void Write(RowWriter writer, in ActionRow row)
    {
        CommonColumns.Write(writer, row.Key);
        writer.Write(row.Start);
        writer.Write(row.End);
        writer.Write(row.Boundary);
        writer.Write(row.Attributes);
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

internal readonly struct RejectedTable : IRowTable<RejectedRow>
{
    public static ParquetSchema Schema => TableSchemas.Rejected;

    public static int Compare(in RejectedRow left, in RejectedRow right) => RowOrder.Compare(left, right);

    // The rejected table is ordered by task alone, so tasks of one episode need not be kept together.
    public static RunKey KeyOf(in RejectedRow row) => new(default, default, 0, row.TaskId);

    public static int OriginColumn => -1;

    public static int EpisodeColumns => 0;

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
