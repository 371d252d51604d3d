using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>Walks a track's visible frames upward without holding them.</summary>
internal struct TrackCursor
{
    private readonly Region _region;
    private int _index = -1;

    // The frames on which the key frame with that index makes the track visible.
    private long _first = long.MinValue;
    private long _last = long.MinValue;

    // From that key frame on, once a frame after its own is asked for.
    private TrackLine _line;
    private int _lineOf = -1;

    /// <param name="region">The track, prepared.</param>
    public TrackCursor(Region region)
    {
        _region = region;
        GoOn(CollectionsMarshal.AsSpan(region.KeyFrames));
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
        return frame <= _last ? Math.Max(frame, _first) : null;
    }

    /// <summary>Goes to a frame, which must not be before one that was gone to.</summary>
    /// <returns>
    /// The last frame up to which the track is visible, or is not, as on this one, and which no other key frame precedes; after the
    /// track there is no such.
    /// </returns>
    public long MoveTo(long frame)
    {
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(_region.KeyFrames);
        while (_last < frame)
        {
            if (_index + 1 >= keys.Length)
            {
                return long.MaxValue;
            }

            GoOn(keys);
        }

        return frame < _first ? _first - 1 : _last;
    }

    /// <summary>Whether the track is visible on a frame that it was moved to, or up to which that holds.</summary>
    public readonly bool IsVisible(long frame) => frame >= _first && frame <= _last;

    /// <summary>The box on a frame on which it is visible.</summary>
    public PercentBox At(long frame)
    {
        if (frame == _first)
        {
            return TrackLine.BoxOf(CollectionsMarshal.AsSpan(_region.KeyFrames)[_index]);
        }

        if (_lineOf != _index)
        {
            _line = new TrackLine(_region, _index);
            _lineOf = _index;
        }

        return _line.At(frame);
    }

    /// <summary>Whether a frame that it was moved to is one of the track's key frames.</summary>
    public readonly bool IsKey(long frame) => frame == _first && !CollectionsMarshal.AsSpan(_region.KeyFrames)[_index].Auto;

    /// <summary>The box on <paramref name="frame"/> if the track is visible there, and whether it is a key frame.</summary>
    public bool TryGet(long frame, out PercentBox box, out bool isKey)
    {
        MoveTo(frame);
        bool visible = IsVisible(frame);
        box = visible ? At(frame) : default;
        isKey = visible && IsKey(frame);
        return visible;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GoOn(ReadOnlySpan<KeyFrame> keys)
    {
        _index++;
        _first = keys[_index].Frame;
        _last = TrackInterpolation.LastVisible(keys, _index, _region.FramesCount);
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
