using System.Globalization;
using CsCheck;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Regions of several annotations made at random, and how they are matched by the rule read word by word.</summary>
internal sealed class MatchedItems
{
    private static readonly ImageSize Size = new(1000, 500);

    // Places on a grid, so that many distances are equal, and beside it.
    private static readonly Gen<double> Place = Gen.Select(Gen.Int[0, 8], Gen.OneOf(0, 0, 0.013)).Select(static (n, aside) => (n * 0.2) + aside);

    private static readonly Gen<Item> AnyItem = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 1], Place, Place, Gen.Int[0, 2], Gen.Bool).Select(
        static (annotation, medium, label, x, y, more, sized) => new Item(annotation, medium, label, x, y, more, sized));

    private static readonly long?[][] People = [[1, 2, 3, 4], [1, 1, 2, 3], [1, null, null, 1], [2, 2, 2, 2]];

    private readonly List<Candidate> _candidates = [];
    private readonly List<Annotation> _annotations = [];

    private MatchedItems(RegionKind kind, List<Item> items, long?[] people, int[] ids)
    {
        for (int i = 0; i < people.Length; i++)
        {
            _annotations.Add(new Annotation { Id = ids[i], AnnotatorId = people[i] });
        }

        for (int i = 0; i < items.Count; i++)
        {
            _candidates.Add(Candidate(kind, items[i], i));
        }
    }

    public static Gen<MatchedItems> Of(RegionKind kind, int most = 12) => Gen.Select(
        AnyItem.List[1, most], Gen.OneOf(People), Gen.Shuffle(new[] { 10, 11, 12, 13 })).Select((items, people, ids) => new MatchedItems(kind, items, people, ids));

    /// <summary>What the engine says: a line for each group and for each region that is alone.</summary>
    public string[] Match(HarvestRules rules, DerivationLimits limits) => Match(new Agreement(rules, limits));

    /// <summary>The same of one that may have been used for other tasks.</summary>
    public string[] Match(Agreement agreement)
    {
        agreement.Begin(_annotations);
        agreement.Match(_annotations, _candidates);
        Assert.Equal(_candidates.Count, agreement.Count);
        var lines = new List<string>();
        for (int position = 0; position < agreement.Count; position++)
        {
            if (!agreement.IsLead(position))
            {
                Assert.Equal(Verdict.Agreed, agreement.VerdictOf(position));
                continue;
            }

            var members = new List<int>();
            agreement.Members(position, members);
            (int annotators, double? distance) = agreement.Summary(position);
            lines.Add(members.Count > 1
                ? Line(members, $"{agreement.VerdictOf(position)} {annotators}", distance)
                : Line(members, $"{agreement.VerdictOf(position)} {annotators}", agreement.NearestOf(position)));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>The same by the rule: of all pairs that agree the nearest is joined first, ties by ids, if all of both groups agree.</summary>
    public string[] MatchPlainly(double pixels, double frames)
    {
        int[] order = [.. Enumerable.Range(0, _candidates.Count).OrderBy(i => Id(i)).ThenBy(i => _candidates[i].Region.Id.ToString(), StringComparer.Ordinal)];
        List<List<int>> groups = [.. order.Select(static i => new List<int> { i })];
        var pairs = from a in order
                    from b in order
                    where Array.IndexOf(order, a) < Array.IndexOf(order, b) && MayBeOne(a, b) && Person(a) != Person(b) && Agree(a, b)
                    orderby Math.Round(Distance(a, b), 6), Array.IndexOf(order, a), Array.IndexOf(order, b)
                    select (a, b);
        foreach ((int a, int b) in pairs)
        {
            List<int> left = groups.Single(group => group.Contains(a));
            List<int> right = groups.Single(group => group.Contains(b));
            if (left != right && left.All(x => right.All(y => Id(x) != Id(y) && Agree(x, y))))
            {
                left.AddRange(right);
                groups.Remove(right);
            }
        }

        return [.. groups.Select(Describe).Order(StringComparer.Ordinal)];

        string Describe(List<int> group)
        {
            int[] members = [.. group.OrderBy(i => Array.IndexOf(order, i))];
            if (members.Length > 1)
            {
                double largest = members.Max(a => members.Max(b => Distance(a, b)));
                return Line(members, $"Agreed {members.Select(Person).Distinct().Count()}", members.All(Measured) ? largest : null);
            }

            int[] others = [.. order.Where(i => MayBeOne(members[0], i) && Person(i) != Person(members[0]))];
            double nearest = others.Select(i => Distance(members[0], i)).DefaultIfEmpty(double.PositiveInfinity).Min();
            return Line(members, others.Length > 0 ? "Disagreed 1" : "Alone 1", double.IsFinite(nearest) ? nearest : null);
        }

        bool Agree(int a, int b) => _candidates[a].Kind switch
        {
            RegionKind.Timeline => Distance(a, b) <= frames,
            RegionKind.Attribute => Distance(a, b) == 0,
            RegionKind.Rectangle => Edges(a).Zip(Edges(b), static (x, y) => Math.Abs(x - y)).Max() <= pixels,
            _ => Distance(a, b) <= pixels,
        };
    }

    private static Candidate Candidate(RegionKind kind, Item item, int number)
    {
        var region = new Region { Kind = kind, Id = Utf8Text.From($"r{number:00}"), ToName = Utf8Text.From($"m{item.Medium}"), FromName = Utf8Text.From("c") };
        if (item.Sized)
        {
            (region.OriginalWidth, region.OriginalHeight) = (Size.Width, Size.Height);
        }

        var candidate = new Candidate
        {
            Annotation = item.Annotation,
            Region = region,
            Kind = kind,
            Medium = item.Medium,
            Label = Utf8Text.From($"l{item.Label}"),
            Control = region.FromName,
            X = item.X,
            Y = item.Y,
            Start = (long)Math.Round(item.X * 5),
            End = (long)Math.Round(item.X * 5) + (long)Math.Round(item.Y * 5),
            Value = Utf8Text.From($"{item.More}"),
            ValueSet = Utf8Text.From($"{item.More}"),
        };
        if (kind is RegionKind.Rectangle or RegionKind.Polygon)
        {
            (candidate.Width, candidate.Height) = (5 + (item.More * 0.3), 5);
            region.Points.AddRange([item.X, item.Y, item.X + candidate.Width, item.Y, item.X + candidate.Width, item.Y + 5, item.X, item.Y + 5]);
        }

        return candidate;
    }

    private bool MayBeOne(int a, int b) => _candidates[a].Medium == _candidates[b].Medium && _candidates[a].Label == _candidates[b].Label;

    private long? Id(int i) => _annotations[_candidates[i].Annotation].Id;

    // Whom the file does not name is somebody else in each annotation.
    private long Person(int i) => _annotations[_candidates[i].Annotation].AnnotatorId ?? 100 + _candidates[i].Annotation;

    private bool Measured(int i) => _candidates[i].Kind is RegionKind.Timeline or RegionKind.Attribute || SizeOf(i) is not null;

    // The size of the image as anybody's region of the medium has it.
    private ImageSize? SizeOf(int i) => _candidates.Exists(other => other.Medium == _candidates[i].Medium && other.Region.OriginalWidth is not null) ? Size : null;

    private double[] Edges(int i)
    {
        ImageSize size = SizeOf(i) ?? new ImageSize(1000, 1000);
        Candidate candidate = _candidates[i];
        return
        [
            candidate.X / 100 * size.Width, candidate.Y / 100 * size.Height,
            (candidate.X + candidate.Width) / 100 * size.Width, (candidate.Y + candidate.Height) / 100 * size.Height,
        ];
    }

    private double Distance(int a, int b)
    {
        double[] apart = [.. Edges(a).Zip(Edges(b), static (x, y) => Math.Abs(x - y))];
        return _candidates[a].Kind switch
        {
            RegionKind.Timeline => Math.Max(Math.Abs(_candidates[a].Start - _candidates[b].Start), Math.Abs(_candidates[a].End - _candidates[b].End)),
            RegionKind.Attribute => _candidates[a].ValueSet == _candidates[b].ValueSet ? 0 : double.PositiveInfinity,
            RegionKind.Polygon => Outline.Distance(OutlineOf(a), OutlineOf(b)),
            _ => Math.Sqrt(Math.Pow(Math.Max(apart[0], apart[2]), 2) + Math.Pow(Math.Max(apart[1], apart[3]), 2)),
        };
    }

    private Outline OutlineOf(int i) => new(_candidates[i].Region.Points, true, SizeOf(i) ?? new ImageSize(1000, 1000));

    private string Line(IEnumerable<int> members, string verdict, double? distance) => string.Create(
        CultureInfo.InvariantCulture, $"{string.Join(' ', members.Select(i => $"{Id(i)}/{_candidates[i].Region.Id}"))} {verdict} {(distance is { } known ? Math.Round(known, 6) : "?")}");

    private sealed record Item(int Annotation, int Medium, int Label, double X, double Y, int More, bool Sized);
}
