using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>Rows of the choices table: one an item. Of several annotators that agree the first, whose order of values it has.</summary>
internal static class ChoiceRows
{
    public static long Add(RowContext context, Group group, List<ChoiceRow> rows)
    {
        ref readonly Candidate lead = ref CollectionsMarshal.AsSpan(context.Candidates)[group.Members[0]];
        ref ChoiceRow row = ref TaskRows.Add(rows);
        context.Fill(out row.Key, group, context.FrameOf(lead));
        row.Value = lead.Value;
        return 1;
    }
}
