using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>Walks a track's visible frames upward without holding them.</summary>
internal struct TrackCursor(Region region)
{
    private int _index;

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

        for (; _index < region.KeyFrames.Count; _index++)
        {
            long key = region.KeyFrames[_index].Frame;
            if (frame <= key)
            {
                return key;
            }

            if (frame <= TrackInterpolation.LastVisible(region, _index))
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>The box on <paramref name="frame"/> if the track is visible there, and whether it is a key frame.</summary>
    public bool TryGet(long frame, out PercentBox box, out bool isKey)
    {
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(region.KeyFrames);
        while (_index < keys.Length && TrackInterpolation.LastVisible(region, _index) < frame)
        {
            _index++;
        }

        if (_index == keys.Length || keys[_index].Frame > frame)
        {
            box = default;
            isKey = false;
            return false;
        }

        box = TrackInterpolation.At(region, _index, frame);
        isKey = !keys[_index].Auto && keys[_index].Frame == frame;
        return true;
    }

    // The index stays: the box on an earlier frame may still be asked for.
    private readonly long? NextKey(long frame)
    {
        for (int i = _index; i < region.KeyFrames.Count; i++)
        {
            ref readonly KeyFrame key = ref CollectionsMarshal.AsSpan(region.KeyFrames)[i];
            if (!key.Auto && key.Frame >= frame)
            {
                return key.Frame;
            }
        }

        return null;
    }
}
