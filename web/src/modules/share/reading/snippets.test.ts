// Names that people chose stay names in every language: none of them ends a string. That the lines work is tried in e2e.

import { describe, expect, it } from 'vitest';
import { snippetOf } from './snippets.ts';

const place = { region: 'eu-west-1', workgroup: 'primary' };

describe('lines to be copied', () => {
  it('read a table by the names that it has in the reader’s account', () => {
    const table = { kind: 'Table', database: 'sales_shared', table: 'orders' } as const;
    expect(snippetOf('sql', table, place)).toBe('SELECT * FROM "sales_shared"."orders" LIMIT 10');
    expect(snippetOf('python', table, place)).toContain('WorkGroup="primary"');
    expect(snippetOf('cli', table, place)).toContain(`--query-string 'SELECT * FROM "sales_shared"."orders" LIMIT 10'`);
  });

  it('quote what is in a name', () => {
    const table = { kind: 'Table', database: `a"b`, table: `it's` } as const;
    expect(snippetOf('sql', table, place)).toBe(`SELECT * FROM "a""b"."it's" LIMIT 10`);
    expect(snippetOf('python', table, place)).toContain(
      String.raw`QueryString="SELECT * FROM \"a\"\"b\".\"it's\" LIMIT 10"`,
    );
  });

  it('are none for what there is no way to read', () => {
    expect(snippetOf('sql', { kind: 'Objects', bucket: 'lake', prefix: '' }, place)).toBeUndefined();
  });
});
