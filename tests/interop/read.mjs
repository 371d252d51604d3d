// Prints the rows of a Parquet file, read by a reader that shares no code with HarvestTools.
//
//   node read.mjs FILE --with duckdb|hyparquet      one JSON line with the column names, then one a row
//   node read.mjs FILE --with duckdb-metadata       one JSON line a column chunk: what DuckDB reads from the footer
//
// Values lose nothing on the way: integers are strings, doubles are "0x" and the 16 hex digits of their bits
// ("nan" for every NaN), booleans, texts and nulls are JSON's own.

import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';

const [file, option, reader] = process.argv.slice(2);
const readers = { duckdb: readWithDuckdb, hyparquet: readWithHyparquet, 'duckdb-metadata': readDuckdbMetadata };
if (option !== '--with' || !Object.hasOwn(readers, reader)) {
  console.error('usage: node read.mjs FILE --with duckdb|hyparquet|duckdb-metadata');
  process.exit(2);
}

const bits = new DataView(new ArrayBuffer(8));
await readers[reader]();

async function readWithHyparquet() {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const leaves = metadata.schema.slice(1);
  const names = leaves.map((leaf) => leaf.name);
  const rows = await parquetReadObjects({ file: buffer, metadata });
  print(names, rows.map((row) => names.map((name, i) => lossless(row[name], leaves[i].type === 'DOUBLE'))));
}

async function readWithDuckdb() {
  const result = await query('SELECT * FROM read_parquet(?)');
  const doubles = result.columnTypes().map((type) => type.toString() === 'DOUBLE');
  print(result.columnNames(), result.getRows().map((row) => row.map((value, i) => lossless(value, doubles[i]))));
}

async function readDuckdbMetadata() {
  const result = await query(`
    SELECT row_group_id, row_group_num_rows, path_in_schema, type, encodings, compression, num_values,
      stats_null_count, stats_min_value, stats_max_value, total_compressed_size, total_uncompressed_size
    FROM parquet_metadata(?) ORDER BY row_group_id, column_id`);
  for (const row of result.getRowObjects()) {
    for (const [name, value] of Object.entries(row)) {
      row[name] = lossless(value, false);
    }

    console.log(JSON.stringify(row));
  }
}

async function query(sql) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  return await connection.runAndReadAll(sql, [file]);
}

function lossless(value, isDouble) {
  if (value === null || value === undefined) {
    return null;
  }

  if (isDouble) {
    if (Number.isNaN(value)) {
      return 'nan';
    }

    bits.setFloat64(0, value);
    return '0x' + bits.getBigUint64(0).toString(16).padStart(16, '0');
  }

  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
}

function print(names, rows) {
  const lines = [JSON.stringify(names)];
  for (const row of rows) {
    lines.push(JSON.stringify(row));
  }

  process.stdout.write(lines.join('\n') + '\n');
}
