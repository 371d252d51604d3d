using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
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

    public long Add(RowContext context, Group group, TaskTable<BoxRow, BoxTable> rows)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(context.Candidates);
        ref Candidate lead = ref candidates[group.Members[0]];
        ImageSize? size = ImageSize.Of(lead.Region);
        bool keysOnly = !context.Rules.InterpolateTracks;
        int used = context.Rules.Consensus == Consensus.Mean ? group.Members.Length : 1;
        _cursors.Clear();
        for (int i = 0; i < used; i++)
        {
            _cursors.Add(new TrackCursor(candidates[group.Members[i]].Region));
        }

        Span<TrackCursor> cursors = CollectionsMarshal.AsSpan(_cursors);
        BoxRow row = default;
        context.Fill(out row.Key, group, 0);
        int before = rows.Count;
        for (long? frame = Next(cursors, long.MinValue, keysOnly); frame is { } at; frame = Next(cursors, at + 1, keysOnly))
        {
            PercentBox box = Box(cursors, at, out bool isKey);
            BoxRows.Fill(ref row, box, size, lead, interpolated: !isKey);
            if (rows.Count == before)
            {
                row.Key.Frame = at;
                rows.Add(row);
            }
            else
            {
                rows.AddNext(at, row.Key.Weight, row);
            }

            if (at == long.MaxValue)
            {
                break;
            }
        }

        return rows.Count - before;
    }

    private static long? Next(Span<TrackCursor> cursors, long from, bool keysOnly)
    {
        long? next = null;
        for (int i = 0; i < cursors.Length; i++)
        {
            if (cursors[i].Next(from, keysOnly) is { } frame && !(frame >= next))
            {
                next = frame;
            }
        }

        return next;
    }

    private static PercentBox Box(Span<TrackCursor> cursors, long frame, out bool isKey)
    {
        if (cursors.Length == 1)
        {
            cursors[0].TryGet(frame, out PercentBox only, out isKey);
            return only;
        }

        isKey = false;
        bool any = false;
        MeanBox mean = default;
        for (int i = 0; i < cursors.Length; i++)
        {
            if (!cursors[i].TryGet(frame, out PercentBox box, out bool key))
            {
                continue;
            }

            isKey |= key;
            if (any)
            {
                mean.Add(box);
            }
            else
            {
                mean = new MeanBox(box);
                any = true;
            }
        }

        return mean.Value;
    }
}
