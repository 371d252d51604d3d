using HarvestTools.Parquet.Writing;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// What the generic parts (row log, merge, Parquet output, row comparison) need to know of one table.
/// Static members, so that the hot loops are compiled per table without a virtual call.
/// </summary>
/// <typeparam name="TRow">The row's struct.</typeparam>
internal interface IRowTable<TRow>
    where TRow : struct
{
    static abstract ParquetSchema Schema { get; }

    /// <summary>The final order of rows within one project, down to the last column.</summary>
    static abstract int Compare(in TRow left, in TRow right);

    /// <summary>Where the row stands among the rows of other tasks.</summary>
    static abstract RunKey KeyOf(in TRow row);

    /// <summary>Index of the column that tells who drew the row; -1 where the table has none.</summary>
    static abstract int OriginColumn { get; }

    /// <summary>How many columns after the project name the episode.</summary>
    static abstract int EpisodeColumns { get; }

    /// <summary>Appends the row in canonical form: its columns in the schema's order, without the project.</summary>
    static abstract void Write(RowWriter writer, in TRow row);

    static abstract void Read(ref RowReader reader, out TRow row);
}

/// <summary>The leading columns of the row order: enough to place one task's rows among those of others.</summary>
internal readonly record struct RunKey(Utf8Text TaskSubdir, Utf8Text Episode, long Frame, long TaskId) : IComparable<RunKey>
{
    public int CompareTo(RunKey other)
    {
        int order = TaskSubdir.CompareTo(other.TaskSubdir);
        if (order == 0)
        {
            order = Episode.CompareTo(other.Episode);
        }

        if (order == 0)
        {
            order = Frame.CompareTo(other.Frame);
        }

        return order != 0 ? order : TaskId.CompareTo(other.TaskId);
    }

    public static bool operator <(RunKey left, RunKey right) => left.CompareTo(right) < 0;

    public static bool operator >(RunKey left, RunKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(RunKey left, RunKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RunKey left, RunKey right) => left.CompareTo(right) >= 0;
}
