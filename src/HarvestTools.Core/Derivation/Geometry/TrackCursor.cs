using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>Walks a track's visible frames upward without holding them.</summary>
internal struct TrackCursor
{
    private readonly Region _region;
    private int _index;
    private TrackSegment _segment;

    /// <param name="region">The track, prepared.</param>
    public TrackCursor(Region region)
    {
        _region = region;
        _segment = new TrackSegment(region, 0);
    }

    /// <summary>
    /// The first frame from <paramref name="frame"/> on that gives a row: a visible one, or with
    /// <paramref name="keysOnly"/> a key frame; null after the last. Frames asked for must not decrease.
    /// </summary>
    public long? Next(long frame, bool keysOnly)
    {
        if (keysOnly)
        {
            return NextKey(frame);
        }

        MoveTo(frame);
        return frame <= _segment.Last ? Math.Max(frame, _segment.First) : null;
    }

    /// <summary>Goes to a frame, which must not be before one that was gone to.</summary>
    /// <returns>
    /// The last frame up to which the track is visible, or is not, as on this one, and which no other key frame precedes; after the
    /// track there is no such.
    /// </returns>
    public long MoveTo(long frame)
    {
        while (_segment.Last < frame)
        {
            if (_index + 1 >= _region.KeyFrames.Count)
            {
                return long.MaxValue;
            }

            _segment = new TrackSegment(_region, ++_index);
        }

        return frame < _segment.First ? _segment.First - 1 : _segment.Last;
    }

    /// <summary>Whether the track is visible on a frame that it was moved to, or up to which that holds.</summary>
    public readonly bool IsVisible(long frame) => frame >= _segment.First && frame <= _segment.Last;

    /// <summary>The box on a frame on which it is visible.</summary>
    public readonly PercentBox At(long frame) => _segment.At(frame);

    /// <summary>Whether a frame that it was moved to is one of the track's key frames.</summary>
    public readonly bool IsKey(long frame) => frame == _segment.First && _segment.IsKey;

    /// <summary>The box on <paramref name="frame"/> if the track is visible there, and whether it is a key frame.</summary>
    public bool TryGet(long frame, out PercentBox box, out bool isKey)
    {
        MoveTo(frame);
        bool visible = IsVisible(frame);
        box = visible ? At(frame) : default;
        isKey = visible && IsKey(frame);
        return visible;
    }

    // The index stays: the box on an earlier frame may still be asked for.
    private readonly long? NextKey(long frame)
    {
        for (int i = _index; i < _region.KeyFrames.Count; i++)
        {
            ref readonly KeyFrame key = ref CollectionsMarshal.AsSpan(_region.KeyFrames)[i];
            if (!key.Auto && key.Frame >= frame)
            {
                return key.Frame;
            }
        }

        return null;
    }
}
