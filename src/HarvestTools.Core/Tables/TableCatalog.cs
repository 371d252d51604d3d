namespace HarvestTools.Tables;

/// <summary>All tables of a slice.</summary>
public static class TableCatalog
{
    /// <summary>In the order in which manifests list them.</summary>
    public static IReadOnlyList<TableDescriptor> All { get; } =
        [
            KeypointTable.Descriptor, BoxTable.Descriptor, ActionTable.Descriptor, PolygonTable.Descriptor, ChoiceTable.Descriptor,
            RejectedTable.Descriptor,
        ];

    /// <summary>The table of that name; null where this release has none.</summary>
    public static TableDescriptor? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>Whether a table's rows are training data; true for a table that this release does not know.</summary>
    public static bool HoldsLabels(string name) => Find(name)?.HoldsLabels ?? true;
}
