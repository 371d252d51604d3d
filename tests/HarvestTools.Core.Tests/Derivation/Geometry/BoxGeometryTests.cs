using System.Numerics;
using CsCheck;
using HarvestTools.Derivation.Geometry;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Corners, distances and means of boxes against the same said in complex numbers: a turn is a multiplication, and
/// corners are compared as sets.
/// </summary>
public sealed class BoxGeometryTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<double> Place = Gen.Double[-200, 1200];
    private static readonly Gen<double> Side = Gen.OneOf(Gen.Double[1, 300], Gen.Double[-300, -1]);
    private static readonly Gen<double> Angle = Gen.OneOf((IGen<double>)Gen.OneOf(0.0, 90, 180, 270, 360, -360, 720, -90), Gen.Double[-400, 400]);
    private static readonly Gen<RotatedBox> AnyBox =
        Gen.Select(Place, Place, Side, Side, Angle, static (x, y, width, height, rotation) => new RotatedBox(x, y, width, height, rotation));

    [Fact]
    public void Corners_go_clockwise_from_the_top_left_one_about_which_the_box_is_turned() => AnyBox.Sample(static box =>
    {
        Complex turn = Complex.FromPolarCoordinates(1, box.Rotation * Math.PI / 180);
        var first = new Complex(box.X, box.Y);
        Complex[] expected =
        [
            first, first + (box.Width * turn), first + (new Complex(box.Width, box.Height) * turn), first + (new Complex(0, box.Height) * turn),
        ];
        AssertNear(expected, Corners(box));
    });

    [Theory]
    [InlineData(0, false)]
    [InlineData(360, false)]
    [InlineData(-720, false)]
    [InlineData(359.5, true)]
    [InlineData(90, true)]
    [InlineData(-1, true)]
    public void Whole_turns_are_none(double rotation, bool rotated)
    {
        var box = new RotatedBox(10, 20, 30, 40, rotation);
        Assert.Equal((rotated, rotated), (box.IsRotated, new BoxCorners(box).IsRotated));
        if (!rotated)
        {
            // Exactly, which the sine of a whole turn is not.
            Assert.Equal([new(10, 20), new(40, 20), new(40, 60), new(10, 60)], Corners(box).Select(static c => new PixelPoint(c.Real, c.Imaginary)));
        }
    }

    [Fact]
    public void Percents_are_of_the_width_and_of_the_height() => Assert.Equal(
        new RotatedBox(100, 150, 300, 200, 30), RotatedBox.FromPercent(10, 30, 30, 40, 30, imageWidth: 1000, imageHeight: 500));

    [Fact]
    public void A_box_drawn_backwards_is_the_same_with_a_size_that_is_not_negative() => AnyBox.Sample(static box =>
    {
        RotatedBox positive = box.WithPositiveSize();
        Assert.Equal((Math.Abs(box.Width), Math.Abs(box.Height), box.Rotation), (positive.Width, positive.Height, positive.Rotation));
        AssertSame(Corners(box), Corners(positive));

        // And back again.
        RotatedBox back = positive.WithSigns(box.Width < 0, box.Height < 0);
        Assert.Equal((box.Width, box.Height), (back.Width, back.Height));
        AssertNear(Corners(box), Corners(back));
    });

    [Fact]
    public void Begun_at_another_corner_it_has_the_same_corners_in_turn() => AnyBox.Sample(static box =>
    {
        RotatedBox positive = box.WithPositiveSize();
        Complex[] corners = Corners(positive);
        for (int turn = 0; turn < 4; turn++)
        {
            RotatedBox begun = positive.StartedAt(turn);
            AssertNear([.. corners[turn..], .. corners[..turn]], Corners(begun));
            Assert.Equal(positive.Rotation + (90 * turn), begun.Rotation);
        }
    });

    [Fact]
    public void The_centre_is_the_mean_of_the_corners() => AnyBox.Sample(static box =>
    {
        PixelPoint centre = new BoxCorners(box).Centre;
        AssertNear([Corners(box).Aggregate(static (a, b) => a + b) / 4], [new Complex(centre.X, centre.Y)]);
    });

    [Fact]
    public void Upright_boxes_are_as_far_apart_as_their_edges() => Gen.Select(Place, Place, Side, Side).Array[2].Sample(static boxes =>
    {
        double[] Sides((double X, double Y, double Width, double Height) box) =>
            [Math.Min(box.X, box.X + box.Width), Math.Max(box.X, box.X + box.Width), Math.Min(box.Y, box.Y + box.Height), Math.Max(box.Y, box.Y + box.Height)];

        double[] apart = [.. Sides(boxes[0]).Zip(Sides(boxes[1]), static (a, b) => Math.Abs(a - b))];
        BoxCorners[] corners = [.. boxes.Select(static box => new BoxCorners(new RotatedBox(box.Item1, box.Item2, box.Item3, box.Item4, 0)))];

        double distance = BoxDistance.Measure(corners[0], corners[1], apart.Max() + Tolerance, out bool within);
        Assert.Equal(Math.Sqrt(Math.Pow(Math.Max(apart[0], apart[1]), 2) + Math.Pow(Math.Max(apart[2], apart[3]), 2)), distance, Tolerance);
        Assert.Equal(distance, BoxDistance.Measure(corners[1], corners[0], apart.Max() - Tolerance, out bool beyond), Tolerance);
        Assert.Equal((true, false), (within, beyond));
    });

    [Fact]
    public void Turned_boxes_are_as_far_apart_as_their_farthest_corners_begun_where_that_is_least() => Gen.Select(AnyBox, Angle, Gen.Double[-40, 40], Gen.Int[0, 3]).Sample(
        static (box, angle, aside, turn) =>
        {
            // A box of its own, or nearly the first one begun at another corner.
            RotatedBox other = turn == 0
                ? box with { X = box.X + aside, Rotation = angle }
                : box.WithPositiveSize().StartedAt(turn) with { X = box.X + aside };
            if (!box.IsRotated && !other.IsRotated)
            {
                return;
            }

            Complex[] left = Corners(box.WithPositiveSize());
            Complex[] right = Corners(other.WithPositiveSize());
            double[] farthest = [.. Enumerable.Range(0, 4).Select(begun => Enumerable.Range(0, 4).Max(i => Complex.Abs(left[i] - right[(i + begun) % 4])))];

            double distance = BoxDistance.Measure(new BoxCorners(box), new BoxCorners(other), farthest.Min() + Tolerance, out bool within);
            Assert.Equal(farthest.Min(), distance, Tolerance);
            BoxDistance.Measure(new BoxCorners(box), new BoxCorners(other), farthest.Min() - Tolerance, out bool beyond);
            Assert.Equal((true, false), (within, beyond));
            Assert.Equal(farthest.Min(), farthest[BoxDistance.Turn(new BoxCorners(box), new BoxCorners(other), out _)], Tolerance);
        });

    /// <summary>To the last digit, also of boxes as large as numbers go.</summary>
    [Fact]
    public void Boxes_that_are_measured_once_are_as_far_apart()
    {
        Gen<double> size = Gen.OneOf((IGen<double>)Side, Gen.OneOf(0.0, double.MaxValue, double.PositiveInfinity));
        Gen<RotatedBox> any = Gen.Select(Place, Place, size, size, Angle, static (x, y, width, height, rotation) => new RotatedBox(x, y, width, height, rotation));
        Gen.Select(any, any, Gen.Double[0, 900]).Sample(static (a, b, limit) =>
        {
            double expected = BoxDistance.Measure(new BoxCorners(a), new BoxCorners(b), limit, out bool agree);
            Assert.Equal(expected, BoxDistance.MeasureOnce(a, b, limit, out bool once));
            Assert.Equal(agree, once);
        });
    }

    [Fact]
    public void The_limit_itself_agrees()
    {
        Assert.Equal((true, true), (Agree(0, 0), Agree(30, 30)));

        // One turned box is enough for a comparison by corners: 3 px along and 4 px down are 5 px.
        BoxDistance.Measure(new(new RotatedBox(0, 0, 10, 10, 0)), new(new RotatedBox(3, 4, 10, 10, 360)), 4, out bool byEdges);
        BoxDistance.Measure(new(new RotatedBox(0, 0, 10, 10, 30)), new(new RotatedBox(3, 4, 10, 10, 30)), 4, out bool byCorners);
        Assert.Equal((true, false), (byEdges, byCorners));

        static bool Agree(double rotation, double other)
        {
            BoxDistance.Measure(new(new RotatedBox(0, 0, 10, 10, rotation)), new(new RotatedBox(4, 0, 10, 10, other)), 4, out bool agree);
            return agree;
        }
    }

    [Fact]
    public void Drawn_as_another_a_box_stays_where_it_is_and_its_corners_go_with_the_others()
    {
        var size = new ImageSize(1000, 500);
        Gen.Select(AnyBox, Side, Side, Gen.Int[0, 3], Gen.Double[-3, 3]).Sample((box, width, height, turn, aside) =>
        {
            RotatedBox lead = box.WithPositiveSize().WithSigns(width < 0, height < 0);
            RotatedBox other = box.WithPositiveSize().StartedAt(turn);
            other = (other with { X = other.X + aside }).WithSigns(height < 0, width < 0);

            PercentBox drawn = Percent(other).DrawnAs(Percent(lead), size);
            RotatedBox pixels = RotatedBox.FromPercent(drawn.X, drawn.Y, drawn.Width, drawn.Height, drawn.Rotation, size.Width, size.Height);

            AssertSame(Corners(other), Corners(pixels));
            Assert.Equal(FarthestApart(lead, other), Corners(lead).Zip(Corners(pixels), static (a, b) => Complex.Abs(a - b)).Max(), Tolerance);
        });

        static double FarthestApart(RotatedBox a, RotatedBox b) => Enumerable.Range(0, 4).Min(turn => Enumerable.Range(0, 4)
            .Max(i => Complex.Abs(Corners(a.WithPositiveSize())[i] - Corners(b.WithPositiveSize())[(i + turn) % 4])));
        PercentBox Percent(RotatedBox box) => new(
            box.X / size.Width * 100, box.Y / size.Height * 100, box.Width / size.Width * 100, box.Height / size.Height * 100, box.Rotation);
    }

    [Fact]
    public void A_box_that_need_not_be_turned_keeps_its_numbers()
    {
        var lead = new PercentBox(1.1, 2.2, 3.3, 4.4, 30);
        PercentBox[] same = [lead, lead with { X = 1.2, Rotation = 31 }];
        Assert.All(same, box => Assert.Equal(box, box.DrawnAs(lead, new ImageSize(997, 499))));

        // Without a size a percent of the width has no length in percents of the height.
        var begun = new PercentBox(5, 5, 4, 3, 120);
        Assert.Equal(begun, begun.DrawnAs(lead, null));
        Assert.NotEqual(begun, begun.DrawnAs(lead, new ImageSize(997, 499)));
    }

    private static Complex[] Corners(RotatedBox box)
    {
        var corners = new PixelPoint[4];
        box.Corners(corners);
        return [.. corners.Select(static corner => new Complex(corner.X, corner.Y))];
    }

    private static void AssertNear(Complex[] expected, Complex[] found) =>
        Assert.All(expected.Zip(found), static pair => Assert.Equal(0, Complex.Abs(pair.First - pair.Second), Tolerance));

    private static void AssertSame(Complex[] expected, Complex[] found) => Assert.All(
        expected, corner => Assert.Contains(found, other => Complex.Abs(corner - other) < Tolerance));
}
