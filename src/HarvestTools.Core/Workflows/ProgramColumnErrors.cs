using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of what is asked of the columns of a program's tables; each factory's name is the error's id.</summary>
internal static class ProgramColumnErrors
{
    /// <param name="setting">Where the definition names it: <c>columns.task_id</c>.</param>
    /// <param name="column">The column.</param>
    /// <param name="known">Columns that there are.</param>
    public static HarvestException ColumnUnknown(string setting, string column, IReadOnlyCollection<string> known) => new(
        nameof(ColumnUnknown),
        HarvestFault.InvalidData,
        $"\"{setting}\" of the definition names the column '{column}', and no table that it is for has one.{NearestName.Question(column, known)}",
        known.Count == 0
            ? $"Name the columns of tables whose rows can be read (CSV, JSON lines, Parquet), or take \"{setting}\" out."
            : $"Write one of the columns that there are: {Figures.List([.. known])}.",
        column);

    /// <param name="versions">The slices.</param>
    /// <param name="role">What no table of them says.</param>
    public static HarvestException ColumnLacking(IReadOnlyList<string> versions, ColumnRole role) => new(
        nameof(ColumnLacking),
        HarvestFault.Usage,
        $"No table of {Figures.List(versions)} has a column '{ProgramColumns.Word(role)}', so that what {(versions.Count == 1 ? "it has" : "they have")} of it is not known.",
        $"Where the column has another name, write \"columns\": {{ \"{ProgramColumns.Word(role)}\": \"NAME\" }} into the definition in harvest.json, which needs no new version.",
        ProgramColumns.Word(role));

    public static HarvestException TablesWithoutRows(IReadOnlyList<string> paths) => new(
        nameof(TablesWithoutRows),
        HarvestFault.InvalidData,
        $"{Figures.List(paths)} {(paths.Count == 1 ? "has" : "have")} other bytes, and rows that cannot be read.",
        "Write CSV (.csv), JSON lines (.jsonl) or Parquet (.parquet) of plain columns to have rows compared.",
        paths[0]);

    public static HarvestException RulesBesideProgram(string version) => new(
        nameof(RulesBesideProgram),
        HarvestFault.Usage,
        $"The rules derive the rows of slice {version}, and a program of the team's own those of the other: their tables are not alike.",
        "Compare slices of one kind.",
        version);

    public static HarvestException TableUnknown(string table, string where, IReadOnlyCollection<string> known) => new(
        nameof(TableUnknown),
        HarvestFault.Usage,
        $"There is no table '{table}' in {where}.{NearestName.Question(table, known)}",
        $"Write one of {Figures.List([.. known])}.",
        table);
}
