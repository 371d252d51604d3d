using HarvestTools.Parquet;
using HarvestTools.Rows;
using HarvestTools.Rows.Log;
using HarvestTools.Rows.Tables;

namespace HarvestTools.Cache;

/// <summary>A table as it was written, and its episodes in row order.</summary>
internal readonly record struct WrittenTable(PartTable Table, IEnumerable<EpisodeFacts> Episodes);

/// <summary>Merges the workers' rows into a part's tables: the largest on the calling thread, all others beside it.</summary>
internal static class PartTables
{
    /// <param name="request">What is derived, and by how many threads; the bytes do not depend on their number.</param>
    /// <param name="logs">The rows, worker by worker.</param>
    /// <param name="store">Where they lie.</param>
    /// <param name="openTable">Gives the stream for a table's Parquet file, one after the other.</param>
    /// <param name="beside">What else is to be done in the time; it may run on another thread, and is over on return.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <returns>The tables in the order of <see cref="TableSchemas.All"/>.</returns>
    public static IReadOnlyList<WrittenTable> Write(
        PartRequest request,
        IReadOnlyList<RowLogs> logs,
        SegmentStore store,
        Func<ParquetSchema, Stream> openTable,
        Action beside,
        CancellationToken cancellation)
    {
        TableMerge[] merges =
        [
            Of(logs.Select(static log => log.Keypoints)),
            Of(logs.Select(static log => log.Boxes)),
            Of(logs.Select(static log => log.Actions)),
            Of(logs.Select(static log => log.Rejected)),
        ];
        var tables = new WrittenTable[merges.Length];
        if (request.Threads == 1)
        {
            Others(largest: -1);
            return tables;
        }

        // It takes about as long as all the rest; tables in equal halves would hold more columns at once than that.
        int largest = Enumerable.Range(0, merges.Length).MaxBy(i => merges[i].Bytes);
        Task others = Task.Run(() => Others(largest), CancellationToken.None);
        try
        {
            tables[largest] = merges[largest].Write(request.Threads);
        }
        finally
        {
            // Whatever ended this table, rows and files must outlive the other thread's work on them.
            Task.WaitAny([others], CancellationToken.None);
        }

        others.GetAwaiter().GetResult();
        return tables;

        void Others(int largest)
        {
            beside();
            for (int i = 0; i < merges.Length; i++)
            {
                if (i != largest)
                {
                    tables[i] = merges[i].Write(1);
                }
            }
        }

        TableMerge Of<TRow, TTable>(IEnumerable<RowLog<TRow, TTable>> rows)
            where TRow : struct
            where TTable : struct, IRowTable<TRow>
        {
            Stream file = openTable(TTable.Schema);
            return new TableMerge(
                rows.Sum(static log => log.Bytes),
                threads =>
                {
                    using var output = new TableOutput<TRow, TTable>(request.Project, file, threads);
                    RowMerge<TRow, TTable>.Run(rows, store, output, cancellation);
                    return output.Finish();
                });
        }
    }

    /// <param name="Bytes">Size of the rows.</param>
    /// <param name="Write">Merges and writes them, with that many threads.</param>
    private readonly record struct TableMerge(long Bytes, Func<int, WrittenTable> Write);
}
