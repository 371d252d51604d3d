using HarvestTools.Files;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Work;

namespace HarvestTools.Cache;

/// <summary>A table as it was written, and its episodes in row order.</summary>
internal readonly record struct WrittenTable(PartTable Table, EpisodeList Episodes);

/// <summary>Merges the workers' rows into a part's tables: the largest on the calling thread, all others beside it, and what is left then on all.</summary>
internal static class PartTables
{
    /// <summary>From this size on a table takes memory that is worth giving back before others are written.</summary>
    private const long RowsMany = 512L * 1024 * 1024;

    /// <param name="request">What is derived, and by how many threads; the bytes do not depend on their number.</param>
    /// <param name="logs">The rows, worker by worker.</param>
    /// <param name="store">Where they lie.</param>
    /// <param name="openTable">Gives the stream for a table's Parquet file, one after the other.</param>
    /// <param name="beside">What else is to be done in the time; it may run on another thread, and is over on return.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <returns>The tables in the order of <see cref="TableCatalog.All"/>.</returns>
    public static IReadOnlyList<WrittenTable> Write(
        PartRequest request,
        IReadOnlyList<RowLogs> logs,
        SegmentStore store,
        Func<TableDescriptor, Stream> openTable,
        Action beside,
        CancellationToken cancellation)
    {
        using EncoderPool? own = request.Encoders is null ? new EncoderPool() : null;
        EncoderPool pool = request.Encoders ?? own!;
        TableMerge[] merges =
        [
            .. TableCatalog.All.Select((table, i) => table.Accept(
                new MergeMaker(request, [.. logs.Select(log => log[i])], store, openTable(table), pool, cancellation))),
        ];
        var tables = new WrittenTable[merges.Length];

        // The next largest is begun first: small ones at the end leave no thread alone for long.
        var order = new int[merges.Length];
        var smaller = new long[merges.Length];
        for (int i = 0; i < merges.Length; i++)
        {
            (order[i], smaller[i]) = (i, -merges[i].Bytes);
        }

        Array.Sort(smaller, order);
        int begun = 0;
        if (request.Threads == 1)
        {
            beside();
            WriteRest(workers: null);
            return tables;
        }

        // Two threads merge: the largest table mostly takes as long as all others, or longer. Any other thread, and one of these that has
        // no table left, takes work of the tables that are being merged. Whatever ends a table, rows and files outlive that work.
        begun = 1;
        using var workers = new WorkerPool(request.Threads);
        WorkBatch others = workers.Begin(
            1,
            _ =>
            {
                beside();
                WriteRest(workers);
            },
            cancellation);
        tables[order[0]] = merges[order[0]].Write(workers);
        if (merges[order[0]].Bytes >= RowsMany)
        {
            // What it left to the collector is as much as the next tables take.
            request.PhaseEnded?.Invoke();
        }

        WriteRest(workers);
        others.CompleteHelping();
        return tables;

        void WriteRest(WorkerPool? workers)
        {
            while (true)
            {
                // The columns of tables that are being written first: the largest ends last.
                while (workers?.TryHelp() == true)
                {
                }

                int next = Interlocked.Increment(ref begun) - 1;
                if (next >= order.Length)
                {
                    // The largest table had the most columns at once; those that are still being written have theirs.
                    own?.Arrays.Trim();
                    return;
                }

                tables[order[next]] = merges[order[next]].Write(workers);
            }
        }
    }

    private sealed class MergeMaker(
        PartRequest request, TableLog[] logs, SegmentStore store, Stream file, EncoderPool pool, CancellationToken cancellation)
        : ITableVisitor<TableMerge>
    {
        public TableMerge Visit<TRow, TTable>()
            where TRow : struct
            where TTable : struct, IRowTable<TRow> => Merge<TRow, TTable>(request, logs, store, file, pool, cancellation);
    }

    internal static TableMerge Merge<TRow, TTable>(
        PartRequest request, TableLog[] logs, SegmentStore store, Stream file, EncoderPool pool, CancellationToken cancellation)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        // Of generic types over the rows the runtime makes what the methods that are called need, table by table: LINQ would have
        // it make nine more of each, and the merge of a table without rows about twenty.
        var rows = new RowLog<TRow, TTable>[logs.Length];
        long bytes = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = ((TableLog<TRow, TTable>)logs[i]).Rows;
            bytes += rows[i].Bytes;
        }

        return new TableMerge(
            bytes,
            workers =>
            {
                try
                {
                    if (bytes == 0)
                    {
                        return EmptyTable.Write<TRow, TTable>(request.Project, request.Format, file);
                    }

                    using var output = new TableOutput<TRow, TTable>(request.Project, file, request.Format, pool, workers);
                    RowMerge<TRow, TTable>.Run(rows, store, output, cancellation);
                    return output.Finish();
                }
                catch (Exception exception) when (FileErrors.IsFileFault(exception))
                {
                    throw FileErrors.From(exception, request.SpillFolder, "write");
                }
            });
    }

    /// <param name="Bytes">Size of the rows.</param>
    /// <param name="Write">Merges and writes them, with the help of threads.</param>
    internal readonly record struct TableMerge(long Bytes, Func<WorkerPool?, WrittenTable> Write);
}
