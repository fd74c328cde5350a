// Who asks whom for which dataset, found by the ids that clients know; and the one request that there is for them, or is made.

import { sql } from 'kysely';
import { shareRequestKind, type ShareRequest } from '../../../operator/resources/share-request.ts';
import type { SharePermission } from '../../../operator/resources/share-item.ts';
import type { NewShareObjectInput } from '../../graphql/schema-types.ts';
import { objectName } from '../../kubernetes/object-name.ts';
import { visible } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { invalidInput, notFound, requiredParameter } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import { uriOf } from '../../read-model/object-columns.ts';
import { environmentFor } from '../environment/queries.ts';
import { endAfter } from './expiry.ts';
import { knownPrincipal } from './principal.ts';
import { shareByUri, type ShareRow } from './queries.ts';
import { attemptOn } from './share.ts';

/** For whom, and for how long, as clients say it. */
export type Wish = Pick<
  NewShareObjectInput,
  'environmentUri' | 'groupUri' | 'principalType' | 'principalId' | 'shareExpirationPeriod' | 'nonExpirable'
>;

/** Both sides, found. */
export interface Parties {
  readonly dataset: Awaited<ReturnType<typeof datasetOf>>;
  /** Name of the environment, which is the namespace of the request. */
  readonly namespace: string;
  /** What makes requests the same. */
  readonly asked: Asked;
}

interface Asked {
  readonly datasetRef: { readonly namespace: string; readonly name: string };
  readonly requester: string;
  readonly principal: { readonly kind: 'Team' | 'ConsumptionRole'; readonly name: string };
}

/** @throws GraphQLError ResourceNotFound for what is not there or may not be seen, InvalidInput, RequiredParameter */
export async function partiesOf(
  context: GatewayContext,
  action: string,
  datasetUri: string,
  wish: Wish,
): Promise<Parties> {
  const requester = requiredText(action, 'groupUri', wish.groupUri);
  const dataset = await datasetOf(context, action, datasetUri);
  const { name: namespace } = await environmentFor(context, action, wish.environmentUri);
  const principal = await principalOf(context, action, namespace, wish);
  const datasetRef = { namespace: dataset.namespace, name: dataset.name };
  return { dataset, namespace, asked: { datasetRef, requester, principal } };
}

/** @throws GraphQLError RequiredParameter where none is named */
export function permissionsOf(
  action: string,
  permissions: readonly (SharePermission | null | undefined)[],
): SharePermission[] {
  const wanted = [...new Set(permissions.flatMap((permission) => permission ?? []))];
  if (wanted.length === 0) throw requiredParameter(action, 'permissions');
  return wanted;
}

/** Whoever is signed in may ask for any dataset. */
async function datasetOf({ database }: GatewayContext, action: string, uri: string) {
  const dataset = await database
    .selectFrom('dataset')
    .select(['uri', 'namespace', 'name', 'object'])
    .where('uri', '=', uri)
    .executeTakeFirst();
  if (dataset === undefined) throw notFound(action, 'Dataset', uri);
  return dataset;
}

/** A group is a Team of the environment, a role or user one of its ConsumptionRoles: of those that who asks may see. */
async function principalOf(
  { database, viewer }: GatewayContext,
  action: string,
  namespace: string,
  { principalType, principalId, groupUri }: Wish,
): Promise<{ kind: 'Team' | 'ConsumptionRole'; name: string }> {
  requiredText(action, 'principalId', principalId);
  if (principalType === 'Group') {
    const team = await database
      .selectFrom('team')
      .select('name')
      .where('namespace', '=', namespace)
      .where('group_name', '=', principalId)
      .where(visible('team', await viewer()))
      .orderBy('created')
      .executeTakeFirst();
    if (team === undefined) throw notFound(action, 'Team', principalId || groupUri);
    return { kind: 'Team', name: team.name };
  }
  if (principalType !== 'ConsumptionRole' && principalType !== 'ConsumptionUser')
    throw invalidInput(action, 'principalType', principalType, 'Group, ConsumptionRole or ConsumptionUser');
  const role = await database
    .selectFrom('consumption_role')
    .select('name')
    .where('namespace', '=', namespace)
    .where('uri', '=', principalId)
    .where(visible('consumption_role', await viewer()))
    .executeTakeFirst();
  if (role === undefined) throw notFound(action, 'Consumption principal', principalId);
  return { kind: 'ConsumptionRole', name: role.name };
}

