using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>
/// Rows of the actions table: one a frame of a segment, from its first to its last frame inclusive. A frame counts as
/// boundary where fewer than <c>boundary_frames</c> frames lie between it and either end, so with 3 the first three and
/// the last three frames do.
/// </summary>
internal static class ActionRows
{
    public static long Add(RowContext context, Group group, TaskTable<ActionRow, ActionTable> rows)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(context.Candidates);
        ref Candidate lead = ref candidates[group.Members[0]];
        (long start, long end) = Ends(candidates, group, context.Rules.Consensus);
        ActionRow row = default;
        context.Fill(out row.Key, group, start);
        row.Start = start;
        row.End = end;
        row.Attributes = lead.Attributes;
        int before = rows.Count;
        for (long frame = start; ; frame++)
        {
            row.Boundary = frame - start < context.Rules.BoundaryFrames || end - frame < context.Rules.BoundaryFrames;
            double weight = row.Boundary ? context.Rules.BoundaryWeight : 1;
            if (frame == start)
            {
                row.Key.Weight = weight;
                rows.Add(row);
            }
            else
            {
                rows.AddNext(frame, weight, row);
            }

            // Not in the loop's head: the last frame may be the largest number there is.
            if (frame == end)
            {
                return rows.Count - before;
            }
        }
    }

    /// <summary>The segment that a group stands for; means are rounded to whole frames, halves up.</summary>
    public static (long Start, long End) Ends(ReadOnlySpan<Candidate> candidates, Group group, Consensus consensus)
    {
        ref readonly Candidate lead = ref candidates[group.Members[0]];
        if (group.Members.Length == 1 || consensus == Consensus.First)
        {
            return (lead.Start, lead.End);
        }

        var starts = new WholeMean(group.Members.Length);
        var ends = new WholeMean(group.Members.Length);
        foreach (int member in group.Members)
        {
            starts.Add(candidates[member].Start);
            ends.Add(candidates[member].End);
        }

        return (starts.Rounded, ends.Rounded);
    }
}
