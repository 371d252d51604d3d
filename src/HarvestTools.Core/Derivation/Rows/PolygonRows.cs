using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>Rows of the polygons table: one a polygon. Of several that agree the first, since outlines have no mean.</summary>
internal sealed class PolygonRows(TextArena arena)
{
    private readonly List<double> _pixels = [];

    public long Add(RowContext context, Group group, TaskTable<PolygonRow, PolygonTable> rows)
    {
        ref readonly Candidate lead = ref CollectionsMarshal.AsSpan(context.Candidates)[group.Members[0]];
        List<double> percents = lead.Region.Points;
        _pixels.Clear();
        if (ImageSize.Of(lead.Region) is { } size)
        {
            for (int i = 0; i < percents.Count; i++)
            {
                _pixels.Add(percents[i] / 100 * (i % 2 == 0 ? size.Width : size.Height));
            }
        }

        PolygonRow row = default;
        context.Fill(out row.Key, group, context.FrameOf(lead));
        row.Points = DoubleList.Of(CollectionsMarshal.AsSpan(_pixels), arena);
        row.PointsPct = DoubleList.Of(CollectionsMarshal.AsSpan(percents), arena);
        row.Closed = lead.Region.Closed ?? true;
        row.Attributes = lead.Attributes;
        rows.Add(row);
        return 1;
    }
}
