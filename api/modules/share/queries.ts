// Shares of the read model: each request with the decision about it and the dataset it is for.

import { sql } from 'kysely';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import type { ShareObjectFilter } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, type Page, sortsOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import { invalidInput } from '../../server/failure.ts';
import { givenTexts } from '../../server/input.ts';
import { knownPrincipal } from './principal.ts';

/**
 * Requests, decisions and datasets side by side; only what the viewer may see. Whoever owns another dataset of the namespace can give a
 * decision about that one the name of this: it is none about this one.
 */
const joined = (database: Database, viewer: Viewer) =>
  database
    .selectFrom('share_request as share')
    .leftJoin('share_approval as approval', (join) =>
      join
        .onRef('approval.namespace', '=', 'share.dataset_namespace')
        .onRef('approval.dataset', '=', 'share.dataset')
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
      sql<string | null>`(
        select environment.uri from environment where environment.name = share.namespace and ${visible('environment', viewer)}
      )`.as('environment_uri'),
      knownPrincipal({
        kind: sql.ref('share.principal_kind'),
        namespace: sql.ref('share.namespace'),
        name: sql.ref('share.principal'),
      }).as('principal_known'),
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

/** Requests that wait for a decision of one of the groups. */
export async function countRequestsToDecide(
  database: Database,
  viewer: Viewer,
  groups: readonly string[],
): Promise<number> {
  const { count } = await joined(database, viewer)
    .where(decidedBy(groups))
    .where(submitted)
    .where('share.state', 'in', ['Submitted', 'Submitted_For_Extension'])
    .clearSelect()
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** All shares of one direction. */
export function sharesIn(database: Database, viewer: Viewer, groups: readonly string[], direction: Direction): Joined {
  const query = joined(database, viewer);
  return direction === 'from'
    ? query.where('share.requester', 'in', [...groups, ''])
    : query.where(decidedBy(groups)).where(submitted);
}

export async function listShares(
  database: Database,
  viewer: Viewer,
  groups: readonly string[],
  direction: Direction,
  filter: ShareObjectFilter,
): Promise<Page<ShareRow>> {
  let query = narrowed(sharesIn(database, viewer, groups, direction), filter);
  for (const { field, direction: order } of sortsOf(filter.sort))
    query = query.orderBy(field === 'label' ? 'dataset.label' : `share.${field}`, order);
  const ordered = query.orderBy('share.created', 'desc').orderBy('share.uid');
  return pageOf(database, ordered, filter);
}

function narrowed(all: Joined, filter: ShareObjectFilter): Joined {
  const states = givenTexts(filter.status);
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
  if (states.length > 0) query = query.where(sql<boolean>`share.state = any(${states}::text[])`);
  if (owners.length > 0) query = query.where('dataset.owner', 'in', owners);
  if (datasets.length > 0) query = query.where('dataset.uri', 'in', datasets);
  if (requesters.length > 0) query = query.where('share.requester', 'in', requesters);
  if (principals.length > 0)
    query = query.where((where) =>
      where.or([where('share.principal', 'in', principals), where('share.principal_arn', 'in', principals)]),
    );
  const { endsBefore, isBroken } = filter;
  if (endsBefore !== undefined && endsBefore !== null && Number.isNaN(Date.parse(endsBefore)))
    throw invalidInput('LIST_SHARES', 'endsBefore', endsBefore, 'a time as in RFC 3339');
  if (endsBefore)
    query = query
      .where('share.ends', '>', sql<Date>`now()`)
      .where('share.ends', '<', sql<Date>`${new Date(endsBefore).toISOString()}::timestamptz`)
      .where('share.granted', '>', 0);
  if (isBroken === true) query = query.where(broken);
  return query;
}

/** What keeps a share from being given until people mend it, beside what is wrong with one of its items. */
const FAULTS = [
  'PrincipalTaken',
  'PrincipalNotFound',
  'CrossRegion',
  'NotInvited',
  'DatasetNotFound',
  'RequesterNotAllowed',
  'RequestMismatch',
  'ApprovalStale',
  'ApproverNotAllowed',
  'ExpirationNotAllowed',
];

const broken = sql<boolean>`(share.reason = any(${sql.val(FAULTS)}::text[]) or exists (
  select 1 from share_item as item where item.parent_uid = share.uid
    and (item.state = 'Failed' or item.health = 'Unhealthy' or (item.state = 'Revoking' and item.reason is not null))))`;
