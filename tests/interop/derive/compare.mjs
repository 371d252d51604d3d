// Compares derived tables with Parquet files: first as multisets, value for value; then what is left row by row,
// doubles within a tolerance.

const tables = ['keypoints', 'boxes', 'actions', 'rejected'];

/**
 * Largest difference of two doubles that are equal but for the order of the same few operations (a mean, an
 * interpolation, a corner): 8 units in the last place of the value, and of 100, since percents are what they begin
 * from. Distances subtract coordinates of up to some thousand pixels: 1e-11 is 8 units in the last place of those.
 */
const tolerance = (name) => (name === 'agreement' ? '1e-11' : `8 * 2.220446049250313e-16 * greatest(abs(e.${name}), abs(a.${name}), 100)`);

export async function compareTables(connection, one) {
  const results = {};
  for (const table of tables) {
    results[table] = await compareTable(connection, table, one.tables[table].replaceAll("'", "''"));
  }

  return results;
}

async function compareTable(connection, table, file) {
  const describe = await query(connection, `DESCRIBE SELECT * FROM read_parquet('${file}')`);
  const columns = describe.map((row) => ({ name: row.column_name, quoted: `"${row.column_name}"`, double: row.column_type === 'DOUBLE' }))
    .filter(({ name }) => table !== 'rejected' || name !== 'detail');
  const list = columns.map(({ quoted }) => quoted).join(', ');
  await connection.run(`
    CREATE OR REPLACE TEMP TABLE actual AS SELECT ${list} FROM read_parquet('${file}');
    CREATE OR REPLACE TEMP TABLE e AS SELECT ${list} FROM expected_${table} EXCEPT ALL SELECT ${list} FROM actual;
    CREATE OR REPLACE TEMP TABLE a AS SELECT ${list} FROM actual EXCEPT ALL SELECT ${list} FROM expected_${table};`);
  const [{ expected, rows, missing, extra }] = await query(connection, `
    SELECT (SELECT count(*) FROM expected_${table}) AS expected, (SELECT count(*) FROM actual) AS rows,
      (SELECT count(*) FROM e) AS missing, (SELECT count(*) FROM a) AS extra`);
  const result = { rows: Number(rows), expected: Number(expected), exact: Number(rows - extra), differing: 0, first: [] };
  if (missing > 0n || extra > 0n) {
    await compareRest(connection, columns, result);
  }

  return result;
}

/** Pairs what is left by all columns but the doubles, equal ones in the order of their doubles. */
async function compareRest(connection, columns, result) {
  const doubles = columns.filter(({ double }) => double).map(({ quoted }) => quoted);
  const others = columns.filter(({ double }) => !double).map(({ quoted }) => quoted);
  const number = `row_number() OVER (PARTITION BY ${others.join(', ')} ORDER BY ${[...doubles, '1'].join(', ')}) AS n`;
  const equal = [...others, 'n'].map((name) => `e.${name} IS NOT DISTINCT FROM a.${name}`).join(' AND ');
  const far = ['e.n IS NULL', 'a.n IS NULL', ...doubles.map((name) =>
    `(e.${name} IS NULL) <> (a.${name} IS NULL) OR abs(e.${name} - a.${name}) > ${tolerance(name.slice(1, -1))}`)].join(' OR ');
  await connection.run(`
    CREATE OR REPLACE TEMP TABLE differing AS SELECT e, a
    FROM (SELECT *, ${number} FROM e) e FULL JOIN (SELECT *, ${number} FROM a) a ON ${equal} WHERE ${far}`);
  const [{ count }] = await query(connection, 'SELECT count(*) AS count FROM differing');
  result.differing = Number(count);
  const first = await query(connection, `
    SELECT to_json(e)::VARCHAR AS sql, to_json(a)::VARCHAR AS engine FROM differing ORDER BY coalesce(e.task_id, a.task_id), 1, 2 LIMIT 6`);
  result.first = first.map(({ sql, engine }) => `sql:    ${sql}\nengine: ${engine}`);
}

async function query(connection, sql) {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}
