/** The files of the sample lake: made by SQL from row numbers alone, so that every run has the same bytes. */
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SampleFile {
  /** In the bucket. */
  readonly key: string;
  readonly body: Uint8Array;
}

export const CUSTOMERS = 2_000;
export const ORDERS = 12_000;
export const PRODUCTS = 150;

/**
 * A number from 0 (inclusive) to `below` that looks random and is the same everywhere: the row's number times a large prime
 * (Knuth's multiplicative hash), whose low bits are dropped. `salt` tells columns apart.
 */
const scattered = (salt: number, below: number): string =>
  `((((i + ${salt} * 7919) * 2654435761) % 4294967296) // 65536) % ${below}`;

const oneOf = (salt: number, values: readonly string[]): string =>
  `list_extract([${values.map((value) => `'${value}'`).join(', ')}], (1 + ${scattered(salt, values.length)})::INTEGER)`;

const FIRST_NAMES = ['Ada', 'Ben', 'Chi', 'Dua', 'Eli', 'Fay', 'Gus', 'Hal', 'Ida', 'Jon', 'Kim', 'Lea', 'Max', 'Noa'];
const LAST_NAMES = [
  'Abe',
  'Berg',
  'Cruz',
  'Diaz',
  'Eco',
  'Falk',
  'Gray',
  'Hahn',
  'Ito',
  'Jung',
  'Kaya',
  'Lund',
  'Moss',
];
/** More of the first than of the others, as the company sells. */
const REGIONS = ['eu', 'eu', 'eu', 'us', 'us', 'ap'];

const customers = `
  SELECT i AS id,
         ${oneOf(1, FIRST_NAMES)} || ' ' || ${oneOf(2, LAST_NAMES)} AS name,
         'customer' || i || '@example.com' AS email,
         ${oneOf(3, REGIONS)} AS region,
         DATE '2019-01-01' + (${scattered(4, 2_500)})::INTEGER AS since
  FROM range(1, ${CUSTOMERS + 1}) rows(i)`;

const products = `
  SELECT i AS id,
         ${oneOf(5, ['chair', 'desk', 'lamp', 'shelf', 'sofa', 'stool', 'table'])} || '-' || i AS name,
         ${oneOf(6, ['office', 'kitchen', 'garden'])} AS category,
         (500 + ${scattered(7, 40_000)}) / 100.0 AS price
  FROM range(1, ${PRODUCTS + 1}) rows(i)`;

const orders = `
  SELECT i AS id,
         1 + ${scattered(8, CUSTOMERS)} AS customer_id,
         1 + ${scattered(9, PRODUCTS)} AS product_id,
         ${oneOf(10, REGIONS)} AS region,
         1 + ${scattered(11, 5)} AS quantity,
         ((500 + ${scattered(12, 90_000)}) / 100.0)::DOUBLE AS amount,
         '4' || lpad((${scattered(13, 100_000)})::VARCHAR, 15, '0') AS card_number,
         DATE '2026-01-01' + (i * 300 // ${ORDERS})::INTEGER AS ordered_on
  FROM range(1, ${ORDERS + 1}) rows(i)`;

const payroll = `
  SELECT i AS employee, 3000 + ${scattered(14, 4_000)} AS salary FROM range(1, 41) rows(i)`;

interface Export {
  readonly key: string;
  readonly sql: string;
  readonly format: 'csv' | 'parquet';
}

/** Of the month's orders; as the carrier sends it, without anything about who bought or paid. */
const shipments = (month: number): Export => ({
  key: `raw/shipments-2026-0${month}.csv`,
  sql: `SELECT id AS order_id, product_id, region, quantity, ordered_on + 1 AS shipped_on FROM (${orders})
        WHERE month(ordered_on) = ${month} ORDER BY id`,
  format: 'csv',
});

const EXPORTS: readonly Export[] = [
  { key: 'orders/part-0.parquet', sql: `SELECT * FROM (${orders}) WHERE id <= ${ORDERS / 2}`, format: 'parquet' },
  { key: 'orders/part-1.parquet', sql: `SELECT * FROM (${orders}) WHERE id > ${ORDERS / 2}`, format: 'parquet' },
  { key: 'customers/customers.csv', sql: customers, format: 'csv' },
  { key: 'products/products.csv', sql: products, format: 'csv' },
  shipments(1),
  shipments(2),
  shipments(3),
  // Begins like raw/ and is nobody's business: whoever shares by prefix without its slash shares it, too.
  { key: 'raw2/payroll.csv', sql: payroll, format: 'csv' },
];

/** Takes about 200 ms. */
export async function sampleFiles(): Promise<readonly SampleFile[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-sample-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    const files: SampleFile[] = [];
    for (const [index, { key, sql, format }] of EXPORTS.entries()) {
      const path = join(folder, String(index));
      const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet';
      await connection.run(`COPY (${sql}) TO '${path}' (${options})`);
      files.push({ key, body: readFileSync(path) });
    }
    connection.closeSync();
    return files;
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}
