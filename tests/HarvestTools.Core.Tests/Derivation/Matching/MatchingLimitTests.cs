using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>What crowds, sizes and limits do to a match, case by case.</summary>
public sealed class MatchingLimitTests
{
    private static readonly DerivationLimits Limits = DerivationVersion.Current.Limits;

    /// <summary>However few neighbours of each are kept: the n-th of one goes with the n-th of the other.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(0)]
    public void A_pile_of_equal_points_pairs_off(int compareAll)
    {
        Agreement agreement = Match(Limits with { CompareAllUpTo = compareAll, CrowdNearest = 1, CrowdLook = 6 }, [.. Enumerable.Range(0, 40).Select(static i => Point(i % 2, 50, 50))]);
        Assert.All(Enumerable.Range(0, 40), position => Assert.Equal(Verdict.Agreed, agreement.VerdictOf(position)));
        Assert.Equal(20, Enumerable.Range(0, 40).Count(agreement.IsLead));
    }

    /// <summary>Each may need as many neighbours as there are annotations, twice.</summary>
    [Fact]
    public void Of_a_crowd_as_many_neighbours_are_kept_as_can_be_needed()
    {
        // The first is near to four of the second, which have partners of their own that are nearer, and to one that has none.
        Candidate[] points = [Point(0, 10, 10), .. Enumerable.Range(0, 4).SelectMany(static i => new[] { Point(1, 10.1 + (i * 0.01), 10), Point(0, 10.1 + (i * 0.01), 10.01) }), Point(1, 10.4, 10)];
        Assert.Equal(5, Groups(Limits with { CrowdNearest = 5 }, points));
        Assert.Equal(5, Groups(Limits, points));
        Assert.Equal(4, Groups(Limits with { CrowdNearest = 1 }, points));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(0)]
    public void The_limit_itself_agrees(int compareAll)
    {
        // 3 and 4 px are 5, and 5 px to the side or down.
        DerivationLimits exact = Limits with { RoundingNoise = 0, CompareAllUpTo = compareAll };
        foreach ((double x, double y) in new[] { (3.0, 4.0), (5, 0), (0, 5) })
        {
            Candidate[] points = [Point(0, 0, 0, size: 100), Point(1, x, y, size: 100)];
            Assert.Equal(1, Groups(exact, points));
            Assert.Equal(1, Groups(exact, [.. points.Select(static point => Polygon(point.Annotation, point.X, point.Y))]));
            Assert.Equal(0, Groups(exact with { RoundingNoise = -1e-9 }, points));
        }
    }

    [Fact]
    public void Each_region_is_measured_on_the_size_that_it_has_itself()
    {
        Candidate wide = Point(0, 10, 10);
        (wide.Region.OriginalWidth, wide.Region.OriginalHeight) = (1000, 500);
        Candidate high = Point(1, 20, 5);
        (high.Region.OriginalWidth, high.Region.OriginalHeight) = (500, 1000);
        Agreement agreement = Match(Limits, [wide, high]);
        Assert.Equal((2, 0.0), agreement.Summary(0));
        Assert.Equal([new ImageSize(500, 1000), new ImageSize(1000, 500)], agreement.SizesOf(0).ToArray());
        Assert.Equal(1, agreement.SizeConflicts);
    }

    [Fact]
    public void An_open_outline_has_no_last_side()
    {
        Candidate path = Polygon(0, 0, 0, 10, 0, 10, 10, 0, 10);
        Candidate other = Polygon(1, 0, 0, 10, 0, 10, 10, 0, 10, 0, 5);
        Assert.Equal(1, Groups(Limits, [path, other]));
        path.Region.Closed = false;
        Assert.Equal(0, Groups(Limits with { RoundingNoise = -1 }, [path, other]));
        path.Region.Closed = true;
        Assert.Equal(1, Groups(Limits with { RoundingNoise = -1 }, [path, other]));
    }

    /// <summary>Of polygons that are too much to measure the detail has the distance of the rectangles around them; near ones are measured all the same.</summary>
    [Theory]
    [InlineData(9, true)]
    [InlineData(8, false)]
    public void Far_polygons_of_many_vertices_have_the_distance_of_their_rectangles(int most, bool measured)
    {
        DerivationLimits limits = Limits with { PolygonCompareMax = most };
        Agreement agreement = Match(limits, [Polygon(0, 0, 0, 10, 0, 5, 8), Polygon(1, 18, 13, 23, 21, 13, 21)]);
        Assert.Equal(Verdict.Disagreed, agreement.VerdictOf(0));
        double rectangles = Math.Sqrt(2 * 13 * 13);
        double outlines = Outline.Distance(new([0, 0, 10, 0, 5, 8], true, new(100, 100)), new([18, 13, 23, 21, 13, 21], true, new(100, 100)));
        Assert.NotEqual(rectangles, outlines, 0.01);
        Assert.Equal(measured ? outlines : rectangles, agreement.NearestOf(0)!.Value, 0.001);
        Assert.Equal(1, Groups(limits, [Polygon(0, 0, 0, 10, 0, 5, 8), Polygon(1, 1, 1, 11, 1, 6, 9)]));
    }

