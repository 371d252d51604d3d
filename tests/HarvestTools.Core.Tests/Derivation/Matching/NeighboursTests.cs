using HarvestTools.Derivation.Matching;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Derivation.Matching;

public sealed class NeighboursTests
{
    /// <summary>Columns are as wide as the reach: what is in columns beside each other can be nearly twice as far apart.</summary>
    [Theory]
    [InlineData(1, 19, double.PositiveInfinity, true)]
    [InlineData(1, 19, 10, false)]
    [InlineData(5, 15, 10, true)]
    [InlineData(5, 15.5, 10, false)]
    [InlineData(1, 21, double.PositiveInfinity, false)]
    public void Pairs_of_a_crowd_are_those_of_columns_beside_each_other_and_no_further_apart_than_asked_for(double one, double other, double sideways, bool expected)
    {
        DerivationLimits limits = DerivationVersion.Current.Limits;

        // A crowd of others, far from these two and from each other.
        double[] xs = [one, other, .. Enumerable.Range(1, limits.CompareAllUpTo + 1).Select(static i => 1000.0 * i)];
        var pairs = new List<(int, int)>();
        new Neighbours(limits).Visit(0, xs.Length, 10, i => (xs[i], 3), [.. Enumerable.Range(0, xs.Length)], (a, b) => pairs.Add((a, b)), static () => { }, sideways);

        Assert.Equal(expected ? [(0, 1)] : [], pairs);
    }
}
