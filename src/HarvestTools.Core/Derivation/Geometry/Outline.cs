namespace HarvestTools.Derivation.Geometry;

/// <summary>A polygon's outline in pixels: its vertices, and the sides between them, the last of which closes it where it is closed.</summary>
/// <param name="points">x0, y0, x1, y1, … in percent; at least one vertex.</param>
/// <param name="closed">Whether the last vertex is joined with the first.</param>
/// <param name="size">Of the image.</param>
internal sealed class Outline(List<double> points, bool closed, ImageSize size)
{
    private readonly PixelPoint[] _vertices = Vertices(points, size);

    /// <summary>How many vertices it has.</summary>
    public int Count => _vertices.Length;

    /// <summary>The upright rectangle around the vertices, as left, top, width and height in percent.</summary>
    public static PercentBox BoundsOf(List<double> points)
    {
        (double left, double top, double right, double bottom) = (points[0], points[1], points[0], points[1]);
        for (int i = 2; i < points.Count; i += 2)
        {
            left = Math.Min(left, points[i]);
            right = Math.Max(right, points[i]);
            top = Math.Min(top, points[i + 1]);
            bottom = Math.Max(bottom, points[i + 1]);
        }

        return new PercentBox(left, top, right - left, bottom - top, 0);
    }

    /// <summary>The farthest that a vertex of either is from the outline of the other, in pixels.</summary>
    public static double Distance(Outline a, Outline b) => Math.Max(a.FarthestFrom(b), b.FarthestFrom(a));

    private static PixelPoint[] Vertices(List<double> points, ImageSize size)
    {
        var vertices = new PixelPoint[points.Count / 2];
        for (int i = 0; i < vertices.Length; i++)
        {
            vertices[i] = new PixelPoint(points[2 * i] / 100 * size.Width, points[(2 * i) + 1] / 100 * size.Height);
        }

        return vertices;
    }

    private double FarthestFrom(Outline other)
    {
        double farthest = 0;
        foreach (PixelPoint vertex in _vertices)
        {
            farthest = Math.Max(farthest, other.SquaredDistanceTo(vertex));
        }

        return Math.Sqrt(farthest);
    }

    private double SquaredDistanceTo(PixelPoint point)
    {
        double nearest = double.PositiveInfinity;
        int sides = closed && _vertices.Length > 1 ? _vertices.Length : _vertices.Length - 1;
        for (int i = 0; i < Math.Max(sides, 1); i++)
        {
            nearest = Math.Min(nearest, SquaredDistance(point, _vertices[i], _vertices[(i + 1) % _vertices.Length]));
        }

        return nearest;
    }

    private static double SquaredDistance(PixelPoint point, PixelPoint start, PixelPoint end)
    {
        double dx = end.X - start.X;
        double dy = end.Y - start.Y;
        double length = (dx * dx) + (dy * dy);
        double along = length > 0 ? Math.Clamp((((point.X - start.X) * dx) + ((point.Y - start.Y) * dy)) / length, 0, 1) : 0;
        double x = start.X + (along * dx) - point.X;
        double y = start.Y + (along * dy) - point.Y;
        return (x * x) + (y * y);
    }
}
