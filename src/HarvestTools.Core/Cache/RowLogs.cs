using System.Diagnostics.CodeAnalysis;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>One worker's rows of one table.</summary>
internal abstract class TableLog
{
    /// <summary>Takes one task's rows of the log's table.</summary>
    public abstract void Add(TaskTable rows);

    /// <summary>Ends the log; call once, after the last <see cref="Add"/>.</summary>
    public abstract void Complete();
}

/// <inheritdoc/>
internal sealed class TableLog<TRow, TTable>(SegmentStore store, EpisodeInterner episodes) : TableLog
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    public RowLog<TRow, TTable> Rows { get; } = new(store, episodes);

    public override void Add(TaskTable rows) => Rows.Add((TaskTable<TRow, TTable>)rows);

    public override void Complete() => Rows.Complete();
}

/// <summary>The rows of one worker, table by table.</summary>
internal sealed class RowLogs
{
    private readonly EpisodeInterner _episodes = new();
    private readonly TableLog[] _logs;

    [DynamicDependency(nameof(TableCode.All), typeof(TableCode))]
    public RowLogs(SegmentStore store)
    {
        var maker = new Maker(store, _episodes);
        _logs = [.. TableCatalog.All.Select(table => table.Accept(maker))];
    }

    /// <summary>The log of a table, by its place in <see cref="TableCatalog.All"/>.</summary>
    public TableLog this[int table] => _logs[table];

    public void Add(TaskRows rows)
    {
        for (int i = 0; i < _logs.Length; i++)
        {
            _logs[i].Add(rows.Tables[i]);
        }
    }

    /// <summary>Ends the logs; call once, after the last <see cref="Add"/>.</summary>
    public void Complete()
    {
        foreach (TableLog log in _logs)
        {
            log.Complete();
        }

        _episodes.Clear();
    }

    private sealed class Maker(SegmentStore store, EpisodeInterner episodes) : ITableVisitor<TableLog>
    {
        public TableLog Visit<TRow, TTable>()
            where TRow : struct
            where TTable : struct, IRowTable<TRow> => new TableLog<TRow, TTable>(store, episodes);
    }
}
