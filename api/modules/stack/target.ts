// What has a stack and tags: an environment or a dataset, and who sees that of it.

import { sql } from 'kysely';
import type { RouteObject } from '../../../operator/actions/contract/route.ts';
import { allows, compile, factsOf } from '../../../operator/resources/authority/compile.ts';
import type { Dataset } from '../../../operator/resources/dataset.ts';
import type { Environment } from '../../../operator/resources/environment.ts';
import type { StackStatus } from '../../../operator/resources/status.ts';
import { visible } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, notFound, unauthorized } from '../../server/failure.ts';

type AwsTags = NonNullable<Environment['spec']['tags']>;

export interface StackTarget {
  readonly type: 'environment' | 'dataset';
  readonly uri: string;
  readonly object: RouteObject;
  readonly environmentUri: string | undefined;
  readonly account: string;
  readonly region: string;
  readonly stack: StackStatus | undefined;
  readonly tags: AwsTags;
}

/**
 * @param permission by data.all's name, for the refusal
 * @throws GraphQLError ResourceNotFound; UnauthorizedOperation for who sees it and was only invited
 */
export async function stackTarget(
  context: GatewayContext,
  action: string,
  permission: string,
  { targetUri, targetType }: { readonly targetUri: string; readonly targetType: string },
): Promise<StackTarget> {
  if (targetType === 'environment') return environmentTarget(context, action, permission, targetUri);
  if (targetType === 'dataset') return datasetTarget(context, action, targetUri);
  const text = `targetType value ${JSON.stringify(targetType)} must be environment or dataset; stacks of others are not in this version`;
  throw failure({ class: 'InvalidInput', action, text });
}

async function environmentTarget(
  context: GatewayContext,
  action: string,
  permission: string,
  uri: string,
): Promise<StackTarget> {
  const { identity, database } = context;
  const viewer = await context.viewer();
  const row = await database
    .selectFrom('environment')
    .select(['name', 'owner', 'account', 'region', 'object'])
    .where('uri', '=', uri)
    .where(visible('environment', viewer))
    .executeTakeFirst();
  if (row === undefined) throw notFound(action, 'Environment', uri);
  if (!viewer.seesEverything && !ownsEnvironment(row.object, identity.groups))
    throw unauthorized(action, identity.user, permission, `resource: ${uri}`);
  const { name, account, region, object } = row;
  return {
    type: 'environment',
    uri,
    object: { resource: 'environments', name },
    environmentUri: uri,
    account,
    region,
    stack: object.status.stack,
    tags: object.spec.tags ?? [],
  };
}

/** As RBAC says who may work in its account as its owner. */
const ownsEnvironment = (environment: Environment, groups: readonly string[]): boolean =>
  allows(factsOf(compile({ organizations: [], environments: [environment], teams: [], datasets: [] })), groups, {
    verb: 'import',
    resource: 'environments',
    name: environment.metadata.name,
  });

async function datasetTarget(context: GatewayContext, action: string, uri: string): Promise<StackTarget> {
  const row = await context.database
    .selectFrom('dataset')
    .innerJoin('environment', 'environment.name', 'dataset.namespace')
    .select([
      'dataset.namespace',
      'dataset.name',
      'environment.uri as environment_uri',
      'environment.account as account',
      'environment.region as region',
      sql<Dataset>`dataset.object`.as('object'),
    ])
    .where('dataset.uri', '=', uri)
    .where(visible('dataset', await context.viewer()))
    .executeTakeFirst();
  if (row === undefined) throw notFound(action, 'Dataset', uri);
  const { namespace, name, account, region, object } = row;
  return {
    type: 'dataset',
    uri,
    object: { resource: 'datasets', namespace, name },
    environmentUri: row.environment_uri,
    account,
    region,
    stack: object.status.stack,
    tags: object.spec.tags ?? [],
  };
}
