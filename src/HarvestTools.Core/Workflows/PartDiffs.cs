using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Workflows;

/// <summary>Compares the tables of parts that stand in the cache.</summary>
internal sealed class PartDiffs(PartStore store, CancellationToken cancellation)
{
    /// <summary>Counts how the rows of the one side differ from those of the other, over all tables.</summary>
    /// <param name="before">Parts of one project.</param>
    /// <param name="after">Parts of the same project.</param>
    public RowTally Count(IReadOnlyList<Part> before, IReadOnlyList<Part> after)
    {
        var tally = new RowTally();
        foreach (ParquetSchema schema in TableSchemas.All)
        {
            using RowDiff diff = Open(schema, before, after);
            tally.AddAll(diff);
        }

        return tally;
    }

    /// <summary>The differing rows of one table; tables with the same rows on both sides are not even opened.</summary>
    public RowDiff Open(ParquetSchema schema, IReadOnlyList<Part> before, IReadOnlyList<Part> after)
    {
        List<(PartTable Table, string Path)> left = [.. before.Select(part => TableOf(part, schema))];
        List<(PartTable Table, string Path)> right = [];
        foreach (Part part in after)
        {
            (PartTable Table, string Path) table = TableOf(part, schema);
            int same = left.FindIndex(other => other.Table.RowsSha256 == table.Table.RowsSha256);
            if (same >= 0)
            {
                left.RemoveAt(same);
            }
            else
            {
                right.Add(table);
            }
        }

        return RowDiff.Open(schema, left.Select(Reader), right.Select(Reader), cancellation);
    }

    private (PartTable Table, string Path) TableOf(Part part, ParquetSchema schema) =>
        (part.Tables.Single(table => table.Table == schema.Table), store.PathOf(part.Key, schema.Table));

    private Func<ParquetTableReader> Reader((PartTable Table, string Path) table) =>
        () => ParquetTableReader.Open(table.Path, table.Table.Sha256, cancellation);
}
