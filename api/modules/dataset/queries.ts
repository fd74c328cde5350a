// Datasets of the read model.

import { sql, type RawBuilder } from 'kysely';
import type { DatasetFilter, DatasetRole } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, type Page, sortsOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import { datasetColumns, type DatasetFacts, type DatasetRow } from './dataset.ts';

const facts = sql<DatasetFacts>`jsonb_build_object(
  'expiration', dataset.object->'spec'->'sharing'->'expiration',
  'stack', dataset.object->'status'->'stack',
  's3', dataset.object->'spec'->'s3')`;

/** Everybody who is signed in may find every dataset; `seen` says of which they may know the rest. */
const all = (database: Database, viewer: Viewer) =>
  database
    .selectFrom('dataset')
    .select(datasetColumns.map((column) => `dataset.${column}` as const))
    .select([facts.as('facts'), visible('dataset', viewer).as('seen')]);

export const datasetByUri = (database: Database, viewer: Viewer, uri: string): Promise<DatasetRow | undefined> =>
  all(database, viewer).where('uri', '=', uri).executeTakeFirst();

export const datasetsByUri = (
  database: Database,
  viewer: Viewer,
  uris: readonly string[],
): Promise<readonly DatasetRow[]> =>
  all(database, viewer)
    .where(sql<boolean>`uri = any(${uris}::text[])`)
    .execute();

export const datasetsByUid = (
  database: Database,
  viewer: Viewer,
  uids: readonly string[],
): Promise<readonly DatasetRow[]> =>
  all(database, viewer)
    .where(sql<boolean>`uid = any(${uids}::text[])`)
    .execute();

/** Whose groups have which of the roles that a dataset can have for them. */
const roles: Readonly<Partial<Record<DatasetRole, (groups: readonly string[]) => RawBuilder<boolean>>>> = {
  Admin: (groups) => sql<boolean>`dataset.owner = any(${groups}::text[])`,
  DataSteward: (groups) => sql<boolean>`dataset.stewards && ${sql.val(groups)}::text[]`,
  Shared: (groups) => sql<boolean>`exists (
    select from share_request join share_item on share_item.parent_uid = share_request.uid
    where share_request.dataset_namespace = dataset.namespace and share_request.dataset = dataset.name
      and share_request.requester = any(${groups}::text[]) and share_item.state = 'Granted')`,
};

/** Which datasets a list is of. */
export interface DatasetScope {
  readonly groups: readonly string[];
  /** Only those in which `groups` have one of these roles. */
  readonly roles?: readonly DatasetRole[];
  /** Namespace, which is the name of the environment. */
  readonly namespace?: string;
  /** Owning group. */
  readonly owner?: string;
}

export function listDatasets(
  database: Database,
  viewer: Viewer,
  scope: DatasetScope,
  filter: DatasetFilter | null | undefined,
): Promise<Page<DatasetRow>> {
  let query = all(database, viewer);
  const { term, roles: wanted, sort } = filter ?? {};
  const { namespace, owner } = scope;
  if (namespace !== undefined) query = query.where('dataset.namespace', '=', namespace);
  if (owner !== undefined) query = query.where('dataset.owner', '=', owner);
  for (const some of [scope.roles, [...new Set(wanted?.flatMap((role) => role ?? []))]]) {
    if (some === undefined || some.length === 0) continue;
    const conditions = some.flatMap((role) => roles[role]?.(scope.groups) ?? []);
    query = query.where((where) => where.or(conditions));
  }
  if (term)
    query = query.where((where) =>
      where.or([
        contains('dataset.label', term),
        contains('dataset.description', term),
        contains(sql`array_to_string(dataset.tags || dataset.topics, ' ')`, term),
      ]),
    );
  for (const { field, direction } of sortsOf(sort))
    if (field) query = query.orderBy(`dataset.${field}`, direction ?? 'asc');
  return pageOf(database, query.orderBy('dataset.created', 'desc').orderBy('dataset.uid'), filter);
}
