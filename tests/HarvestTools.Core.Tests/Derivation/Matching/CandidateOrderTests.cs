using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Regions and annotations are in an order of what they say, so that no order of a file decides a tie.</summary>
public sealed class CandidateOrderTests
{
    private delegate void Change(ref Candidate candidate);

    // In the order in which they count; each makes a region come later than one without it.
    private static readonly Change[] Fields =
    [
        static (ref Candidate c) => c.Label = Utf8Text.From("z"),
        static (ref Candidate c) => c.Region.Id = Utf8Text.From("z"),
        static (ref Candidate c) => c.X = 9,
        static (ref Candidate c) => c.Y = 9,
        static (ref Candidate c) => c.Width = 9,
        static (ref Candidate c) => c.Height = 9,
        static (ref Candidate c) => c.Rotation = 9,
        static (ref Candidate c) => c.Start = 9,
        static (ref Candidate c) => c.End = 9,
        static (ref Candidate c) => c.Region.ParentId = Utf8Text.From("z"),
        static (ref Candidate c) => c.Region.Origin = Utf8Text.From("z"),
        static (ref Candidate c) => c.Control = Utf8Text.From("z"),
        static (ref Candidate c) => c.Region.FromName = Utf8Text.From("z"),
        static (ref Candidate c) => c.Region.ToName = Utf8Text.From("z"),
        static (ref Candidate c) => c.Region.ItemIndex = 9,
        static (ref Candidate c) => c.Region.OriginalWidth = 9,
        static (ref Candidate c) => c.Region.OriginalHeight = 9,
        static (ref Candidate c) => c.Attributes = Utf8Text.From("z"),
        static (ref Candidate c) => c.Value = Utf8Text.From("z"),
    ];

    private static readonly Change[] OfTracks =
    [
        .. Fields,
        static (ref Candidate c) => c.Region.FramesCount = 9,
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { Frame = 9 },
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { Enabled = true },
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { X = 9 },
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { Y = 9 },
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { Width = 9 },
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { Height = 9 },
        static (ref Candidate c) => c.Region.KeyFrames[0] = c.Region.KeyFrames[0] with { Rotation = 9 },
        static (ref Candidate c) => c.Region.KeyFrames[1] = c.Region.KeyFrames[1] with { X = 9 },
        static (ref Candidate c) => c.Region.KeyFrames.Add(c.Region.KeyFrames[1]),
    ];

    private static readonly Change[] OfPolygons =
    [
        .. Fields,
        static (ref Candidate c) => c.Region.Points[0] = 9,
        static (ref Candidate c) => c.Region.Points[1] = 9,
        static (ref Candidate c) => c.Region.Points.Add(9),
        static (ref Candidate c) => c.Region.Closed = true,
    ];

    [Theory]
    [InlineData((int)RegionKind.Keypoint)]
    [InlineData((int)RegionKind.Track)]
    [InlineData((int)RegionKind.Polygon)]
    public void Each_thing_that_is_said_decides_before_the_next(int kind)
    {
        Change[] fields = (RegionKind)kind switch { RegionKind.Track => OfTracks, RegionKind.Polygon => OfPolygons, _ => Fields };
        Assert.Equal(0, CandidateOrder.CompareContent(Of(kind), Of(kind)));
        for (int i = 0; i < fields.Length; i++)
        {
            Assert.Equal(1, Math.Sign(CandidateOrder.CompareContent(Of(kind, fields[i]), Of(kind))));
            Assert.Equal(-1, Math.Sign(CandidateOrder.CompareContent(Of(kind), Of(kind, fields[i]))));
            for (int j = i + 1; j < fields.Length; j++)
            {
                Assert.Equal(1, Math.Sign(CandidateOrder.CompareContent(Of(kind, fields[i]), Of(kind, fields[j]))));
                Assert.Equal(-1, Math.Sign(CandidateOrder.CompareContent(Of(kind, fields[j]), Of(kind, fields[i]))));
            }
        }

        // The kind comes before all.
        Assert.Equal(1, Math.Sign(CandidateOrder.CompareContent(Of(kind + 1), Of(kind, fields[0]))));
    }

    [Fact]
    public void Annotations_are_ranked_by_id_then_by_person_then_by_what_is_in_them()
    {
        (Annotation Annotation, double[] Regions)[] ordered =
        [
            (new() { Id = null, AnnotatorId = 9 }, [9]),
            (new() { Id = 1, AnnotatorId = null }, [9]),
            (new() { Id = 1, AnnotatorId = 3 }, []),
            (new() { Id = 1, AnnotatorId = 3 }, [1]),
            (new() { Id = 1, AnnotatorId = 3 }, [1, 4]),
            (new() { Id = 1, AnnotatorId = 3 }, [1, 5]),
            (new() { Id = 1, AnnotatorId = 3 }, [2]),
            (new() { Id = 1, AnnotatorId = 4 }, [0]),
            (new() { Id = 2, AnnotatorId = 1 }, [0]),
        ];
        var random = new Random(5);
        for (int round = 0; round < 50; round++)
        {
            int[] order = [.. Enumerable.Range(0, ordered.Length)];
            random.Shuffle(order);
            var candidates = new List<Candidate>();
            for (int i = 0; i < order.Length; i++)
            {
                foreach (double x in ordered[order[i]].Regions)
                {
                    candidates.Add(new Candidate { Annotation = i, Region = new Region(), X = x });
                }
            }

            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(candidates));
            var ranks = new List<int> { 7, 7 };
            CandidateOrder.Rank([.. order.Select(i => ordered[i].Annotation)], candidates, ranks);
            Assert.Equal(order, ranks);
        }
    }

    private static Candidate Of(int kind, Change? change = null)
    {
        var region = new Region { Id = Utf8Text.From("a"), ParentId = Utf8Text.From("a"), Origin = Utf8Text.From("a"), FromName = Utf8Text.From("a"), ToName = Utf8Text.From("a") };
        region.KeyFrames.AddRange([new(1, false, 1, 2, 3, 4, 5, null), new(2, false, 1, 2, 3, 4, 5, null)]);
        region.Points.AddRange([1, 2]);
        var candidate = new Candidate
        {
            Region = region,
            Kind = (RegionKind)kind,
            Label = Utf8Text.From("a"),
            Control = Utf8Text.From("a"),
            Attributes = Utf8Text.From("a"),
            Value = Utf8Text.From("a"),
        };
        change?.Invoke(ref candidate);
        return candidate;
    }
}
