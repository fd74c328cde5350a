// Reads Lake Formation's side of a producer database: all of it, or what was just written.
import type { AccountAws } from '../../../aws/account.ts';
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { DataCellsFilter, LakeOptIn, LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import type { CatalogGrantsClaims } from '../../desired.ts';
import type { DocumentContext } from '../../document.ts';
import type { CatalogGrantsKey } from '../../document-key.ts';
import type { CatalogAction } from './catalog-grants.ts';
import { foldedName } from '../../../resources/names.ts';
import { listedBy, resourceKey } from './lake-rights.ts';
import { mayHaveOptIns } from './opt-ins.ts';

export interface ObservedCatalog {
  /** Undefined = the database is gone. */
  readonly tables: readonly GlueTable[] | undefined;
  /** On the database and on each of its tables, columns and filters. */
  readonly permissions: readonly LakeGrant[];
  readonly filters: readonly DataCellsFilter[];
  /** On the database and its tables. */
  readonly optIns: readonly LakeOptIn[];
}

type Key = CatalogGrantsKey;
type Claims = CatalogGrantsClaims;

export const observeCatalog = async (context: DocumentContext, key: Key, claims: Claims): Promise<ObservedCatalog> => {
  const { aws, parts } = context;
  const tables = await aws.glue.tables(key.database);
  if (tables === undefined) return { tables, permissions: [], filters: [], optIns: [] };
  const { account: catalogId, database } = key;
  const shared = await sharedTables(claims, context);
  const [located, permissions, filters, optIns] = await Promise.all([
    Promise.all(tables.map(async (table) => (shared.has(table.name) ? await withPartitions(aws, table) : table))),
    permissionsOn(aws, [
      { kind: 'Database', catalogId, database },
      { kind: 'AllTables', catalogId, database },
      ...tables.map(({ name: table }): LakeResource => ({ kind: 'Table', catalogId, database, table })),
    ]),
    filtersOf(aws, key, filteredTables(claims, tables, parts)),
    optInsOf(aws, key, claims),
  ]);
  return { tables: located, permissions, filters, optIns };
};

const sharedTables = async ({ grants }: Claims, { pause }: DocumentContext): Promise<ReadonlySet<string>> => {
  const names = new Set<string>();
  for (const { item } of grants) {
    if (item.kind === 'Table') names.add(item.name);
    await pause?.(1);
  }
  return names;
};

/** What was granted on, and which filters were changed: of a database of a thousand tables a share touches few. */
export const readBackCatalog = async (
  { aws }: DocumentContext,
  key: Key,
  claims: Claims,
  observed: ObservedCatalog,
  written: readonly CatalogAction[],
): Promise<ObservedCatalog> => {
  const resources = new Map(
    written
      .flatMap(resourcesWritten)
      .map(listedBy)
      .map((resource) => [resourceKey(resource), resource]),
  );
  const filtered = new Set(written.flatMap((action) => ('filter' in action ? [action.filter.table] : [])));
  const isOptedAnew = written.some((action) => action.do === 'opt-in' || action.do === 'opt-out');
  const [permissions, filters, optIns] = await Promise.all([
    permissionsOn(aws, [...resources.values()]),
    filtersOf(aws, key, [...filtered]),
    isOptedAnew ? optInsOf(aws, key, claims) : observed.optIns,
  ]);
  return {
    tables: observed.tables,
    permissions: [
      ...observed.permissions.filter(({ resource }) => !resources.has(resourceKey(listedBy(resource)))),
      ...permissions,
    ],
    filters: [...observed.filters.filter(({ table }) => !filtered.has(table)), ...filters],
    optIns,
  };
};

export const isAllOurs = ({ datasets }: Claims): boolean => datasets.every(({ origin }) => origin === 'Create');

/**
 * Tables whose filters matter, for each table is a call: those we define filters on, and in a database of our own making those that had
 * some when this process looked last. What somebody else makes after that opens nothing: a grant on it is seen with the table's others.
 */
const filteredTables = (
  claims: Claims,
  tables: readonly GlueTable[],
  known: readonly string[] | undefined,
): readonly string[] => {
  const defined = new Set(claims.filters.map(({ table }) => table));
  const had = known && new Set(known);
  const ours = isAllOurs(claims);
  const mayHave = (table: string): boolean => ours && had?.has(table) !== false;
  return tables.map(({ name }) => name).filter((table) => defined.has(table) || mayHave(table));
};

/** With the places where its partitions lie. A link has none of its own. */
const withPartitions = async (aws: AccountAws, table: GlueTable): Promise<GlueTable> =>
  table.partitionKeys.length === 0 || table.target !== undefined
    ? table
    : { ...table, locations: [...table.locations, ...(await aws.glue.partitionRoots(table.database, table.name))] };

const permissionsOn = async (aws: AccountAws, resources: readonly LakeResource[]): Promise<readonly LakeGrant[]> => {
  const all = resources.map((resource) =>
    aws.lakeFormation.permissions({ resource, ...(resource.kind === 'Table' && { related: true }) }),
  );
  return (await Promise.all(all)).flat();
};

const filtersOf = async (
  aws: AccountAws,
  { account: catalogId, database }: Key,
  tables: readonly string[],
): Promise<readonly DataCellsFilter[]> =>
  (await Promise.all(tables.map((table) => aws.lakeFormation.filters({ catalogId, database, table })))).flat();

const optInsOf = async (aws: AccountAws, { database }: Key, claims: Claims): Promise<readonly LakeOptIn[]> =>
  mayHaveOptIns(claims)
    ? (await aws.lakeFormation.optIns()).filter(
        ({ resource }) => 'database' in resource && resource.database === foldedName(database),
      )
    : [];

/** What an action grants on or takes from; a filter that changes takes what is granted on it along. */
const resourcesWritten = (action: CatalogAction): readonly LakeResource[] => {
  switch (action.do) {
    case 'revoke':
      return action.entries.map(({ resource }) => resource);
    case 'grant':
      return action.entries.map(({ entry }) => entry.resource);
    case 'create-filter':
    case 'opt-in':
    case 'opt-out':
      return [];
    case 'update-filter':
    case 'delete-filter': {
      const { catalogId, database, table } = action.filter;
      return [{ kind: 'Table', catalogId, database, table }];
    }
  }
};
