// The filter SQL run by the real engine over a small table: what comes out is all that a query can ever see.
import { describe, expect, it } from 'vitest';
import type { TableAccess } from '../lakeformation/access.ts';
import { Engine } from './engine.ts';
import { visibleSelect } from './visible-select.ts';

const COLUMNS = ['id', 'region', 'amount'];
const SOURCE = `(VALUES (1, 'eu', 10), (2, 'us', 20), (3, NULL, 30)) AS whole(id, region, amount)`;

const rowsSeen = async (access: Exclude<TableAccess, { kind: 'denied' }>): Promise<unknown> => {
  const engine = await Engine.open();
  try {
    await engine.load({ database: 'db', table: 't' }, visibleSelect(access, COLUMNS, SOURCE));
    await engine.lock('db');
    return (await engine.run('SELECT * FROM t ORDER BY id')).rows;
  } finally {
    engine.close();
  }
};

describe('visibleSelect', () => {
  it('shows everything to IAM', async () => {
    expect(await rowsSeen({ kind: 'iam' })).toHaveLength(3);
  });

  it('shows only the columns', async () => {
    expect(await rowsSeen({ kind: 'lakeformation', columns: ['id', 'region'], rowFilters: [] })).toEqual([
      ['1', 'eu'],
      ['2', 'us'],
      ['3', undefined],
    ]);
  });

  it('shows only the rows; a row whose condition is NULL is none', async () => {
    const rowFilters = [{ columns: COLUMNS, expression: "region <> 'us'" }];
    expect(await rowsSeen({ kind: 'lakeformation', columns: COLUMNS, rowFilters })).toEqual([['1', 'eu', '10']]);
  });

  it('joins filters: each row with the cells of the filters that accept it', async () => {
    const rowFilters = [
      { columns: ['id', 'amount'], expression: "region = 'eu'" },
      { columns: ['id', 'region'], expression: 'id >= 2' },
    ];
    expect(await rowsSeen({ kind: 'lakeformation', columns: COLUMNS, rowFilters })).toEqual([
      ['1', undefined, '10'],
      ['2', 'us', undefined],
      ['3', undefined, undefined],
    ]);
  });
});

describe('the engine', () => {
  const attack = async (sql: string): Promise<string> => {
    const engine = await Engine.open();
    try {
      await engine.load({ database: 'db', table: 't' }, 'SELECT 1 AS id');
      await engine.lock('db');
      await engine.references(sql, 'db');
      await engine.run(sql);
      return 'done';
    } catch (error) {
      return String(error);
    } finally {
      engine.close();
    }
  };

  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')", 'file system operations are disabled'],
    ["SELECT * FROM read_text('/etc/passwd')", 'file system operations are disabled'],
    ["SELECT * FROM glob('/etc/*')", 'file system operations are disabled'],
    ["COPY t TO '/tmp/x'", 'Only SELECT'],
    ["ATTACH '/tmp/x.db'", 'Only SELECT'],
    ['SET enable_external_access = true', 'Only SELECT'],
    ['SELECT 1; SELECT 2', 'Only one sql statement'],
    ['SELECT * FROM other.db.t', "Catalog 'other' does not exist"],
    ['SELECT nothing FROM t', "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved"],
  ])('refuses %s', async (sql, message) => {
    expect(await attack(sql)).toContain(message);
  });

  it('finds every table of a query', async () => {
    const engine = await Engine.open();
    try {
      const sql = `WITH x AS (SELECT * FROM "Sales"."Orders")
        SELECT * FROM x JOIN AwsDataCatalog.sales.customers USING (id)
        WHERE EXISTS (SELECT 1 FROM returns) UNION ALL SELECT * FROM x`;
      expect(await engine.references(sql, 'shop')).toEqual([
        { database: 'sales', table: 'orders' },
        { database: 'sales', table: 'customers' },
        { database: 'shop', table: 'returns' },
      ]);
    } finally {
      engine.close();
    }
  });
});
