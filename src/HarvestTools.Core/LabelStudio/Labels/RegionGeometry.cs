using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>How far a region moved, and which members of its value that explains.</summary>
internal readonly record struct RegionMove(double? Distance, string? Unit)
{
    private static readonly string[] s_members =
    [
        .. new[] { Members.X, Members.Y, Members.Width, Members.Height, Members.Rotation, Members.Points, Members.Ranges, Members.Sequence }
            .Select(static name => $"{Members.Value}.{name}"),
    ];

    /// <param name="path">For example <c>value.ranges.end</c>.</param>
    public bool Explains(string path) => Distance is not null
        && s_members.Any(member => path == member || path.StartsWith(member + ".", StringComparison.Ordinal));
}

/// <summary>Measures how regions differ as people see them: points and corners in pixels, segments in frames.</summary>
internal static class RegionGeometry
{
    private const string Pixels = "px";
    private const string Percent = "%";
    private const string Frames = "frames";

    /// <summary>The farthest that a point, corner, end or key frame moved; no distance where nothing moved or it cannot be told.</summary>
    public static RegionMove Between(Region before, Region after)
    {
        if (before.Ranges.Count > 0 && after.Ranges.Count > 0)
        {
            return Moved(Ranges(before.Ranges, after.Ranges), Frames);
        }

        (double Width, double Height)? size = SizeOf(after) ?? SizeOf(before);
        string unit = size is null ? Percent : Pixels;
        if (before.KeyFrames.Count > 0 && after.KeyFrames.Count > 0)
        {
            return Moved(KeyFrames(before.KeyFrames, after.KeyFrames, size ?? (100, 100)), unit);
        }

        if (before.Points.Count > 0 && before.Points.Count == after.Points.Count)
        {
            return Moved(Vertices(before.Points, after.Points, size ?? (100, 100)), unit);
        }

        return Shape.Of(before) is { } left && Shape.Of(after) is { } right
            ? Moved(Corners(left, right, size ?? (100, 100)), unit)
            : default;
    }

    private static RegionMove Moved(double? distance, string unit) => distance is > 0 ? new RegionMove(distance, unit) : default;

    private static double? Ranges(List<FrameRange> before, List<FrameRange> after)
    {
        if (before.Count != after.Count)
        {
            return null;
        }

        double farthest = 0;
        for (int i = 0; i < before.Count; i++)
        {
            farthest = Math.Max(farthest, Apart(before[i].Start, after[i].Start));
            farthest = Math.Max(farthest, Apart(before[i].End, after[i].End));
        }

        return farthest;
    }

    private static double Vertices(List<double> before, List<double> after, (double Width, double Height) size)
    {
        double farthest = 0;
        for (int i = 0; i < before.Count; i += 2)
        {
            double x = (after[i] - before[i]) / 100 * size.Width;
            double y = (after[i + 1] - before[i + 1]) / 100 * size.Height;
            farthest = Math.Max(farthest, Math.Sqrt((x * x) + (y * y)));
        }

        return farthest;
    }

    /// <summary>An open end has no distance from a closed one.</summary>
    private static double Apart(long? before, long? after) =>
        before is { } old && after is { } made ? Math.Abs((double)old - made) : 0;

    /// <summary>Key frames of one number are compared; those that only one side has leave no distance of their own.</summary>
    private static double? KeyFrames(List<KeyFrame> before, List<KeyFrame> after, (double Width, double Height) size)
    {
        var old = new Dictionary<long, KeyFrame>();
        foreach (KeyFrame key in before)
        {
            old[key.Frame] = key;
        }

        if (after.Count != old.Count || after.Exists(key => !old.ContainsKey(key.Frame)))
        {
            return null;
        }

        return after.Max(key => Corners(Shape.Of(old[key.Frame]), Shape.Of(key), size));
    }

    private static double Corners(in Shape before, in Shape after, (double Width, double Height) size)
    {
        Span<PixelPoint> left = stackalloc PixelPoint[4];
        Span<PixelPoint> right = stackalloc PixelPoint[4];
        before.In(size).Corners(left);
        after.In(size).Corners(right);
        double farthest = 0;
        for (int i = 0; i < left.Length; i++)
        {
            farthest = Math.Max(farthest, left[i].DistanceTo(right[i]));
        }

        return farthest;
    }

    private static (double Width, double Height)? SizeOf(Region region) =>
        region.OriginalWidth is { } width && region.OriginalHeight is { } height ? (width, height) : null;

    /// <summary>A point or a box in percent. A point has no extent here; its width is the size of the dot.</summary>
    private readonly record struct Shape(double X, double Y, double Width, double Height, double Rotation)
    {
        public static Shape? Of(Region region) => region.X is { } x && region.Y is { } y
            ? Of(x, y, region.Width, region.Height, region.Rotation)
            : null;

        public static Shape Of(in KeyFrame key) => Of(key.X ?? 0, key.Y ?? 0, key.Width, key.Height, key.Rotation);

        public RotatedBox In((double Width, double Height) size) =>
            RotatedBox.FromPercent(X, Y, Width, Height, Rotation, size.Width, size.Height);

        private static Shape Of(double x, double y, double? width, double? height, double? rotation) =>
            new(x, y, height is null ? 0 : width ?? 0, height ?? 0, rotation ?? 0);
    }
}
