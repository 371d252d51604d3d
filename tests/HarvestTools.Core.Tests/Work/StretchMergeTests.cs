using CsCheck;
using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

/// <summary>Numbers in ascending stretches against a stable sort.</summary>
public sealed class StretchMergeTests
{
    [Fact]
    public void Stretches_are_merged_and_equal_numbers_stay_in_their_order()
    {
        // On one thread, since what is kept from sample to sample is tried too.
        var merge = new StretchMerge();
        Gen.Long[-20, 200].Array[8, 40].Array[1, 9].Sample(stretches =>
        {
            long[] keys = [.. stretches.SelectMany(static stretch => stretch.Order())];
            int[] items = [.. Enumerable.Range(0, keys.Length)];
            int[] expected = [.. items.OrderBy(item => keys[item])];
            long[] sorted = [.. keys.Order()];

            Assert.True(merge.TrySort(keys, items));
            Assert.Equal(sorted, keys);
            Assert.Equal(expected, items);
        }, threads: 1);
    }

    [Fact]
    public void Short_stretches_are_left_as_they_are()
    {
        long[] keys = [3, 1, 2, 0, 5, 4];
        int[] items = [0, 1, 2, 3, 4, 5];
        Assert.False(new StretchMerge().TrySort(keys, items));
        Assert.Equal([3, 1, 2, 0, 5, 4], keys);
        Assert.Equal([0, 1, 2, 3, 4, 5], items);
    }
}
