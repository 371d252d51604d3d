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
        List<(string Rows, string Path)> left = [.. before.Select(part => TableOf(part, schema))];
        List<(string Rows, string Path)> right = [];
        foreach (Part part in after)
        {
            (string Rows, string Path) table = TableOf(part, schema);
            int same = left.FindIndex(other => other.Rows == table.Rows);
            if (same >= 0)
            {
                left.RemoveAt(same);
            }
            else
            {
                right.Add(table);
            }
        }

        return new RowDiff(schema, OpenAll(left), OpenAll(right), cancellation);
    }

    private static List<ParquetTableReader> OpenAll(IEnumerable<(string Rows, string Path)> tables) =>
        [.. tables.Select(static table => ParquetTableReader.Open(table.Path))];

    private (string Rows, string Path) TableOf(Part part, ParquetSchema schema) =>
        (part.Tables.Single(table => table.Table == schema.Table).RowsSha256, store.PathOf(part.Key, schema.Table));
}
