// Lake Formation on a producer database: who may read which tables, through which data cells filters, and those filters. We own it: what no claim
// asks for goes.
import { isFault } from '../../../aws/fault.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { DataCellsFilter, LakeOptIn } from '../../../aws/services/lakeformation-resource.ts';
import {
  administratorsOf,
  baselineOf,
  grantsOfDatasets,
  remediationOf,
  sharesOfDatasets,
} from '../../dataset-baseline.ts';
import type { CatalogGrantsClaims } from '../../desired.ts';
import type { ActionOutcome, DocumentType, Drift, Plan } from '../../document.ts';
import type { CatalogGrantsKey } from '../../document-key.ts';
import { grantId, isSameAccount } from '../../grant.ts';
import { filterInvalid } from './catalog-refusals.ts';
import { opensElsewhere, rightsOfGrant } from './catalog-rights.ts';
import { prepare, viewOf, type CatalogView } from './catalog-view.ts';
import { filterDefinitionsIn, filterKey, filtersOf } from './filter-definitions.ts';
import { entriesOf, rightKey, rightsOf, type GrantEntry } from './lake-rights.ts';
import { isAllOurs, observeCatalog, readBackCatalog, type ObservedCatalog } from './observe-catalog.ts';
import { resultOfGrants, resultOfRevocations } from './batch-results.ts';
import { endOptIns, makeOptIns, optInKey, type OptInEntry } from './opt-ins.ts';

interface FilterAction {
  readonly do: 'create-filter' | 'update-filter';
  readonly filter: DataCellsFilter;
  readonly grants: readonly string[];
  /** What is granted on the filter as it is now. */
  readonly holders: readonly LakeGrant[];
}

export type CatalogAction =
  | { readonly do: 'revoke'; readonly entries: readonly LakeGrant[] }
  | FilterAction
  | {
      readonly do: 'grant';
      readonly entries: readonly GrantEntry[];
    }
  | { readonly do: 'delete-filter'; readonly filter: DataCellsFilter }
  | { readonly do: 'opt-in'; readonly entries: readonly OptInEntry[] }
  | { readonly do: 'opt-out'; readonly optIns: readonly LakeOptIn[] };

type Key = CatalogGrantsKey;
type Claims = CatalogGrantsClaims;

export const catalogGrants: DocumentType<Key, Claims, ObservedCatalog, CatalogAction> = {
  kind: 'catalog-grants',

  collect(specs, key, now) {
    const datasets = specs.datasetsOfDatabase(key.account, key.region, key.database);
    const baselines = datasets.flatMap((dataset) => baselineOf(specs, dataset) ?? []);
    const [dataset] = datasets;
    if (dataset === undefined || baselines.length === 0) return undefined;
    return {
      datasets: baselines,
      grants: grantsOfDatasets(specs, datasets, now).filter(({ item }) => item.kind === 'Table'),
      filters: datasets.flatMap((one) => filtersOf(specs, one)),
      administrators: administratorsOf(specs, key.account, key.region),
      foreign: datasets.flatMap(({ status }) => status.before?.grants ?? []),
      ...remediationOf(specs, dataset),
    };
  },

  shares: (specs, key) => sharesOfDatasets(specs, specs.datasetsOfDatabase(key.account, key.region, key.database)),

  owners: (specs, key) => specs.datasetsOfDatabase(key.account, key.region, key.database),

  observe: observeCatalog,

  readBack: readBackCatalog,

  parts: ({ filters }) => [...new Set(filters.map(({ table }) => table))],

  prepare,

  plan(key, claims, observed): Plan<CatalogAction> {
    const view = viewOf(key, claims, observed);
    const { refused, strays, extra, revoke, entries, optIns } = view;
    const { filterActions, obsolete } = planFilters(key, claims, observed, view);
    const actions: CatalogAction[] = [
      ...inWrites(revoke).map((some) => ({ do: 'revoke' as const, entries: some })),
      ...filterActions,
      ...inWrites(entries).map((some) => ({ do: 'grant' as const, entries: some })),
      ...obsolete.map((filter) => ({ do: 'delete-filter' as const, filter })),
      // Who read by IAM until now goes on reading: Lake Formation has granted before it decides, and decides until it has taken back.
      ...inWrites(optIns.missing).map((some) => ({ do: 'opt-in' as const, entries: some })),
      ...inWrites(optIns.extra).map((some) => ({ do: 'opt-out' as const, optIns: some })),
    ];
    const drift: Drift[] = [
      ...view.drift,
      ...filterActions.map(({ do: what, filter, grants }): Drift => ({
        kind: what === 'create-filter' ? 'missing' : 'changed',
        message: `filter ${filterKey(filter)} ${what === 'create-filter' ? 'is missing' : 'is not as it is defined'}`,
        grants,
      })),
      ...obsolete.map((filter): Drift => ({
        kind: 'extra',
        message: `filter ${filterKey(filter)} is not wanted`,
        grants: [],
      })),
      ...optIns.missing.map(({ optIn, grants }): Drift => ({
        kind: 'missing',
        message: `opt-in ${optInKey(optIn)} is missing`,
        grants,
      })),
      ...optIns.extra.map((optIn): Drift => ({
        kind: 'extra',
        message: `opt-in ${optInKey(optIn)} is not wanted`,
        grants: [],
      })),
    ];
    const isForbidden = opensElsewhere(claims, strays);
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

  isRevocation: (action) => action.do === 'revoke' || action.do === 'delete-filter' || action.do === 'opt-out',

  subsetFor(action, grants) {
    const isOfThem = (ids: readonly string[]): boolean => ids.some((id) => grants.has(id));
    if (action.do === 'create-filter') return isOfThem(action.grants) ? action : undefined;
    if (action.do === 'opt-in') {
      const entries = action.entries.filter((entry) => isOfThem(entry.grants));
      if (entries.length === action.entries.length) return action;
      return entries.length === 0 ? undefined : { do: 'opt-in', entries };
    }
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
        return resultOfRevocations(await aws.lakeFormation.revoke(action.entries));
      case 'grant': {
        const outcomes = await aws.lakeFormation.grant(action.entries.map(({ entry }) => entry));
        return resultOfGrants(outcomes, action.entries);
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
            const outcome = resultOfRevocations(await aws.lakeFormation.revoke(action.holders));
            if (!outcome.done) return { ...outcome, grants: action.grants };
            await aws.lakeFormation.deleteFilter(action.filter);
          }
          return { done: false, grants: action.grants, verdict: filterInvalid(action.filter.name, error.reason) };
        }
      case 'delete-filter':
        await aws.lakeFormation.deleteFilter(action.filter);
        return { done: true };
      case 'opt-in':
        return await makeOptIns(action.entries, async (optIn) => aws.lakeFormation.optIn(optIn));
      case 'opt-out':
        return await endOptIns(action.optIns, async (optIn) => aws.lakeFormation.optOut(optIn));
    }
  },

  judge: (key, claims, observed) => viewOf(key, claims, observed).verdicts,

  isClean(key, claims, observed) {
    const { extra, optIns } = viewOf(key, claims, observed);
    return extra.length + optIns.extra.length === 0;
  },
};

