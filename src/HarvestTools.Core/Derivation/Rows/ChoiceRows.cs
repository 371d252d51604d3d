using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>Rows of the choices table: one an item. Of several annotators that agree the first, whose order of values it has.</summary>
internal static class ChoiceRows
{
    public static long Add(RowContext context, Group group, TaskTable<ChoiceRow, ChoiceTable> rows)
    {
        ref readonly Candidate lead = ref CollectionsMarshal.AsSpan(context.Candidates)[group.Members[0]];
        ChoiceRow row = default;
        context.Fill(out row.Key, group, context.FrameOf(lead));
        row.Value = lead.Value;
        rows.Add(row);
        return 1;
    }
}
