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
        List<(PartTable Table, string Path)> left = [.. before.Select(part => TableOf(part, table))];
        List<(PartTable Table, string Path)> right = [];
        foreach (Part part in after)
        {
            (PartTable Table, string Path) rows = TableOf(part, table);
            int same = left.FindIndex(other => other.Table.RowsSha256 == rows.Table.RowsSha256);
            if (same >= 0)
            {
                left.RemoveAt(same);
            }
            else
            {
                right.Add(rows);
            }
        }

        return RowDiff.Open(table.Schema, left.Select(Reader), right.Select(Reader), cancellation);
    }

    private (PartTable Table, string Path) TableOf(Part part, TableDescriptor table) =>
        (part.Tables.Single(written => written.Table == table.Name), store.PathOf(part.Key, table.Name));

    private Func<ParquetTableReader> Reader((PartTable Table, string Path) table) =>
        () => ParquetTableReader.Open(table.Path, table.Table.Sha256, cancellation);
}
