// Having all that was given of a dataset looked at, or put right, by who decides about it.

import { sql } from 'kysely';
import { MAX_SHARES, reapplyRoute, verifyRoute } from '../../../../operator/actions/contract/shares.ts';
import type { MutationResolvers } from '../../../graphql/schema-types.ts';
import { visible } from '../../../read-model/viewer.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { notFound, requiredParameter } from '../../../server/failure.ts';
import { givenTexts } from '../../../server/input.ts';
import { routeObjectOf } from '../credentials/resolvers.ts';
import type { DatasetRow } from '../dataset.ts';
import { attemptOn, seenDatasetFor } from '../place.ts';

const PERMISSION = 'UPDATE_DATASET';

export const upkeepMutations: MutationResolvers = {
  verifyDatasetShareObjects: async (_, { input }, context) => {
    const action = 'VERIFY_DATASET_SHARE_OBJECTS';
    if (!input) throw requiredParameter(action, 'input');
    const dataset = await seenDatasetFor(context, action, input.datasetUri, PERMISSION);
    const wanted = givenTexts(input.shareUris);
    if (wanted.length === 0) throw requiredParameter(action, 'shareUris');
    const requests = await requestsOf(context, action, dataset, wanted);
    const settings = { attempt: attemptOn(action, PERMISSION, dataset), dryRun: context.dryRun };
    for (let at = 0; at < requests.length; at += MAX_SHARES) {
      const some = requests.slice(at, at + MAX_SHARES);
      await context.operator.act(verifyRoute, routeObjectOf(dataset), { requests: some }, settings);
    }
    return true;
  },

  reApplyShareObjectItemsOnDataset: async (_, { datasetUri }, context) => {
    const action = 'REAPPLY_SHARE_OBJECT_ITEMS_ON_DATASET';
    const dataset = await seenDatasetFor(context, action, datasetUri, PERMISSION);
    const settings = { attempt: attemptOn(action, PERMISSION, dataset), dryRun: context.dryRun };
    let after: string | undefined;
    do {
      const input = after === undefined ? {} : { after };
      after = (await context.operator.act(reapplyRoute, routeObjectOf(dataset), input, settings))?.next;
    } while (after !== undefined);
    return true;
  },
};

/** Those requests of the dataset. @throws GraphQLError ResourceNotFound for one that is none of it, or is not shown to who asks */
async function requestsOf(
  { database, viewer }: GatewayContext,
  action: string,
  { namespace, name }: DatasetRow,
  uris: readonly string[],
) {
  const rows = await database
    .selectFrom('share_request')
    .select(['uri', 'namespace', 'name'])
    .where('dataset_namespace', '=', namespace)
    .where('dataset', '=', name)
    .where('draft', '=', false)
    .where(visible('share_request', await viewer()))
    .where(sql<boolean>`uri = any(${uris}::text[])`)
    .execute();
  const missing = uris.find((uri) => !rows.some((row) => row.uri === uri));
  if (missing !== undefined) throw notFound(action, 'Share', missing);
  return rows.map((row) => ({ namespace: row.namespace, name: row.name }));
}
