// Lake Formation on a producer database: who may read which tables, through which filters. We own it: what no claim asks for goes.
import { isFault } from '../../aws/fault.ts';
import type { GlueTable } from '../../aws/glue.ts';
import type { LakeGrant } from '../../aws/lakeformation.ts';
import type { DataCellsFilter } from '../../aws/lakeformation-resource.ts';
import type { CatalogGrantsClaims, FilterDefinition } from '../claims.ts';
import type { ActionOutcome, DocumentType, Drift, Plan, Verdict } from '../document.ts';
import type { CatalogGrantsKey } from '../document-key.ts';
import { grantId, isSameAccount, type Grant } from '../grant.ts';
import { insteadOf } from '../table-kind.ts';
import { strayLocation, strayMessage } from '../table-location.ts';
import { belongsToOthers, opensElsewhere, rightsOfGrant, wantedRights } from './catalog-rights.ts';
import {
  byKey,
  compareRights,
  entriesOf,
  rightKey,
  rightsOf,
  type LakeRight,
  type WantedRight,
} from './lake-rights.ts';
import { isAllOurs, observeCatalog, readBackCatalog, type ObservedCatalog } from './observe-catalog.ts';
import type { Refusal } from './refusal.ts';
import { settleGrants, settleRevocations } from './settle-grants.ts';

export type CatalogAction =
  | { readonly do: 'revoke'; readonly entries: readonly LakeGrant[] }
  | {
      readonly do: 'create-filter' | 'update-filter';
      readonly filter: DataCellsFilter;
      readonly grants: readonly string[];
      /** What is granted on the filter as it is now. */
      readonly holders: readonly LakeGrant[];
    }
  | {
      readonly do: 'grant';
      readonly entries: readonly { readonly entry: LakeGrant; readonly grants: readonly string[] }[];
    }
  | { readonly do: 'delete-filter'; readonly filter: DataCellsFilter };

type Key = CatalogGrantsKey;
type Claims = CatalogGrantsClaims;

