// What is shared with an environment, and by which names it is read there.

import { sql } from 'kysely';
import type { EnvironmentDataItemFilter, S3ConsumptionData } from '../../graphql/schema-types.ts';
import { itemId } from '../../read-model/item-id.ts';
import { pageOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { givenTexts } from '../../server/input.ts';
import { environmentFor } from '../environment/queries.ts';
import { kindNamed, shareableTypes } from './items.ts';
import type { ShareRow } from './queries.ts';

/** Items that are granted to principals of one environment by shares that who asks may see, with where they come from. */
const granted = ({ database }: GatewayContext, viewer: Viewer, environment: string) =>
  database
    .selectFrom('share_item as item')
    .innerJoin('share_request as share', 'share.uid', 'item.parent_uid')
    .innerJoin('environment as target', 'target.name', 'share.namespace')
    .innerJoin('dataset', (join) =>
      join.onRef('dataset.namespace', '=', 'share.dataset_namespace').onRef('dataset.name', '=', 'share.dataset'),
    )
    .innerJoin('environment as source', 'source.name', 'dataset.namespace')
    .innerJoin('organization', 'organization.name', 'source.organization')
    .where('share.namespace', '=', environment)
    .where(visible('share', viewer))
    .where('item.state', '=', 'Granted');

export async function publishedItems(context: GatewayContext, uri: string, filter: EnvironmentDataItemFilter) {
  const { name: environment } = await environmentFor(context, 'LIST_ENVIRONMENT_SHARED_WITH_OBJECTS', uri);
  const kinds = givenTexts(filter.itemTypes).flatMap((name) => kindNamed(name) ?? []);
  let query = granted(context, await context.viewer(), environment).select([
    'item.kind',
    'share.uri as shareUri',
    'share.principal as principalId',
    'dataset.uri as datasetUri',
    'dataset.label as datasetName',
    'item.name as itemName',
    'source.uri as environmentUri',
    'source.label as environmentName',
    'target.uri as targetEnvironmentUri',
    'organization.uri as organizationUri',
    'organization.label as organizationName',
    'share.created',
  ]);
  if (kinds.length > 0) query = query.where('item.kind', 'in', kinds);
  const { term } = filter;
  if (term !== undefined && term !== null && term !== '')
    query = query.where((where) => where.or([contains('item.name', term), contains('dataset.label', term)]));
  // One line a share, where it is the shares that are asked for.
  if (filter.uniqueShares === true) query = query.distinctOn('share.uri').orderBy('share.uri');
  else query = query.orderBy('share.created', 'desc').orderBy('item.id');
  const page = await pageOf(context.database, query, filter);
  const nodes = page.nodes.map(({ kind, created, ...node }) => ({
    ...node,
    itemType: shareableTypes[kind],
    created: created.toISOString(),
  }));
  return { ...page, nodes };
}

/** Names in the consumer's account; each is there once something of its sort is granted. */
export function consumptionData({ request }: ShareRow): S3ConsumptionData {
  const granted = (request.status.items ?? []).filter(({ state }) => state === 'Granted');
  const accessPoint = granted.find(({ accessPointArn }) => accessPointArn !== undefined)?.accessPointArn;
  return {
    s3AccessPointName: accessPoint?.split('/').at(-1) ?? null,
    sharedGlueDatabase: granted.find(({ database }) => database !== undefined)?.database ?? null,
    s3bucketName: granted.find(({ kind }) => kind === 'Bucket')?.name ?? null,
  };
}

export async function sharedTables(context: GatewayContext, datasetUri: string, environmentUri: string) {
  const { name: environment } = await environmentFor(context, 'LIST_ENVIRONMENT_DATASETS', environmentUri);
  const tables = await granted(context, await context.viewer(), environment)
    .select(['item.name', 'item.link'])
    .distinct()
    .where('dataset.uri', '=', datasetUri)
    .where('item.kind', '=', 'Table')
    .orderBy('item.name')
    .execute();
  return tables.map(({ name, link }) => ({ tableUri: itemId(datasetUri, 'Table', name), GlueTableName: link ?? name }));
}

export async function sharedDatabases(context: GatewayContext, group: string, environmentUri: string) {
  const { name: environment } = await environmentFor(context, 'LIST_ENVIRONMENT_DATASETS', environmentUri);
  return granted(context, await context.viewer(), environment)
    .select([
      'dataset.uri as datasetUri',
      sql<string>`dataset.glue_database`.as('GlueDatabaseName'),
      'share.uri as shareUri',
      'target.account as targetEnvAwsAccountId',
      'target.region as targetEnvRegion',
      sql<string>`item.database_name`.as('sharedGlueDatabaseName'),
    ])
    .distinct()
    .where('share.requester', '=', group)
    .where('item.kind', '=', 'Table')
    .where('item.database_name', 'is not', null)
    .execute();
}
