using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// What a track shows on each frame, by the rules as the documentation has them, looked up frame by frame: slow, and without
/// anything that the engine does to be quick.
/// </summary>
internal sealed class ShownFrames
{
    public ShownFrames(IReadOnlyCollection<KeyFrame> file, long? framesCount)
    {
        // Frames that an export added are none of the track's own, unless there is nothing else.
        KeyFrame[] own = [.. file.Where(key => !key.Auto || file.All(static other => other.Auto))];
        KeyFrame[] last = [.. own.Where((key, i) => !own.Skip(i + 1).Any(later => later.Frame == key.Frame)).OrderBy(static key => key.Frame)];
        long end = last.Length == 0 ? 0 : Math.Max(last[^1].Frame, framesCount ?? 0);
        for (long frame = last.Length == 0 ? 1 : last[0].Frame; frame <= end; frame++)
        {
            int at = Array.FindLastIndex(last, key => key.Frame <= frame);
            KeyFrame from = last[at];
            bool shown = from.HasGeometry && (from.Frame == frame || from.Enabled != false);
            if (shown)
            {
                KeyFrame? to = at + 1 < last.Length && last[at + 1].HasGeometry ? last[at + 1] : null;
                Boxes.Add(frame, Box(from, to ?? from, frame));
                if (from.Frame == frame)
                {
                    Keys.Add(frame);
                }
            }
        }
    }

    /// <summary>x, y, width, height and rotation by frame.</summary>
    public SortedDictionary<long, decimal[]> Boxes { get; } = [];

    public List<long> Keys { get; } = [];

    /// <summary>First and last frame of each stretch without a gap.</summary>
    public List<(long Start, long End)> Stretches
    {
        get
        {
            long[] starts = [.. Boxes.Keys.Where(frame => !Boxes.ContainsKey(frame - 1))];
            long[] ends = [.. Boxes.Keys.Where(frame => !Boxes.ContainsKey(frame + 1))];
            return [.. starts.Zip(ends)];
        }
    }

    private static decimal[] Box(KeyFrame from, KeyFrame to, long frame)
    {
        decimal[] start = Numbers(from);
        return from.Frame == to.Frame
            ? start
            : [.. start.Zip(Numbers(to), (a, b) => a + ((b - a) * (frame - from.Frame) / (to.Frame - from.Frame)))];
    }

    private static decimal[] Numbers(KeyFrame key) =>
        [(decimal)key.X!, (decimal)key.Y!, (decimal)key.Width!, (decimal)key.Height!, (decimal)(key.Rotation ?? 0)];
}
