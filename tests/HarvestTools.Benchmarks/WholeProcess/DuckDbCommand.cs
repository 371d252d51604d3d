using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// DuckDB's part of the job on one thread, with the explicit schema that a user writes by hand, in a process of its own:
/// <c>duckdb flatten EXPORT OUT.parquet</c> writes the keypoints of an export, sorted, as Snappy Parquet;
/// <c>duckdb copy IN.parquet OUT.parquet</c> writes the rows of IN, read into memory before the clock starts.
/// Prints the seconds of the statement that is measured.
/// </summary>
internal static class DuckDbCommand
{
    public static int Run(string job, string input, string output)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:;threads=1");
        connection.Open();
        Execute(connection, "SET preserve_insertion_order = false");
        if (job == "copy")
        {
            Execute(connection, $"CREATE TABLE loaded AS SELECT * FROM read_parquet({Text(input)})");
        }

        string statement = job switch
        {
            "flatten" => Flatten(input, output),
            "copy" => $"COPY loaded TO {Text(output)} (FORMAT parquet, COMPRESSION snappy)",
            _ => throw new ArgumentException($"There is no job '{job}'.", nameof(job)),
        };
        var watch = Stopwatch.StartNew();
        Execute(connection, statement);
        Console.WriteLine(watch.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        return 0;
    }

    private static string Flatten(string export, string output) => $$"""
        COPY (
          SELECT 'a' AS project, t.data.task_subdir, t.data.episode, t.data.frame, t.id AS task_id, a.id AS annotation_id,
            r.id AS region_id, r."value".keypointlabels[1] AS label, r.origin, a.completed_by, r."parentID" AS parent_id,
            r."value".x / 100 * r.original_width AS x, r."value".y / 100 * r.original_height AS y,
            r."value".x AS x_pct, r."value".y AS y_pct
          FROM (
            SELECT id, data, unnest(annotations) AS a
            FROM read_json({{Text(export)}}, format = 'array', maximum_object_size = 134217728, columns = {
              id: 'BIGINT',
              data: 'STRUCT(task_subdir VARCHAR, episode VARCHAR, frame BIGINT)',
              annotations: 'STRUCT(id BIGINT, completed_by BIGINT, was_cancelled BOOLEAN, result STRUCT(id VARCHAR, "parentID" VARCHAR,
                type VARCHAR, origin VARCHAR, original_width DOUBLE, original_height DOUBLE, "value" STRUCT(x DOUBLE, y DOUBLE,
                width DOUBLE, height DOUBLE, rotation DOUBLE, keypointlabels VARCHAR[], rectanglelabels VARCHAR[]))[])[]'})
          ) t, unnest(a.result) AS u(r)
          WHERE NOT a.was_cancelled AND r.type = 'keypointlabels'
          ORDER BY ALL
        ) TO {{Text(output)}} (FORMAT parquet, COMPRESSION snappy)
        """;

    private static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
