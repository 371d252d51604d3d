using HarvestTools.Parquet;
using HarvestTools.Tasks;

namespace HarvestTools.Rows.Tables;

/// <summary>The twelve columns that keypoints, boxes and actions share.</summary>
internal static class CommonColumns
{
    public static RunKey KeyOf(in RowKey key) => new(key.TaskSubdir, key.Episode, key.Frame, key.TaskId);

    public static bool IsCorrection(in RowKey key) => !key.Origin.Is("prediction"u8);

    public static void Write(RowWriter writer, in RowKey key)
    {
        writer.Write(key.TaskSubdir);
        writer.Write(key.Episode);
        writer.Write(key.Frame);
        writer.Write(key.TaskId);
        writer.Write(key.AnnotationId);
        writer.Write(key.RegionId);
        writer.Write(key.Label);
        writer.Write(key.Origin);
        writer.Write(key.Annotators);
        writer.Write(key.Agreement);
        writer.Write(key.Weight);
    }

    public static void Read(ref RowReader reader, out RowKey key)
    {
        key.TaskSubdir = reader.ReadText();
        key.Episode = reader.ReadText();
        key.Frame = reader.ReadInt64();
        key.TaskId = reader.ReadInt64();
        key.AnnotationId = reader.ReadNullableInt64();
        key.RegionId = reader.ReadText();
        key.Label = reader.ReadText();
        key.Origin = reader.ReadText();
        key.Annotators = reader.ReadInt32();
        key.Agreement = reader.ReadNullableDouble();
        key.Weight = reader.ReadDouble();
    }

    public static void Append(ref ColumnCursor columns, ReadOnlySpan<byte> project, in RowKey key)
    {
        columns.Append(project);
        columns.Append(key.TaskSubdir);
        columns.Append(key.Episode);
        columns.Append(key.Frame);
        columns.Append(key.TaskId);
        columns.Append(key.AnnotationId);
        columns.Append(key.RegionId);
        columns.Append(key.Label);
        columns.Append(key.Origin);
        columns.Append(key.Annotators);
        columns.Append(key.Agreement);
        columns.Append(key.Weight);
    }
}

/// <summary>Walks the columns of a Parquet row from left to right.</summary>
internal ref struct ColumnCursor(ParquetTableWriter writer)
{
    private int _next;

    public void Append(ReadOnlySpan<byte> text) => writer.Columns[_next++].Append(text);

    public void Append(long value) => writer.Columns[_next++].Append(value);

    public void Append(int value) => writer.Columns[_next++].Append(value);

    public void Append(double value) => writer.Columns[_next++].Append(value);

    public void Append(bool value) => writer.Columns[_next++].Append(value);

    public void Append(Utf8Text text)
    {
        if (text.IsAbsent)
        {
            writer.Columns[_next++].AppendNull();
        }
        else
        {
            writer.Columns[_next++].Append(text.Span);
        }
    }

    public void Append(long? value)
    {
        if (value.HasValue)
        {
            writer.Columns[_next++].Append(value.GetValueOrDefault());
        }
        else
        {
            writer.Columns[_next++].AppendNull();
        }
    }

    public void Append(double? value)
    {
        if (value.HasValue)
        {
            writer.Columns[_next++].Append(value.GetValueOrDefault());
        }
        else
        {
            writer.Columns[_next++].AppendNull();
        }
    }
}
