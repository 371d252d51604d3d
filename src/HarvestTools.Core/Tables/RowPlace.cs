namespace HarvestTools.Tables;

/// <summary>The place of a row among those of its episode.</summary>
internal readonly record struct RowPlace(long Frame, long TaskId)
{
    /// <summary>No row comes after it.</summary>
    public static RowPlace End => new(long.MaxValue, long.MaxValue);

    public static RowPlace Least(RowPlace left, RowPlace right) => left.CompareTo(right) <= 0 ? left : right;

    public int CompareTo(RowPlace other)
    {
        int order = Frame.CompareTo(other.Frame);
        return order != 0 ? order : TaskId.CompareTo(other.TaskId);
    }
}
