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

    /// <param name="versions">The slices.</param>
    /// <param name="columns">What no table of them has, as definitions spell it.</param>
    public static HarvestException ColumnsEmpty(IReadOnlyList<string> versions, IReadOnlyList<string> columns) => new(
        nameof(ColumnsEmpty),
        HarvestFault.Usage,
        $"No table of {Figures.List(versions)} has a column {Figures.List([.. columns.Select(static column => $"'{column}'")], "or")}, so that {(columns.Count == 1 ? "it is" : "they are")} empty in all rows.",
        $"Where a column has another name, write \"columns\": {{ \"{(columns.Count > 0 ? columns[0] : "")}\": \"NAME\" }} into the definition in harvest.json, which needs no new version.",
        string.Join(", ", columns));

    /// <param name="versions">The slices.</param>
    /// <param name="role">What some of their rows do not say.</param>
    public static HarvestException RowsSilent(IReadOnlyList<string> versions, ColumnRole role) => new(
        nameof(RowsSilent),
        HarvestFault.Usage,
        $"Some rows of {Figures.List(versions)} do not say their '{ProgramColumns.Word(role)}', so that what {(versions.Count == 1 ? "it has" : "they have")} of it is not known whole.",
        ColumnLacking(versions, role).Remedy,
        ProgramColumns.Word(role));

    /// <param name="unpaired">Tables with rows on both sides and no key.</param>
    /// <param name="lacking">Columns that rows are counted by, and that no table has.</param>
    public static HarvestException RowsNotPaired(IReadOnlyList<string> unpaired, IReadOnlyList<string> lacking) => new(
        nameof(RowsNotPaired),
        HarvestFault.Usage,
        string.Join("; ", new[]
        {
            unpaired.Count == 0 ? null : $"which rows of {Figures.List(unpaired)} changed, since no key says which are the same: they count as removed and added",
            lacking.Count == 0 ? null : $"rows by {Figures.List(lacking)}, since no table has a column {Figures.List([.. lacking.Select(static column => $"'{column}'")], "or")}",
        }.OfType<string>()) + ".",
        unpaired.Count > 0
            ? "Name the columns that identify a row: \"keys\": [\"task_id\"] in the definition in harvest.json, which needs no new version."
            : $"Where a column has another name, write \"columns\": {{ \"{(lacking.Count > 0 ? lacking[0] : "")}\": \"NAME\" }} into the definition in harvest.json, which needs no new version.",
        unpaired.Count > 0 ? unpaired[0] : lacking.Count > 0 ? lacking[0] : null);

    /// <param name="versions">The slices.</param>
    /// <param name="paths">Files of theirs.</param>
    public static HarvestException RowsUnread(IReadOnlyList<string> versions, IReadOnlyList<string> paths) => new(
        nameof(RowsUnread),
        HarvestFault.InvalidData,
        $"The rows of {Figures.List([.. paths.Select(static path => $"'{path}'")])} of {Figures.List(versions)} cannot be read, so that how many rows, episodes and corrections there are is not known.",
        TablesWithoutRows(paths).Remedy,
        paths.Count > 0 ? paths[0] : null);

    public static HarvestException TablesWithoutRows(IReadOnlyList<string> paths) => new(
        nameof(TablesWithoutRows),
        HarvestFault.InvalidData,
        $"{Figures.List(paths)} {(paths.Count == 1 ? "has" : "have")} other bytes, and rows that cannot be read.",
        "Write CSV (.csv), JSON lines (.jsonl) or Parquet (.parquet) of plain columns to have rows compared.",
        paths.Count > 0 ? paths[0] : null);

    public static HarvestException RulesBesideProgram(string version) => new(
        nameof(RulesBesideProgram),
        HarvestFault.Usage,
        $"The rules derive the rows of slice {version}, and a program of the team's own those of the other: their tables are not alike.",
        "Compare slices of one kind.",
        version);

    /// <param name="version">The slice.</param>
    /// <param name="harvestVersion">The definition that it would be derived under.</param>
    /// <param name="toProgram">Whether that one is of a program, and the slice of rules; else the other way round.</param>
    public static HarvestException DefinitionOfOtherKind(string version, string harvestVersion, bool toProgram) => new(
        nameof(DefinitionOfOtherKind),
        HarvestFault.Usage,
        $"Slice {version} was derived by {(toProgram ? "rules" : "a program of the team's own")}, and {harvestVersion} in harvest.json is {(toProgram ? "a program of the team's own" : "of rules")}: their tables are not alike.",
        $"Name slices that {(toProgram ? "a program" : "rules")} derived; what the change of kind makes of the rows is seen by the tables of a slice of each.",
        version);

    public static HarvestException TableUnknown(string table, string where, IReadOnlyCollection<string> known) => new(
        nameof(TableUnknown),
        HarvestFault.Usage,
        $"There is no table '{table}' in {where}.{NearestName.Question(table, known)}",
        $"Write one of {Figures.List([.. known])}.",
        table);
}