/** The request for the same dataset, group and principal, where there is one. */
export async function existingShare(
  context: GatewayContext,
  { namespace, asked: { datasetRef, requester, principal } }: Parties,
): Promise<ShareRow | undefined> {
  const found = await context.database
    .selectFrom('share_request')
    .select('uri')
    .where('namespace', '=', namespace)
    .where('dataset_namespace', '=', datasetRef.namespace)
    .where('dataset', '=', datasetRef.name)
    .where('requester', '=', requester)
    .where('principal_kind', '=', principal.kind)
    .where('principal', '=', principal.name)
    .where('deleting', 'is', null)
    .orderBy('created')
    .executeTakeFirst();
  return found && shareByUri(context.database, await context.viewer(), found.uri);
}

/** Written whole: a draft, or with all that it asks for. @throws GraphQLError InvalidInput for an end that the dataset does not allow */
export async function newShare(
  context: GatewayContext,
  action: string,
  { dataset, namespace, asked }: Parties,
  wanted: Pick<ShareRequest['spec'], 'permissions' | 'draft' | 'items'> & {
    readonly purpose: string | null | undefined;
  },
  wish: Wish,
): Promise<ShareRow> {
  const { purpose, ...rest } = wanted;
  const expiresAt = endOf(action, dataset, wish);
  const name = objectName(`${dataset.name}-for-${asked.principal.name}`, [namespace, dataset.uri, asked]);
  const spec = {
    ...asked,
    ...rest,
    ...(purpose ? { purpose } : {}),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  const attempt = attemptOn(action, CREATE, name);
  const { dryRun } = context;
  const request = await context.kubernetes.create(shareRequestKind, { namespace, name }, spec, { attempt, dryRun });
  if (dryRun) return rowToBe(context, request, dataset);
  const row = await shareByUri(context.database, await context.viewer(), uriOf(request));
  return row ?? rowToBe(context, request, dataset);
}

/** The permission that asking takes, in data.all's words. */
const CREATE = 'CREATE_SHARE_OBJECT';

/** When access is to end, as clients say it. @throws GraphQLError InvalidInput outside of what the dataset allows */
export const endOf = (
  action: string,
  dataset: Parties['dataset'],
  { shareExpirationPeriod: periods, nonExpirable }: Wish,
): string | undefined =>
  endAfter(action, dataset.object.spec.sharing?.expiration, { periods, nonExpirable }, new Date());

/** As the row will be that nothing is kept of. */
async function rowToBe(
  { database }: GatewayContext,
  request: ShareRow['request'],
  dataset: Parties['dataset'],
): Promise<ShareRow> {
  const { metadata, spec } = request;
  const { owner, stewards, label, description } = dataset.object.spec;
  const { kind, name } = spec.principal;
  const principal = knownPrincipal({
    kind: sql.val(kind),
    namespace: sql.val(metadata.namespace),
    name: sql.val(name),
  });
  const { known } = await database.selectNoFrom(principal.as('known')).executeTakeFirstOrThrow();
  return {
    uid: metadata.uid,
    uri: uriOf(request),
    namespace: metadata.namespace,
    name: metadata.name,
    requester: spec.requester,
    created: new Date(metadata.creationTimestamp),
    updated: new Date(metadata.creationTimestamp),
    changed_by: null,
    request,
    approval: null,
    dataset_uri: dataset.uri,
    dataset_label: label,
    dataset_description: description ?? null,
    dataset_owner: owner,
    dataset_stewards: stewards ?? [],
    dataset_account: dataset.object.status.account ?? null,
    dataset_seen: false,
    dataset_region: dataset.object.status.region ?? null,
    environment_uri: null,
    principal_known: known,
  };
}
