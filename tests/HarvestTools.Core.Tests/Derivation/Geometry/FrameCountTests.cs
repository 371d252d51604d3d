using CsCheck;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Rows;

namespace HarvestTools.Tests.Derivation;

/// <summary>Against numbers of 128 bits, with frames at both ends of the numbers.</summary>
public sealed class FrameCountTests
{
    private static readonly Gen<long> s_frame = Gen.Frequency(
        (1, Edges(long.MinValue, long.MinValue + 1, -1L, 0L, 1L, long.MaxValue - 1, long.MaxValue)),
        (1, Gen.Long[-20, 20]),
        (1, (IGen<long>)Gen.Long));

    [Fact]
    public void A_range_counts_as_far_as_numbers_go() => Gen.Select(s_frame, s_frame, s_frame).Sample(
        static (a, b, c) =>
        {
            (long first, long last) = (Math.Min(a, b), Math.Max(a, b));
            long count = Math.Max(0, c);
            Assert.Equal((long)Int128.Min((Int128)count + last - first + 1, long.MaxValue), FrameCount.AddRange(count, first, last));
            long more = Math.Max(0, a);
            Assert.Equal((long)Int128.Min((Int128)count + more, long.MaxValue), FrameCount.Add(count, more));
        },
        iter: 20_000);

    [Fact]
    public void A_mean_of_whole_numbers_has_its_halves_up() => s_frame.Array[1, 9].Sample(
        static numbers =>
        {
            var mean = new WholeMean(numbers.Length);
            Int128 sum = 0;
            foreach (long number in numbers)
            {
                mean.Add(number);
                sum += number;
            }

            // One more than every sum there is, so that the division rounds down.
            Int128 away = (Int128)long.MaxValue + 2;
            Int128 expected = ((2 * (sum + (away * numbers.Length))) + numbers.Length) / (2 * numbers.Length);
            Assert.Equal((long)(expected - away), mean.Rounded);
        },
        iter: 20_000);

    private static Gen<long> Edges(params long[] edges) => Gen.Int[0, edges.Length - 1].Select(i => edges[i]);
}
