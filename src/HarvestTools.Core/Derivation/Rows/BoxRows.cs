using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>Rows of the boxes table: one a rectangle, and one a frame for a track.</summary>
internal static class BoxRows
{
    public static long Add(RowContext context, Group group, TaskTable<BoxRow, BoxTable> rows)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(context.Candidates);
        ref Candidate lead = ref candidates[group.Members[0]];
        PercentBox box = Box(lead);
        if (group.Members.Length > 1 && context.Rules.Consensus == Consensus.Mean)
        {
            var mean = new MeanBox(box);
            foreach (int member in group.Members[1..])
            {
                mean.Add(Box(candidates[member]).DrawnAs(box, ImageSize.Of(candidates[member].Region) ?? ImageSize.Of(lead.Region)));
            }

            box = mean.Value;
        }

        BoxRow row = default;
        context.Fill(out row.Key, group, context.FrameOf(lead));
        Fill(ref row, box, ImageSize.Of(lead.Region));
        row.Attributes = lead.Attributes;
        rows.Add(row);
        return 1;
    }

    /// <summary>Fills in the numbers of a box.</summary>
    public static void Fill(ref BoxRow row, in PercentBox box, ImageSize? size)
    {
        if (size is { } known)
        {
            row.X = box.X / 100 * known.Width;
            row.Y = box.Y / 100 * known.Height;
            row.Width = box.Width / 100 * known.Width;
            row.Height = box.Height / 100 * known.Height;
        }

        row.XPct = box.X;
        row.YPct = box.Y;
        row.WidthPct = box.Width;
        row.HeightPct = box.Height;
        row.Rotation = box.Rotation;
    }

    private static PercentBox Box(in Candidate candidate) =>
        new(candidate.X, candidate.Y, candidate.Width, candidate.Height, candidate.Rotation);
}
