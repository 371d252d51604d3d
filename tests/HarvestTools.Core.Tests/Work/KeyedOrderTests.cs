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
