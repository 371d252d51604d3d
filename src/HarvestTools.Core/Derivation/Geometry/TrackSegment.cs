using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>
/// What one key frame of a track shows: taken out of the key frames once, since it is asked for on every frame of a video.
/// </summary>
internal readonly struct TrackSegment
{
    private readonly PercentBox _from;
    private readonly PercentBox _change;
    private readonly double _frames;

    /// <param name="region">The track, prepared.</param>
    /// <param name="index">The place of the key frame.</param>
    public TrackSegment(Region region, int index)
    {
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(region.KeyFrames);
        ref readonly KeyFrame key = ref keys[index];
        First = key.Frame;
        Last = TrackInterpolation.LastVisible(keys, index, region.FramesCount);
        IsKey = !key.Auto;
        _from = new PercentBox(
            key.X!.Value + 0.0, key.Y!.Value + 0.0, key.Width!.Value + 0.0, key.Height!.Value + 0.0, (key.Rotation ?? 0) + 0.0);
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

    /// <summary>The key frame's own frame.</summary>
    public long First { get; }

    /// <summary>The last frame on which it makes the track visible.</summary>
    public long Last { get; }

    /// <summary>Whether its first frame is a key frame of the track, and not one that was added to it.</summary>
    public bool IsKey { get; }

    /// <summary>The box on a frame from <see cref="First"/> to <see cref="Last"/>, in percent.</summary>
    public PercentBox At(long frame)
    {
        if (frame == First)
        {
            return _from;
        }

        double share = ((double)frame - First) / _frames;
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
