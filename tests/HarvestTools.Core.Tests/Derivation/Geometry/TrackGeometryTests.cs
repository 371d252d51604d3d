using System.Runtime.InteropServices;
using CsCheck;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.Derivation;

/// <summary>Tracks of any key frames against the same said frame by frame.</summary>
public sealed class TrackGeometryTests
{
    // Between what places in quarters of a percent give.
    private const double Limit = 61.37;

    private static readonly Gen<double> Percent = Gen.Int[0, 40].Select(static n => n / 4.0);

    // A key frame, one that ends the track, or one that an export added; in any order, several on one frame too.
    private static readonly Gen<KeyFrame> AnyKey = Gen.Select(Gen.Int[1, 14], Gen.Int[0, 9], Percent, Percent, Gen.Int[1, 20], Gen.OneOf<double?>(null, 0, 10, 350)).Select(
        static (frame, kind, x, y, width, rotation) => kind switch
        {
            0 or 1 => new KeyFrame(frame, false, null, null, null, null, null, null),
            2 or 3 => new KeyFrame(frame, false, x, y, width, 20 - width + 1, rotation, null),
            4 => new KeyFrame(frame, true, x, y, width, 5, rotation, null, Auto: true),
            5 => new KeyFrame(frame, null, x, y, width, 5, rotation, null),
            _ => new KeyFrame(frame, true, x, y, width, 20 - width + 1, rotation, null),
        });

    private static readonly Gen<(List<KeyFrame> Keys, long? Count)> AnyTrack =
        Gen.Select(AnyKey.List[1, 6], Gen.OneOf<long?>(null, 3, 9, 20), static (keys, count) => (keys, count));

    [Fact]
    public void Each_frame_shows_what_the_rules_say() => AnyTrack.Sample(
        static made =>
        {
            var shown = new ShownFrames(made.Keys, made.Count);
            Region region = Track(made);
            var candidate = default(Candidate);
            string fault = System.Text.Encoding.UTF8.GetString(TrackInterpolation.Prepare(region, ref candidate));
            Assert.Equal(shown.Boxes.Count == 0 ? "no key frame has x, y, width and height" : "", fault);
            if (fault.Length > 0)
            {
                return;
            }

            Assert.Equal((shown.Boxes.First().Key, shown.Boxes.Last().Key), (candidate.Start, candidate.End));
            AssertBox(shown.Boxes.First().Value, new PercentBox(candidate.X, candidate.Y, candidate.Width, candidate.Height, candidate.Rotation));
            Assert.Equal(shown.Boxes.Count, TrackInterpolation.CountVisible(region));
            Assert.Equal(shown.Boxes.Keys, Walk(region, keysOnly: false));
            Assert.Equal(shown.Keys, Walk(region, keysOnly: true));
            var cursor = new TrackCursor(region);
            for (long frame = 0; frame < 25; frame++)
            {
                bool visible = cursor.TryGet(frame, out PercentBox box, out bool isKey);
                Assert.Equal((shown.Boxes.ContainsKey(frame), shown.Keys.Contains(frame)), (visible, isKey));
                AssertBox(visible ? shown.Boxes[frame] : new decimal[5], box);
            }
        },
        iter: 3_000);

    [Fact]
    public void Tracks_agree_where_both_are_seen_together_and_near() => Gen.Select(AnyTrack, AnyTrack, Gen.Int[0, 2], Gen.Double[-1, 1]).Sample(
        static (one, another, frames, aside) =>
        {
            // Upright ones: between key frames the corners of a turning box are not on a line.
            one = (Upright(one.Keys), one.Count);
            another = frames == 0 ? (Upright(another.Keys), another.Count) : ([.. one.Keys.Select(key => key with { Frame = key.Frame + frames - 1, X = key.X + aside })], one.Count);
            var left = new ShownFrames(one.Keys, one.Count);
            var right = new ShownFrames(another.Keys, another.Count);
            var candidate = default(Candidate);
            Region a = Track(one);
            Region b = Track(another);
            if (!TrackInterpolation.Prepare(a, ref candidate).IsEmpty || !TrackInterpolation.Prepare(b, ref candidate).IsEmpty)
            {
                return;
            }

            var aSize = new ImageSize(1000, 500);
            var bSize = new ImageSize(1000, 400);
            double[][] apart =
            [
                .. left.Boxes.Keys.Where(right.Boxes.ContainsKey).Select(frame => Edges(left.Boxes[frame], aSize)
                    .Zip(Edges(right.Boxes[frame], bSize), static (x, y) => Math.Abs(x - y)).ToArray()),
            ];
            double distance = new TrackDistance().Measure(a, aSize, b, bSize, pixels: Limit, frames: 1, out bool agree);

            Assert.Equal(
                apart.Length == 0 ? double.PositiveInfinity : apart.Max(static edges => Math.Sqrt(Math.Pow(Math.Max(edges[0], edges[2]), 2) + Math.Pow(Math.Max(edges[1], edges[3]), 2))),
                distance,
                1e-6);
            bool together = left.Stretches.Count == right.Stretches.Count
                && left.Stretches.Zip(right.Stretches).All(static pair => Math.Abs(pair.First.Start - pair.Second.Start) <= 1 && Math.Abs(pair.First.End - pair.Second.End) <= 1);
            Assert.Equal(together && apart.Length > 0 && apart.All(static edges => edges.Max() <= Limit), agree);
        },
        iter: 5_000);

