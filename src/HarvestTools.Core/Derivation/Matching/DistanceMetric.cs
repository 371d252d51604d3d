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
    private readonly List<BoxCorners> _boxes = [];

    // By the place of the rectangle around it; of polygons alone.
    private readonly List<Outline?> _outlines = [];
    private List<Candidate> _candidates = [];
    private MediumSizes _sizes = new();

    /// <summary>The size on which percents are compared where no annotator's region tells the image's.</summary>
    public ImageSize NominalSize { get; } = new(limits.UnknownImageSize, limits.UnknownImageSize);

    public double PixelLimit { get; } = rules.MinPixelAgreement + limits.RoundingNoise;

    public int FrameLimit { get; } = rules.MinFrameAgreement;

    /// <summary>Takes the candidates in <paramref name="order"/>; positions below are places in it.</summary>
    public void Begin(List<Candidate> candidates, ReadOnlySpan<int> order, MediumSizes sizes)
    {
        ReadOnlySpan<Candidate> all = CollectionsMarshal.AsSpan(candidates);
        (_candidates, _sizes) = (candidates, sizes);
        _boxes.Clear();
        _outlines.Clear();
        CollectionsMarshal.SetCount(_measured, order.Length);
        Span<Measured> measured = CollectionsMarshal.AsSpan(_measured);
        for (int position = 0; position < measured.Length; position++)
        {
            ref readonly Candidate candidate = ref all[order[position]];

            // Small, without references, and filled where it is kept, since most of a task's regions are here.
            ref Measured one = ref measured[position];
            one.Candidate = order[position];
            one.Kind = candidate.Kind;
            one.SizeKnown = TryGetSize(candidate, out ImageSize size);
            switch (candidate.Kind)
            {
                case RegionKind.Keypoint:
                    one.Anchor = new PixelPoint(candidate.X / 100 * size.Width, candidate.Y / 100 * size.Height);
                    break;
                case RegionKind.Timeline or RegionKind.Track:
                    one.Anchor = new PixelPoint(candidate.Start, candidate.End);
                    break;
                case RegionKind.Attribute:
                    one.Anchor = default;
                    break;
                default:
                    one.Box = _boxes.Count;
                    _boxes.Add(new BoxCorners(RotatedBox.FromPercent(
                        candidate.X, candidate.Y, candidate.Width, candidate.Height, candidate.Rotation, size.Width, size.Height)));
                    one.Anchor = _boxes[one.Box].Centre;
                    AddOutline(candidate, size);
                    break;
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
                distance = left.Anchor.DistanceTo(right.Anchor);
                agree = distance <= PixelLimit;
                return distance;
            case RegionKind.Timeline:
                distance = Math.Max(
                    Math.Abs(left.Anchor.X - right.Anchor.X),
                    Math.Abs(left.Anchor.Y - right.Anchor.Y));
                agree = distance <= FrameLimit;
                return distance;
            case RegionKind.Attribute:
                // Choices are equal or not: there is no near.
                agree = Of(left).ValueSet == Of(right).ValueSet;
                return agree ? 0 : double.PositiveInfinity;
            case RegionKind.Polygon:
                return MeasurePolygons(left, right, out agree);
            case RegionKind.Track:
                return MeasureTracks(Of(left), Of(right), out agree);
            default:
                return MeasureBoxes(left, right, out agree);
        }
    }

    /// <summary>
    /// Polygons agree when no vertex of either is farther from the outline of the other than the limit. Then neither are the
    /// rectangles around them, which is quick to see; what is too much to measure for a detail has the rectangles' distance.
    /// </summary>
    private double MeasurePolygons(in Measured left, in Measured right, out bool agree)
    {
        double least = MeasureBoxes(left, right, out bool mayAgree);
        Outline first = _outlines[left.Box]!;
        Outline second = _outlines[right.Box]!;
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
        return (measured.Anchor.X, measured.Anchor.Y);
    }

    public double Reach(RegionKind kind) =>
        kind is RegionKind.Timeline or RegionKind.Track ? Math.Max(FrameLimit, 1) : Math.Max(PixelLimit, 0.5);

    /// <summary>True where an anchor's distance in one direction bounds the whole distance from below.</summary>
    public static bool AnchorBounds(RegionKind kind) => kind != RegionKind.Track;

    private ref readonly Measured At(int position) => ref CollectionsMarshal.AsSpan(_measured)[position];

    private ref readonly Candidate Of(in Measured measured) => ref CollectionsMarshal.AsSpan(_candidates)[measured.Candidate];

    private double MeasureBoxes(in Measured left, in Measured right, out bool agree)
    {
        ReadOnlySpan<BoxCorners> boxes = CollectionsMarshal.AsSpan(_boxes);
        return BoxDistance.Measure(boxes[left.Box], boxes[right.Box], PixelLimit, out agree);
    }

    private double MeasureTracks(in Candidate left, in Candidate right, out bool agree)
    {
        _ = TryGetSize(left, out ImageSize leftSize);
        _ = TryGetSize(right, out ImageSize rightSize);
        return _tracks.Measure(left.Region, leftSize, right.Region, rightSize, PixelLimit, FrameLimit, out agree);
    }

    /// <summary>The size of the image that a candidate is on; false where it is not known, and then the nominal one.</summary>
    private bool TryGetSize(in Candidate candidate, out ImageSize size)
    {
        ImageSize? known = ImageSize.Of(candidate.Region) ?? _sizes.Of(candidate.Medium);
        size = known ?? NominalSize;
        return known is not null;
    }

    private void AddOutline(in Candidate candidate, ImageSize size)
    {
        if (candidate.Kind == RegionKind.Polygon)
        {
            CollectionsMarshal.SetCount(_outlines, _boxes.Count);
            _outlines[^1] = new Outline(candidate.Region.Points, candidate.Region.Closed ?? true, size);
        }
    }

    private struct Measured
    {
        // The point, a box's centre, or both ends of a stretch of frames.
        public PixelPoint Anchor;
        public int Candidate;
        public int Box;
        public RegionKind Kind;
        public bool SizeKnown;
    }
}
