using HarvestTools.Tables;

namespace HarvestTools.Tests.Tables;

/// <summary>Rows into a task's table and out of it.</summary>
internal static class TaskTables
{
    /// <summary>The rows in the order in which they were added.</summary>
    public static List<TRow> ToList<TRow, TTable>(TaskTable<TRow, TTable> table)
        where TRow : struct
        where TTable : struct, IRowTable<TRow> => [.. Enumerable.Range(0, table.Count).Select(table.Read)];

    /// <summary>A table with these rows of one task.</summary>
    public static TaskTable<TRow, TTable> Of<TRow, TTable>(IEnumerable<TRow> rows)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        var table = new TaskTable<TRow, TTable>();
        foreach (TRow row in rows)
        {
            table.Add(row);
        }

        return table;
    }
}
