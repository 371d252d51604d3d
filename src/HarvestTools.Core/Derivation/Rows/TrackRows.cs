using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>
/// Rows of the boxes table from tracks: one a visible frame, or one a key frame where tracks are not interpolated.
/// Of several tracks that agree, a frame's box is the mean of those that are visible on it.
/// </summary>
internal sealed class TrackRows
{
    private readonly List<TrackCursor> _cursors = [];

    // Of each track, as far as its image's is known.
    private readonly List<ImageSize?> _sizes = [];

    public long Add(RowContext context, Group group, TaskTable<BoxRow, BoxTable> rows)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(context.Candidates);
        ref Candidate lead = ref candidates[group.Members[0]];
        ImageSize? size = ImageSize.Of(lead.Region);
        bool keysOnly = !context.Rules.InterpolateTracks;
        int used = context.Rules.Consensus == Consensus.Mean ? group.Members.Length : 1;
        _cursors.Clear();
        _sizes.Clear();
        for (int i = 0; i < used; i++)
        {
            Region track = candidates[group.Members[i]].Region;
            _cursors.Add(new TrackCursor(track));
            _sizes.Add(ImageSize.Of(track) ?? size);
        }

        Span<TrackCursor> cursors = CollectionsMarshal.AsSpan(_cursors);
        BoxRow row = default;
        context.Fill(out row.Key, group, 0);
        row.Attributes = lead.Attributes;
        int before = rows.Count;
        for (long? from = Next(cursors, long.MinValue, keysOnly); from is { } first;)
        {
            // Up to there the same tracks are visible, and only the first frame can be a key frame.
            long last = keysOnly ? first : long.MaxValue;
            bool isKey = false;
            foreach (ref TrackCursor cursor in cursors)
            {
                last = Math.Min(last, cursor.MoveTo(first));
                isKey |= cursor.IsKey(first);
            }

            for (long frame = first; ; frame++)
            {
                Box(cursors, CollectionsMarshal.AsSpan(_sizes), frame, out PercentBox box);
                BoxRows.Fill(ref row, box, size);
                row.Interpolated = frame != first || !isKey;
                if (rows.Count == before)
                {
                    row.Key.Frame = frame;
                    rows.Add(row);
                }
                else
                {
                    rows.AddNext(frame, row.Key.Weight, row);
                }

                if (frame == last)
                {
                    break;
                }
            }

            from = last == long.MaxValue ? null : Next(cursors, last + 1, keysOnly);
        }

        return rows.Count - before;
    }

    private static long? Next(Span<TrackCursor> cursors, long from, bool keysOnly)
    {
        long? next = null;
        foreach (ref TrackCursor cursor in cursors)
        {
            if (cursor.Next(from, keysOnly) is { } frame && !(frame >= next))
            {
                next = frame;
            }
        }

        return next;
    }

    /// <summary>The mean of the boxes of those that are visible, as the first of them is drawn.</summary>
    private static void Box(Span<TrackCursor> cursors, ReadOnlySpan<ImageSize?> sizes, long frame, out PercentBox box)
    {
        int first = 0;
        while (!cursors[first].IsVisible(frame))
        {
            first++;
        }

        cursors[first].At(frame, out box);
        if (first + 1 == cursors.Length)
        {
            return;
        }

        var mean = new MeanBox(box);
        for (int i = first + 1; i < cursors.Length; i++)
        {
            if (cursors[i].IsVisible(frame))
            {
                cursors[i].At(frame, out PercentBox other);
                mean.Add(other.DrawnAs(box, sizes[i]));
            }
        }

        box = mean.Value;
    }
}
