using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>Holds what a definition says of columns against the tables that its program wrote.</summary>
internal static class ProgramColumnCheck
{
    /// <param name="columns">What the definition says.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">ColumnUnknown: a column that it names is in no table that it is for.</exception>
    public static void Require(ProgramColumns columns, IReadOnlyList<ProgramTable> tables, CancellationToken cancellation)
    {
        if (columns.IsEmpty)
        {
            return;
        }

        Dictionary<string, IReadOnlyCollection<string>> known = tables.Where(static table => table.Rows is not null)
            .ToDictionary(static table => table.Path, table => TableReader.Columns(table.File, table.Path, cancellation), StringComparer.Ordinal);
        foreach (TableKey key in columns.Keys)
        {
            foreach (string column in key.Columns)
            {
                Require(
                    key.Pattern == ProgramColumns.AllTables ? "keys" : $"keys.{key.Pattern}",
                    column,
                    [.. known.Where(table => FilePatterns.Matches(key.Pattern, table.Key)).SelectMany(static table => table.Value)]);
            }
        }

        foreach ((ColumnRole role, string column) in columns.Mapped)
        {
            Require($"columns.{ProgramColumns.Word(role)}", column, [.. known.Values.SelectMany(static names => names)]);
        }
    }

    private static void Require(string setting, string column, HashSet<string> known)
    {
        if (!known.Contains(column))
        {
            throw ProgramColumnErrors.ColumnUnknown(setting, column, known);
        }
    }
}
