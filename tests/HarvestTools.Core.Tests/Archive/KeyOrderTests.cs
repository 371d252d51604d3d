using CsCheck;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive;

public sealed class KeyOrderTests
{
    private static int ByPath(in RecordKey x, in RecordKey y) => x.Path.CompareTo(y.Path) is var order && order != 0 ? order : x.Added.CompareTo(y.Added);

    /// <summary>Against a list that is sorted again after every change.</summary>
    [Fact]
    public void Keys_stay_in_order_while_they_come_and_go() => Gen.Select(Gen.ULong[0, 9].Array[0, 80], Gen.Int[0, 80], Gen.Int[0, 200].Array[0, 40]).Sample(
        static (paths, sorted, removed) =>
        {
            RecordKey[] keys = [.. paths.Select(static (path, i) => new RecordKey(default, default, path, 0, i % 3 == 0 ? i : -i, 0))];
            var order = new KeyOrder(ByPath);
            int first = Math.Min(sorted, keys.Length);
            order.Sort(keys, first);
            List<int> expected = [.. Enumerable.Range(0, first)];
            AssertOrder(keys, expected, order);
            for (int place = first; place < keys.Length; place++)
            {
                order.Insert(keys, place);
                expected.Add(place);
                AssertOrder(keys, expected, order);
            }

            foreach (int place in removed.Where(expected.Remove))
            {
                order.Remove(place);
                AssertOrder(keys, expected, order);
            }

            var taken = new KeyOrder(ByPath);
            taken.Take([.. order.Places]);
            AssertOrder(keys, expected, taken);
        },
        iter: 100);

    private static void AssertOrder(RecordKey[] keys, List<int> places, KeyOrder order)
    {
        int[] expected = [.. places.OrderBy(place => keys[place].Path).ThenBy(place => keys[place].Added)];
        Assert.Equal(expected, order.Places.ToArray());
        Assert.Equal(expected, Enumerable.Range(0, order.Count).Select(i => order[i]));
        for (ulong path = 0; path < 11; path++)
        {
            Assert.Equal(expected.Count(place => keys[place].Path < path), order.First(keys, new RecordKey(default, default, path, 0, long.MinValue, 0)));
        }
    }
}
