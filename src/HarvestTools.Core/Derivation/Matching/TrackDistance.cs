using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// How far two annotators' tracks of one object are apart. They agree when they are visible in the same stretches, each
/// end within the frame limit, and when on every key frame of either that both show the boxes agree as boxes do.
/// Between key frames boxes run linearly, so nothing larger hides there (but for the slight bow of a turning corner).
/// </summary>
internal sealed class TrackDistance
{
    private readonly List<long> _frames = [];
    private readonly List<(long Start, long End)> _left = [];
    private readonly List<(long Start, long End)> _right = [];

    /// <returns>The largest corner distance in pixels; infinite where the tracks share no frame.</returns>
    public double Measure(Region a, ImageSize aSize, Region b, ImageSize bSize, double pixels, double frames, out bool agree)
    {
        Stretches(a, _left);
        Stretches(b, _right);
        agree = _left.Count == _right.Count;
        for (int i = 0; agree && i < _left.Count; i++)
        {
            agree = Math.Abs((double)_left[i].Start - _right[i].Start) <= frames
                && Math.Abs((double)_left[i].End - _right[i].End) <= frames;
        }

        CollectFrames(a, b);
        var left = new TrackCursor(a);
        var right = new TrackCursor(b);
        double largest = double.NegativeInfinity;
        foreach (long frame in _frames)
        {
            left.MoveTo(frame);
            right.MoveTo(frame);
            if (!left.IsVisible(frame) || !right.IsVisible(frame))
            {
                continue;
            }

            left.At(frame, out PercentBox one);
            right.At(frame, out PercentBox other);
            double distance = BoxDistance.MeasureOnce(Pixels(one, aSize), Pixels(other, bSize), pixels, out bool boxesAgree);
            agree &= boxesAgree;
            largest = Math.Max(largest, distance);
        }

        if (largest >= 0)
        {
            return largest;
        }

        agree = false;
        return double.PositiveInfinity;
    }

    private static RotatedBox Pixels(in PercentBox box, ImageSize size) =>
        RotatedBox.FromPercent(box.X, box.Y, box.Width, box.Height, box.Rotation, size.Width, size.Height);

    private static void Stretches(Region track, List<(long Start, long End)> stretches)
    {
        stretches.Clear();
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(track.KeyFrames);
        (long start, long end) = (keys[0].Frame, keys[0].Frame - 1);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i].Frame - 1 != end)
            {
                stretches.Add((start, end));
                start = keys[i].Frame;
            }

            end = TrackInterpolation.LastVisible(keys, i, track.FramesCount);
        }

        stretches.Add((start, end));
    }

    /// <summary>Key frames of both and the ends of what both show, ascending, each once.</summary>
    private void CollectFrames(Region a, Region b)
    {
        _frames.Clear();
        ReadOnlySpan<KeyFrame> left = CollectionsMarshal.AsSpan(a.KeyFrames);
        ReadOnlySpan<KeyFrame> right = CollectionsMarshal.AsSpan(b.KeyFrames);
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            long frame = Math.Min(i < left.Length ? left[i].Frame : long.MaxValue, j < right.Length ? right[j].Frame : long.MaxValue);
            _frames.Add(frame);
            i += i < left.Length && left[i].Frame == frame ? 1 : 0;
            j += j < right.Length && right[j].Frame == frame ? 1 : 0;
        }

        AddEnds(_left);
        AddEnds(_right);
    }

    /// <summary>Most ends are key frames, but for that of a track which is shown up to the video's.</summary>
    private void AddEnds(List<(long Start, long End)> stretches)
    {
        foreach ((long _, long end) in stretches)
        {
            int at = _frames.BinarySearch(end);
            if (at < 0)
            {
                _frames.Insert(~at, end);
            }
        }
    }
}
