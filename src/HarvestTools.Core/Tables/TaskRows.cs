using System.Runtime.InteropServices;

namespace HarvestTools.Tables;

/// <summary>
/// What one task gives, table by table, in any order. Reused from task to task; the shared texts of its rows live as long as
/// the task they came from.
/// </summary>
internal sealed class TaskRows
{
    private readonly TaskTable[] _tables = [.. TableCatalog.All.Select(static table => table.NewTaskTable())];

    /// <summary>In the order of <see cref="TableCatalog.All"/>.</summary>
    public IReadOnlyList<TaskTable> Tables => _tables;

    /// <summary>How many rows all tables hold together.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (TaskTable table in _tables)
            {
                count += table.Count;
            }

            return count;
        }
    }

    /// <summary>Adds an item whose values are all those of <c>default</c>, for the caller to fill before the next one is added.</summary>
    public static ref TItem Add<TItem>(List<TItem> items)
        where TItem : struct
    {
        // A cleared list has zeroed what it held.
        int place = items.Count;
        CollectionsMarshal.SetCount(items, place + 1);
        return ref CollectionsMarshal.AsSpan(items)[place];
    }

    /// <summary>The rows of one table.</summary>
    public TaskTable<TRow, TTable> Of<TRow, TTable>()
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        foreach (TaskTable table in _tables)
        {
            if (table is TaskTable<TRow, TTable> found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"{TTable.Descriptor} is not a table of {nameof(TableCatalog)}.");
    }

    public void Clear()
    {
        foreach (TaskTable table in _tables)
        {
            table.Clear();
        }
    }
}
