using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Compares the tables that the SQL derived with Parquet files: first as multisets, value for value; then what is left row by
/// row, doubles within a tolerance.
/// </summary>
internal static class SqlComparison
{
    /// <summary>The JSON of a task of the export at hand.</summary>
    public static object? TaskOf(this DuckDb duck, object? id) =>
        duck.Query($"SELECT json::VARCHAR FROM read_json_objects(getvariable('export'), format = 'array') WHERE json ->> 'id' = '{id}'").FirstOrDefault()?[0];

    public static SqlTable Compare(DuckDb duck, string table, string file)
    {
        file = DuckDb.Text(file);
        (string Name, string Quoted, bool Double)[] columns =
        [
            .. duck.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet({file}))")
                .Select(static row => ((string)row[0]!, $"\"{row[0]}\"", (string)row[1]! == "DOUBLE"))
                .Where(column => table != "rejected" || column.Item1 != "detail"),
        ];
        string list = string.Join(", ", columns.Select(static column => column.Quoted));
        string found = list;
        if (table == "rejected")
        {
            // A detail's words are the engine's own, but not where the region is and which sizes are in conflict.
            const string Place = @"(to_name=\S+)?( ?item_index=\S+)?( ?from_name=\S+)?";
            columns = [.. columns, ("place", "place", false), ("sizes", "sizes", false)];
            list += $", regexp_extract(place, '^{Place}') AS place, sizes";
            found += $", regexp_extract(detail, '^(type=[^ ]+ ?)?({Place})', 2) AS place, regexp_extract(detail, 'have the image as (.*)$', 1) AS sizes";
        }

        duck.Run($"""
            CREATE OR REPLACE TEMP TABLE actual AS SELECT {found} FROM read_parquet({file});
            CREATE OR REPLACE TEMP TABLE e AS SELECT {list} FROM expected_{table} EXCEPT ALL FROM actual;
            CREATE OR REPLACE TEMP TABLE a AS FROM actual EXCEPT ALL SELECT {list} FROM expected_{table};
            """);
        long expected = duck.Single<long>($"SELECT count(*) FROM expected_{table}");
        long rows = duck.Single<long>("SELECT count(*) FROM actual");
        long missing = duck.Single<long>("SELECT count(*) FROM e");
        long extra = duck.Single<long>("SELECT count(*) FROM a");
        (long differing, string[] first) = missing > 0 || extra > 0 ? CompareRest(duck, columns) : (0, []);
        return new SqlTable(rows, expected, rows - extra, differing, first);
    }

    /// <summary>Pairs what is left by all columns but the doubles, equal ones in the order of their doubles.</summary>
    private static (long Differing, string[] First) CompareRest(DuckDb duck, (string Name, string Quoted, bool Double)[] columns)
    {
        string[] doubles = [.. columns.Where(static column => column.Double).Select(static column => column.Quoted)];
        string[] others = [.. columns.Where(static column => !column.Double).Select(static column => column.Quoted)];
        string number = $"row_number() OVER (PARTITION BY {string.Join(", ", others)} ORDER BY {string.Join(", ", [.. doubles, "1"])}) AS n";
        string equal = string.Join(" AND ", others.Append("n").Select(static name => $"e.{name} IS NOT DISTINCT FROM a.{name}"));
        string far = string.Join(" OR ", (string[])
        [
            "e.n IS NULL",
            "a.n IS NULL",
            .. doubles.Select(static name => $"(e.{name} IS NULL) <> (a.{name} IS NULL) OR abs(e.{name} - a.{name}) > {Tolerance(name)}"),
        ]);
        duck.Run($"""
            CREATE OR REPLACE TEMP TABLE differing AS SELECT e, a
            FROM (SELECT *, {number} FROM e) e FULL JOIN (SELECT *, {number} FROM a) a ON {equal} WHERE {far}
            """);
        List<object?[]> tasks = duck.Query("SELECT coalesce(e.task_id, a.task_id) FROM differing ORDER BY 1 LIMIT 1");
        string[] first =
        [
            .. tasks.Select(task => $"task:   {duck.TaskOf(task[0])}"),
            .. duck.Query("SELECT to_json(e)::VARCHAR, to_json(a)::VARCHAR FROM differing ORDER BY coalesce(e.task_id, a.task_id), 1, 2 LIMIT 6")
                .Select(static row => $"sql:    {row[0]}\nengine: {row[1]}"),
        ];
        return (duck.Single<long>("SELECT count(*) FROM differing"), first);
    }

    /// <summary>
    /// Largest difference of two doubles that are equal but for the order of the same few operations (a mean, an interpolation, a
    /// corner): 8 units in the last place of the value, and of 100, since percents are what they begin from. Distances subtract
    /// coordinates of up to some thousand pixels: 1e-11 is 8 units in the last place of those.
    /// </summary>
    private static string Tolerance(string quoted) =>
        quoted == "\"agreement\"" ? "1e-11" : $"8 * 2.220446049250313e-16 * greatest(abs(e.{quoted}), abs(a.{quoted}), 100)";
}
