// Derives tables from Label Studio exports in SQL and compares them with the engine's Parquet files.
//
//   node derive.mjs CASES.json      one JSON line a case: { name, tables: { keypoints: { rows, exact, near, differing } … } }
//
// A case: { name, export, project, rules: { min_pixel_agreement: 5, … }, tables: { keypoints: FILE.parquet, … } }.
// The SQL in derive/ was written from the contract, not from the engine; only the greedy matching is JavaScript.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { match } from './derive/match.mjs';
import { compareTables } from './derive/compare.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'derive');
const scripts = Object.fromEntries(
  ['1-items', '2-fields', '3-filters', '4-shapes', '5-parents', '6-pairs', '7-rows', '8-account']
    .map((name) => [name, readFileSync(join(folder, `${name}.sql`), 'utf8')]));

const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
for (const one of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  try {
    await derive(one);
    const tables = await compareTables(connection, one);
    console.log(JSON.stringify({ name: one.name, tables, account: await account(one.tables) }));
  } catch (error) {
    throw new Error(`${one.name}: ${error.message}`, { cause: error });
  }
}

async function derive({ export: file, project, rules }) {
  await connection.run(`SET VARIABLE export = ${text(file)}; SET VARIABLE project = ${text(project)};`);
  const columns = Object.entries(rules).map(([name, value]) => `${typeof value === 'string' ? text(value) : value} AS ${name}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE rules AS SELECT ${columns.join(', ')}`);
  for (const name of ['1-items', '2-fields', '3-filters', '4-shapes', '5-parents']) {
    await connection.run(scripts[name]);
  }

  const parents = await rows('SELECT node AS id, ann_no AS owner, annotation_id AS o1, parent_id AS o2, node AS o3 FROM parents');
  await keep('parent_groups', 'node', match(ordered(parents), await rows('SELECT a, b, distance, others FROM parent_pairs')));
  await connection.run(scripts['6-pairs']);
  const candidates = await rows('SELECT cand AS id, ann_no AS owner, annotation_id AS o1, region_id AS o2, cand AS o3 FROM placed');
  await keep('clusters', 'cand', match(ordered(candidates), await rows('SELECT a, b, distance, others FROM pairs WHERE agrees')));
  await connection.run(scripts['7-rows']);
}

/** Looks for every item of the export in the engine's tables. */
async function account(tables) {
  for (const [table, file] of Object.entries(tables)) {
    await connection.run(`CREATE OR REPLACE TEMP VIEW found_${table} AS SELECT * FROM read_parquet(${text(file)})`);
  }

  await connection.run(scripts['8-account']);
  const [{ items, merged, faults }] = await rows(`
    SELECT (SELECT count(*) FROM items) AS items, (SELECT coalesce(sum(merged), 0)::BIGINT FROM answered) AS merged, (SELECT count(*) FROM faults) AS faults`);
  const first = await rows('SELECT to_json(f)::VARCHAR AS fault FROM faults f ORDER BY task_id, annotation_id, region_id LIMIT 6');
  return { items, merged, faults, first: first.map(({ fault }) => fault) };
}

function ordered(nodes) {
  return nodes.map(({ id, owner, o1, o2, o3 }) => ({ id, owner, order: [o1, o2, o3] }));
}

async function keep(table, column, groups) {
  const list = [...groups].map(([id, grp]) => `{"i":${id},"g":${grp}}`).join(',');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT u.i AS ${column}, u.g AS grp
     FROM (SELECT unnest(from_json(${text(`[${list}]`)}, '[{"i":"BIGINT","g":"BIGINT"}]')) AS u)`);
}

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjects().map((row) => Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value])));
}

function text(value) {
  return `'${value.replaceAll("'", "''")}'`;
}
