using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

/// <summary>Sorting by counting against the framework's sort.</summary>
public sealed class RadixSortTests
{
    public static TheoryData<string> Kinds => ["any", "few", "one", "near", "far", "ends", "piles", "pile and one"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_are_in_order_and_each_has_what_belonged_to_it(string kind)
    {
        var random = new Random(kind.Length);
        var sort = new RadixSort();
        foreach (int count in (int[])[1, 2, 3, 17, 100, 128, 1000, 2047, 2048, 5000, 100, 2])
        {
            long[] given = [.. Enumerable.Range(0, count).Select(i => Number(i))];
            long[] keys = [.. given];
            int[] items = [.. Enumerable.Range(0, count)];
            sort.Sort(keys, items);
            Assert.Equal(given.Order(), keys);
            Assert.Equal(Enumerable.Range(0, count), items.Order());
            Assert.Equal(keys, items.Select(item => given[item]));
        }

        long Number(int i) => kind switch
        {
            "any" => random.NextInt64(long.MinValue, long.MaxValue),
            "few" => random.Next(-3, 4),
            "one" => 7,
            "near" => long.MaxValue - random.Next(5000),
            "far" => (long)random.Next(3) << 60 | (uint)random.Next(50),
            "ends" => random.Next(2) == 0 ? long.MinValue + random.Next(9) : long.MaxValue - random.Next(9),
            "piles" => (long)random.Next(20) << 48 | random.NextInt64(1L << 40),
            _ => i == 1 ? long.MinValue : random.Next(1_000_000),
        };
    }
}
