namespace HarvestTools.Derivation.Geometry;

/// <summary>
/// Frames counted as far as numbers go. Frame numbers come from the file and may be anywhere, so that neither the length of a range
/// nor the sum of several need be one.
/// </summary>
internal static class FrameCount
{
    /// <summary>A count with the frames of a range, or the largest number there is.</summary>
    /// <param name="count">Not negative.</param>
    /// <param name="first">The range's first frame.</param>
    /// <param name="last">Its last one, not before the first.</param>
    public static long AddRange(long count, long first, long last)
    {
        // The difference of any two longs in order is an unsigned one.
        ulong between = (ulong)last - (ulong)first;
        return between < long.MaxValue ? Add(count, (long)between + 1) : long.MaxValue;
    }

    /// <summary>The sum of two counts, neither negative, or the largest number there is.</summary>
    public static long Add(long count, long more) => more > long.MaxValue - count ? long.MaxValue : count + more;
}
