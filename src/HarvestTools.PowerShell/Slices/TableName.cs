namespace HarvestTools.PowerShell;

/// <summary>Names of a slice's tables, where parameters take them.</summary>
internal static class TableName
{
    /// <summary>True for a table that was asked for; for every one where none was named.</summary>
    public static bool IsAmong(string[]? asked, string table) => asked is null || asked.Contains(table, StringComparer.OrdinalIgnoreCase);
}
