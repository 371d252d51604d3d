using System.Management.Automation;
using HarvestTools.Tables;

namespace HarvestTools.PowerShell;

/// <summary>Names of a slice's tables, where parameters take them.</summary>
internal static class TableName
{
    /// <summary>True for a table that was asked for; for every one where none was named.</summary>
    public static bool IsAmong(string[]? asked, string table) => asked is null || asked.Contains(table, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Takes the names of tables alone, in whatever case: like a ValidateSet, and goes by the engine's list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateTableNameAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        string? name = element?.ToString();
        if (TableCatalog.All.All(table => !table.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ValidationMetadataException(
                $"There is no table '{name}'. The tables are {string.Join(", ", TableCatalog.All.Select(static table => table.Name))}.");
        }
    }
}
