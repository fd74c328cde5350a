// The SELECT that turns a whole table into what one principal may see of it. Pure.
import type { TableAccess } from '../lakeformation/access.ts';
import { rowExpressionSql } from '../lakeformation/row-expression.ts';
import { identifier } from './hive-types.ts';

/**
 * SQL over a relation `source` with every column of the table. Columns outside the access are not in it, rows outside are not in
 * it, and of a row that only some filters accept the cells of the others' columns are NULL. A condition that is NULL for a row
 * does not accept it.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html; how the filters of one principal combine is what
 * engines receive as one row filter per column (CellFilters of GetUnfilteredTableMetadata).
 * @param columns all lower-case column names, which row filter expressions may use
 */
export const visibleSelect = (
  access: Exclude<TableAccess, { kind: 'denied' }>,
  columns: readonly string[],
  source: string,
): string => {
  if (access.kind === 'iam') return `SELECT ${columns.map(identifier).join(', ')} FROM ${source}`;
  const { rowFilters } = access;
  if (rowFilters.length === 0) return `SELECT ${access.columns.map(identifier).join(', ')} FROM ${source}`;
  const conditions = rowFilters.map((filter) => ({
    columns: new Set(filter.columns),
    sql: `coalesce(${rowExpressionSql(filter.expression, columns)}, false)`,
  }));
  const any = (some: readonly { sql: string }[]): string => some.map(({ sql }) => sql).join(' OR ');
  const cells = access.columns.map((column) => {
    const opening = conditions.filter((condition) => condition.columns.has(column));
    const name = identifier(column);
    return opening.length === conditions.length ? name : `CASE WHEN ${any(opening)} THEN ${name} END AS ${name}`;
  });
  return `SELECT ${cells.join(', ')} FROM ${source} WHERE ${any(conditions)}`;
};
