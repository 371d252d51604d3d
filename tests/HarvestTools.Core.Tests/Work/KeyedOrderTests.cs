using CsCheck;
using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

/// <summary>Places by numbers, and by comparison where these are equal.</summary>
public sealed class KeyedOrderTests
{
    [Fact]
    public void Places_are_in_the_order_of_their_numbers_and_then_of_the_comparison() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 5]).Array[0, 60].Sample(static items =>
        {
            var order = new KeyedOrder();
            Span<long> keys = order.Begin(items.Length);
            for (int i = 0; i < items.Length; i++)
            {
                keys[i] = items[i].Item1;
            }

            int[] sorted = order.Sort(Comparer<int>.Create((left, right) => items[left].Item2.CompareTo(items[right].Item2))).ToArray();
            Assert.Equal(Enumerable.Range(0, items.Length), sorted.Order());
            Assert.Equal(items.Order(), sorted.Select(place => items[place]));
        });

    /// <summary>As many as are sorted by counting.</summary>
    [Fact]
    public void Many_places_are_in_the_order_of_their_numbers_and_then_of_the_comparison()
    {
        var random = new Random(3);
        var order = new KeyedOrder();
        foreach (int count in (int[])[127, 128, 3000, 300])
        {
            (int First, int Second)[] items = [.. Enumerable.Range(0, count).Select(_ => (random.Next(count), random.Next(5)))];
            Span<long> keys = order.Begin(count);
            for (int i = 0; i < count; i++)
            {
                keys[i] = items[i].First - 50;
            }

            int[] sorted = order.Sort(Comparer<int>.Create((left, right) => items[left].Second.CompareTo(items[right].Second))).ToArray();
            Assert.Equal(Enumerable.Range(0, count), sorted.Order());
            Assert.Equal(items.Order(), sorted.Select(place => items[place]));
        }
    }

    [Fact]
    public void Numbers_of_doubles_are_in_their_order()
    {
        double[] special = [double.NegativeInfinity, double.MinValue, -1, -double.Epsilon, -0.0, 0.0, double.Epsilon, 1, Math.BitIncrement(1), double.MaxValue, double.PositiveInfinity];
        foreach (double left in special)
        {
            foreach (double right in special)
            {
                Assert.Equal(left.CompareTo(right), KeyedOrder.Of(left).CompareTo(KeyedOrder.Of(right)));
            }
        }

        Gen.Select(Gen.Double, Gen.Double).Where(static pair => !double.IsNaN(pair.Item1) && !double.IsNaN(pair.Item2)).Sample(static (left, right) =>
            Assert.Equal(left.CompareTo(right), KeyedOrder.Of(left).CompareTo(KeyedOrder.Of(right))));
    }
}
