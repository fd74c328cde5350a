// Lake Formation on a producer database: who may read which tables, through which filters. We own it: what no claim asks for goes.
import { isFault } from '../../aws/fault.ts';
import type { GlueTable } from '../../aws/glue.ts';
import type { LakeGrant } from '../../aws/lakeformation.ts';
import type { DataCellsFilter, LakeResource } from '../../aws/lakeformation-resource.ts';
import type { CatalogGrantsClaims, DatasetBaseline, FilterDefinition } from '../claims.ts';
import type { ActionOutcome, DocumentType, Drift, Plan, Verdict } from '../document.ts';
import type { CatalogGrantsKey } from '../document-key.ts';
import { grantId, type Grant } from '../grant.ts';
import {
  byKey,
  compareRights,
  entriesOf,
  IAM_ALLOWED_PRINCIPALS,
  rightKey,
  rightsOf,
  TABLE_PERMISSIONS,
  wantRights,
  withoutOption,
  type LakeRight,
  type WantedRight,
} from './lake-rights.ts';
import type { Refusal } from './refusal.ts';
import { settleGrants, settleRevocations } from './settle-grants.ts';

export interface ObservedCatalog {
  /** Undefined = the database is gone. */
  readonly tables: readonly GlueTable[] | undefined;
  /** On the database and on each of its tables, columns and filters. */
  readonly permissions: readonly LakeGrant[];
  readonly filters: readonly DataCellsFilter[];
}

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

  async observe({ aws }, key, claims) {
    const tables = await aws.glue.tables(key.database);
    if (tables === undefined) return { tables, permissions: [], filters: [] };
    const { account: catalogId, database } = key;
    const [permissions, filters] = await Promise.all([
      Promise.all([
        aws.lakeFormation.permissions({ resource: { kind: 'Database', catalogId, database } }),
        aws.lakeFormation.permissions({ resource: { kind: 'AllTables', catalogId, database } }),
        ...tables.map(({ name: table }) =>
          aws.lakeFormation.permissions({ resource: { kind: 'Table', catalogId, database, table }, related: true }),
        ),
      ]),
      Promise.all(
        filteredTables(claims, tables).map((table) => aws.lakeFormation.filters({ catalogId, database, table })),
      ),
    ]);
    return { tables, permissions: permissions.flat(), filters: filters.flat() };
  },

  plan(key, claims, observed): Plan<CatalogAction> {
    const refused = refusals(claims, observed);
    const served = claims.grants.filter((grant) => !refused.has(grantId(grant)));
    const wanted = wantedRights(key, claims, served);
    const present = rightsOf(observed.permissions);
    const { missing, extra, revoke } = compareRights(wanted, present, belongsToOthers(key, claims));
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
    return { actions, drift, refused };
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
            ? { state: 'Satisfied' }
            : {
                state: 'Waiting',
                reason: 'GrantPending',
                message: `Lake Formation has not granted ${lacking.permission} yet`,
              },
        ];
      }),
    );
  },

  isClean: (key, claims, observed) =>
    compareRights(
      wantedRights(key, claims, claims.grants),
      rightsOf(observed.permissions),
      belongsToOthers(key, claims),
    ).extra.length === 0,
};

const wantedRights = (key: Key, claims: Claims, grants: readonly Grant[]): ReadonlyMap<string, WantedRight> => {
  const wanted = new Map<string, WantedRight>();
  for (const right of baseline(key, claims.datasets.filter(isPresent)))
    wanted.set(rightKey(right), { right, grants: [], suspended: false });
  for (const grant of grants) wantRights(wanted, grant, rightsOfGrant(key, grant));
  return wanted;
};

/** The dataset's role and its owners read and write all of it; without that, Enforced would lock them out. */
const baseline = (
  { account: catalogId, database }: Key,
  datasets: readonly DatasetBaseline[],
): readonly LakeRight[] => {
  const principals = new Set(
    datasets.flatMap(({ datasetRoleArn, ownerRoleArns }) => [datasetRoleArn, ...ownerRoleArns]),
  );
  return [...principals].flatMap((principal): LakeRight[] => [
    { principal, resource: { kind: 'Database', catalogId, database }, permission: 'ALL' },
    { principal, resource: { kind: 'AllTables', catalogId, database }, permission: 'ALL' },
  ]);
};

const rightsOfGrant = ({ account: catalogId, database }: Key, grant: Grant): readonly LakeRight[] => {
  const { item, permissions, principal } = grant;
  if (item.kind !== 'Table') return [];
  const table = item.name;
  if (item.filters.length > 0)
    return item.filters.map((filter) => ({
      principal: principal.arn,
      resource: { kind: 'Filter', catalogId, database, table, filter },
      permission: 'SELECT',
    }));
  const resource: LakeResource = { kind: 'Table', catalogId, database, table };
  return permissions
    .flatMap((permission) => TABLE_PERMISSIONS[permission])
    .map((permission) => ({ principal: principal.arn, resource, permission }));
};

const isPresent = ({ present }: DatasetBaseline): boolean => present;

/**
 * Administrators and the dataset's own roles hold what creating tables gave them; an import found what others had granted. When the
 * last dataset goes, so does what we gave its roles, and whether IAM alone decides is no longer ours to say.
 */
const belongsToOthers = (key: Key, claims: Claims): ((right: LakeRight) => boolean) => {
  const present = claims.datasets.filter(isPresent);
  const kept = new Set(baseline(key, present).map(rightKey));
  const ended = new Set(
    baseline(key, claims.datasets)
      .map(rightKey)
      .filter((right) => !kept.has(right)),
  );
  const exempt = new Set([
    ...claims.administrators,
    ...claims.datasets.flatMap(({ pivotRoleArn, datasetRoleArn, ownerRoleArns }) => [
      pivotRoleArn,
      datasetRoleArn,
      ...ownerRoleArns,
    ]),
  ]);
  const foreign = new Set(claims.foreign);
  const open = present.length === 0 ? IAM_ALLOWED_PRINCIPALS : undefined;
  return (right) => {
    if (ended.has(rightKey(right))) return false;
    return right.principal === open || exempt.has(right.principal) || foreign.has(rightKey(withoutOption(right)));
  };
};

/** Grants on tables that do not exist, or through filters that name columns which do not. */
const refusals = (claims: Claims, observed: ObservedCatalog): ReadonlyMap<string, Refusal> => {
  const tables = new Map(observed.tables?.map((table) => [table.name, table]));
  return new Map(
    claims.grants.flatMap((grant): [string, Refusal][] => {
      const { item } = grant;
      if (item.kind !== 'Table') return [];
      const table = tables.get(item.name);
      if (table === undefined) return [[grantId(grant), tableMissing(item.name)]];
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

const isAllOurs = ({ datasets }: Claims): boolean => datasets.every(({ origin }) => origin === 'Create');

/** Tables whose filters matter: of an imported database only those we define filters on, for each table is a call. */
const filteredTables = (claims: Claims, tables: readonly GlueTable[]): readonly string[] => {
  const defined = new Set(claims.filters.map(({ table }) => table));
  return tables.map(({ name }) => name).filter((table) => isAllOurs(claims) || defined.has(table));
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
