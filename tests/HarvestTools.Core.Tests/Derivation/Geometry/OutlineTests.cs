using System.Numerics;
using CsCheck;
using HarvestTools.Derivation.Geometry;

namespace HarvestTools.Tests.Derivation;

public sealed class OutlineTests
{
    private const int Steps = 400;

    private static readonly ImageSize Size = new(400, 200);
    private static readonly Gen<List<double>> Points = Gen.Double[0, 100].Array[2].List[1, 5].Select(static points => points.SelectMany(static p => p).ToList());

    /// <summary>Against an outline walked in small steps, which is never nearer and at most a step farther.</summary>
    [Fact]
    public void Outlines_are_as_far_apart_as_the_vertex_farthest_from_the_other() => Gen.Select(Points, Points, Gen.Bool, Gen.Bool).Sample(
        static (a, b, aClosed, bClosed) =>
        {
            double distance = Outline.Distance(new Outline(a, aClosed, Size), new Outline(b, bClosed, Size));

            double walked = Math.Max(Farthest(Vertices(a), Walk(b, bClosed)), Farthest(Vertices(b), Walk(a, aClosed)));
            Assert.InRange(distance, walked - (450.0 / Steps), walked + 1e-6);
        },
        iter: 60);

    [Theory]
    [InlineData("0 0 10 0 10 10 0 10", "0 5", true, 41.23)]
    [InlineData("0 0 10 0 10 10 0 10", "0 0 10 0 10 10 0 10 0 5", true, 0)]
    [InlineData("0 0 10 0 10 10 0 10", "0 0 10 0 10 10 0 10 0 5", false, 10)]
    [InlineData("0 0 50 0", "25 10", true, 101.98)]
    [InlineData("0 0", "3 8", true, 20)]
    [InlineData("20 0 80 0", "10 0 50 0", true, 120)]
    [InlineData("5 5 5 5", "5 5", true, 0)]
    public void Sides_count_between_their_ends_and_the_last_only_where_it_is_closed(string a, string b, bool closed, double expected)
    {
        var left = new Outline(Numbers(a), closed, Size);
        var right = new Outline(Numbers(b), closed, Size);
        Assert.Equal(expected, Outline.Distance(left, right), 0.01);
        Assert.Equal(Outline.Distance(left, right), Outline.Distance(right, left));
        Assert.Equal(Numbers(a).Count / 2, left.Count);
    }

    [Fact]
    public void Bounds_are_the_least_and_the_largest_of_both() => Points.Sample(static points =>
    {
        double[] x = [.. points.Where(static (_, i) => i % 2 == 0)];
        double[] y = [.. points.Where(static (_, i) => i % 2 == 1)];
        Assert.Equal(new PercentBox(x.Min(), y.Min(), x.Max() - x.Min(), y.Max() - y.Min(), 0), Outline.BoundsOf(points));
    });

    private static double Farthest(Complex[] vertices, Complex[] outline) => vertices.Max(vertex => outline.Min(point => Complex.Abs(vertex - point)));

    private static Complex[] Walk(List<double> points, bool closed)
    {
        Complex[] vertices = Vertices(points);
        Complex[] path = closed ? [.. vertices, vertices[0]] : vertices;
        return
        [
            path[0],
            .. path.Zip(path.Skip(1)).SelectMany(static side => Enumerable.Range(0, Steps + 1).Select(step => side.First + ((side.Second - side.First) * step / Steps))),
        ];
    }

    private static Complex[] Vertices(List<double> points) =>
        [.. points.Chunk(2).Select(static point => new Complex(point[0] * Size.Width / 100, point[1] * Size.Height / 100))];

    private static List<double> Numbers(string text) => [.. text.Split(' ').Select(static number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
}