export const catalogGrants: DocumentType<Key, Claims, ObservedCatalog, CatalogAction> = {
  kind: 'catalog-grants',

  observe: observeCatalog,

  readBack: readBackCatalog,

  parts: ({ filters }) => [...new Set(filters.map(({ table }) => table))],

  plan(key, claims, observed): Plan<CatalogAction> {
    const refused = refusals(claims, observed);
    const served = servedOf(claims, refused);
    const wanted = wantedRights(key, claims.datasets, observed, served);
    const present = rightsOf(observed.permissions);
    const { missing, extra, revoke } = compareRights(wanted, present, belongsToOthers(claims, observed, present));
    const { filterActions, obsolete } = planFilters(key, claims, observed, served);
    const entries = entriesOf(missing.map(({ right }) => right)).map((entry) => ({
      entry,
      grants: grantsOfEntry(entry, wanted),
    }));
    const actions: CatalogAction[] = [
      ...(revoke.length > 0 ? [{ do: 'revoke' as const, entries: revoke }] : []),
      ...filterActions,
      ...(entries.length > 0 ? [{ do: 'grant' as const, entries }] : []),
      ...obsolete.map((filter) => ({ do: 'delete-filter' as const, filter })),
    ];
    const drift: Drift[] = [
      ...missing.map(({ right, grants }): Drift => ({
        kind: 'missing',
        message: `grant ${rightKey(right)} is missing`,
        grants,
      })),
      ...extra.map((right): Drift => ({
        kind: 'extra',
        message: `grant ${rightKey(right)} is not wanted`,
        grants: [],
      })),
    ];
    const isForbidden = opensElsewhere(claims, observed);
    const forbidden = extra.filter(isForbidden);
    // Whose "all tables" goes keeps its own.
    const instead = forbidden.some(({ resource }) => resource.kind === 'AllTables')
      ? entries.filter(({ grants }) => grants.length === 0)
      : [];
    const urgent: CatalogAction[] = [
      ...(forbidden.length > 0 ? [{ do: 'revoke' as const, entries: entriesOf(forbidden) }] : []),
      ...(instead.length > 0 ? [{ do: 'grant' as const, entries: instead }] : []),
    ];
    return { actions, urgent, drift, refused };
  },

  takes: (action) => action.do === 'revoke' || action.do === 'delete-filter',

  partFor(action, grants) {
    const isOfThem = (ids: readonly string[]): boolean => ids.some((id) => grants.has(id));
    if (action.do === 'create-filter') return isOfThem(action.grants) ? action : undefined;
    if (action.do !== 'grant') return action;
    const entries = action.entries.filter((entry) => isOfThem(entry.grants));
    if (entries.length === action.entries.length) return action;
    return entries.length === 0 ? undefined : { do: 'grant', entries };
  },

  renew(key, { grants }, observed, ids) {
    const present = rightsOf(observed.permissions);
    const sent = grants.filter((grant) => ids.has(grantId(grant)) && !isSameAccount(grant));
    const rights = sent.flatMap((grant) => rightsOfGrant(key, grant)).filter((right) => present.has(rightKey(right)));
    return rights.length === 0 ? undefined : { do: 'revoke', entries: entriesOf(rights) };
  },

  async execute({ aws }, _key, _claims, action): Promise<ActionOutcome> {
    switch (action.do) {
      case 'revoke':
        return settleRevocations(await aws.lakeFormation.revoke(action.entries));
      case 'grant': {
        const outcomes = await aws.lakeFormation.grant(action.entries.map(({ entry }) => entry));
        return settleGrants(
          outcomes,
          (entry) => action.entries.find((candidate) => candidate.entry === entry)?.grants ?? [],
        );
      }
      case 'create-filter':
      case 'update-filter':
        try {
          if (action.do === 'create-filter') await aws.lakeFormation.createFilter(action.filter);
          else await aws.lakeFormation.updateFilter(action.filter);
          return { done: true };
        } catch (error) {
          if (!isFault(error, 'Invalid')) throw error;
          // What it showed until now is no longer consented to, so it goes, and with it what was granted on it.
          if (action.do === 'update-filter') {
            const outcome = settleRevocations(await aws.lakeFormation.revoke(action.holders));
            if (!outcome.done) return { ...outcome, grants: action.grants };
            await aws.lakeFormation.deleteFilter(action.filter);
          }
          return { done: false, grants: action.grants, verdict: filterInvalid(action.filter.name, error.reason) };
        }
      case 'delete-filter':
        await aws.lakeFormation.deleteFilter(action.filter);
        return { done: true };
    }
  },

  judge(key, claims, observed) {
    const refused = refusals(claims, observed);
    const present = rightsOf(observed.permissions);
    return new Map(
      claims.grants.map((grant): [string, Verdict] => {
        const refusal = refused.get(grantId(grant));
        if (refusal !== undefined) return [grantId(grant), refusal];
        const lacking = rightsOfGrant(key, grant).find((right) => !present.has(rightKey(right)));
        return [
          grantId(grant),
          lacking === undefined
            ? { state: 'Satisfied', readsBelow: prefixOf(observed, grant) }
            : {
                state: 'Waiting',
                reason: 'GrantPending',
                message: `Lake Formation has not granted ${lacking.permission} yet`,
              },
        ];
      }),
    );
  },

  isClean(key, claims, observed) {
    const present = rightsOf(observed.permissions);
    const wanted = wantedRights(key, claims.datasets, observed, servedOf(claims, refusals(claims, observed)));
    return compareRights(wanted, present, belongsToOthers(claims, observed, present)).extra.length === 0;
  },
};

const servedOf = ({ grants }: Claims, refused: ReadonlyMap<string, Refusal>): readonly Grant[] =>
  grants.filter((grant) => !refused.has(grantId(grant)));

/** Grants on tables that do not exist or lie elsewhere, or through filters that name columns which do not. */
const refusals = (claims: Claims, observed: ObservedCatalog): ReadonlyMap<string, Refusal> => {
  const tables = new Map(observed.tables?.map((table) => [table.name, table]));
  return new Map(
    claims.grants.flatMap((grant): [string, Refusal][] => {
      const { item } = grant;
      if (item.kind !== 'Table') return [];
      const table = tables.get(item.name);
      if (table === undefined) return [[grantId(grant), tableMissing(item.name)]];
      const instead = insteadOf(table);
      if (instead !== undefined)
        return [[grantId(grant), { state: 'Failed', reason: 'ItemNotFound', message: instead }]];
      const { bucket } = grant.source;
      const stray = strayLocation(table, [bucket]);
      if (stray !== undefined)
        return [
          [
            grantId(grant),
            { state: 'Failed', reason: 'ItemNotFound', message: strayMessage(item.name, stray, bucket) },
          ],
        ];
      const contested = contestedFilter(claims, grant, item);
      if (contested !== undefined)
        return [
          [
            grantId(grant),
            filterInvalid(
              contested,
              'an older dataset of the same database defines it otherwise; give yours another name',
            ),
          ],
        ];
      const problem = claims.filters
        .filter((filter) => filter.table === item.name && item.filters.includes(filter.name))
        .flatMap((filter) => columnProblem(filter, table))[0];
      return problem === undefined ? [] : [[grantId(grant), problem]];
    }),
  );
};

