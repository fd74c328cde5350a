// Why a grant on a producer database cannot be made: a table that is not there, lies elsewhere or is left to IAM, a filter that cannot be made.
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { CatalogGrantsClaims, FilterDefinition } from '../../desired.ts';
import type { Grant } from '../../grant.ts';
import { insteadOf } from '../../table-kind.ts';
import { strayLocation, strayMessage } from '../../table-location.ts';
import { filterDefinitionsIn } from './filter-definitions.ts';
import { IAM_ALLOWED_PRINCIPALS, rightKey, rightsOf, withoutOption } from './lake-rights.ts';
import type { ObservedCatalog } from './observe-catalog.ts';
import type { Refusal } from '../refusal.ts';

/** Each table and filter is looked at once, however many ask for it. Yields the size of each piece of work, in rights. */
export function* refusalsIn(
  claims: CatalogGrantsClaims,
  observed: ObservedCatalog,
): Generator<number, (grant: Grant) => Refusal | undefined> {
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
  const isUnderIam = tablesUnderIam(claims, observed);
  const wholeOf = yield* wholeTablesOf(claims, observed);
  return ({ item, source, principal }) => {
    if (item.kind !== 'Table') return undefined;
    const { namespace, name } = source.dataset;
    const taken = item.filters.find((filter) => contested.has(`${namespace}/${name} ${item.name}/${filter}`));
    return (
      flawOfTable(item.name, source.bucket) ??
      (isUnderIam(item.name, source.bucket) ? notEnforced(item.name) : undefined) ??
      (taken === undefined ? undefined : filterContested(taken)) ??
      item.filters.map((filter) => problems.get(`${item.name}/${filter}`)).find((problem) => problem !== undefined) ??
      (item.filters.length === 0 ? undefined : unfiltered(wholeOf(principal.arn, item.name)))
    );
  };
}

const tableFlaw = (table: GlueTable | undefined, name: string, bucket: string): Refusal | undefined => {
  if (table === undefined) return tableMissing(name);
  const instead = insteadOf(table);
  if (instead !== undefined) return { state: 'Failed', reason: 'ItemNotFound', message: instead };
  const stray = strayLocation(table, [bucket]);
  return stray === undefined
    ? undefined
    : { state: 'Failed', reason: 'ItemNotFound', message: strayMessage(name, stray, bucket) };
};

/** Tables that are left to IAM whoever opts in, so that grants and filters of Lake Formation mean nothing there. */
const tablesUnderIam = (
  { datasets }: CatalogGrantsClaims,
  { permissions }: ObservedCatalog,
): ((table: string, bucket: string) => boolean) => {
  const without = new Set(
    datasets.flatMap(({ lakeFormation, hybridAccess, bucket }) =>
      lakeFormation === 'Hybrid' && !hybridAccess ? [bucket] : [],
    ),
  );
  if (without.size === 0) return () => false;
  const open = permissions.filter((row) => row.principal === IAM_ALLOWED_PRINCIPALS && row.permissions.includes('ALL'));
  const isAllOpen = open.some(({ resource }) => resource.kind === 'AllTables');
  const tables = new Set(open.flatMap(({ resource }) => (resource.kind === 'Table' ? [resource.table] : [])));
  return (table, bucket) => without.has(bucket) && (isAllOpen || tables.has(table));
};

const notEnforced = (table: string): Refusal => ({
  state: 'Failed',
  reason: 'NotEnforced',
  message: `table ${table} is left to IAM, and its bucket was registered with Lake Formation without hybrid access before the import, so that no grant or filter would hold: set spec.s3.lakeFormation of the Dataset to Enforced, or register the bucket with hybrid access and import it anew`,
});

/**
 * What was there before an import opens to a principal more than a filter of ours would show: Lake Formation adds up what it grants, and these
 * grants are not ours to take.
 * @returns the right, as it is remembered
 */
function* wholeTablesOf(
  { foreign }: CatalogGrantsClaims,
  { permissions }: ObservedCatalog,
): Generator<number, (principal: string, table: string) => string | undefined> {
  const theirs = new Set(foreign);
  const holders = new Set(foreign.map((right) => right.slice(0, right.indexOf(' '))));
  const opening = new Map<string, string>();
  for (const row of holders.size === 0 ? [] : permissions) {
    yield 1;
    if (!holders.has(row.principal) || row.resource.kind === 'Filter') continue;
    for (const right of rightsOf([row]).values()) {
      const text = rightKey(withoutOption(right));
      if ((right.permission !== 'SELECT' && right.permission !== 'ALL') || !theirs.has(text)) continue;
      if (right.resource.kind === 'AllTables') opening.set(`${right.principal} *`, text);
      else if ('table' in right.resource) opening.set(`${right.principal} ${right.resource.table}`, text);
    }
  }
  return (principal, table) => {
    const account = principal.split(':')[4] ?? '';
    return [principal, account, `${account}:IAMPrincipals`]
      .flatMap((holder) => [opening.get(`${holder} ${table}`), opening.get(`${holder} *`)])
      .find((text) => text !== undefined);
  };
}

const unfiltered = (right: string | undefined): Refusal | undefined =>
  right === undefined
    ? undefined
    : {
        state: 'Failed',
        reason: 'NotEnforced',
        message: `${right} was granted before the import, so a filter would hide nothing: have it revoked in Lake Formation, then set dataall.io/requested-at on this request`,
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
