using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Matching;

/// <summary>Measures candidates against each other in pixels or frames and says whether they agree.</summary>
internal sealed class DistanceMetric(HarvestRules rules, DerivationLimits limits)
{
    private readonly TrackDistance _tracks = new();
    private readonly List<Measured> _measured = [];
    private readonly List<Outline> _outlines = [];
    private List<Candidate> _candidates = [];

    /// <summary>The size on which percents are compared where no annotator's region tells the image's.</summary>
    public ImageSize NominalSize { get; } = new(limits.UnknownImageSize, limits.UnknownImageSize);

    public double PixelLimit { get; } = rules.MinPixelAgreement + limits.RoundingNoise;

    public int FrameLimit { get; } = rules.MinFrameAgreement;

    /// <summary>Takes the candidates in <paramref name="order"/>; positions below are places in it.</summary>
    public void Begin(List<Candidate> candidates, ReadOnlySpan<int> order, MediumSizes sizes)
    {
        ReadOnlySpan<Candidate> all = CollectionsMarshal.AsSpan(candidates);
        _candidates = candidates;
        _outlines.Clear();
        CollectionsMarshal.SetCount(_measured, order.Length);
        Span<Measured> measured = CollectionsMarshal.AsSpan(_measured);
        for (int position = 0; position < measured.Length; position++)
        {
            ref readonly Candidate candidate = ref all[order[position]];
            ImageSize? own = ImageSize.Of(candidate.Region) ?? sizes.Of(candidate.Medium);
            ImageSize used = own ?? NominalSize;

            // Without references, and filled where it is kept, since most of a task's regions are here.
            ref Measured one = ref measured[position];
            one.Kind = candidate.Kind;
            one.Start = candidate.Start;
            one.End = candidate.End;
            one.Size = used;
            one.SizeKnown = own is not null;
            one.Box = candidate.Kind == RegionKind.Keypoint
                ? new BoxCorners(new PixelPoint(candidate.X / 100 * used.Width, candidate.Y / 100 * used.Height))
                : new BoxCorners(RotatedBox.FromPercent(
                    candidate.X, candidate.Y, candidate.Width, candidate.Height, candidate.Rotation, used.Width, used.Height));
            one.Candidate = order[position];
            if (candidate.Kind == RegionKind.Polygon)
            {
                one.Outline = _outlines.Count;
                _outlines.Add(new Outline(candidate.Region.Points, candidate.Region.Closed ?? true, used));
            }
        }
    }

    /// <summary>True where distances from this position are real pixels or frames.</summary>
    public bool IsMetric(int position) => At(position).SizeKnown || At(position).Kind is RegionKind.Timeline or RegionKind.Attribute;

    /// <summary>The unit of distances from this position, as details write it.</summary>
    public ReadOnlySpan<byte> Unit(int position) =>
        At(position).Kind == RegionKind.Timeline ? " frames"u8
        : At(position).SizeKnown ? "px"u8 : " thousandths of the image"u8;

    public double Measure(int a, int b, out bool agree)
    {
        ReadOnlySpan<Measured> measured = CollectionsMarshal.AsSpan(_measured);
        ref readonly Measured left = ref measured[a];
        ref readonly Measured right = ref measured[b];
        double distance;
        switch (left.Kind)
        {
            case RegionKind.Keypoint:
                distance = left.Box.Points[0].DistanceTo(right.Box.Points[0]);
                agree = distance <= PixelLimit;
                return distance;
            case RegionKind.Timeline:
                distance = Math.Max(
                    Math.Abs((double)left.Start - right.Start),
                    Math.Abs((double)left.End - right.End));
                agree = distance <= FrameLimit;
                return distance;
            case RegionKind.Attribute:
                // Choices are equal or not: there is no near.
                agree = Of(left).ValueSet == Of(right).ValueSet;
                return agree ? 0 : double.PositiveInfinity;
            case RegionKind.Polygon:
                return MeasurePolygons(left, right, out agree);
            case RegionKind.Track:
                return _tracks.Measure(
                    Of(left).Region, left.Size, Of(right).Region, right.Size, PixelLimit, FrameLimit, out agree);
            default:
                return BoxDistance.Measure(left.Box, right.Box, PixelLimit, out agree);
        }
    }

    /// <summary>
    /// Polygons agree when no vertex of either is farther from the outline of the other than the limit. Then neither are the
    /// rectangles around them, which is quick to see; what is too much to measure for a detail has the rectangles' distance.
    /// </summary>
    private double MeasurePolygons(in Measured left, in Measured right, out bool agree)
    {
        double least = BoxDistance.Measure(left.Box, right.Box, PixelLimit, out bool mayAgree);
        Outline first = _outlines[left.Outline];
        Outline second = _outlines[right.Outline];
        if (!mayAgree && (long)first.Count * second.Count > limits.PolygonCompareMax)
        {
            agree = false;
            return least;
        }

        double distance = Outline.Distance(first, second);
        agree = distance <= PixelLimit;
        return distance;
    }

    /// <summary>
    /// A place such that candidates that agree are never further apart than <see cref="Reach"/> in either direction: the
    /// point, a box's centre, or both ends of a stretch of frames.
    /// </summary>
    public (double X, double Y) Anchor(int position)
    {
        ref readonly Measured measured = ref At(position);
        if (measured.Kind is RegionKind.Timeline or RegionKind.Track)
        {
            return (measured.Start, measured.End);
        }

        if (measured.Kind == RegionKind.Attribute)
        {
            return (0, 0);
        }

        PixelPoint centre = measured.Box.Centre;
        return (centre.X, centre.Y);
    }

    public double Reach(RegionKind kind) =>
        kind is RegionKind.Timeline or RegionKind.Track ? Math.Max(FrameLimit, 1) : Math.Max(PixelLimit, 0.5);

    /// <summary>True where an anchor's distance in one direction bounds the whole distance from below.</summary>
    public static bool AnchorBounds(RegionKind kind) => kind != RegionKind.Track;

    private ref readonly Measured At(int position) => ref CollectionsMarshal.AsSpan(_measured)[position];

    private ref readonly Candidate Of(in Measured measured) => ref CollectionsMarshal.AsSpan(_candidates)[measured.Candidate];

    private struct Measured
    {
        public BoxCorners Box;
        public ImageSize Size;
        public long Start;
        public long End;
        public RegionKind Kind;
        public int Candidate;

        // Of polygons alone.
        public int Outline;
        public bool SizeKnown;
    }
}
