using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>
/// The way of a box from one key frame to the next, or where it stays after the last: worked out once, since it is asked for on every
/// frame of a video.
/// </summary>
internal readonly struct TrackLine
{
    private readonly long _first;
    private readonly PercentBox _from;
    private readonly PercentBox _change;
    private readonly double _frames;

    /// <param name="region">The track, prepared.</param>
    /// <param name="index">The place of the key frame.</param>
    public TrackLine(Region region, int index)
    {
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(region.KeyFrames);
        ref readonly KeyFrame key = ref keys[index];
        _first = key.Frame;
        _from = BoxOf(key);
        _frames = 1;
        if (index + 1 < keys.Length)
        {
            ref readonly KeyFrame next = ref keys[index + 1];
            _frames = Math.Max(1, (double)next.Frame - key.Frame);
            _change = new PercentBox(
                Change(_from.X, next.X!.Value),
                Change(_from.Y, next.Y!.Value),
                Change(_from.Width, next.Width!.Value),
                Change(_from.Height, next.Height!.Value),
                Change(_from.Rotation, next.Rotation ?? 0));
        }
    }

    /// <summary>The box of a key frame, in percent and without a negative zero.</summary>
    public static PercentBox BoxOf(in KeyFrame key) => new(
        key.X!.Value + 0.0, key.Y!.Value + 0.0, key.Width!.Value + 0.0, key.Height!.Value + 0.0, key.Rotation.GetValueOrDefault() + 0.0);

    /// <summary>The box on a frame after the key frame's own that it makes visible.</summary>
    public PercentBox At(long frame)
    {
        double share = ((double)frame - _first) / _frames;
        return new PercentBox(
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
