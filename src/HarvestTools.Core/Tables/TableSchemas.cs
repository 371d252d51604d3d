using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <summary>The four tables of a slice, column by column. Changing any of it is a new format version.</summary>
internal static class TableSchemas
{
    private static readonly ParquetColumn[] Common =
    [
        new("project", ParquetType.Utf8),
        new("task_subdir", ParquetType.Utf8),
        new("episode", ParquetType.Utf8),
        new("frame", ParquetType.Int64),
        new("task_id", ParquetType.Int64),
        new("annotation_id", ParquetType.Int64, Nullable: true),
        new("region_id", ParquetType.Utf8, Nullable: true),
        new("label", ParquetType.Utf8),
        new("origin", ParquetType.Utf8),
        new("annotators", ParquetType.Int32),
        new("agreement", ParquetType.Double, Nullable: true),
        new("weight", ParquetType.Double),
    ];

    public static ParquetSchema Keypoints { get; } = new("keypoints",
    [
        .. Common,
        new("parent_id", ParquetType.Utf8, Nullable: true),
        new("x", ParquetType.Double, Nullable: true),
        new("y", ParquetType.Double, Nullable: true),
        new("x_pct", ParquetType.Double),
        new("y_pct", ParquetType.Double),
        new("attributes", ParquetType.Utf8, Nullable: true),
    ]);

    public static ParquetSchema Boxes { get; } = new("boxes",
    [
        .. Common,
        new("x", ParquetType.Double, Nullable: true),
        new("y", ParquetType.Double, Nullable: true),
        new("width", ParquetType.Double, Nullable: true),
        new("height", ParquetType.Double, Nullable: true),
        new("x_pct", ParquetType.Double),
        new("y_pct", ParquetType.Double),
        new("width_pct", ParquetType.Double),
        new("height_pct", ParquetType.Double),
        new("rotation", ParquetType.Double),
        new("interpolated", ParquetType.Boolean),
        new("attributes", ParquetType.Utf8, Nullable: true),
    ]);

    public static ParquetSchema Actions { get; } = new("actions",
    [
        .. Common,
        new("start", ParquetType.Int64),
        new("end", ParquetType.Int64),
        new("boundary", ParquetType.Boolean),
        new("attributes", ParquetType.Utf8, Nullable: true),
    ]);

    public static ParquetSchema Rejected { get; } = new("rejected",
    [
        new("project", ParquetType.Utf8),
        new("task_id", ParquetType.Int64),
        new("annotation_id", ParquetType.Int64, Nullable: true),
        new("region_id", ParquetType.Utf8, Nullable: true),
        new("reason", ParquetType.Utf8),
        new("detail", ParquetType.Utf8),
    ]);

    /// <summary>All tables, in the order in which manifests list them.</summary>
    public static IReadOnlyList<ParquetSchema> All { get; } = [Keypoints, Boxes, Actions, Rejected];
}
