using System.Runtime.CompilerServices;

namespace HarvestTools.Derivation.Geometry;

/// <summary>How far two annotators' boxes are apart, in pixels.</summary>
internal static class BoxDistance
{
    /// <summary>The same of boxes that are measured once, of which mostly two corners each suffice.</summary>
    /// <inheritdoc cref="Measure(in BoxCorners, in BoxCorners, double, out bool)"/>
    public static double MeasureOnce(in RotatedBox a, in RotatedBox b, double limit, out bool agree) =>
        a.HasPositiveSize && b.HasPositiveSize && !a.IsRotated && !b.IsRotated
            ? Measure(new PixelPoint(a.X, a.Y), a.UprightOpposite, new PixelPoint(b.X, b.Y), b.UprightOpposite, limit, out agree)
            : Measure(new BoxCorners(a), new BoxCorners(b), limit, out agree);

    /// <summary>
    /// The largest distance between corresponding corners, and whether the boxes agree: upright ones when no edge is
    /// further than <paramref name="limit"/> from its counterpart, others when no corner is.
    /// </summary>
    public static double Measure(in BoxCorners a, in BoxCorners b, double limit, out bool agree)
    {
        if (!a.IsRotated && !b.IsRotated)
        {
            return Measure(a.Points[0], a.Points[2], b.Points[0], b.Points[2], limit, out agree);
        }

        Turn(a, b, out double distance);
        agree = distance <= limit;
        return distance;
    }

    /// <summary>Upright boxes by two opposite corners each.</summary>
    private static double Measure(PixelPoint a, PixelPoint aOpposite, PixelPoint b, PixelPoint bOpposite, double limit, out bool agree)
    {
        double sideways = Math.Max(Math.Abs(a.X - b.X), Math.Abs(aOpposite.X - bOpposite.X));
        double upDown = Math.Max(Math.Abs(a.Y - b.Y), Math.Abs(aOpposite.Y - bOpposite.Y));
        agree = Math.Max(sideways, upDown) <= limit;
        return Math.Sqrt((sideways * sideways) + (upDown * upDown));
    }

    /// <summary>
    /// How many corners further <paramref name="b"/> was begun than <paramref name="a"/>: the same rectangle drawn from
    /// another corner has its rotation off by 90, 180 or 270 degrees.
    /// </summary>
    public static int Turn(in BoxCorners a, in BoxCorners b, out double distance)
    {
        int best = 0;
        double smallest = double.PositiveInfinity;
        for (int turn = 0; turn < 4; turn++)
        {
            double largest = 0;
            for (int i = 0; i < 4 && largest < smallest; i++)
            {
                PixelPoint left = a.Points[i];
                PixelPoint right = b.Points[(i + turn) & 3];
                double dx = left.X - right.X;
                double dy = left.Y - right.Y;
                largest = Math.Max(largest, (dx * dx) + (dy * dy));
            }

            if (largest < smallest)
            {
                best = turn;
                smallest = largest;
            }
        }

        distance = Math.Sqrt(smallest);
        return best;
    }
}

/// <summary>A box's corners, worked out once and measured often; a negative width or height is turned positive.</summary>
internal readonly struct BoxCorners
{
    /// <summary>Top-left, top-right, bottom-right and bottom-left. A field, since a property would copy all four for a look at one.</summary>
    public readonly FourPoints Points;

    public BoxCorners(in RotatedBox box)
    {
        RotatedBox positive = box.HasPositiveSize ? box : box.WithPositiveSize();
        IsRotated = positive.IsRotated;
        positive.Corners(Points);
    }

    public bool IsRotated { get; }

    public PixelPoint Centre => new((Points[0].X + Points[2].X) / 2, (Points[0].Y + Points[2].Y) / 2);
}

[InlineArray(4)]
internal struct FourPoints
{
    private PixelPoint _first;
}
