using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// What the generic parts (row log, merge, Parquet output) do with the rows of one table.
/// Static members, so that the hot loops are compiled per table without a virtual call.
/// </summary>
/// <typeparam name="TRow">The row's struct.</typeparam>
internal interface IRowTable<TRow>
    where TRow : struct
{
    static abstract TableDescriptor Descriptor { get; }

    /// <summary>The descriptor's row order within one project.</summary>
    static abstract int Compare(in TRow left, in TRow right);

    /// <summary>The row's place among the rows of other tasks.</summary>
    static abstract RunKey KeyOf(in TRow row);

    /// <summary>The frame and the task of <see cref="KeyOf"/>, read from a row's bytes alone.</summary>
    static abstract RowPlace ReadPlace(ref RowReader reader);

    /// <summary>Whether a row can leave out the texts that it shares with the row before, see <see cref="RowWriter"/>.</summary>
    static abstract bool SharesTexts(in TRow before, in TRow row);

    /// <summary>Appends the row in canonical form: its columns in the descriptor's order, without the project.</summary>
    static abstract void Write(RowWriter writer, in TRow row);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
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
