// Tables that hold no data of their own: what is granted on them opens nothing, so something else is to be shared.
import type { GlueTable } from '../aws/services/glue.ts';

/** What to share instead; undefined for a table with data. */
export const insteadOf = ({ name, target, type }: Pick<GlueTable, 'name' | 'target' | 'type'>): string | undefined => {
  if (target !== undefined)
    return `${name} is a link to table ${target.table ?? '*'} of database ${target.database} in account ${target.catalogId}: share that table, from a dataset of that database`;
  return type === 'VIRTUAL_VIEW' ? `${name} is a view, which holds no data: share the tables that it reads` : undefined;
};
