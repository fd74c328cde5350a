// Asking for a share: one request for each (dataset, environment, principal, group), which is given again to who asks twice.

import { sql } from 'kysely';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import type { SharePermission } from '../../../operator/resources/share-item.ts';
import type { MutationCreateShareObjectArgs, NewShareObjectInput } from '../../graphql/schema-types.ts';
import { objectName } from '../../kubernetes/object-name.ts';
import { visible } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { invalidInput, notFound, requiredParameter } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import { uriOf } from '../../read-model/object-columns.ts';
import { environmentFor } from '../environment/queries.ts';
import { datasetItem } from './dataset-items.ts';
import { endAfter } from './expiry.ts';
import { knownPrincipal } from './principal.ts';
import { shareByUri, type ShareRow } from './queries.ts';
import { addItem } from './request-edits.ts';
import { attemptOn, changeRequest } from './share.ts';

const ACTION = 'CREATE_SHARE_OBJECT';

/** A share that was asked for, and whether it had been before. */
export interface CreatedShare extends ShareRow {
  readonly alreadyExisted: boolean;
}

export async function createShare(
  context: GatewayContext,
  { datasetUri, itemUri, itemType, input }: MutationCreateShareObjectArgs,
): Promise<CreatedShare> {
  const permissions = permissionsOf(input);
  const requester = requiredText(ACTION, 'groupUri', input.groupUri);
  const dataset = await datasetOf(context, datasetUri);
  const environment = await environmentFor(context, ACTION, input.environmentUri);
  const principal = await principalOf(context, environment.name, input);
  const spec = {
    datasetRef: { namespace: dataset.namespace, name: dataset.name },
    requester,
    principal,
  };
  const existing = await existingShare(context, environment.name, spec);
  const row = existing ?? (await newShare(context, dataset, environment.name, spec, permissions, input));
  if (!itemUri) return { ...row, alreadyExisted: existing !== undefined };
  const item = await datasetItem(context, row, ACTION, { itemUri, itemType: itemType ?? 'Table' });
  const attempt = attemptOn(ACTION, 'ADD_ITEM', row.uri);
  const changed = context.dryRun
    ? row
    : await changeRequest(context, row, attempt, (request, approval) => addItem(request, approval, item));
  return { ...changed, alreadyExisted: existing !== undefined };
}

function permissionsOf({ permissions }: NewShareObjectInput): SharePermission[] {
  const wanted = [...new Set(permissions.flatMap((permission) => permission ?? []))];
  if (wanted.length === 0) throw requiredParameter(ACTION, 'permissions');
  return wanted;
}

/** Whoever is signed in may ask for any dataset. */
async function datasetOf({ database }: GatewayContext, uri: string) {
  const dataset = await database
    .selectFrom('dataset')
    .select(['uri', 'namespace', 'name', 'object'])
    .where('uri', '=', uri)
    .executeTakeFirst();
  if (dataset === undefined) throw notFound(ACTION, 'Dataset', uri);
  return dataset;
}

/** A group is a Team of the environment, a role or user one of its ConsumptionRoles: of those that who asks may see. */
async function principalOf(
  { database, viewer }: GatewayContext,
  namespace: string,
  { principalType, principalId, groupUri }: NewShareObjectInput,
): Promise<{ kind: 'Team' | 'ConsumptionRole'; name: string }> {
  requiredText(ACTION, 'principalId', principalId);
  if (principalType === 'Group') {
    const team = await database
      .selectFrom('team')
      .select('name')
      .where('namespace', '=', namespace)
      .where('group_name', '=', principalId)
      .where(visible('team', await viewer()))
      .orderBy('created')
      .executeTakeFirst();
    if (team === undefined) throw notFound(ACTION, 'Team', principalId || groupUri);
    return { kind: 'Team', name: team.name };
  }
  if (principalType !== 'ConsumptionRole' && principalType !== 'ConsumptionUser')
    throw invalidInput(ACTION, 'principalType', principalType, 'Group, ConsumptionRole or ConsumptionUser');
  const role = await database
    .selectFrom('consumption_role')
    .select('name')
    .where('namespace', '=', namespace)
    .where('uri', '=', principalId)
    .where(visible('consumption_role', await viewer()))
    .executeTakeFirst();
  if (role === undefined) throw notFound(ACTION, 'Consumption principal', principalId);
  return { kind: 'ConsumptionRole', name: role.name };
}

interface Asked {
  readonly datasetRef: { readonly namespace: string; readonly name: string };
  readonly requester: string;
  readonly principal: { readonly kind: 'Team' | 'ConsumptionRole'; readonly name: string };
}

async function existingShare(
  context: GatewayContext,
  namespace: string,
  { datasetRef, requester, principal }: Asked,
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

async function newShare(
  context: GatewayContext,
  dataset: Awaited<ReturnType<typeof datasetOf>>,
  namespace: string,
  asked: Asked,
  permissions: SharePermission[],
  input: NewShareObjectInput,
): Promise<ShareRow> {
  const rule = dataset.object.spec.sharing?.expiration;
  const { shareExpirationPeriod: periods, nonExpirable, requestPurpose } = input;
  const expiresAt = endAfter(ACTION, rule, { periods, nonExpirable }, new Date());
  const name = objectName(`${dataset.name}-for-${asked.principal.name}`, [namespace, dataset.uri, asked]);
  const spec = {
    ...asked,
    permissions,
    draft: true,
    items: [],
    ...(requestPurpose ? { purpose: requestPurpose } : {}),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  const attempt = attemptOn(ACTION, ACTION, name);
  const { dryRun } = context;
  const request = await context.kubernetes.create(shareRequestKind, { namespace, name }, spec, { attempt, dryRun });
  if (dryRun) return draftRow(context, request, dataset);
  const row = await shareByUri(context.database, await context.viewer(), uriOf(request));
  return row ?? draftRow(context, request, dataset);
}

/** As the row will be that nothing is kept of. */
async function draftRow(
  { database }: GatewayContext,
  request: ShareRow['request'],
  dataset: Awaited<ReturnType<typeof datasetOf>>,
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
    principal_known: known,
  };
}
