using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public sealed class GeometryDigestTests
{
    // One digest is used for many regions.
    private readonly GeometryDigest _digest = new();

    [Fact]
    public void Whatever_is_drawn_differently_has_another_number()
    {
        Action<Region>[] changes =
        [
            static r => { },
            static r => r.X = 5,
            static r => r.Y = 5,
            static r => r.Width = 5,
            static r => r.Height = 5,
            static r => r.Rotation = 5,
            static r => r.X = 0,
            static r => r.Points.AddRange([0, 0]),
            static r => r.Points.AddRange([1, 2]),
            static r => r.Points.AddRange([2, 1]),
            static r => r.Points.AddRange([1, 2, 1, 2]),
            static r => (r.Closed = false, r).r.Points.AddRange([1, 2]),
            static r => r.Ranges.Add(new(1, 2)),
            static r => r.Ranges.Add(new(2, 1)),
            static r => r.Ranges.Add(new(null, 2)),
            static r => r.Ranges.Add(new(0, 2)),
            static r => r.Ranges.Add(new(1, null)),
            static r => r.Ranges.Add(new(1, 0)),
            static r => r.Ranges.AddRange([new(1, 2), new(1, 2)]),
            static r => r.KeyFrames.Add(Key),
            static r => r.KeyFrames.Add(Key with { Frame = 2 }),
            static r => r.KeyFrames.Add(Key with { Enabled = false }),
            static r => r.KeyFrames.Add(Key with { Auto = true }),
            static r => r.KeyFrames.Add(Key with { Enabled = false, Auto = true }),
            static r => r.KeyFrames.Add(Key with { X = 9 }),
            static r => r.KeyFrames.Add(Key with { Y = 9 }),
            static r => r.KeyFrames.Add(Key with { Width = 9 }),
            static r => r.KeyFrames.Add(Key with { Height = 9 }),
            static r => r.KeyFrames.Add(Key with { Rotation = 9 }),
            static r => r.KeyFrames.Add(Key with { X = null }),
            static r => r.KeyFrames.AddRange([Key, Key]),
            static r => (r.X = 5, r).r.KeyFrames.Add(Key),
            static r => (r.Y = 5, r).r.KeyFrames.Add(Key),
            static r => (r.Width = 5, r).r.KeyFrames.Add(Key),
            static r => (r.Height = 5, r).r.KeyFrames.Add(Key),
            static r => (r.Rotation = 5, r).r.KeyFrames.Add(Key),
        ];

        Digest128[] digests = [.. changes.Select(Of)];
        Assert.Equal(changes.Length, digests.Distinct().Count());
        Assert.Equal(digests, changes.Select(Of));
    }

    [Fact]
    public void What_says_the_same_in_another_way_has_the_same()
    {
        AssertSame(static r => r.X = -0.0, static r => r.X = 0.0);
        AssertSame(static r => r.Rotation = 0, static r => r.Rotation = null);
        AssertSame(static r => r.KeyFrames.Add(Key), static r => r.KeyFrames.Add(Key with { Enabled = null, Rotation = null, Time = 7 }));
        AssertSame(static r => r.Points.AddRange([0.0, 1]), static r => (r.Closed = true, r.Rotation = 0, r).r.Points.AddRange([-0.0, 1]));
        AssertSame(static r => r.Labels.Add(default), static r => r.FramesCount = 5);
    }

    private static KeyFrame Key => new(1, true, 1, 2, 3, 4, 0, null);

    private void AssertSame(Action<Region> one, Action<Region> another) => Assert.Equal(Of(one), Of(another));

    private Digest128 Of(Action<Region> change)
    {
        var region = new Region();
        change(region);
        return _digest.Of(region);
    }
}
