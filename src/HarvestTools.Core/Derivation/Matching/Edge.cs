namespace HarvestTools.Derivation.Matching;

/// <summary>Two that may be joined, by position; shorter distances first, ties by position, which is by ids.</summary>
internal readonly record struct Edge(double Distance, int A, int B) : IComparable<Edge>
{
    // What rounding makes of equal distances must not decide between them; the limit forgives as much.
    private const int Digits = 6;

    /// <summary>In px or frames, to the millionth.</summary>
    public double Distance { get; } = Math.Round(Distance, Digits);

    /// <summary>As it was measured.</summary>
    public double Measured { get; } = Distance;

    public int CompareTo(Edge other)
    {
        int order = Distance.CompareTo(other.Distance);
        if (order != 0 || (order = A.CompareTo(other.A)) != 0)
        {
            return order;
        }

        return B.CompareTo(other.B);
    }
}
