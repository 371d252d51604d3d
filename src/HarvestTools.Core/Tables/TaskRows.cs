using System.Runtime.InteropServices;

namespace HarvestTools.Tables;

/// <summary>The rows of one task in one table, in any order.</summary>
internal abstract class TaskTable
{
    public abstract int Count { get; }

    public abstract void Clear();
}

/// <summary>The rows of one task in one table, in any order.</summary>
internal sealed class TaskTable<TRow, TTable> : TaskTable
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    public List<TRow> Rows { get; } = [];

    public override int Count => Rows.Count;

    public override void Clear() => Rows.Clear();
}

/// <summary>
/// What one task gives, table by table, in any order. Reused from task to task; the texts in it live as long as
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

    /// <summary>Adds a row whose values are all those of <c>default</c>, for the caller to fill before the next one is added.</summary>
    public static ref TRow Add<TRow>(List<TRow> rows)
        where TRow : struct
    {
        // A cleared list has zeroed what it held.
        int place = rows.Count;
        CollectionsMarshal.SetCount(rows, place + 1);
        return ref CollectionsMarshal.AsSpan(rows)[place];
    }

    /// <summary>The rows of one table.</summary>
    public List<TRow> Of<TRow, TTable>()
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        foreach (TaskTable table in _tables)
        {
            if (table is TaskTable<TRow, TTable> found)
            {
                return found.Rows;
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
