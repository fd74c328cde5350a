import { describe, expect, it } from 'vitest';
import { rowExpressionSql, RowExpressionError } from './row-expression.ts';

const COLUMNS = ['id', 'region', 'amount', 'sold on'];
const sql = (expression: string): string => rowExpressionSql(expression, COLUMNS);

describe('rowExpressionSql', () => {
  it.each([
    ["region = 'eu'", `("region" = 'eu')`],
    ["Region='it''s'", `("region" = 'it''s')`],
    ['id IN (1, 2, 3)', `("id" IN (1, 2, 3))`],
    ["region NOT IN ('eu')", `("region" NOT IN ('eu'))`],
    ['amount BETWEEN 1 AND 2.5 OR id <> 3', `(("amount" BETWEEN 1 AND 2.5) OR ("id" <> 3))`],
    ["NOT (region LIKE 'e%')", `(NOT ("region" LIKE 'e%'))`],
    [
      'region IS NOT NULL AND "sold on" > DATE \'2026-01-01\'',
      `(("region" IS NOT NULL) AND ("sold on" > DATE '2026-01-01'))`,
    ],
    ['amount * 2 >= -10', `(("amount" * 2) >= (-10))`],
    ["lower(region) = 'eu'", `(lower("region") = 'eu')`],
    ['true', 'TRUE'],
  ])('%s', (expression, expected) => {
    expect(sql(expression)).toBe(expected);
  });

  it.each([
    ['colour = 1', 'Column colour does not exist.'],
    ["region = 'eu", 'Unexpected character'],
    ["region = 'eu'; DROP TABLE x", 'Unexpected character'],
    ["region = 'eu' region", 'expected AND, OR or the end'],
    ['region = ', 'expected a column'],
    ['', 'expected a column'],
    ["read_csv('/etc/passwd') = 1", 'Function read_csv is not supported'],
    ['id = (SELECT 1)', 'Column SELECT does not exist.'],
    ['region NOT = 1', 'expected IN, LIKE or BETWEEN'],
    ["id = 1 -- ' comment", 'Unexpected character'],
  ])('refuses %s', (expression, message) => {
    expect(() => sql(expression)).toThrow(RowExpressionError);
    expect(() => sql(expression)).toThrow(message);
  });
});
