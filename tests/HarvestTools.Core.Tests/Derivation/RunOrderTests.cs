using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>The order of a crowd's candidates against a plain sort that compares them pair by pair.</summary>
public sealed class RunOrderTests
{
    /// <summary>Few candidates, a crowd, many labels, and media and parents whose numbers are too large for one number.</summary>
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(12, 3, 1)]
    [InlineData(13, 3, 1)]
    [InlineData(20, 5, 1)]
    [InlineData(44, 22, 1)]
    [InlineData(120, 2, 5)]
    [InlineData(199, 9, 2)]
    [InlineData(199, 60, 2)]
    [InlineData(1500, 5, 1)]
    [InlineData(1500, 2, 3)]
    [InlineData(1500, 60, 1)]
    [InlineData(1500, 80, 4)]
    [InlineData(1500, 1400, 1)]
    [InlineData(1500, 3, int.MaxValue)]
    [InlineData(300, 3, 100_000, 1_000_000)]
    [InlineData(300, 3, int.MaxValue, int.MaxValue)]
    public void Candidates_are_in_the_order_that_comparing_each_pair_gives(int count, int labels, int media, int parentsMost = 2)
    {
        var random = new Random(unchecked(count + labels + media));
        string?[] endings = ["", "\0", " of one beginning", " of one beginning\0", " of the other"];
        string?[] ids = [null, "", "a", "a\0", "abcdefgh", "abcdefghi", "abcdefgh\0", "é", "z"];
        var candidates = new List<Candidate>();
        for (int i = 0; i < count; i++)
        {
            candidates.Add(new Candidate
            {
                Annotation = random.Next(3),
                Kind = random.Next(2) == 0 ? RegionKind.Keypoint : RegionKind.Rectangle,
                Medium = random.Next(media),
                Label = Label(),
                Control = Utf8Text.From(random.Next(2) == 0 ? "left" : "right"),
                Region = new Region { Id = Utf8Text.From(random.Next(3) == 0 ? ids[random.Next(ids.Length)] : $"{random.Next(count):x8}_{random.Next(3)}") },
                X = random.Next(100),
            });
        }

        Utf8Text Label() => random.Next(20) switch
        {
            0 => default,
            1 => Utf8Text.Empty,
            2 => Utf8Text.From("lab"),
            _ => Utf8Text.From($"label {random.Next(labels)}{endings[random.Next(endings.Length)]}"),
        };

        List<int> ranks = [2, 0, 1];
        List<int> parents = [.. candidates.Select(_ => random.Next(-1, parentsMost))];
        var order = new List<int>();
        var runs = new RunOrder();
        runs.Sort(candidates, ranks, parents, order);

        int[] expected = [.. Enumerable.Range(0, count)];
        Array.Sort(expected, Compare);
        Assert.Equal(expected.Order(), order.Order());
        Assert.All(expected.Zip(order), pair => Assert.Equal(0, Compare(pair.First, pair.Second)));

        for (int i = 1; i < count; i++)
        {
            Assert.Equal(CompareRun(order[i - 1], order[i]) == 0, runs.AreOfOneRun(order[i - 1], order[i]));
        }

        int Compare(int a, int b)
        {
            int order = CompareRun(a, b);
            order = order != 0 ? order : ranks[candidates[a].Annotation].CompareTo(ranks[candidates[b].Annotation]);
            return order != 0 ? order : CandidateOrder.CompareContent(candidates[a], candidates[b]);
        }

        int CompareRun(int a, int b)
        {
            Candidate left = candidates[a];
            Candidate right = candidates[b];
            int order = left.Kind.CompareTo(right.Kind);
            order = order != 0 ? order : left.Medium.CompareTo(right.Medium);
            order = order != 0 ? order : left.Control.CompareTo(right.Control);
            order = order != 0 ? order : left.Label.CompareTo(right.Label);
            return order != 0 ? order : parents[a].CompareTo(parents[b]);
        }
    }
}
