using CsCheck;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Tables;

/// <summary>Lists in rows: what they hold, and an order in which only lists of equal bytes are equal.</summary>
public sealed class DoubleListTests
{
    private static readonly double[] s_odd =
        [0.0, -0.0, 1.0, -1.0, double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    private static readonly Gen<double[]> s_values = Gen.OneOf(Gen.OneOf(s_odd), Gen.Int[0, 2].Select(static n => (double)n), Gen.Double).Array[0, 4];

    [Fact]
    public void A_list_holds_its_values_and_is_read_as_it_was_written() => s_values.Array[0, 5].Sample(static lists =>
    {
        var arena = new TextArena();
        var writer = new RowWriter();
        foreach (double[] list in lists)
        {
            RowFiller to = writer.Reserve(4096);
            to.Add(DoubleList.Of(list, arena).Bytes);
            writer.Advance(to);
        }

        var reader = new RowReader(writer.Written.ToArray(), 0);
        foreach (double[] list in lists)
        {
            DoubleList read = reader.ReadList();
            Assert.Equal(list.Select(BitConverter.DoubleToInt64Bits), Enumerable.Range(0, read.Count).Select(i => BitConverter.DoubleToInt64Bits(read[i])));
        }

        Assert.Equal(writer.Length, reader.Position);
    });

    [Fact]
    public void Only_lists_of_equal_bytes_are_equal_in_the_order() => Gen.Select(s_values, s_values).Sample(static (left, right) =>
    {
        (DoubleList a, DoubleList b) = (DoubleList.Of(left, new TextArena()), DoubleList.Of(right, new TextArena()));

        Assert.Equal(a.Bytes.Span.SequenceEqual(b.Bytes.Span), a.CompareTo(b) == 0);
        Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
    });

    [Fact]
    public void The_first_value_that_differs_decides_and_then_the_length()
    {
        double[][] ascending =
        [
            [], [double.NaN], [double.NegativeInfinity], [-1], [-1, 5], [-0.0], [-0.0, 9], [0.0], [0.0, double.NegativeInfinity],
            [double.Epsilon], [1], [1, 1], [1, 1, -5], [1, 2], [2, 0], [double.PositiveInfinity],
        ];
        var arena = new TextArena();
        DoubleList[] lists = [.. ascending.Select(list => DoubleList.Of(list, arena))];

        for (int i = 0; i < lists.Length; i++)
        {
            for (int j = 0; j < lists.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(lists[i].CompareTo(lists[j])));
            }
        }

        Assert.Equal(0, default(DoubleList).CompareTo(lists[0]));
        Assert.Equal(0, default(DoubleList).Count);
    }
}