/** Of a table whose place nobody told, that is anywhere in the bucket. */
const prefixOf = ({ tables = [] }: ObservedCatalog, { item }: Grant): string => {
  const location = tables.find(({ name }) => name === item.name)?.location ?? '';
  return location.split('/').slice(3).join('/');
};

const contestedFilter = (
  { contested = [] }: Claims,
  { source: { dataset } }: Grant,
  item: Extract<Grant['item'], { kind: 'Table' }>,
): string | undefined =>
  item.filters.find((filter) => contested.includes(`${dataset.namespace}/${dataset.name} ${item.name}/${filter}`));

const tableMissing = (table: string): Refusal => ({
  state: 'Failed',
  reason: 'ItemNotFound',
  message: `the database has no table ${table}: create it, or take the item out of the request`,
});

const filterInvalid = (filter: string, why: string): Refusal => ({
  state: 'Failed',
  reason: 'FilterInvalid',
  message: `filter ${filter} cannot be made: ${why}`,
});

const columnProblem = (filter: FilterDefinition, table: GlueTable): readonly Refusal[] => {
  const columns = new Set([...table.columns, ...table.partitionKeys].map(({ name }) => name));
  const unknown = filter.columns?.find((column) => !columns.has(column));
  return unknown === undefined ? [] : [filterInvalid(filter.name, `table ${table.name} has no column ${unknown}`)];
};

/**
 * Filters that some grant uses are made or brought up to date; those that none uses go again. Of filters that no DatasetTable
 * defines, only a database of our own making can be cleared: in an imported one they are somebody else's.
 */
const planFilters = (
  { account: catalogId, database }: Key,
  claims: Claims,
  observed: ObservedCatalog,
  grants: readonly Grant[],
): { filterActions: readonly CatalogAction[]; obsolete: readonly DataCellsFilter[] } => {
  const used = claims.filters.filter((filter) => usersOf(filter, grants).length > 0);
  const active = grants.filter(({ suspended }) => !suspended);
  const filterActions = used.flatMap((definition): CatalogAction[] => {
    const { table, name, rows } = definition;
    const filter: DataCellsFilter = {
      catalogId,
      database,
      table,
      name,
      rows,
      columns: definition.columns ?? { except: [] },
    };
    const existing = observed.filters.find((candidate) => candidate.table === table && candidate.name === name);
    const users = usersOf(definition, grants);
    const holders = observed.permissions.filter(
      ({ resource }) => resource.kind === 'Filter' && resource.table === table && resource.filter === name,
    );
    // One that is there follows its definition for suspended grants too: what it showed may no longer be consented to.
    if (existing === undefined)
      return usersOf(definition, active).length === 0 ? [] : [{ do: 'create-filter', filter, grants: users, holders }];
    if (sameFilter(existing, filter)) return [];
    return [{ do: 'update-filter', filter: { ...filter, version: existing.version }, grants: users, holders }];
  });
  const defined = new Set(claims.filters.map(({ table, name }) => `${table}/${name}`));
  const inUse = new Set(used.map(({ table, name }) => `${table}/${name}`));
  const obsolete = observed.filters.filter(({ table, name }) => {
    const filter = `${table}/${name}`;
    return !inUse.has(filter) && (isAllOurs(claims) || defined.has(filter));
  });
  return { filterActions, obsolete };
};

const usersOf = ({ table, name }: FilterDefinition, grants: readonly Grant[]): readonly string[] =>
  grants.filter(({ item }) => item.kind === 'Table' && item.name === table && item.filters.includes(name)).map(grantId);

const sameFilter = (a: DataCellsFilter, b: DataCellsFilter): boolean => {
  const text = ({ rows, columns }: DataCellsFilter): string =>
    JSON.stringify([rows ?? null, 'except' in columns ? { except: columns.except.toSorted() } : columns.toSorted()]);
  return text(a) === text(b);
};

const grantsOfEntry = (entry: LakeGrant, wanted: ReadonlyMap<string, WantedRight>): readonly string[] => [
  ...new Set([...byKey(rightsOfEntry(entry)).keys()].flatMap((text) => wanted.get(text)?.grants ?? [])),
];

const rightsOfEntry = ({ principal, resource, permissions }: LakeGrant): readonly LakeRight[] =>
  permissions.map((permission) => ({ principal, resource, permission }));