/** Of entries: each write is an entry of the audit record, which names what it was about. */
const MOST_IN_A_WRITE = 500;

const inWrites = <Entry>(entries: readonly Entry[]): readonly (readonly Entry[])[] =>
  Array.from({ length: Math.ceil(entries.length / MOST_IN_A_WRITE) }, (_, index) =>
    entries.slice(index * MOST_IN_A_WRITE, (index + 1) * MOST_IN_A_WRITE),
  );

/**
 * Filters that some grant uses are made or brought up to date; those that none uses go again. Of filters that no DatasetTable
 * defines, only a database of our own making can be cleared: in an imported one they are somebody else's.
 */
const planFilters = (
  { account: catalogId, database }: Key,
  claims: Claims,
  observed: ObservedCatalog,
  { filterUses: { users, holders } }: CatalogView,
): { filterActions: readonly FilterAction[]; obsolete: readonly DataCellsFilter[] } => {
  const { chosen } = filterDefinitionsIn(claims.filters, observed.tables);
  const used = [...chosen.values()].filter((filter) => users.has(filterKey(filter)));
  const present = new Map(observed.filters.map((filter) => [filterKey(filter), filter]));
  const filterActions = used.flatMap((definition): FilterAction[] => {
    const { table, name, rows } = definition;
    const filter: DataCellsFilter = {
      catalogId,
      database,
      table,
      name,
      rows,
      columns: definition.columns ?? { except: [] },
    };
    const full = filterKey(definition);
    const existing = present.get(full);
    const user = users.get(full);
    const concerned = { grants: user?.grants ?? [], holders: holders.get(full) ?? [] };
    // One that is there follows its definition for suspended grants too: what it showed may no longer be consented to.
    if (existing === undefined) return user?.isActive === true ? [{ do: 'create-filter', filter, ...concerned }] : [];
    if (sameFilter(existing, filter)) return [];
    return [{ do: 'update-filter', filter: { ...filter, version: existing.version }, ...concerned }];
  });
  const inUse = new Set(used.map(filterKey));
  const mayGo = isAllOurs(claims);
  const obsolete = observed.filters.filter(
    (filter) => !inUse.has(filterKey(filter)) && (mayGo || chosen.has(filterKey(filter))),
  );
  return { filterActions, obsolete };
};

const sameFilter = (a: DataCellsFilter, b: DataCellsFilter): boolean => {
  const text = ({ rows, columns }: DataCellsFilter): string =>
    JSON.stringify([rows ?? null, 'except' in columns ? { except: columns.except.toSorted() } : columns.toSorted()]);
  return text(a) === text(b);
};
