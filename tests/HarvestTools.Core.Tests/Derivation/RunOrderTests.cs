using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>The order of a crowd's candidates against a plain sort that compares them pair by pair.</summary>
public sealed class RunOrderTests
{
    /// <summary>Few candidates, a crowd, and one of more runs than are looked for one by one.</summary>
    [Theory]
    [InlineData(20, 5, 1)]
    [InlineData(1500, 5, 1)]
    [InlineData(1500, 2, 3)]
    [InlineData(1500, 60, 1)]
    [InlineData(1500, 80, 4)]
    public void Candidates_are_in_the_order_that_comparing_each_pair_gives(int count, int labels, int media)
    {
        var random = new Random(count + labels + media);
        string?[] ids = [null, "", "a", "a\0", "abcdefgh", "abcdefghi", "abcdefgh\0", "é", "z"];
        var candidates = new List<Candidate>();
        for (int i = 0; i < count; i++)
        {
            candidates.Add(new Candidate
            {
                Annotation = random.Next(3),
                Kind = random.Next(2) == 0 ? RegionKind.Keypoint : RegionKind.Rectangle,
                Medium = random.Next(media),
                Label = Utf8Text.From($"label {random.Next(labels)}"),
                Control = Utf8Text.From(random.Next(2) == 0 ? "left" : "right"),
                Region = new Region { Id = Utf8Text.From(random.Next(3) == 0 ? ids[random.Next(ids.Length)] : $"{random.Next(count):x8}_{random.Next(3)}") },
                X = random.Next(100),
            });
        }

        List<int> ranks = [2, 0, 1];
        List<int> parents = [.. candidates.Select(_ => random.Next(2))];
        var order = new List<int>();
        var runs = new RunOrder();
        runs.Sort(candidates, ranks, parents, order);

        int[] expected = [.. Enumerable.Range(0, count)];
        Array.Sort(expected, Compare);
        Assert.Equal(expected.Order(), order.Order());
        Assert.All(expected.Zip(order), pair => Assert.Equal(0, Compare(pair.First, pair.Second)));

        int Compare(int a, int b)
        {
            Candidate left = candidates[a];
            Candidate right = candidates[b];
            int order = left.Kind.CompareTo(right.Kind);
            order = order != 0 ? order : left.Medium.CompareTo(right.Medium);
            order = order != 0 ? order : left.Control.CompareTo(right.Control);
            order = order != 0 ? order : left.Label.CompareTo(right.Label);
            order = order != 0 ? order : parents[a].CompareTo(parents[b]);
            order = order != 0 ? order : ranks[left.Annotation].CompareTo(ranks[right.Annotation]);
            return order != 0 ? order : CandidateOrder.CompareContent(left, right);
        }
    }
}
