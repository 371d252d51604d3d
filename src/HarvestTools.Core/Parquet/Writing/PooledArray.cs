namespace HarvestTools.Parquet.Writing;

/// <summary>Arrays of a column's values that grow with its rows.</summary>
internal static class PooledArray
{
    // In few and large steps (2,048, 16,384, 131,072), since what is outgrown stays in the pool.
    private const int CapacityAtFirst = 2048;
    private const int CapacityStep = 8;

    /// <summary>Makes room for more values.</summary>
    /// <param name="array">Replaced by a larger one where it is too small.</param>
    /// <param name="used">How many values it has; those that a new array lacks are the caller's to fill.</param>
    /// <param name="more">How many will follow.</param>
    /// <param name="rowsMax">Rows of a row group: only the values of lists can be more.</param>
    /// <param name="arrays">Where it is from.</param>
    public static void Reserve<T>(ref ColumnArray<T> array, int used, int more, int rowsMax, ColumnArrays arrays)
        where T : unmanaged
    {
        int needed = checked(used + more);
        if (needed > array.Length)
        {
            Grow(ref array, used, needed, rowsMax, arrays);
        }
    }

    /// <summary>Gives the array back.</summary>
    public static void Return<T>(ref ColumnArray<T> array, ColumnArrays arrays)
        where T : unmanaged
    {
        arrays.Return(array);
        array = default;
    }

    private static void Grow<T>(ref ColumnArray<T> array, int used, int needed, int rowsMax, ColumnArrays arrays)
        where T : unmanaged
    {
        long wanted = used < rowsMax
            ? Math.Min(Math.Max((long)used * CapacityStep, CapacityAtFirst), rowsMax)
            : 2L * used;
        ColumnArray<T> larger = arrays.Rent<T>((int)Math.Clamp(wanted, needed, Array.MaxLength));
        array.AsSpan(0, Math.Min(used, array.Length)).CopyTo(larger.Span);
        Return(ref array, arrays);
        array = larger;
    }
}
