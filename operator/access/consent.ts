// Granted = request AND approval. Decides, from the specs and recorded bindings alone, what one share gives to whom, and why not the rest.
import { oncePerObject } from './once-per-object.ts';
import type { DatasetTable } from '../resources/dataset-table.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { Organization } from '../resources/organization.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { ofTheApproval } from './approval-checks.ts';
import { firstRefusal } from './checks.ts';
import { endOf, extensionOf, type Extension } from './expiration.ts';
import type { Grant, GrantedItem, SharePermission } from './grant.ts';
import { decideItem, type ItemDecision } from './item-decision.ts';
import { principalObject, type SharePrincipal } from './parties.ts';
import { betweenParties, findParties, type PresentParties } from './request-checks.ts';

/** Maintenance of the tenant, or admission policies that are not as shipped: then anybody could approve anything. */
export type InstallationPause = 'Maintenance' | 'PoliciesMissing';

/** Everything one share depends on; undefined = there is no such object. */
export interface ShareInputs {
  readonly request: ShareRequest;
  readonly approval: ShareApproval | undefined;
  readonly dataset: Dataset | undefined;
  /** DatasetTables of the dataset. */
  readonly tables: readonly DatasetTable[];
  readonly producer: Environment | undefined;
  readonly consumer: Environment | undefined;
  readonly principal: SharePrincipal | undefined;
  /** Those of the two environments. */
  readonly producerOrganization?: Organization | undefined;
  readonly consumerOrganization?: Organization | undefined;
  /** Whether the installation allows Write and Modify (within one account). */
  readonly allowWrite: boolean;
  /** Whether a group may consent to what it asks for itself. */
  readonly allowSelfApproval: boolean;
  /** Why nothing new is granted or repaired anywhere at the moment; undefined = it is. */
  readonly pause: InstallationPause | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why a share gives nothing, or that it gives something. */
export type ShareState =
  | 'Draft'
  | 'PendingApproval'
  /** Approved, and the approval is being tied to what it was given for. */
  | 'Binding'
  | 'Approved'
  | 'Rejected'
  | 'Expired'
  | 'ExpirationNotAllowed'
  | 'RequestMismatch'
  | 'ApprovalStale'
  /** The approval is not bound yet, and its approver may not decide about the dataset. */
  | 'ApproverNotAllowed'
  | 'DatasetNotFound'
  | 'DatasetTerminating'
  | 'DatasetNotReady'
  | 'EnvironmentNotReady'
  | 'PrincipalNotFound'
  | 'PrincipalNotReady'
  | 'PrincipalTaken'
  | 'OwnDataset'
  | 'RequesterNotAllowed'
  | 'NotInvited'
  | 'CrossRegion'
  | 'Deleting';

/** Why nothing is given. */
export interface ShareRefusal {
  readonly state: Exclude<ShareState, 'Approved'>;
  readonly message: string;
}

export interface ShareDecision {
  readonly state: ShareState;
  readonly message: string;
  /** One entry for each item of the request, in its order; empty unless the state is Approved. */
  readonly items: readonly ItemDecision[];
  readonly permissions: readonly SharePermission[];
  /** Permissions both sides agree on that this installation or the accounts do not allow. */
  readonly permissionsNotAllowed: readonly SharePermission[];
  /** Milliseconds since the epoch; the earlier of both sides. */
  readonly expiresAt: number | undefined;
  /** Until when there is consent, whatever is asked for; RFC 3339. */
  readonly consentedUntil: string | undefined;
  /** Of a later end than is consented to, where one is asked for. */
  readonly extension: Extension | undefined;
  /** Why nothing is added to what is given already. */
  readonly pause: InstallationPause | 'Suspended' | undefined;
}

/** What stands against it, in this order: parties that are not there, what may not be between them, and what was decided. */
export const decideShare = (inputs: ShareInputs): ShareDecision => {
  const { request, approval } = inputs;
  const expiresAt = earliest(request.spec.expiresAt, approval?.spec.expiresAt, approval?.status.boundTo?.expiresAt);
  const nothing = ({ state, message }: ShareRefusal): ShareDecision => ({
    state,
    message,
    items: [],
    permissions: [],
    permissionsNotAllowed: [],
    expiresAt,
    consentedUntil: undefined,
    extension: undefined,
    pause: undefined,
  });
  const parties = findParties(inputs);
  if ('state' in parties) return nothing(parties);
  const refusal = firstRefusal(betweenParties, parties);
  if (refusal !== undefined) return nothing(refusal);
  if (approval === undefined) return nothing({ state: 'PendingApproval', message: '' });
  const objection = firstRefusal(ofTheApproval, { ...parties, approval });
  if (objection !== undefined && objection.state !== 'Expired') return nothing(objection);
  // Who asks to go on after the end waits as well as who asks before it.
  const ends = {
    expiresAt,
    consentedUntil: approval.status.boundTo?.expiresAt,
    extension: extensionOf(request, approval),
  };
  return { ...(objection === undefined ? decideItems(parties, approval) : nothing(objection)), ...ends };
};

const decideItems = (
  parties: PresentParties,
  approval: ShareApproval,
): Omit<ShareDecision, 'expiresAt' | 'consentedUntil' | 'extension'> => {
  const { request, dataset, tables, source, place, grantee, allowWrite } = parties;
  const agreed = common(request.spec.permissions, approval.spec.permissions ?? []);
  const permissions = agreed.filter(
    (permission) => permission === 'Read' || (allowWrite && source.account === place.account),
  );
  const pause = parties.pause ?? (isSuspended(parties) ? 'Suspended' : undefined);
  const grantOf = (item: GrantedItem): Grant => ({
    share: { namespace: request.metadata.namespace, name: request.metadata.name, uid: request.metadata.uid },
    source,
    consumer: place,
    principal: grantee,
    permissions,
    item,
    suspended: pause !== undefined,
  });
  return {
    state: 'Approved',
    message: '',
    items: request.spec.items.map((item) => decideItem({ dataset, tables, approval, permissions }, item, grantOf)),
    permissions,
    permissionsNotAllowed: agreed.filter((permission) => !permissions.includes(permission)),
    pause,
  };
};

/**
 * True while what the decision rests on is not complete, e.g. when a cluster was rebuilt from Git and bindings are not made again yet.
 * Work that would take access away waits for it a moment.
 */
export const isUnsettled = ({ state }: ShareDecision): boolean =>
  state === 'Binding' ||
  state === 'DatasetNotReady' ||
  state === 'EnvironmentNotReady' ||
  state === 'PrincipalNotReady';

/** The grants of a decision. */
export const grantsOf = oncePerObject(({ items }: ShareDecision): readonly Grant[] =>
  items.flatMap((item) => (item.decision === 'Granted' ? [item.grant] : [])),
);

const common = (a: readonly SharePermission[], b: readonly SharePermission[]): readonly SharePermission[] =>
  (['Read', 'Write', 'Modify'] as const).filter((permission) => a.includes(permission) && b.includes(permission));

const isSuspended = ({ request, approval, dataset, producer, consumer, principal }: ShareInputs): boolean =>
  [request, approval, dataset, producer, consumer, principal && principalObject(principal)].some(
    (object) => object?.spec.suspend === true,
  );

const earliest = (...times: readonly (string | undefined)[]): number | undefined => {
  const known = times.flatMap((time) => (time === undefined ? [] : [endOf(time)]));
  return known.length === 0 ? undefined : Math.min(...known);
};
