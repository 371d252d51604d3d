using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Tests;

/// <summary>The tables as the Parquet encoder takes them, for tests of files.</summary>
internal static class TableSchemas
{
    public static ParquetSchema Keypoints => KeypointTable.Descriptor.Schema;

    public static ParquetSchema Boxes => BoxTable.Descriptor.Schema;

    public static ParquetSchema Polygons => PolygonTable.Descriptor.Schema;

    public static ParquetSchema Rejected => RejectedTable.Descriptor.Schema;

    public static IReadOnlyList<ParquetSchema> All { get; } = [.. TableCatalog.All.Select(static table => table.Schema)];
}
