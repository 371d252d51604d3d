using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Parquet.Reading;
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
        foreach (TableDescriptor table in TableCatalog.All)
        {
            using RowDiff diff = Open(table, before, after);
            tally.AddAll(diff);
        }

        return tally;
    }

    /// <summary>The differing rows of one table; tables with the same rows on both sides are not even opened.</summary>
    public RowDiff Open(TableDescriptor table, IReadOnlyList<Part> before, IReadOnlyList<Part> after)
    {
        List<(string Rows, string Path)> left = [.. before.Select(part => TableOf(part, table))];
        List<(string Rows, string Path)> right = [];
        foreach (Part part in after)
        {
            (string Rows, string Path) rows = TableOf(part, table);
            int same = left.FindIndex(other => other.Rows == rows.Rows);
            if (same >= 0)
            {
                left.RemoveAt(same);
            }
            else
            {
                right.Add(rows);
            }
        }

        return new RowDiff(table.Schema, OpenAll(left), OpenAll(right), cancellation);
    }

    private static List<ParquetTableReader> OpenAll(IEnumerable<(string Rows, string Path)> tables) =>
        [.. tables.Select(static table => ParquetTableReader.Open(table.Path))];

    private (string Rows, string Path) TableOf(Part part, TableDescriptor table) =>
        (part.Tables.Single(written => written.Table == table.Name).RowsSha256, store.PathOf(part.Key, table.Name));
}
