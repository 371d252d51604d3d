using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>Rows of the keypoints table: one a point.</summary>
internal static class KeypointRows
{
    public static long Add(RowContext context, Group group, TaskTable<KeypointRow, KeypointTable> rows)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(context.Candidates);
        ref Candidate lead = ref candidates[group.Members[0]];
        double x = lead.X;
        double y = lead.Y;
        if (group.Members.Length > 1 && context.Rules.Consensus == Consensus.Mean)
        {
            var meanX = new Mean(x);
            var meanY = new Mean(y);
            foreach (int member in group.Members[1..])
            {
                meanX.Add(candidates[member].X);
                meanY.Add(candidates[member].Y);
            }

            x = meanX.Value;
            y = meanY.Value;
        }

        ImageSize? size = ImageSize.Of(lead.Region);
        KeypointRow row = default;
        context.Fill(out row.Key, group, context.FrameOf(lead));
        row.ParentId = lead.Region.ParentId;
        row.X = x / 100 * size?.Width;
        row.Y = y / 100 * size?.Height;
        row.XPct = x;
        row.YPct = y;
        row.Attributes = lead.Attributes;
        rows.Add(row);
        return 1;
    }
}
