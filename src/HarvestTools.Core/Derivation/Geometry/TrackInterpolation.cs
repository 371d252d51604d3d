using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>
/// The frames between a track's key frames, by the rules of Label Studio's own exporter
/// (label_studio_sdk/_extensions/label_studio_tools/postprocessing/video.py): from an enabled key frame every value
/// runs linearly to the next key frame; after the last one it holds through framesCount, inclusive; a disabled key frame
/// is visible itself, and then nothing is until the next one; without geometry it ends the track on the frame before. Rotation runs linearly too, not along the shortest arc.
/// </summary>
internal static class TrackInterpolation
{
    /// <summary>
    /// Puts the key frames in order and finds the first and the last visible frame; tells what is missing, or nothing.
    /// Of two key frames on one frame the later in the file is meant, because it governs what follows.
    /// </summary>
    public static ReadOnlySpan<byte> Prepare(Region region, ref Candidate candidate)
    {
        List<KeyFrame> keys = region.KeyFrames;
        if (keys.Count == 0)
        {
            return "no key frames"u8;
        }

        // Most tracks have nothing to be put right, which one look at their key frames says.
        bool lacks = false;
        bool ends = false;
        bool added = false;
        bool ordered = true;
        long before = long.MinValue;
        foreach (ref readonly KeyFrame key in CollectionsMarshal.AsSpan(keys))
        {
            ends |= !key.HasGeometry;
            lacks |= !key.HasGeometry && key.Enabled != false;
            added |= key.Auto;
            ordered &= before < key.Frame;
            before = key.Frame;
        }

        if (lacks)
        {
            return "a key frame lacks x, y, width or height"u8;
        }

        if (added)
        {
            DropInterpolated(keys);
        }

        if (!ordered)
        {
            Order(keys);
        }

        if (ends)
        {
            ApplyEnds(keys);
        }

        if (keys.Count == 0)
        {
            return "no key frame has x, y, width and height"u8;
        }

        candidate.Start = keys[0].Frame;
        candidate.End = LastVisible(region, keys.Count - 1);
        candidate.X = keys[0].X!.Value + 0.0;
        candidate.Y = keys[0].Y!.Value + 0.0;
        candidate.Width = keys[0].Width!.Value + 0.0;
        candidate.Height = keys[0].Height!.Value + 0.0;
        candidate.Rotation = (keys[0].Rotation ?? 0) + 0.0;
        return default;
    }

    /// <summary>How many frames the track is visible on.</summary>
    public static long CountVisible(Region region)
    {
        long count = 0;
        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(region.KeyFrames);
        for (int i = 0; i < keys.Length; i++)
        {
            count = FrameCount.AddRange(count, keys[i].Frame, LastVisible(keys, i, region.FramesCount));
        }

        return count;
    }

    /// <summary>The last frame that the key frame with this index makes visible.</summary>
    public static long LastVisible(Region region, int index) =>
        LastVisible(CollectionsMarshal.AsSpan(region.KeyFrames), index, region.FramesCount);

    /// <inheritdoc cref="LastVisible(Region, int)"/>
    // Inlined, with the key frames where they are: a key frame is large, and this is asked for each of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LastVisible(ReadOnlySpan<KeyFrame> keys, int index, long? framesCount)
    {
        ref readonly KeyFrame key = ref keys[index];
        if (!key.Enabled.GetValueOrDefault(true))
        {
            return key.Frame;
        }

        return index + 1 < keys.Length
            ? keys[index + 1].Frame - 1
            : Math.Max(key.Frame, framesCount ?? key.Frame);
    }

    /// <summary>
    /// An export with interpolated key frames has the frames between key frames too, which are worked out anew here, so that
    /// both exports give the same rows. Where nothing else is left they are the key frames.
    /// </summary>
    private static void DropInterpolated(List<KeyFrame> keys)
    {
        if (keys.TrueForAll(static key => key.Auto))
        {
            for (int i = 0; i < keys.Count; i++)
            {
                keys[i] = keys[i] with { Auto = false };
            }
        }
        else
        {
            keys.RemoveAll(static key => key.Auto);
        }
    }

    /// <summary>
    /// Puts in the place of a key frame without geometry, with which the editor ends a track (VideoRegion.setLifespanAt), a
    /// disabled one on the frame before, that the box of the key frame before it holds up to. It is no key frame of its own.
    /// </summary>
    private static void ApplyEnds(List<KeyFrame> keys)
    {
        int kept = 0;
        foreach (KeyFrame key in keys.ToArray())
        {
            if (key.HasGeometry)
            {
                keys[kept++] = key;
            }
            else if (kept > 0 && keys[kept - 1] is { Enabled: not false } before)
            {
                if (before.Frame == key.Frame - 1)
                {
                    keys[kept - 1] = before with { Enabled = false };
                }
                else
                {
                    keys[kept++] = before with { Frame = key.Frame - 1, Enabled = false, Auto = true };
                }
            }
        }

        keys.RemoveRange(kept, keys.Count - kept);
    }

    private static void Order(List<KeyFrame> keys)
    {
        KeyFrame[] sorted = [.. keys.OrderBy(static key => key.Frame)];
        keys.Clear();
        foreach (KeyFrame key in sorted)
        {
            if (keys.Count > 0 && keys[^1].Frame == key.Frame)
            {
                keys[^1] = key;
            }
            else
            {
                keys.Add(key);
            }
        }
    }
}
