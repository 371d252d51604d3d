using CsCheck;
using HarvestTools.Derivation.Geometry;

namespace HarvestTools.Tests.Derivation;

public sealed class MeanBoxTests
{
    [Fact]
    public void Places_and_sizes_are_means_of_each() => Gen.Select(Gen.Double[-50, 150], Gen.Double[-50, 150], Gen.Double[-90, 90], Gen.Double[1, 90]).List[1, 6].Sample(static boxes =>
    {
        PercentBox mean = Of([.. boxes.Select(static box => new PercentBox(box.Item1, box.Item2, box.Item3, box.Item4, 0))]);

        Assert.Equal(boxes.Sum(static box => box.Item1) / boxes.Count, mean.X, 1e-9);
        Assert.Equal(boxes.Sum(static box => box.Item2) / boxes.Count, mean.Y, 1e-9);
        Assert.Equal(boxes.Sum(static box => box.Item3) / boxes.Count, mean.Width, 1e-9);
        Assert.Equal(boxes.Sum(static box => box.Item4) / boxes.Count, mean.Height, 1e-9);
        Assert.Equal(0, mean.Rotation);
    });

    [Theory]
    [InlineData(20.0, 20.0)]
    [InlineData(15.0, 10.0, 20.0)]
    [InlineData(0.0, 359.0, 1.0)]
    [InlineData(0.0, 1.0, 359.0)]
    [InlineData(359.0, 2.0, 356.0)]
    [InlineData(359.0, 0.0, 358.0)]
    [InlineData(1.0, 359.0, 3.0)]
    [InlineData(358.0, 357.0, 1.0, 356.0)]
    [InlineData(10.0, 20.0, 720.0)]
    [InlineData(-5.0, -10.0, 0.0)]
    [InlineData(-1.0, -2.0, 360.0)]
    [InlineData(410.0, 400.0, 60.0)]
    [InlineData(360.0, 360.0, 0.0)]
    [InlineData(359.0, 361.0, 357.0)]
    public void Rotations_take_the_short_way_and_stay_in_the_circle_of_the_first(double mean, params double[] rotations) =>
        Assert.Equal(mean, Of([.. rotations.Select(static rotation => new PercentBox(0, 0, 1, 1, rotation))]).Rotation, 1e-9);

    /// <summary>Directions as vectors: within a quarter turn of each other their sum points where the mean does, but for how far they spread.</summary>
    [Fact]
    public void Of_two_the_mean_points_between_both() => Gen.Double[0, 359].Select(Gen.Double[-80, 80]).Sample(static (first, aside) =>
    {
        double second = (first + aside + 360) % 360;
        double mean = Of([new(0, 0, 1, 1, first), new(0, 0, 1, 1, second)]).Rotation * Math.PI / 180;

        double x = Math.Cos(first * Math.PI / 180) + Math.Cos(second * Math.PI / 180);
        double y = Math.Sin(first * Math.PI / 180) + Math.Sin(second * Math.PI / 180);
        double length = Math.Sqrt((x * x) + (y * y));
        Assert.Equal((x / length, y / length), (Math.Cos(mean), Math.Sin(mean)), Near);
    });

    /// <summary>Who repeats another's box moves nothing, not even the last bit.</summary>
    [Fact]
    public void Equal_boxes_have_themselves_as_their_mean() => Gen.Double.Array[5].Select(Gen.Int[1, 7]).Sample(static (numbers, times) =>
    {
        if (numbers.All(double.IsFinite))
        {
            var box = new PercentBox(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
            Assert.Equal(box, Of([.. Enumerable.Repeat(box, times)]));
        }
    });

    private static PercentBox Of(PercentBox[] boxes)
    {
        var mean = new MeanBox(boxes[0]);
        foreach (PercentBox box in boxes.Skip(1))
        {
            mean.Add(box);
        }

        return mean.Value;
    }

    private static bool Near((double X, double Y) a, (double X, double Y) b) => Math.Abs(a.X - b.X) < 1e-9 && Math.Abs(a.Y - b.Y) < 1e-9;
}