    [Theory]
    [InlineData(3, 25)]
    [InlineData(2, 28.28)]
    [InlineData(1, 500)]
    public void The_distance_to_the_nearest_looks_at_so_many_and_not_more(int look, double nearest)
    {
        // By their places along the image the first is 500 px below, the next 20 px to the left and as much below, the last 25 px to the right.
        Agreement agreement = Match(Limits with { NearestOtherLook = look }, [Point(0, 50, 0), Point(1, 50.1, 50), Point(1, 48, 2), Point(1, 52.5, 0)]);
        Assert.Equal(nearest, agreement.NearestOf(0)!.Value, 0.01);
    }

    /// <summary>Two tracks can begin far apart and be near where both are seen.</summary>
    [Fact]
    public void The_nearest_track_is_found_wherever_it_begins()
    {
        var task = new TaskBuilder();
        task.By(1).Track("a", "cup", 100, [AnnotationBuilder.Key(1, 10, 10)], Sized);
        task.By(2).Track("b", "cup", 100, [AnnotationBuilder.Key(2, 11, 10)], Sized).Track("c", "cup", 100, [AnnotationBuilder.Key(60, 10.6, 10)], Sized);
        Assert.Contains(" nearest=6px", Assert.Single(task.Derive().Rejected, static row => row.RegionId.Is("a"u8)).Detail.ToString(), StringComparison.Ordinal);

        static void Sized(Region region) => (region.OriginalWidth, region.OriginalHeight) = (1000, 500);
    }

    [Theory]
    [InlineData(100.0, (int)RegionKind.Keypoint, "px", true)]
    [InlineData(null, (int)RegionKind.Keypoint, " thousandths of the image", false)]
    [InlineData(null, (int)RegionKind.Timeline, " frames", true)]
    [InlineData(100.0, (int)RegionKind.Timeline, " frames", true)]
    public void Distances_are_in_pixels_or_frames_or_parts_of_the_image(double? size, int kind, string unit, bool known)
    {
        Candidate[] points = [Point(0, 1, 1, size, (RegionKind)kind), Point(1, 1, 1, size, (RegionKind)kind)];
        Agreement agreement = Match(Limits, points);
        Assert.Equal(unit, System.Text.Encoding.UTF8.GetString(agreement.UnitOf(0)));
        Assert.Equal(known ? 0.0 : null, agreement.Summary(0).Distance);
    }

    private static int Groups(DerivationLimits limits, Candidate[] candidates)
    {
        Agreement agreement = Match(limits, candidates);
        return Enumerable.Range(0, candidates.Length).Count(position => agreement.IsLead(position) && agreement.VerdictOf(position) == Verdict.Agreed);
    }

    private static Agreement Match(DerivationLimits limits, Candidate[] candidates)
    {
        List<Annotation> annotations = [new() { Id = 1, AnnotatorId = 1 }, new() { Id = 2, AnnotatorId = 2 }];
        var agreement = new Agreement(HarvestRules.Default, limits);
        agreement.Begin(annotations);
        agreement.Match(annotations, [.. candidates]);
        return agreement;
    }

    private static Candidate Point(int annotation, double x, double y, double? size = 1000, RegionKind kind = RegionKind.Keypoint) => new()
    {
        Annotation = annotation,
        Region = new Region { Kind = kind, OriginalWidth = size, OriginalHeight = size },
        Kind = kind,
        Label = Utf8Text.From("cell"),
        X = x,
        Y = y,
    };

    private static Candidate Polygon(int annotation, params double[] points)
    {
        Candidate candidate = Point(annotation, 0, 0, 100, RegionKind.Polygon);
        candidate.Region.Points.AddRange(points);
        PercentBox bounds = Outline.BoundsOf([.. points]);
        (candidate.X, candidate.Y, candidate.Width, candidate.Height) = (bounds.X, bounds.Y, bounds.Width, bounds.Height);
        return candidate;
    }
}
