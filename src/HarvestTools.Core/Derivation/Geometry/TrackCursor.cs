using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>Walks a track's visible frames upward without holding them.</summary>
internal struct TrackCursor
{
    private readonly List<KeyFrame> _keys;
    private readonly long? _framesCount;
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
        _keys = region.KeyFrames;
        _framesCount = region.FramesCount;
        GoOn(CollectionsMarshal.AsSpan(_keys));
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
    // Inlined, since mostly it is there already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long MoveTo(long frame) => _last < frame && !TryGoTo(frame) ? long.MaxValue : frame < _first ? _first - 1 : _last;

    /// <summary>Whether the track is visible on a frame that it was moved to, or up to which that holds.</summary>
    public readonly bool IsVisible(long frame) => frame >= _first && frame <= _last;

    /// <summary>The box on a frame on which it is visible.</summary>
    public void At(long frame, out PercentBox box)
    {
        if (frame == _first)
        {
            TrackLine.BoxOf(CollectionsMarshal.AsSpan(_keys)[_index], out box);
            return;
        }

        if (_lineOf != _index)
        {
            _line.Begin(CollectionsMarshal.AsSpan(_keys), _index);
            _lineOf = _index;
        }

        _line.At(frame, out box);
    }

    /// <summary>Whether a frame that it was moved to is one of the track's key frames.</summary>
    public readonly bool IsKey(long frame) => frame == _first && !CollectionsMarshal.AsSpan(_keys)[_index].Auto;

    /// <summary>The box on <paramref name="frame"/> if the track is visible there, and whether it is a key frame.</summary>
    public bool TryGet(long frame, out PercentBox box, out bool isKey)
    {
        MoveTo(frame);
        bool visible = IsVisible(frame);
        box = default;
        if (visible)
        {
            At(frame, out box);
        }

        isKey = visible && IsKey(frame);
        return visible;
    }

    private bool TryGoTo(long frame)
    {
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(_keys);
        while (_last < frame)
        {
            if (_index + 1 >= keys.Length)
            {
                return false;
            }

            GoOn(keys);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GoOn(ReadOnlySpan<KeyFrame> keys)
    {
        _index++;
        _first = keys[_index].Frame;
        _last = TrackInterpolation.LastVisible(keys, _index, _framesCount);
    }

    // The index stays: the box on an earlier frame may still be asked for.
    private readonly long? NextKey(long frame)
    {
        for (int i = _index; i < _keys.Count; i++)
        {
            ref readonly KeyFrame key = ref CollectionsMarshal.AsSpan(_keys)[i];
            if (!key.Auto && key.Frame >= frame)
            {
                return key.Frame;
            }
        }

        return null;
    }
}
