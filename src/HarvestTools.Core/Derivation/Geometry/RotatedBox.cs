using System.Runtime.CompilerServices;

namespace HarvestTools.Derivation.Geometry;

/// <summary>A point in pixels; y points down.</summary>
internal readonly record struct PixelPoint(double X, double Y)
{
    public double DistanceTo(PixelPoint other)
    {
        double dx = X - other.X;
        double dy = Y - other.Y;
        return Math.Sqrt((dx * dx) + (dy * dy));
    }
}

/// <summary>
/// A rectangle in pixels as Label Studio means it: turned clockwise by <paramref name="Rotation"/> degrees about its
/// own top-left corner (<paramref name="X"/>, <paramref name="Y"/>). The turn must happen in pixels: in percent of a
/// non-square image it would shear the rectangle.
/// </summary>
internal readonly record struct RotatedBox(double X, double Y, double Width, double Height, double Rotation)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RotatedBox FromPercent(
        double x, double y, double width, double height, double rotation, double imageWidth, double imageHeight) =>
        new(x / 100 * imageWidth, y / 100 * imageHeight, width / 100 * imageWidth, height / 100 * imageHeight, rotation);

    /// <summary>False for 0, which most have and which needs no division, and for 360 and its like, where edges are upright.</summary>
    public bool IsRotated
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Rotation != 0 && Rotation % 360 != 0;
    }

    /// <summary>Whether neither its width nor its height is negative.</summary>
    public bool HasPositiveSize => !(Width < 0) && !(Height < 0);

    /// <summary>The corner opposite to its own top-left one where it is not rotated.</summary>
    // As Corners has it: a size that is infinite gives no number there too.
    public PixelPoint UprightOpposite => new(X + Width - (Height * 0), Y + (Width * 0) + Height);

    /// <summary>Its own top-left, top-right, bottom-right and bottom-left corner, in this order.</summary>
    public void Corners(Span<PixelPoint> corners)
    {
        (double sin, double cos) = IsRotated ? Math.SinCos(Rotation / 180 * Math.PI) : (0, 1);
        corners[3] = new PixelPoint(X - (Height * sin), Y + (Height * cos));
        corners[0] = new PixelPoint(X, Y);
        corners[1] = new PixelPoint(X + (Width * cos), Y + (Width * sin));
        corners[2] = new PixelPoint(X + (Width * cos) - (Height * sin), Y + (Width * sin) + (Height * cos));
    }

    /// <summary>
    /// The same rectangle with a width and height that are not negative; a box dragged to the left or upward can have
    /// been stored with negative ones.
    /// </summary>
    public RotatedBox WithPositiveSize()
    {
        if (HasPositiveSize)
        {
            return this;
        }

        Span<PixelPoint> corners = stackalloc PixelPoint[4];
        Corners(corners);
        PixelPoint origin = corners[(Width < 0, Height < 0) switch { (true, true) => 2, (true, false) => 1, _ => 3 }];
        return this with { X = origin.X, Y = origin.Y, Width = Math.Abs(Width), Height = Math.Abs(Height) };
    }

    /// <summary>The same rectangle begun <paramref name="corners"/> corners further clockwise, for a positive size.</summary>
    public RotatedBox StartedAt(int corners)
    {
        if (corners == 0)
        {
            return this;
        }

        Span<PixelPoint> points = stackalloc PixelPoint[4];
        Corners(points);
        bool swapped = corners % 2 == 1;
        return new RotatedBox(
            points[corners].X, points[corners].Y, swapped ? Height : Width, swapped ? Width : Height, Rotation + (90 * corners));
    }

    /// <summary>The same rectangle with a negative width or height, for a positive size.</summary>
    public RotatedBox WithSigns(bool negativeWidth, bool negativeHeight)
    {
        if (!negativeWidth && !negativeHeight)
        {
            return this;
        }

        Span<PixelPoint> corners = stackalloc PixelPoint[4];
        Corners(corners);
        PixelPoint origin = corners[(negativeWidth, negativeHeight) switch { (true, true) => 2, (true, false) => 1, _ => 3 }];
        return this with
        {
            X = origin.X,
            Y = origin.Y,
            Width = negativeWidth ? -Width : Width,
            Height = negativeHeight ? -Height : Height,
        };
    }
}
