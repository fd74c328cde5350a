// What many nodes of one answer need, asked for all of them at once.

import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type {
  DatasetStorageLocationFilter,
  DatasetTableFilter,
  EnvironmentPermission,
} from '../../graphql/schema-types.ts';
import type { Page } from '../../read-model/page.ts';
import type { GatewayContext } from '../../server/context.ts';
import { visible } from '../../read-model/viewer.ts';
import type { EnvironmentSummary } from '../environment/environment.ts';
import type { DatasetRow } from './dataset.ts';
import { datasetsByUid } from './queries.ts';
import { foldersOf } from './folder/queries.ts';
import type { FolderRow } from './folder/folder.ts';
import { tableDetails, tablesOf } from './table/queries.ts';
import type { TableDetails, TableRow } from './table/table.ts';

/** The environment of a dataset. */
export interface DatasetEnvironment extends EnvironmentSummary {
  readonly name: string;
  readonly account: string;
  readonly owner: string;
  /** Whether RBAC lets who asks read it: data.all's GET_ENVIRONMENT. */
  readonly seen: boolean;
}

/** A page of what hangs on a dataset, by its uid. */
interface Paged<Filter> {
  readonly uid: string;
  readonly filter: Filter | null | undefined;
}

/** Of each item, as `<kind> <name>`, the filters by which each share shows it: none, and that one shows all of it. */
export type Given = ReadonlyMap<string, readonly (readonly string[])[]>;

interface Loaders {
  /** By uid. */
  readonly dataset: DataLoader<string, DatasetRow | undefined>;
  /** By name. */
  readonly environment: DataLoader<string, DatasetEnvironment | undefined>;
  /** What the groups of who asks are to an environment, by its name. */
  readonly environmentRole: DataLoader<string, EnvironmentPermission>;
  /** What groups of who asks were given of a dataset, by its `<namespace>/<name>`. */
  readonly given: DataLoader<string, Given>;
  /** By uri. */
  readonly tableDetails: DataLoader<string, TableDetails | undefined>;
  /** A page of its tables, and of its folders. */
  readonly tablePages: DataLoader<Paged<DatasetTableFilter>, Page<TableRow>, string>;
  readonly folderPages: DataLoader<Paged<DatasetStorageLocationFilter>, Page<FolderRow>, string>;
  /** How many folders a dataset has, by uid. */
  readonly folders: DataLoader<string, number>;
}

const loaders = new WeakMap<GatewayContext, Loaders>();

/** One set a request: what one person may see is never kept for the next. */
export function loadersOf(context: GatewayContext): Loaders {
  const known = loaders.get(context);
  if (known !== undefined) return known;
  const made = loadersFor(context);
  loaders.set(context, made);
  return made;
}

const loadersFor = (context: GatewayContext): Loaders => {
  const { database, identity } = context;
  const environment = new DataLoader((names: readonly string[]) => environmentsByName(context, names));
  return {
    dataset: new DataLoader(async (uids) => {
      const rows = await datasetsByUid(database, await context.viewer(), uids);
      return inOrder(uids, rows, ({ uid }) => uid);
    }),
    environment,
    environmentRole: new DataLoader(async (names: readonly string[]) => {
      const permissions = await teamPermissions(context, names);
      const rows = await environment.loadMany(names);
      return rows.map((row, at) => {
        if (!(row instanceof Error) && row && identity.groups.includes(row.owner)) return 'Owner';
        const held = permissions.get(names[at] ?? '');
        if (held === undefined) return 'NotInvited';
        return held.includes('CREATE_DATASET') ? 'DatasetCreator' : 'Invited';
      });
    }),
    given: new DataLoader((keys: readonly string[]) => givenItems(context, keys)),
    tableDetails: new DataLoader(async (uris) => inOrder(uris, await tableDetails(database, uris), ({ id }) => id)),
    tablePages: pages((uids, filter) => tablesOf(database, uids, filter)),
    folderPages: pages((uids, filter) => foldersOf(database, uids, filter)),
    folders: new DataLoader(async (uids: readonly string[]) => {
      const { rows } = await sql<{ uid: string; count: number }>`
        select parent_uid as uid, count(*)::int as count from dataset_item
        where kind = 'Folder' and parent_uid = any(${uids}::text[]) group by 1`.execute(database);
      const counts = new Map(rows.map(({ uid, count }) => [uid, count]));
      return uids.map((uid) => counts.get(uid) ?? 0);
    }),
  };
};

/** Asks once for all datasets for which the same page is wanted: fields of one document differ in few filters. */
const pages = <Filter, Node>(
  load: (uids: readonly string[], filter: Filter | null | undefined) => Promise<readonly Page<Node>[]>,
): DataLoader<Paged<Filter>, Page<Node>, string> =>
  new DataLoader(
    async (wanted) => {
      const found = new Map<Paged<Filter>, Page<Node>>();
      for (const same of Map.groupBy(wanted, ({ filter }) => JSON.stringify(filter ?? null)).values()) {
        const uids = same.map(({ uid }) => uid);
        for (const [at, page] of (await load(uids, same[0]?.filter)).entries()) {
          const one = same[at];
          if (one !== undefined) found.set(one, page);
        }
      }
      return wanted.map((one) => found.get(one) ?? new Error('no page'));
    },
    { cacheKeyFn: ({ uid, filter }) => JSON.stringify([uid, filter ?? null]) },
  );

async function environmentsByName({ database, viewer }: GatewayContext, names: readonly string[]) {
  const who = await viewer();
  const rows = await database
    .selectFrom('environment')
    .select(['uri', 'name', 'label', 'region', 'account', 'owner'])
    .select([
      visible('environment', who).as('seen'),
      sql<DatasetEnvironment['organization_seen']>`(
        select json_build_object('organizationUri', organization.uri, 'label', organization.label, 'name', organization.name)
        from organization where organization.name = environment.organization and ${visible('organization', who)}
      )`.as('organization_seen'),
    ])
    .where(sql<boolean>`name = any(${names}::text[])`)
    .execute();
  return inOrder(names, rows, ({ name }) => name);
}

/** What the Teams of these groups may do, by environment. */
async function teamPermissions({ database, identity }: GatewayContext, names: readonly string[]) {
  const rows = await database
    .selectFrom('team')
    .select(['namespace', 'permissions'])
    .where(sql<boolean>`namespace = any(${names}::text[]) and group_name = any(${identity.groups}::text[])`)
    .execute();
  const permissions = new Map<string, string[]>();
  for (const { namespace, permissions: more } of rows)
    permissions.set(namespace, [...(permissions.get(namespace) ?? []), ...more]);
  return permissions;
}

async function givenItems({ database, identity }: GatewayContext, keys: readonly string[]): Promise<Given[]> {
  const { rows } = await sql<{ key: string; item: string; filters: string[] }>`
    select distinct dataset_namespace || '/' || dataset as key, share_item.kind || ' ' || share_item.name as item, filters_in_effect as filters
    from share_request join share_item on share_item.parent_uid = share_request.uid
    where requester = any(${identity.groups}::text[]) and share_item.state = 'Granted'
      and dataset_namespace || '/' || dataset = any(${keys}::text[])`.execute(database);
  const found = Map.groupBy(rows, ({ key }) => key);
  return keys.map((key) => {
    const items = Map.groupBy(found.get(key) ?? [], ({ item }) => item);
    return new Map([...items].map(([item, shares]) => [item, shares.map(({ filters }) => filters)]));
  });
}

/** One for each key, where there is one, as DataLoader wants it. */
function inOrder<Row>(keys: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string): (Row | undefined)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key));
}
