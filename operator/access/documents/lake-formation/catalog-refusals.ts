// Why a grant on a producer database cannot be made: a table that is not there or lies elsewhere, a filter that cannot be made.
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { CatalogGrantsClaims, FilterDefinition } from '../../desired.ts';
import type { Grant } from '../../grant.ts';
import { insteadOf } from '../../table-kind.ts';
import { strayLocation, strayMessage } from '../../table-location.ts';
import { filterDefinitionsIn } from './filter-definitions.ts';
import type { ObservedCatalog } from './observe-catalog.ts';
import type { Refusal } from '../refusal.ts';

/** Each table and filter is looked at once, however many ask for it. */
export const refusalsIn = (
  claims: CatalogGrantsClaims,
  observed: ObservedCatalog,
): ((grant: Grant) => Refusal | undefined) => {
  const tables = new Map(observed.tables?.map((table) => [table.name, table]));
  const { chosen, contested } = filterDefinitionsIn(claims.filters, observed.tables);
  const flaws = new Map<string, Refusal | undefined>();
  const flawOfTable = (name: string, bucket: string): Refusal | undefined => {
    const place = `${bucket} ${name}`;
    if (!flaws.has(place)) flaws.set(place, tableFlaw(tables.get(name), name, bucket));
    return flaws.get(place);
  };
  const problems = new Map(
    [...chosen].flatMap(([key, filter]): [string, Refusal][] => {
      const table = tables.get(filter.table);
      const problem = table === undefined ? undefined : columnProblem(filter, table);
      return problem === undefined ? [] : [[key, problem]];
    }),
  );
  return ({ item, source }) => {
    if (item.kind !== 'Table') return undefined;
    const { namespace, name } = source.dataset;
    const taken = item.filters.find((filter) => contested.has(`${namespace}/${name} ${item.name}/${filter}`));
    return (
      flawOfTable(item.name, source.bucket) ??
      (taken === undefined ? undefined : filterContested(taken)) ??
      item.filters.map((filter) => problems.get(`${item.name}/${filter}`)).find((problem) => problem !== undefined)
    );
  };
};

const tableFlaw = (table: GlueTable | undefined, name: string, bucket: string): Refusal | undefined => {
  if (table === undefined) return tableMissing(name);
  const instead = insteadOf(table);
  if (instead !== undefined) return { state: 'Failed', reason: 'ItemNotFound', message: instead };
  const stray = strayLocation(table, [bucket]);
  return stray === undefined
    ? undefined
    : { state: 'Failed', reason: 'ItemNotFound', message: strayMessage(name, stray, bucket) };
};

const filterContested = (filter: string): Refusal =>
  filterInvalid(filter, 'an older dataset of the same database defines it otherwise; give yours another name');

const tableMissing = (table: string): Refusal => ({
  state: 'Failed',
  reason: 'ItemNotFound',
  message: `the database has no table ${table}: create it, or take the item out of the request`,
});

export const filterInvalid = (filter: string, why: string): Refusal => ({
  state: 'Failed',
  reason: 'FilterInvalid',
  message: `filter ${filter} cannot be made: ${why}`,
});

const columnProblem = (filter: FilterDefinition, table: GlueTable): Refusal | undefined => {
  const columns = new Set([...table.columns, ...table.partitionKeys].map(({ name }) => name));
  const unknown = filter.columns?.find((column) => !columns.has(column));
  return unknown === undefined ? undefined : filterInvalid(filter.name, `table ${table.name} has no column ${unknown}`);
};
