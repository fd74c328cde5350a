// Shares of the read model: each request with the decision about it and the dataset it is for.

import { sql } from 'kysely';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import type { ShareObjectFilter } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, pageOfAll, type Page, sortsOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import { givenTexts } from '../../server/input.ts';
import { shareStatus } from './state.ts';

/** Requests, decisions and datasets side by side; only what the viewer may see. */
const joined = (database: Database, viewer: Viewer) =>
  database
    .selectFrom('share_request as share')
    .leftJoin('share_approval as approval', (join) =>
      join
        .onRef('approval.namespace', '=', 'share.dataset_namespace')
        .on('approval.name', '=', sql<string>`share.namespace || '.' || share.name`),
    )
    .leftJoin('dataset', (join) =>
      join.onRef('dataset.namespace', '=', 'share.dataset_namespace').onRef('dataset.name', '=', 'share.dataset'),
    )
    .select([
      'share.uid',
      'share.uri',
      'share.namespace',
      'share.name',
      'share.requester',
      'share.created',
      'share.updated',
      'share.changed_by',
      sql<ShareRequest>`share.object`.as('request'),
      sql<ShareApproval | null>`approval.object`.as('approval'),
      'dataset.uri as dataset_uri',
      'dataset.label as dataset_label',
      'dataset.description as dataset_description',
      'dataset.owner as dataset_owner',
      'dataset.stewards as dataset_stewards',
      'dataset.account as dataset_account',
      visible('dataset', viewer).as('dataset_seen'),
      'dataset.region as dataset_region',
    ])
    .where(visible('share', viewer));

type Joined = ReturnType<typeof joined>;
export type ShareRow = Awaited<ReturnType<Joined['execute']>>[number];

export const shareByUri = (database: Database, viewer: Viewer, uri: string): Promise<ShareRow | undefined> =>
  joined(database, viewer).where('share.uri', '=', uri).executeTakeFirst();

/** The share that has an item. */
export async function shareOfItem(database: Database, viewer: Viewer, itemUri: string): Promise<ShareRow | undefined> {
  return joined(database, viewer)
    .where((where) =>
      where.exists(
        where
          .selectFrom('share_item')
          .select('share_item.id')
          .whereRef('share_item.parent_uid', '=', 'share.uid')
          .where('share_item.id', '=', itemUri),
      ),
    )
    .executeTakeFirst();
}

/** `from`: what one's own groups ask for. `to`: what they are to decide, drafts not among it. */
export type Direction = 'from' | 'to';

/** A request that nobody is asked about yet is nobody's but the requester's. */
const submitted = sql<boolean>`not share.draft`;

const decidedBy = (groups: readonly string[]) =>
  sql<boolean>`(dataset.owner = any(${sql.val(groups)}::text[]) or dataset.stewards && ${sql.val(groups)}::text[])`;

/** Something that is asked for is not given, as far as rows say: an item, or a later end. */
const mayWait = sql<boolean>`(share.wanted_until is distinct from share.ends or exists (
  select from share_item where share_item.parent_uid = share.uid and share_item.requested
    and coalesce(share_item.state, 'PendingApproval') in ('PendingApproval', 'Revoked', 'Rejected', 'Expired')))`;

const MOST_TO_DECIDE = 500;

/** Requests that wait for a decision of one of the groups. */
export async function countRequestsToDecide(
  database: Database,
  viewer: Viewer,
  groups: readonly string[],
): Promise<number> {
  const some = await joined(database, viewer)
    .where(decidedBy(groups))
    .where(submitted)
    .where(mayWait)
    .orderBy('share.updated', 'desc')
    .limit(MOST_TO_DECIDE)
    .execute();
  return some.filter(({ request, approval }) => WAITING.has(shareStatus(request, approval ?? undefined))).length;
}

const WAITING: ReadonlySet<string> = new Set(['Submitted', 'Submitted_For_Extension']);

export async function listShares(
  database: Database,
  viewer: Viewer,
  groups: readonly string[],
  direction: Direction,
  filter: ShareObjectFilter,
): Promise<Page<ShareRow>> {
  let query = joined(database, viewer);
  query =
    direction === 'from'
      ? query.where('share.requester', 'in', [...groups, ''])
      : query.where(decidedBy(groups)).where(submitted);
  query = narrowed(query, filter);
  for (const { field, direction: order } of sortsOf(filter.sort))
    query = query.orderBy(field === 'label' ? 'dataset.label' : `share.${field}`, order);
  const ordered = query.orderBy('share.created', 'desc').orderBy('share.uid');
  const states = givenTexts(filter.status);
  if (states.length === 0) return pageOf(database, ordered, filter);
  // Where a share stands follows from two objects: asked of each, of so many at most.
  const newest = await ordered.limit(MOST_BY_STATE).execute();
  const matching = newest.filter(({ request, approval }) =>
    states.includes(shareStatus(request, approval ?? undefined)),
  );
  return pageOfAll(matching, filter);
}

const MOST_BY_STATE = 5_000;

function narrowed(all: Joined, filter: ShareObjectFilter): Joined {
  const owners = givenTexts(filter.dataset_owners);
  const datasets = givenTexts(filter.datasets_uris);
  const requesters = givenTexts(filter.share_requesters);
  const principals = givenTexts(filter.share_iam_principals);
  let query = all;
  const { term } = filter;
  if (term !== undefined && term !== null && term !== '')
    query = query.where((where) =>
      where.or([contains('dataset.label', term), contains('share.name', term), contains('share.requester', term)]),
    );
  if (owners.length > 0) query = query.where('dataset.owner', 'in', owners);
  if (datasets.length > 0) query = query.where('dataset.uri', 'in', datasets);
  if (requesters.length > 0) query = query.where('share.requester', 'in', requesters);
  if (principals.length > 0)
    query = query.where((where) =>
      where.or([where('share.principal', 'in', principals), where('share.principal_arn', 'in', principals)]),
    );
  return query;
}
