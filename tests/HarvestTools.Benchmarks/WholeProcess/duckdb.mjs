// DuckDB's part of the job on one thread, with the explicit schema that a user writes by hand.
//
//   node duckdb.mjs MODULES flatten EXPORT OUT.parquet   keypoints of an export, sorted, Snappy Parquet
//   node duckdb.mjs MODULES copy IN.parquet OUT.parquet  writes the rows of IN, read into memory before the clock starts
//
// MODULES is the folder whose node_modules hold @duckdb/node-api. Prints the seconds of the statement that is measured.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, job, input, output] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'package.json'))('@duckdb/node-api');
const database = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await database.connect();
await connection.run('SET preserve_insertion_order = false');
const statements = {
  flatten: `
    COPY (
      SELECT 'a' AS project, t.data.task_subdir, t.data.episode, t.data.frame, t.id AS task_id, a.id AS annotation_id,
        r.id AS region_id, r."value".keypointlabels[1] AS label, r.origin, a.completed_by, r."parentID" AS parent_id,
        r."value".x / 100 * r.original_width AS x, r."value".y / 100 * r.original_height AS y,
        r."value".x AS x_pct, r."value".y AS y_pct
      FROM (
        SELECT id, data, unnest(annotations) AS a
        FROM read_json('${input}', format = 'array', maximum_object_size = 134217728, columns = {
          id: 'BIGINT',
          data: 'STRUCT(task_subdir VARCHAR, episode VARCHAR, frame BIGINT)',
          annotations: 'STRUCT(id BIGINT, completed_by BIGINT, was_cancelled BOOLEAN, result STRUCT(id VARCHAR, "parentID" VARCHAR,
            type VARCHAR, origin VARCHAR, original_width DOUBLE, original_height DOUBLE, "value" STRUCT(x DOUBLE, y DOUBLE,
            width DOUBLE, height DOUBLE, rotation DOUBLE, keypointlabels VARCHAR[], rectanglelabels VARCHAR[]))[])[]'})
      ) t, unnest(a.result) AS u(r)
      WHERE NOT a.was_cancelled AND r.type = 'keypointlabels'
      ORDER BY ALL
    ) TO '${output}' (FORMAT parquet, COMPRESSION snappy)`,
  copy: `COPY loaded TO '${output}' (FORMAT parquet, COMPRESSION snappy)`,
};
if (job === 'copy') {
  await connection.run(`CREATE TABLE loaded AS SELECT * FROM read_parquet('${input}')`);
}

const start = process.hrtime.bigint();
await connection.run(statements[job]);
console.log((Number(process.hrtime.bigint() - start) / 1e9).toFixed(3));
