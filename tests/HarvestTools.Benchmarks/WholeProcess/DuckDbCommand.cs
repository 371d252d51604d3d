using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// DuckDB's part of the job, with the explicit schema that a user writes by hand, in a process of its own:
/// <c>duckdb flatten EXPORT OUT.parquet</c> writes the keypoints of an export, sorted, as Snappy Parquet;
/// <c>duckdb ROWS EXPORT OUT.parquet THREADS</c> the rows of a profile, <c>points</c>, <c>boxes</c>, <c>tracks</c> (their key frames)
/// or <c>segments</c> (a row a frame), of an export or of all that a pattern names;
/// <c>duckdb copy IN.parquet OUT.parquet</c> writes the rows of IN, read into memory before the clock starts.
/// One thread where none are stated. Prints the seconds of the statement that is measured.
/// </summary>
internal static class DuckDbCommand
{
    public static int Run(string job, string input, string output, string threads = "1")
    {
        using var connection = new DuckDBConnection($"Data Source=:memory:;threads={threads}");
        connection.Open();
        Execute(connection, "SET preserve_insertion_order = false");
        if (job == "copy")
        {
            Execute(connection, $"CREATE TABLE loaded AS SELECT * FROM read_parquet({Text(input)})");
        }

        string statement = job switch
        {
            "flatten" => Flatten(input, output),
            "points" or "boxes" or "tracks" or "segments" => Rows(job, input, output),
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

    /// <summary>One query a kind of row, simpler than what a slice is: no agreement, no means, no interpolation, no hash.</summary>
    private static string Rows(string rows, string export, string output)
    {
        (string type, string value, string label, string columns, string more) = rows switch
        {
            "points" => ("keypointlabels", "x DOUBLE, y DOUBLE, keypointlabels VARCHAR[]", "keypointlabels",
                """r."value".x / 100 * r.original_width AS x, r."value".y / 100 * r.original_height AS y, r."value".x AS x_pct, r."value".y AS y_pct""", ""),
            "boxes" => ("rectanglelabels", "x DOUBLE, y DOUBLE, width DOUBLE, height DOUBLE, rotation DOUBLE, rectanglelabels VARCHAR[]", "rectanglelabels",
                """
                r."value".x / 100 * r.original_width AS x, r."value".y / 100 * r.original_height AS y,
                r."value".width / 100 * r.original_width AS width, r."value".height / 100 * r.original_height AS height, r."value".rotation AS rotation
                """, ""),
            "tracks" => ("videorectangle", "\"sequence\" STRUCT(frame BIGINT, enabled BOOLEAN, rotation DOUBLE, x DOUBLE, y DOUBLE, width DOUBLE, height DOUBLE)[], labels VARCHAR[]", "labels",
                "s.frame AS at, s.enabled, s.x, s.y, s.width, s.height, s.rotation", """, unnest(r."value"."sequence") AS w(s)"""),
            _ => ("timelinelabels", "ranges STRUCT(\"start\" BIGINT, \"end\" BIGINT)[], timelinelabels VARCHAR[]", "timelinelabels",
                """f AS at, r."value".ranges[1]."start" AS first, r."value".ranges[1]."end" AS last""",
                """, unnest(range(r."value".ranges[1]."start", r."value".ranges[1]."end" + 1)) AS w(f)"""),
        };
        return $$"""
            COPY (
              SELECT 'a' AS project, t.data.task_subdir, t.data.episode, t.data.frame, t.id AS task_id, a.id AS annotation_id,
                r.id AS region_id, r."value".{{label}}[1] AS label, r.origin, a.completed_by, r.item_index, {{columns}}
              FROM (
                SELECT id, data, unnest(annotations) AS a
                FROM read_json({{Text(export)}}, format = 'array', maximum_object_size = 134217728, columns = {
                  id: 'BIGINT',
                  data: 'STRUCT(task_subdir VARCHAR, episode VARCHAR, frame BIGINT)',
                  annotations: 'STRUCT(id BIGINT, completed_by BIGINT, was_cancelled BOOLEAN, result STRUCT(id VARCHAR,
                    type VARCHAR, origin VARCHAR, item_index BIGINT, original_width DOUBLE, original_height DOUBLE, "value" STRUCT({{value}}))[])[]'})
              ) t, unnest(a.result) AS u(r){{more}}
              WHERE NOT a.was_cancelled AND r.type = '{{type}}'
              ORDER BY ALL
            ) TO {{Text(output)}} (FORMAT parquet, COMPRESSION snappy)
            """;
    }

    private static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
