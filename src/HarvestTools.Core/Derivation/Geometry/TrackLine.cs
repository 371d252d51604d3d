using System.Runtime.CompilerServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>
/// The way of a box from one key frame to the next, or where it stays after the last: worked out once, since it is asked for on every
/// frame of a video. Filled where it is kept, as are the boxes that it gives: they are large, and copies of them cost more than they do.
/// </summary>
internal struct TrackLine
{
    private long _first;
    private double _frames;
    private PercentBox _from;
    private PercentBox _change;

    /// <param name="keys">The key frames of a track, prepared.</param>
    /// <param name="index">The place of the key frame that the way begins at.</param>
    public void Begin(ReadOnlySpan<KeyFrame> keys, int index)
    {
        ref readonly KeyFrame key = ref keys[index];
        _first = key.Frame;
        BoxOf(key, out _from);
        _frames = 1;
        if (index + 1 == keys.Length)
        {
            _change = default;
            return;
        }

        ref readonly KeyFrame next = ref keys[index + 1];
        _frames = Math.Max(1, (double)next.Frame - key.Frame);
        _change = new PercentBox(
            Change(_from.X, next.X.GetValueOrDefault()),
            Change(_from.Y, next.Y.GetValueOrDefault()),
            Change(_from.Width, next.Width.GetValueOrDefault()),
            Change(_from.Height, next.Height.GetValueOrDefault()),
            Change(_from.Rotation, next.Rotation.GetValueOrDefault()));
    }

    /// <summary>The box of a key frame, in percent and without a negative zero.</summary>
    public static void BoxOf(in KeyFrame key, out PercentBox box) => box = new(
        key.X.GetValueOrDefault() + 0.0,
        key.Y.GetValueOrDefault() + 0.0,
        key.Width.GetValueOrDefault() + 0.0,
        key.Height.GetValueOrDefault() + 0.0,
        key.Rotation.GetValueOrDefault() + 0.0);

    /// <summary>The box on a frame after the key frame's own that it makes visible.</summary>
    public readonly void At(long frame, out PercentBox box)
    {
        double share = ((double)frame - _first) / _frames;
        box = new PercentBox(
            _from.X + (_change.X * share) + 0.0,
            _from.Y + (_change.Y * share) + 0.0,
            _from.Width + (_change.Width * share) + 0.0,
            _from.Height + (_change.Height * share) + 0.0,
            _from.Rotation + (_change.Rotation * share) + 0.0);
    }

    // Of equal numbers it is 0 for infinite ones too, whose difference is no number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Change(double from, double to) => from == to ? 0 : to - from;
}
