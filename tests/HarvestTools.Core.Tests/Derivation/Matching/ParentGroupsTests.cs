using CsCheck;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Whose hand is whose, against the rule applied word by word to persons, their hands and what is on these.</summary>
public sealed class ParentGroupsTests
{
    private static readonly DerivationLimits Limits = DerivationVersion.Current.Limits;
    private static readonly RegionKind[] Kinds = [RegionKind.Rectangle, RegionKind.Rectangle, RegionKind.Keypoint, RegionKind.Polygon, RegionKind.Timeline];

    // Mostly one; those of several are in the order of the export.
    private static readonly string[] Labels = ["l0", "l1", "l1+l0", "l2+l1", "l0+l2+l1"];

    private static readonly Gen<Shape> AnyShape = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int[0, 4], Gen.Int[0, 9], Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[0, 9]).Select(
        static (annotation, id, kind, label, x, y, parent) => new Shape(annotation, $"h{id}", Kinds[kind], Labels[label < 7 ? label / 4 : label - 5], x, y, parent < 4 ? $"p{parent}" : parent == 9 ? $"h{(id + 1) % 8}" : null));

    private static readonly Gen<Shape[]> AnyShapes = Gen.Select(AnyShape.Array[1, 12], AnyShape.Array[0, 6], static (hands, persons) => hands
        .Concat(persons.Select(static person => person with { Id = "p" + person.Id[1..], Parent = null }))
        .DistinctBy(static shape => (shape.Annotation, shape.Id)).ToArray());

    [Fact]
    public void Parents_are_one_where_the_rule_says_so() => AnyShapes.Sample(static shapes => Assert.Equal(Plainly(shapes), Found(shapes, Limits)), iter: 400);

    [Fact]
    public void A_crowd_of_parents_is_matched_as_a_few_are()
    {
        DerivationLimits crowd = Limits with { CompareAllUpTo = 0, CrowdParentReach = 10_000 };
        AnyShapes.Sample(shapes => Assert.Equal(Found(shapes, Limits), Found(shapes, crowd)), iter: 100);
    }

    [Fact]
    public void Many_parents_are_found_as_few_are() => AnyShapes.Array[6].Sample(
        static tasks =>
        {
            // Each task's shapes under ids of their own and far from the others', together more than are looked for one by one.
            Shape[] together =
            [
                .. tasks.SelectMany(static (shapes, i) => shapes.Select(shape => shape with
                {
                    Id = $"{shape.Id}-{i}", Parent = shape.Parent is { } parent ? $"{parent}-{i}" : null, Label = string.Join('+', shape.Label.Split('+').Select(label => $"{label}-{i}")),
                })),
            ];
            Assert.Equal(Plainly(together), Found(together, Limits));
        },
        iter: 15);

    [Fact]
    public void Boxes_that_touch_may_be_one_and_the_nearest_are()
    {
        Shape first = new(0, "a", RegionKind.Rectangle, "hand", 0, 0, null);
        Assert.Equal("0/a 1/b", Found([first, first with { Annotation = 1, Id = "b", X = 10 }], Limits));
        Assert.Equal("0/a | 1/b", Found([first, first with { Annotation = 1, Id = "b", X = 11 }], Limits));
        Assert.Equal("0/a 1/b", Found([first, first with { Annotation = 1, Id = "b", Y = 10 }], Limits));
        Assert.Equal("0/a | 1/b", Found([first, first with { Annotation = 1, Id = "b", Y = 11 }], Limits));
        Assert.Equal("0/a 1/c | 1/b", Found([first, first with { Annotation = 1, Id = "b", X = 3 }, first with { Annotation = 1, Id = "c", X = 2 }], Limits));

        // The same id comes before any place, and no two of one annotation are one.
        Assert.Equal("0/a 1/a | 1/c", Found([first, first with { Annotation = 1, X = 90 }, first with { Annotation = 1, Id = "c" }], Limits));
    }

    [Fact]
    public void Those_that_share_one_of_their_labels_may_be_one()
    {
        Shape first = new(0, "a", RegionKind.Rectangle, "left+blurry", 0, 0, null);
        Assert.Equal("0/a 1/b", Found([first, first with { Annotation = 1, Id = "b", Label = "left" }], Limits));
        Assert.Equal("0/a | 1/b", Found([first, first with { Annotation = 1, Id = "b", Label = "right" }], Limits));
        Assert.Equal("0/a 1/a", Found([first, first with { Annotation = 1, X = 90, Label = "left" }], Limits));
        Assert.Equal("0/a 1/c | 1/b", Found([first, first with { Annotation = 1, Id = "b", Label = "right" }, first with { Annotation = 1, Id = "c", X = 5, Label = "left" }], Limits));

        // Equal ids find each other also where one of another label is between them.
        DerivationLimits crowd = Limits with { CompareAllUpTo = 0 };
        Assert.Equal("0/a 2/a | 1/a", Found([first, first with { Annotation = 1, X = 90, Label = "right" }, first with { Annotation = 2, X = 50, Label = "left" }], crowd));

        // Without a place it is the only one of a label.
        Shape line = first with { Kind = RegionKind.Timeline };
        Assert.Equal("0/a 1/b | 1/c", Found([line, line with { Annotation = 1, Id = "b", Label = "left" }, line with { Annotation = 1, Id = "c", Label = "right" }], Limits));
        Assert.Equal("0/a | 1/b | 1/c", Found([line, line with { Annotation = 1, Id = "b", Label = "left" }, line with { Annotation = 1, Id = "c", Label = "blurry" }], Limits));
    }

    [Fact]
    public void Regions_that_are_each_others_parents_are_still_compared_by_their_places()
    {
        Shape first = new(0, "h1", RegionKind.Rectangle, "hand", 0, 0, "h2");
        Shape second = new(0, "h2", RegionKind.Rectangle, "arm", 50, 50, "h1");
        Assert.Equal("0/h1 1/h3 | 0/h2 1/h4", Found([first, second, first with { Annotation = 1, Id = "h3", Parent = "h4" }, second with { Annotation = 1, Id = "h4", Parent = "h3" }], Limits));
    }

    /// <summary>The groups of shapes that something is on, as text.</summary>
    private static string Found(Shape[] shapes, DerivationLimits limits)
    {
        List<Annotation> annotations = [new() { Id = 1 }, new() { Id = 2 }, new() { Id = 3 }];
        var candidates = new List<Candidate>();
        foreach (Shape shape in shapes)
        {
            Fill(annotations[shape.Annotation].AddRegion(), shape);
            var child = new Region { ParentId = Utf8Text.From(shape.Id), ToName = Utf8Text.From("image"), Kind = RegionKind.Keypoint };
            candidates.Add(new Candidate { Annotation = shape.Annotation, Region = child, Kind = RegionKind.Keypoint });
        }

        // What is on nothing has no parent.
        candidates.Add(new Candidate { Region = new Region() });
        var parents = new List<int>();
        new ParentGroups(limits).Find(annotations, [0, 1, 2], candidates, static _ => new ImageSize(1000, 1000), parents);
        Assert.Equal(-1, parents[^1]);
        return Text(shapes.Select((shape, i) => (shape, parents[i])).GroupBy(static pair => pair.Item2, static pair => pair.shape));
    }

    /// <summary>The same by the rule: level by level, those of one parent and kind that share a label; nearest pairs first.</summary>
    private static string Plainly(Shape[] shapes)
    {
        Shape[] all =
        [
            .. shapes.Concat(shapes.Where(shape => shape.Parent is not null && !shapes.Any(other => other.Annotation == shape.Annotation && other.Id == shape.Parent))
                .Select(static shape => new Shape(shape.Annotation, shape.Parent!, RegionKind.Unsupported, "", 0, 0, null)).Distinct())
                .OrderBy(static shape => shape.Annotation).ThenBy(static shape => shape.Id, StringComparer.Ordinal),
        ];
        var groups = new Dictionary<Shape, List<Shape>>();
        for (Shape[] level = Next(); level.Length > 0; level = Next())
        {
            MatchPlainly(level, shape => shape.Parent is null ? null : groups[ParentOf(shape)]);
        }

        MatchPlainly([.. all.Where(shape => !groups.ContainsKey(shape))], static _ => null);
        return Text(groups.Values.Distinct().Select(group => group.Where(shapes.Contains)).Where(static group => group.Any()));

        Shape[] Next() => [.. all.Where(shape => !groups.ContainsKey(shape) && (shape.Parent is null || groups.ContainsKey(ParentOf(shape))))];
        Shape ParentOf(Shape shape) => all.Single(other => other.Annotation == shape.Annotation && other.Id == shape.Parent);
        void MatchPlainly(Shape[] level, Func<Shape, object?> parent)
        {
            Array.ForEach(level, shape => groups[shape] = [shape]);
            foreach (IGrouping<(object?, RegionKind), Shape> alike in level.GroupBy(shape => (parent(shape), shape.Kind)))
            {
                var pairs = from a in alike
                            from b in alike
                            where Array.IndexOf(all, a) < Array.IndexOf(all, b) && a.Annotation != b.Annotation && Share(a, b) && Apart(a, b, alike) is not null
                            orderby Apart(a, b, alike), Array.IndexOf(all, a), Array.IndexOf(all, b)
                            select (a, b);
                foreach ((Shape a, Shape b) in pairs)
                {
                    if (!groups[a].Exists(one => groups[b].Exists(other => one.Annotation == other.Annotation)))
                    {
                        List<Shape> joined = [.. groups[a], .. groups[b]];
                        joined.ForEach(shape => groups[shape] = joined);
                    }
                }
            }
        }
    }

    private static double? Apart(Shape a, Shape b, IEnumerable<Shape> alike)
    {
        (double x, double y) = (Math.Abs(a.X - b.X) * 10, Math.Abs(a.Y - b.Y) * 10);
        return true switch
        {
            _ when a.Id == b.Id => -1,
            _ when a.Kind == RegionKind.Keypoint || (a.Kind is RegionKind.Rectangle or RegionKind.Polygon && x <= 100 && y <= 100) => Math.Round(Math.Sqrt((x * x) + (y * y)), 6),
            _ when a.Kind is RegionKind.Timeline or RegionKind.Unsupported && alike.Count(shape => shape.Annotation == a.Annotation && Share(shape, b)) == 1 && alike.Count(shape => shape.Annotation == b.Annotation && Share(shape, a)) == 1 => double.MaxValue,
            _ => null,
        };
    }

    private static bool Share(Shape a, Shape b) => a.Label.Split('+').Intersect(b.Label.Split('+')).Any();

    private static void Fill(Region region, Shape shape)
    {
        (region.Id, region.Kind, region.ToName, region.FromName) = (Utf8Text.From(shape.Id), shape.Kind, Utf8Text.From("image"), Utf8Text.From("c"));
        region.ParentId = shape.Parent is null ? default : Utf8Text.From(shape.Parent);
        region.Labels.AddRange(shape.Label.Split('+').Select(Utf8Text.From));
        if (shape.Kind is RegionKind.Rectangle or RegionKind.Keypoint)
        {
            (region.X, region.Y) = (shape.X, shape.Y);
            (region.Width, region.Height) = shape.Kind == RegionKind.Rectangle ? (10.0, 10.0) : ((double?)null, (double?)null);
        }
        else if (shape.Kind == RegionKind.Polygon)
        {
            region.Points.AddRange([shape.X, shape.Y, shape.X + 10, shape.Y + 10, shape.X, shape.Y + 10]);
        }
    }

    private static string Text(IEnumerable<IEnumerable<Shape>> groups) => string.Join(" | ", groups
        .Select(static group => string.Join(' ', group.Select(static shape => $"{shape.Annotation}/{shape.Id}").Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal));

    private sealed record Shape(int Annotation, string Id, RegionKind Kind, string Label, double X, double Y, string? Parent);
}
