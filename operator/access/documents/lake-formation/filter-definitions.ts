// Which definition of a data cells filter counts, where several datasets use one database: Lake Formation has one of a name.
import { isDeepStrictEqual } from 'node:util';
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { Dataset } from '../../../resources/dataset.ts';
import type { FilterDefinition } from '../../desired.ts';
import { byTable, datasetTableFor } from '../../item-decision.ts';
import type { Specs } from '../../specs.ts';
import { strayLocation } from '../../table-location.ts';

export interface FilterDefinitions {
  /** By `table/filter`. */
  readonly chosen: ReadonlyMap<string, FilterDefinition>;
  /** `namespace/name table/filter` of a dataset that means something else by the name. */
  readonly contested: ReadonlySet<string>;
}

/**
 * A table is described by the datasets whose bucket holds its data, and by no others that merely use its database. Of those, the oldest that
 * defines a name decides.
 * @param definitions those of the oldest dataset first
 */
export const filterDefinitionsIn = (
  definitions: readonly FilterDefinition[],
  tables: readonly GlueTable[] | undefined,
): FilterDefinitions => {
  const byName = new Map(tables?.map((table) => [table.name, table]));
  const chosen = new Map<string, FilterDefinition>();
  const contested = new Set<string>();
  for (const definition of definitions) {
    const table = byName.get(definition.table);
    if (table !== undefined && strayLocation(table, [definition.bucket]) !== undefined) continue;
    const name = filterKey(definition);
    const first = chosen.get(name) ?? definition;
    chosen.set(name, first);
    const { dataset } = definition;
    if (!isDeepStrictEqual([first.rows, first.columns], [definition.rows, definition.columns]))
      contested.add(`${dataset.namespace}/${dataset.name} ${name}`);
  }
  return { chosen, contested };
};

export const filterKey = ({ table, name }: Pick<FilterDefinition, 'table' | 'name'>): string => `${table}/${name}`;

/** Every filter that the DatasetTables of a dataset define. */
export const filtersOf = (specs: Specs, { metadata, status }: Dataset): readonly FilterDefinition[] => {
  const dataset = { namespace: metadata.namespace, name: metadata.name };
  const { bucket = '' } = status;
  const tables = specs.datasetTables(metadata.namespace, metadata.name);
  return [...byTable(tables).keys()].flatMap((table) =>
    (datasetTableFor(tables, table)?.spec.filters ?? []).map(({ name, rows, columns }) => ({
      dataset,
      bucket,
      table,
      name,
      rows,
      columns,
    })),
  );
};
