using HarvestTools.Derivation.Matching;

namespace HarvestTools.Tables;

/// <summary>The twelve columns that keypoints, boxes and actions share.</summary>
internal static class CommonColumns
{
    public static RunKey KeyOf(in RowKey key) => new(key.TaskSubdir, key.Episode, key.Frame, key.TaskId);

    /// <summary>Index of the column <c>origin</c>.</summary>
    public const int OriginColumn = 8;

    /// <summary>The columns <c>task_subdir</c> and <c>episode</c>, which all rows of an episode share.</summary>
    public const int EpisodeColumns = 2;

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
}
