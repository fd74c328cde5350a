// Conditions as SQL on catalog_document. Whatever people wrote is a parameter.

import { sql, type RawBuilder } from 'kysely';
import type { TermField } from '../catalog-document.ts';
import type { Condition, TermsCondition } from '../condition.ts';
import { queryOf } from './words-query.ts';

/** How a value of a field stands in the column `terms`. */
export const termOf = (field: TermField | 'audience', value: string): string => `${field}=${value}`;

export function sqlCondition(condition: Condition): RawBuilder<boolean> {
  switch (condition.kind) {
    case 'everything':
      return sql<boolean>`true`;
    case 'nothing':
      return sql<boolean>`false`;
    case 'words':
      return sql<boolean>`words @@ ${queryOf(condition)}::tsquery`;
    case 'terms':
      return sqlTerms(condition);
    case 'every':
      return joined(condition.of, sql` and `, sql<boolean>`true`);
    case 'some':
      return joined(condition.of, sql` or `, sql<boolean>`false`);
    case 'not':
      return sql<boolean>`not ${sqlCondition(condition.of)}`;
  }
}

const sqlTerms = ({ field, values }: TermsCondition): RawBuilder<boolean> =>
  sql<boolean>`terms && ${values.map((value) => termOf(field, value))}::text[]`;

const joined = (
  of: readonly Condition[],
  operator: RawBuilder<unknown>,
  none: RawBuilder<boolean>,
): RawBuilder<boolean> => (of.length === 0 ? none : sql<boolean>`(${sql.join(of.map(sqlCondition), operator)})`);
