using System.Diagnostics;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Tasks of a size that nobody labels by hand. What grows with the square of the regions would take minutes here; the
/// limits leave a slow machine a factor of ten and more.
/// </summary>
public class CrowdTests
{
    private const int Many = 10_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Thousands_of_points_spread_out_are_matched_right()
    {
        var random = new Random(1);
        (double X, double Y)[] places = [.. Enumerable.Range(0, Many).Select(i => ((i % 200) * 0.5, (i / 200) * 1.0))];
        var task = new TaskBuilder();
        for (int person = 1; person <= 2; person++)
        {
            random.Shuffle(places);
            AnnotationBuilder annotation = task.By(person);
            foreach ((double x, double y) in places)
            {
                // Up to 1 px aside, with the next point 5 px away.
                annotation.Keypoint(null, "cell", x + (person == 2 ? random.NextDouble() * 0.1 : 0), y);
            }
        }

        Derived derived = Timed(task, new HarvestRules { MinPixelAgreement = 2 });

        Assert.Equal((Many, 0), (derived.Keypoints.Count, derived.Rejected.Count));
        Assert.All(derived.Keypoints, static r => Assert.True(r.Key.Agreement <= 1));
    }

    [Fact]
    public void A_pile_of_equal_points_pairs_off()
    {
        var task = new TaskBuilder();
        for (int person = 1; person <= 2; person++)
        {
            AnnotationBuilder annotation = task.By(person);
            for (int i = 0; i < Many; i++)
            {
                annotation.Keypoint($"{i:00000}", "cell", 50, 50);
            }
        }

        Assert.Equal(Many, Timed(task).Keypoints.Count);
    }

    [Fact]
    public void A_dense_cloud_and_a_far_one_finish()
    {
        var random = new Random(2);
        var task = new TaskBuilder();
        for (int person = 1; person <= 3; person++)
        {
            AnnotationBuilder annotation = task.By(person);
            for (int i = 0; i < Many; i++)
            {
                double far = person == 3 ? 60 : 10;
                annotation.Box(null, "cell", far + (random.NextDouble() * 0.4), 10 + (random.NextDouble() * 0.8), 1, 1, random.Next(2) * 10);
            }
        }

        Derived derived = Timed(task);

        Assert.True(derived.Boxes.Count > Many / 2);
        Assert.Equal(3 * Many, derived.Tally.Total.Kept + derived.Rejected.Count);
        Assert.True(derived.Rejected.Count >= Many);
    }

    [Fact]
    public void Thousands_of_hands_with_points_finish_and_match_by_hand()
    {
        const int hands = 2000;
        var task = new TaskBuilder();
        for (int person = 1; person <= 2; person++)
        {
            AnnotationBuilder annotation = task.By(person);
            for (int i = 0; i < hands; i++)
            {
                string hand = $"p{person}h{i}";
                annotation.Box(hand, "hand", (i % 50) * 2, (i / 50) * 2.5, 1, 1);
                annotation.Keypoint(hand + "t", "thumb", (i % 50) * 2, (i / 50) * 2.5, r => r.ParentId = Utf8Text.From(hand));
            }
        }

        Derived derived = Timed(task);

        Assert.Equal((hands, hands), (derived.Keypoints.Count, derived.Boxes.Count));
    }

    [Fact]
    public void A_chain_of_parents_and_a_ring_of_them_finish()
    {
        var task = new TaskBuilder();
        for (int person = 1; person <= 2; person++)
        {
            AnnotationBuilder annotation = task.By(person);
            for (int i = 0; i < Many; i++)
            {
                int parent = i == 0 ? 9 : i - 1;
                annotation.Keypoint($"k{i}", "joint", i % 100, i / 200, r => r.ParentId = Utf8Text.From($"k{parent}"));
            }
        }

        Derived derived = Timed(task);

        Assert.Equal(2 * Many, derived.Tally.Total.Kept + derived.Rejected.Count);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1.7e308)]
    [InlineData(-1e18)]
    public void Coordinates_beyond_all_images_finish(double x)
    {
        var task = new TaskBuilder();
        for (int person = 1; person <= 2; person++)
        {
            AnnotationBuilder annotation = task.By(person);
            for (int i = 0; i < 100; i++)
            {
                annotation.Keypoint($"k{i}", "cell", x, i % 7, r => r.ParentId = Utf8Text.From($"b{i}")).Box($"b{i}", "cell", x, x, x, i);
            }
        }

        Derived derived = Timed(task);

        Assert.Equal(400, derived.Tally.Total.Kept + derived.Rejected.Count);
    }

    private static Derived Timed(TaskBuilder task, HarvestRules? rules = null)
    {
        long start = Stopwatch.GetTimestamp();
        Derived derived = task.Derive(rules);
        Assert.True(Stopwatch.GetElapsedTime(start) < Limit, "took too long");
        return derived;
    }
}
