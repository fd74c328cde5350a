// Granted = request AND approval. Decides, from the specs and recorded bindings alone, what one share gives to whom, and why not the rest.
import type { DatasetTable } from '../resources/dataset-table.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import { membersOf, type Organization } from '../resources/organization.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Team } from '../resources/team.ts';
import { approverRefusal, decidersOf } from './approver.ts';
import { endOf, endRefusal } from './expiration.ts';
import type { Grant, GrantPrincipal, GrantedItem, SharePermission } from './grant.ts';
import { decideItem, type ItemDecision } from './item-decision.ts';
import { consumerOf, granteeOf, principalObject, sourceOf, type SharePrincipal } from './parties.ts';

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
  /** Why nothing is added to what is given already. */
  readonly pause: InstallationPause | 'Suspended' | undefined;
}

export const decideShare = (inputs: ShareInputs): ShareDecision => {
  const { request, approval, dataset, principal } = inputs;
  const expiresAt = earliest(request.spec.expiresAt, approval?.spec.expiresAt, approval?.status.boundTo?.expiresAt);
  const nothing = (state: ShareState, message: string): ShareDecision => ({
    state,
    message,
    items: [],
    permissions: [],
    permissionsNotAllowed: [],
    expiresAt,
    pause: undefined,
  });

  if (request.metadata.deletionTimestamp !== undefined) return nothing('Deleting', 'the request is being deleted');
  if (dataset === undefined)
    return nothing(
      'DatasetNotFound',
      `there is no Dataset ${request.spec.datasetRef.namespace}/${request.spec.datasetRef.name}: correct spec.datasetRef in a new request`,
    );
  if (dataset.metadata.deletionTimestamp !== undefined)
    return nothing('DatasetTerminating', 'the dataset is being deleted');
  if (request.spec.draft) return nothing('Draft', 'set spec.draft to false to ask for a decision');
  if (isPast(request.spec.expiresAt, inputs.now))
    return nothing(
      'Expired',
      `the request ended at ${request.spec.expiresAt}: set a later spec.expiresAt to ask again`,
    );
  if (principal === undefined || principalObject(principal).metadata.deletionTimestamp !== undefined)
    return nothing(
      'PrincipalNotFound',
      `there is no ${request.spec.principal.kind} ${request.spec.principal.name} in namespace ${request.metadata.namespace}: create it`,
    );

  if (!isOwnerInvited(inputs.producer, inputs.producerOrganization))
    return nothing(
      'NotInvited',
      `environment ${dataset.metadata.namespace} is not in its organization any more, so nothing of it is shared: ask ${deciders(dataset)}, who can see there how it comes back`,
    );
  if (!isOwnerInvited(inputs.consumer, inputs.consumerOrganization))
    return nothing(
      'NotInvited',
      `${inputs.consumer?.spec.owner}, the owner of Environment ${request.metadata.namespace}, is not in Organization ${inputs.consumer?.spec.organization}, so nothing is given to the environment: the owner of the organization may add it to spec.teams there`,
    );

  const source = sourceOf(dataset);
  const consumer = consumerOf(inputs.consumer);
  const grantee = granteeOf(request, principal);
  if (inputs.producer === undefined || source === undefined)
    return nothing(
      'DatasetNotReady',
      `the dataset is not ready yet: see Dataset ${dataset.metadata.namespace}/${dataset.metadata.name}`,
    );
  if (consumer === undefined)
    return nothing('EnvironmentNotReady', `the environment ${request.metadata.namespace} is not ready yet`);
  const taken = principalObject(principal).status.conditions?.find(({ type }) => type === 'Ready');
  if (grantee === undefined && taken?.reason === 'PrincipalTaken') return nothing('PrincipalTaken', taken.message);
  if (grantee === undefined)
    return nothing(
      isMissing(principal) ? 'PrincipalNotFound' : 'PrincipalNotReady',
      `${request.spec.principal.kind} ${request.spec.principal.name} is not ready${isMissing(principal) ? ': AWS has no such role' : ' yet'}: see its conditions`,
    );
  if (source.region !== consumer.region)
    return nothing(
      'CrossRegion',
      `the data is in ${source.region}, the environment in ${consumer.region}: request it from an environment in ${source.region}`,
    );
  if (isOwnDataset(request, dataset, principal))
    return nothing('OwnDataset', 'the team owns this dataset and has access already: delete the request');
  const holder = principal.kind === 'Team' ? principal.team.spec.group : principal.role.spec.owner;
  if (holder !== request.spec.requester)
    return nothing(
      'RequesterNotAllowed',
      `${request.spec.principal.kind} ${request.spec.principal.name} belongs to ${holder}, the request is by ${request.spec.requester}: ${holder} has to ask`,
    );

  if (!isMember(inputs.consumerOrganization, holder))
    return nothing(
      'RequesterNotAllowed',
      `${holder} is not in Organization ${inputs.consumer?.spec.organization}: add it to spec.teams there, or delete the request`,
    );

  const expiration = dataset.spec.sharing?.expiration;
  if (approval === undefined || approval.metadata.deletionTimestamp !== undefined) {
    const refusal = endRefusal(expiration, request, undefined, inputs.now);
    const hint = refusal === undefined ? '' : `; ${refusal}`;
    return nothing('PendingApproval', `waits for the decision of ${deciders(dataset)}${hint}`);
  }
  const mismatch = mismatchOf(request, approval, principal);
  if (mismatch !== undefined) return nothing('RequestMismatch', mismatch);
  const replaced = replacedDataset(approval, dataset);
  if (replaced !== undefined) return nothing('ApprovalStale', replaced);
  const notAllowed = isBoundNow(approval) ? undefined : approverRefusal(approval, dataset, inputs.allowSelfApproval);
  if (notAllowed !== undefined) return nothing('ApproverNotAllowed', notAllowed);
  if (approval.spec.decision === 'Rejected') {
    const edited =
      approval.status.boundTo !== undefined &&
      approval.status.boundTo.requestGeneration !== request.metadata.generation &&
      isBoundNow(approval);
    return edited
      ? nothing('PendingApproval', `was edited after a rejection; waits for the decision of ${deciders(dataset)}`)
      : nothing(
          'Rejected',
          approval.spec.reason ?? 'the dataset owner rejected the request: edit the request to ask again',
        );
  }
  if (isPast(approval.spec.expiresAt, inputs.now))
    return nothing('Expired', `the approval ended at ${approval.spec.expiresAt}`);
  const stale = staleness(inputs, approval, dataset, principal, grantee);
  const until = approval.status.boundTo?.expiresAt;
  const isOver = isPast(until, inputs.now);
  const refusal = isBoundNow(approval) ? undefined : endRefusal(expiration, request, approval.spec, inputs.now);
  // What was consented to before goes on to its end: a wrong day in an extension must not cut anybody off.
  if (refusal !== undefined && (stale !== undefined || until === undefined || isOver))
    return nothing('ExpirationNotAllowed', refusal);
  if (isOver && isBoundNow(approval))
    return nothing(
      'Expired',
      `consent ended at ${until}: set a later spec.expiresAt in the ShareApproval to extend it`,
    );
  if (isOver) return nothing('Binding', 'the extension is being bound to the request');
  if (stale !== undefined) return nothing(isBoundNow(approval) ? 'ApprovalStale' : 'Binding', stale);

  const agreed = common(request.spec.permissions, approval.spec.permissions ?? []);
  const allowed = agreed.filter(
    (permission) => permission === 'Read' || (inputs.allowWrite && source.account === consumer.account),
  );
  const pause = inputs.pause ?? (isSuspended(inputs) ? 'Suspended' : undefined);
  const grantOf = (item: GrantedItem): Grant => ({
    share: { namespace: request.metadata.namespace, name: request.metadata.name, uid: request.metadata.uid },
    source,
    consumer,
    principal: grantee,
    permissions: allowed,
    item,
    suspended: pause !== undefined,
  });
  return {
    state: 'Approved',
    message: '',
    items: request.spec.items.map((item) =>
      decideItem({ dataset, tables: inputs.tables, approval, permissions: allowed }, item, grantOf),
    ),
    permissions: allowed,
    permissionsNotAllowed: agreed.filter((permission) => !allowed.includes(permission)),
    expiresAt,
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

const grants = new WeakMap<ShareDecision, readonly Grant[]>();

/** The grants of a decision. */
export const grantsOf = (decision: ShareDecision): readonly Grant[] => {
  const known = grants.get(decision);
  if (known !== undefined) return known;
  const found = decision.items.flatMap((item) => (item.decision === 'Granted' ? [item.grant] : []));
  grants.set(decision, found);
  return found;
};

const common = (a: readonly SharePermission[], b: readonly SharePermission[]): readonly SharePermission[] =>
  (['Read', 'Write', 'Modify'] as const).filter((permission) => a.includes(permission) && b.includes(permission));

/** How request and approval speak of different things; undefined when they do not. */
const mismatchOf = (request: ShareRequest, approval: ShareApproval, principal: SharePrincipal): string | undefined =>
  differenceOf(request, approval) ?? arnMismatch(approval, principal);

/** As far as the two of them tell. */
export const differenceOf = (request: ShareRequest, { metadata, spec }: ShareApproval): string | undefined => {
  if (spec.datasetRef.name !== request.spec.datasetRef.name || metadata.namespace !== request.spec.datasetRef.namespace)
    return `the approval is for dataset ${spec.datasetRef.name}, the request for ${request.spec.datasetRef.name}`;
  if (spec.requester !== request.spec.requester)
    return `the approval names requester ${spec.requester}, the request ${request.spec.requester}`;
  if (spec.principal.kind !== request.spec.principal.kind || spec.principal.name !== request.spec.principal.name)
    return `the approval names ${spec.principal.kind} ${spec.principal.name}, the request ${request.spec.principal.kind} ${request.spec.principal.name}`;
  if (spec.requestRef.uid !== undefined && spec.requestRef.uid !== request.metadata.uid)
    return `the approval is for another request of the same name (uid ${spec.requestRef.uid}): approve this one, uid ${request.metadata.uid}`;
  return undefined;
};

/** How the approval speaks of another role than the request's principal is. */
export const arnMismatch = ({ spec }: ShareApproval, principal: SharePrincipal): string | undefined =>
  principal.kind === 'ConsumptionRole' && spec.principal.arn !== principal.role.spec.principalArn
    ? `the approval names ${spec.principal.arn ?? 'no role'}, the ConsumptionRole is ${principal.role.spec.principalArn}`
    : undefined;

/** Whether the recorded binding belongs to the approval as it is now. */
export const isBoundNow = ({ metadata, status }: ShareApproval): boolean =>
  status.boundTo?.requestUid !== undefined && status.boundTo.approvalGeneration === metadata.generation;

/** UID of the dataset that the approval, as it is now, was given for; undefined before the two were seen. */
export const datasetSeen = ({ metadata, status: { boundTo } }: ShareApproval): string | undefined =>
  (boundTo?.seenGeneration ?? boundTo?.approvalGeneration) === metadata.generation ? boundTo?.datasetUid : undefined;

/** That the approval was given for another dataset of this name; undefined when it was not. */
export const replacedDataset = (approval: ShareApproval, dataset: Dataset | undefined): string | undefined => {
  const { spec } = approval;
  const seen = datasetSeen(approval);
  return seen === undefined || dataset === undefined || dataset.metadata.uid === seen
    ? undefined
    : `Dataset ${spec.datasetRef.name} was deleted and created again after the approval: edit the approval, e.g. its spec.reason, to consent again, or delete it, as one who decides about it now`;
};

/**
 * AWS was asked, and has no such role or user: that is no state in which to wait before access is taken away. What Lake Formation keeps
 * for the name would be had by whoever makes the next one.
 */
const isMissing = (principal: SharePrincipal): boolean =>
  principalObject(principal).status.conditions?.some(
    ({ type, reason }) => type === 'Ready' && (reason === 'PrincipalNotFound' || reason === 'RoleNotFound'),
  ) === true;

/** What differs between now and the recorded binding; undefined when nothing does. */
const staleness = (
  inputs: ShareInputs,
  approval: ShareApproval,
  dataset: Dataset,
  principal: SharePrincipal,
  grantee: GrantPrincipal,
): string | undefined => {
  const bound = approval.status.boundTo;
  if (bound?.requestUid === undefined) return 'the approval is being bound to the request';
  if (bound.requestUid !== inputs.request.metadata.uid)
    return 'the request was deleted and created again after it was approved: edit the approval, e.g. its spec.reason, to consent again';
  if (bound.datasetUid !== dataset.metadata.uid)
    return 'the dataset was deleted and created again after the approval: edit the approval, e.g. its spec.reason, to consent again';
  if (bound.principalArn !== grantee.arn)
    return `the principal was ${bound.principalArn} when it was approved and is ${grantee.arn} now: edit the approval, e.g. its spec.reason, to consent again`;
  if (isOwnStackRole(principal)) {
    if (bound.environmentUid !== inputs.consumer?.metadata.uid || bound.group !== principal.team.spec.group)
      return 'the environment or the group of the team is another than when it was approved: edit the approval, e.g. its spec.reason, to consent again';
  } else if (bound.principalId !== grantee.uniqueId)
    return `the role ${grantee.arn} was deleted and created again after the approval (id ${bound.principalId ?? 'unknown'}, now ${grantee.uniqueId}): edit the approval, e.g. its spec.reason, to consent again`;
  return undefined;
};

/** Roles that our own stack makes are bound by environment and group: a redeployed stack must not end access. */
export const isOwnStackRole = (principal: SharePrincipal): principal is { kind: 'Team'; team: Team } =>
  principal.kind === 'Team' && principal.team.spec.roleArn === undefined;

/**
 * Whose requests count, whether or not the group has a Team: who was taken out of the organization keeps nothing it was given. An
 * organization that is not there takes nobody out: a cluster that is rebuilt may have it a moment later.
 */
const isMember = (organization: Organization | undefined, group: string): boolean =>
  organization === undefined || membersOf(organization).includes(group);

/**
 * An environment is in its organization for as long as its owner is: out of it, nothing of it is shared and nothing is given to it. Who asks
 * is told no more of the other side than whom to ask.
 */
const isOwnerInvited = (environment: Environment | undefined, organization: Organization | undefined): boolean =>
  environment === undefined || isMember(organization, environment.spec.owner);

/** Its group is not in the organization any more, as the Team controller found: it keeps the role that was made, and nothing it was given. */
export const isUninvited = (team: Team | undefined): boolean =>
  team?.status.conditions?.some(({ type, reason }) => type === 'Ready' && reason === 'NotInvited') === true;

/** A steward decides and describes; reading is the owner's, and everybody else's by a share. */
const isOwnDataset = (request: ShareRequest, dataset: Dataset, principal: SharePrincipal): boolean =>
  request.metadata.namespace === dataset.metadata.namespace &&
  principal.kind === 'Team' &&
  principal.team.spec.group === dataset.spec.owner;

const isSuspended = ({ request, approval, dataset, producer, consumer, principal }: ShareInputs): boolean =>
  [request, approval, dataset, producer, consumer, principal && principalObject(principal)].some(
    (object) => object?.spec.suspend === true,
  );

const deciders = (dataset: Dataset): string => decidersOf(dataset).join(' or ');

const isPast = (time: string | undefined, now: number): boolean => time !== undefined && endOf(time) <= now;

const earliest = (...times: readonly (string | undefined)[]): number | undefined => {
  const known = times.flatMap((time) => (time === undefined ? [] : [endOf(time)]));
  return known.length === 0 ? undefined : Math.min(...known);
};
