// Working in AWS as the role of a dataset, or of a team that was given some of it. The operator makes the sessions, and asks RBAC.

import { sql } from 'kysely';
import { consoleRoute, credentialsRoute } from '../../../../operator/actions/contract/credentials.ts';
import type { RouteObject } from '../../../../operator/actions/contract/route.ts';
import type { Resolvers } from '../../../graphql/schema-types.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { unauthorized } from '../../../server/failure.ts';
import type { DatasetRow } from '../dataset.ts';
import { attemptOn, datasetFor, objectOf } from '../place.ts';

const PERMISSION = 'CREDENTIALS_DATASET';

export const credentialsResolvers: Resolvers = {
  Query: {
    getDatasetAssumeRoleUrl: async (_, { datasetUri }, context) => {
      const action = 'GET_DATASET_ASSUME_ROLE_URL';
      const dataset = await datasetFor(context, action, datasetUri);
      return consoleUrl(context, action, dataset, routeObjectOf(dataset));
    },
    getDatasetSharedAssumeRoleUrl: async (_, { datasetUri }, context) => {
      const action = 'GET_DATASET_SHARED_ASSUME_ROLE_URL';
      const dataset = await datasetFor(context, action, datasetUri);
      const { user, groups } = context.identity;
      if (groups.includes(dataset.owner)) return consoleUrl(context, action, dataset, routeObjectOf(dataset));
      const team = await teamWith(context, dataset);
      if (team === undefined) throw unauthorized(action, user, PERMISSION, `resource: ${dataset.uri}`);
      return consoleUrl(context, action, dataset, team);
    },
  },
  Mutation: {
    generateDatasetAccessToken: async (_, { datasetUri }, context) => {
      const action = 'GENERATE_DATASET_ACCESS_TOKEN';
      const dataset = await datasetFor(context, action, datasetUri);
      const settings = { attempt: attemptOn(action, PERMISSION, dataset), dryRun: context.dryRun };
      const keys = await context.operator.act(credentialsRoute, routeObjectOf(dataset), {}, settings);
      if (keys === undefined) return null;
      // As data.all's clients read it.
      const { accessKeyId: AccessKey, secretAccessKey: SessionKey, sessionToken } = keys;
      return JSON.stringify({ AccessKey, SessionKey, sessionToken });
    },
  },
};

export const routeObjectOf = (dataset: DatasetRow): RouteObject => ({ resource: 'datasets', ...objectOf(dataset) });

async function consoleUrl(context: GatewayContext, action: string, dataset: DatasetRow, object: RouteObject) {
  const settings = { attempt: attemptOn(action, PERMISSION, dataset), dryRun: context.dryRun };
  const visit = await context.operator.act(consoleRoute, object, {}, settings);
  return visit?.url;
}

/** A team of who asks that was given some of the dataset: of several the first that asked. */
async function teamWith(
  { database, identity }: GatewayContext,
  { namespace, name }: DatasetRow,
): Promise<RouteObject | undefined> {
  const row = await database
    .selectFrom('share_request')
    .select(['namespace', 'principal as name'])
    .where('dataset_namespace', '=', namespace)
    .where('dataset', '=', name)
    .where('principal_kind', '=', 'Team')
    .where(sql<boolean>`requester = any(${identity.groups}::text[])`)
    .where(
      sql<boolean>`exists (select from share_item where parent_uid = share_request.uid and share_item.state = 'Granted')`,
    )
    .orderBy('created')
    .orderBy('uid')
    .executeTakeFirst();
  return row && { resource: 'teams', ...row };
}
