using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>Rows of the boxes table: one a rectangle, and one a frame for a track.</summary>
internal static class BoxRows
{
    public static void Add(RowContext context, Group group, List<BoxRow> rows)
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

        RowKey key = context.Key(group, context.FrameOf(lead));
        rows.Add(Row(key, box, ImageSize.Of(lead.Region), lead, interpolated: false));
    }

    public static BoxRow Row(in RowKey key, in PercentBox box, ImageSize? size, in Candidate lead, bool interpolated) => new()
    {
        Key = key,
        X = box.X / 100 * size?.Width,
        Y = box.Y / 100 * size?.Height,
        Width = box.Width / 100 * size?.Width,
        Height = box.Height / 100 * size?.Height,
        XPct = box.X,
        YPct = box.Y,
        WidthPct = box.Width,
        HeightPct = box.Height,
        Rotation = box.Rotation,
        Interpolated = interpolated,
        Attributes = lead.Attributes,
    };

    private static PercentBox Box(in Candidate candidate) =>
        new(candidate.X, candidate.Y, candidate.Width, candidate.Height, candidate.Rotation);
}
