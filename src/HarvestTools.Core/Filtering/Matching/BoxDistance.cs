using HarvestTools.Rows;

namespace HarvestTools.Filtering.Matching;

/// <summary>How far two annotators' boxes are apart, in pixels.</summary>
internal static class BoxDistance
{
    /// <summary>
    /// The largest distance between corresponding corners, and whether the boxes agree: upright ones when no edge is
    /// further than <paramref name="limit"/> from its counterpart, others when no corner is.
    /// </summary>
    public static double Measure(in RotatedBox a, in RotatedBox b, double limit, out bool agree)
    {
        RotatedBox left = a.WithPositiveSize();
        RotatedBox right = b.WithPositiveSize();
        if (!left.IsRotated && !right.IsRotated)
        {
            double dx = Math.Abs(left.X - right.X);
            double dy = Math.Abs(left.Y - right.Y);
            double dRight = Math.Abs(left.X + left.Width - right.X - right.Width);
            double dBottom = Math.Abs(left.Y + left.Height - right.Y - right.Height);
            double sideways = Math.Max(dx, dRight);
            double upDown = Math.Max(dy, dBottom);
            agree = Math.Max(sideways, upDown) <= limit;
            return Math.Sqrt((sideways * sideways) + (upDown * upDown));
        }

        double distance = Corners(left, right, Turn(left, right));
        agree = distance <= limit;
        return distance;
    }

    /// <summary>
    /// How many corners further <paramref name="b"/> was started than <paramref name="a"/>: the same rectangle drawn from
    /// another corner has its rotation off by 90, 180 or 270 degrees.
    /// </summary>
    public static int Turn(in RotatedBox a, in RotatedBox b)
    {
        int best = 0;
        double smallest = double.PositiveInfinity;
        for (int turn = 0; turn < 4; turn++)
        {
            double distance = Corners(a, b, turn);
            if (distance < smallest)
            {
                best = turn;
                smallest = distance;
            }
        }

        return best;
    }

    private static double Corners(in RotatedBox a, in RotatedBox b, int turn)
    {
        Span<PixelPoint> left = stackalloc PixelPoint[4];
        Span<PixelPoint> right = stackalloc PixelPoint[4];
        a.Corners(left);
        b.Corners(right);
        double largest = 0;
        for (int i = 0; i < 4; i++)
        {
            largest = Math.Max(largest, left[i].DistanceTo(right[(i + turn) % 4]));
        }

        return largest;
    }
}
