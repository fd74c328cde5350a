// Conditions on text, in SQL.

import { sql, type Expression, type RawBuilder } from 'kysely';

/** Whether `text` (a column or an expression) contains `term`, in any case; `%`, `_` and `\` of the term are themselves. */
export const contains = (text: string | Expression<unknown>, term: string): RawBuilder<boolean> => {
  const pattern = `%${term.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
  return sql<boolean>`${typeof text === 'string' ? sql.ref(text) : text} ilike ${pattern}`;
};