    [Fact]
    public void A_key_frame_that_lacks_a_number_and_ends_nothing_is_a_fault()
    {
        var keys = new KeyFrame(2, true, 1, 2, 3, 4, 0, null);
        Assert.Equal("no key frames", Fault());
        KeyFrame[] lacking = [keys with { X = null }, keys with { Y = null }, keys with { Width = null }, keys with { Height = null, Enabled = null }];
        Assert.All(lacking, key => Assert.Equal("a key frame lacks x, y, width or height", Fault(keys, key)));
        Assert.Equal("", Fault(keys, keys with { Frame = 3, X = null, Enabled = false }));

        static string Fault(params KeyFrame[] keys)
        {
            var candidate = default(Candidate);
            return System.Text.Encoding.UTF8.GetString(TrackInterpolation.Prepare(Track(([.. keys], null)), ref candidate));
        }
    }

    [Fact]
    public void Frames_at_both_ends_of_the_numbers_are_counted_as_far_as_numbers_go()
    {
        var key = new KeyFrame(long.MinValue, true, 1, 2, 3, 4, 0, null);
        Assert.Equal(long.MaxValue, TrackInterpolation.CountVisible(Track(([key], long.MaxValue))));
        Assert.Equal(long.MaxValue, TrackInterpolation.CountVisible(Track(([key with { Frame = 1 }], long.MaxValue))));
        Assert.Equal(long.MaxValue - 1, TrackInterpolation.CountVisible(Track(([key with { Frame = 2 }], long.MaxValue))));
        Assert.Equal(1, TrackInterpolation.CountVisible(Track(([key], null))));

        // Half of the way between both ends is half of the box, though their difference is no long.
        Region far = Track(([key, key with { Frame = long.MaxValue, X = 5 }], null));
        Assert.Equal(3, On(far, 0, 0).X, 1e-9);
    }

    /// <summary>One is used for many pairs.</summary>
    [Fact]
    public void A_track_agrees_with_itself_whatever_was_measured_before()
    {
        var size = new ImageSize(100, 100);
        var metric = new TrackDistance();
        Region lasting = Track(([new(1, true, 1, 2, 3, 4, 0, null), new(20, false, 9, 2, 3, 4, 0, null)], 20));
        Region brief = Track(([new(5, true, 1, 2, 3, 4, 0, null)], 6));
        Assert.NotEqual(0, metric.Measure(lasting, size, brief, size, 5, 3, out bool apart));
        Assert.Equal(0, metric.Measure(brief, size, brief, size, 0, 0, out bool same));
        Assert.Equal((false, true), (apart, same));
    }

    [Fact]
    public void No_negative_zero_is_in_a_box()
    {
        var nothing = new KeyFrame(1, true, -0.0, -0.0, -0.0, -0.0, -0.0, null);
        Region region = Track(([nothing, nothing with { Frame = 5 }], 6));
        var candidate = default(Candidate);
        Assert.True(TrackInterpolation.Prepare(region, ref candidate).IsEmpty);
        PercentBox[] boxes =
        [
            new(candidate.X, candidate.Y, candidate.Width, candidate.Height, candidate.Rotation),
            First(nothing), On(region, 0, 3), On(region, 1, 6),
        ];
        Assert.All(boxes, static box => Assert.DoesNotContain(new[] { box.X, box.Y, box.Width, box.Height, box.Rotation }, double.IsNegative));
        var mean = new Mean(-0.0);
        mean.Add(-0.0);
        Assert.False(double.IsNegative(mean.Value));
    }

    private static PercentBox First(KeyFrame key)
    {
        TrackLine.BoxOf(key, out PercentBox box);
        return box;
    }

    private static PercentBox On(Region region, int key, long frame)
    {
        var line = default(TrackLine);
        line.Begin(CollectionsMarshal.AsSpan(region.KeyFrames), key);
        line.At(frame, out PercentBox box);
        return box;
    }

    private static long[] Walk(Region region, bool keysOnly)
    {
        var frames = new List<long>();
        var cursor = new TrackCursor(region);
        for (long? frame = cursor.Next(0, keysOnly); frame is { } found; frame = cursor.Next(found + 1, keysOnly))
        {
            frames.Add(found);
        }

        return [.. frames];
    }

    private static List<KeyFrame> Upright(List<KeyFrame> keys) => [.. keys.Select(static key => key with { Rotation = null })];

    /// <summary>Left, top, right and bottom in pixels.</summary>
    private static double[] Edges(decimal[] box, ImageSize size)
    {
        double[] numbers = [.. box.Select(static number => (double)number / 100)];
        return [numbers[0] * size.Width, numbers[1] * size.Height, (numbers[0] + numbers[2]) * size.Width, (numbers[1] + numbers[3]) * size.Height];
    }

    private static Region Track((List<KeyFrame> Keys, long? Count) track)
    {
        var region = new Region { Kind = RegionKind.Track, FramesCount = track.Count };
        region.KeyFrames.AddRange(track.Keys);
        return region;
    }

    private static void AssertBox(decimal[] expected, in PercentBox found)
    {
        double[] numbers = [found.X, found.Y, found.Width, found.Height, found.Rotation];
        Assert.All(expected.Zip(numbers), static pair => Assert.Equal((double)pair.First, pair.Second, 1e-9));
    }
}
