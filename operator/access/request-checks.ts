// What stands against a share whatever anybody decides about it: that something is not there, not ready, or not allowed between these two.
import type { Dataset } from '../resources/dataset.ts';
import { decidersOf } from './approver.ts';
import { firstRefusal, type Check } from './checks.ts';
import type { ShareInputs, ShareRefusal } from './consent.ts';
import { endOf, endRefusal, endText } from './expiration.ts';
import type { Consumer, GrantPrincipal, Source } from './grant.ts';
import { isMember, isOwnerInvited } from './membership.ts';
import { consumerOf, granteeOf, principalObject, sourceOf, type SharePrincipal } from './parties.ts';

/** Both parties, found and ready. */
export interface PresentParties extends ShareInputs {
  readonly dataset: Dataset;
  readonly principal: SharePrincipal;
  readonly source: Source;
  /** Where data is used: `consumer` as AWS knows it. */
  readonly place: Consumer;
  readonly grantee: GrantPrincipal;
}

type PresenceCheck = Check<ShareInputs, ShareRefusal>;
type PartiesCheck = Check<PresentParties, ShareRefusal>;

export const isPast = (time: string | undefined, now: number): boolean => time !== undefined && endOf(time) <= now;

export const deciders = (dataset: Dataset): string => decidersOf(dataset).join(' or ');

/** Both parties, or what is missing of them. */
export const findParties = (inputs: ShareInputs): PresentParties | ShareRefusal => {
  const { request, dataset, consumer, principal } = inputs;
  const refusal = firstRefusal(presence, inputs);
  const source = dataset && sourceOf(dataset);
  const place = consumerOf(consumer);
  const grantee = principal && granteeOf(request, principal);
  if (refusal !== undefined) return refusal;
  // Told above, one by one.
  if (!dataset || !principal || !source || !place || !grantee) return { state: 'DatasetNotReady', message: '' };
  return { ...inputs, dataset, principal, source, place, grantee };
};

const isBeingDeleted: PresenceCheck = ({ request }) =>
  request.metadata.deletionTimestamp === undefined
    ? undefined
    : { state: 'Deleting', message: 'the request is being deleted' };

const datasetExists: PresenceCheck = ({ request: { spec }, dataset }) =>
  dataset === undefined
    ? {
        state: 'DatasetNotFound',
        message: `there is no Dataset ${spec.datasetRef.namespace}/${spec.datasetRef.name}: this waits until there is; if its name is another, correct spec.datasetRef in a new request`,
      }
    : undefined;

const datasetStays: PresenceCheck = ({ dataset }) =>
  dataset?.metadata.deletionTimestamp === undefined
    ? undefined
    : { state: 'DatasetTerminating', message: 'the dataset is being deleted' };

const isNoDraft: PresenceCheck = ({ request }) =>
  request.spec.draft ? { state: 'Draft', message: 'set spec.draft to false to ask for a decision' } : undefined;

const requestLasts: PresenceCheck = ({ request: { spec }, now }) =>
  isPast(spec.expiresAt, now)
    ? {
        state: 'Expired',
        message: `the request ended at ${endText(spec.expiresAt ?? '')}: set a later spec.expiresAt to ask again`,
      }
    : undefined;

const principalExists: PresenceCheck = ({ request: { metadata, spec }, principal }) =>
  principal === undefined || principalObject(principal).metadata.deletionTimestamp !== undefined
    ? {
        state: 'PrincipalNotFound',
        message: `there is no ${spec.principal.kind} ${spec.principal.name} in namespace ${metadata.namespace}: create it, or correct spec.principal in a new request`,
      }
    : undefined;

const producerIsInvited: PresenceCheck = ({ dataset, producer, producerOrganization }) =>
  dataset === undefined || isOwnerInvited(producer, producerOrganization)
    ? undefined
    : {
        state: 'NotInvited',
        message: `environment ${dataset.metadata.namespace} is not in its organization any more, so nothing of it is shared: ask ${deciders(dataset)}, who can see there how it comes back`,
      };

const consumerIsInvited: PresenceCheck = ({ request: { metadata }, consumer, consumerOrganization }) =>
  isOwnerInvited(consumer, consumerOrganization)
    ? undefined
    : {
        state: 'NotInvited',
        message: `${consumer?.spec.owner}, the owner of Environment ${metadata.namespace}, is not in Organization ${consumer?.spec.organization}, so nothing is given to the environment: the owner of the organization may add it to spec.teams there`,
      };

const datasetIsReady: PresenceCheck = ({ dataset, producer }) =>
  dataset !== undefined && (producer === undefined || sourceOf(dataset) === undefined)
    ? {
        state: 'DatasetNotReady',
        message: `the dataset is not ready yet: see Dataset ${dataset.metadata.namespace}/${dataset.metadata.name}`,
      }
    : undefined;

const environmentIsReady: PresenceCheck = ({ request: { metadata }, consumer }) =>
  consumerOf(consumer) === undefined
    ? { state: 'EnvironmentNotReady', message: `the environment ${metadata.namespace} is not ready yet` }
    : undefined;

const principalIsReady: PresenceCheck = ({ request, principal }) => {
  if (principal === undefined || granteeOf(request, principal) !== undefined) return undefined;
  const ready = principalObject(principal).status.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.reason === 'PrincipalTaken') return { state: 'PrincipalTaken', message: ready.message };
  const { kind, name } = request.spec.principal;
  const isMissing = isMissingInAws(principal);
  return {
    state: isMissing ? 'PrincipalNotFound' : 'PrincipalNotReady',
    message: `${kind} ${name} is not ready${isMissing ? ': AWS has no such role' : ' yet'}: see its conditions`,
  };
};

/** The first that finds something is told. */
const presence: readonly PresenceCheck[] = [
  isBeingDeleted,
  datasetExists,
  datasetStays,
  isNoDraft,
  requestLasts,
  principalExists,
  producerIsInvited,
  consumerIsInvited,
  datasetIsReady,
  environmentIsReady,
  principalIsReady,
];

/**
 * AWS was asked, and has no such role or user: that is no state in which to wait before access is taken away. What Lake Formation keeps
 * for the name would be had by whoever makes the next one.
 */
const isMissingInAws = (principal: SharePrincipal): boolean =>
  principalObject(principal).status.conditions?.some(
    ({ type, reason }) => type === 'Ready' && (reason === 'PrincipalNotFound' || reason === 'RoleNotFound'),
  ) === true;

const isInOneRegion: PartiesCheck = ({ source, place }) =>
  source.region === place.region
    ? undefined
    : {
        state: 'CrossRegion',
        message: `the data is in ${source.region}, the environment in ${place.region}: request it from an environment in ${source.region}`,
      };

/** A steward decides and describes; reading is the owner's, and everybody else's by a share. */
const isNotOwnDataset: PartiesCheck = ({ request, dataset, principal }) =>
  request.metadata.namespace === dataset.metadata.namespace &&
  principal.kind === 'Team' &&
  principal.team.spec.group === dataset.spec.owner
    ? { state: 'OwnDataset', message: 'the team owns this dataset and has access already: delete the request' }
    : undefined;

const requesterHasPrincipal: PartiesCheck = ({ request: { spec }, principal }) => {
  const holder = holderOf(principal);
  return holder === spec.requester
    ? undefined
    : {
        state: 'RequesterNotAllowed',
        message: `${spec.principal.kind} ${spec.principal.name} belongs to ${holder}, the request is by ${spec.requester}: ${holder} has to ask`,
      };
};

const requesterIsMember: PartiesCheck = ({ principal, consumer, consumerOrganization }) => {
  const holder = holderOf(principal);
  return isMember(consumerOrganization, holder)
    ? undefined
    : {
        state: 'RequesterNotAllowed',
        message: `${holder} is not in Organization ${consumer?.spec.organization}: add it to spec.teams there, or delete the request`,
      };
};

/** What somebody is preparing is nobody else's business, and no decision. */
const isDecided: PartiesCheck = ({ request, approval, dataset, now }) => {
  const isDecision = approval?.metadata.deletionTimestamp === undefined && approval?.spec.decision !== 'Pending';
  if (approval !== undefined && isDecision) return undefined;
  const refusal = endRefusal(dataset.spec.sharing?.expiration, request, undefined, now);
  const hint = refusal === undefined ? '' : `; ${refusal}`;
  return { state: 'PendingApproval', message: `waits for the decision of ${deciders(dataset)}${hint}` };
};

/** Of two parties that are there. The first that finds something is told. */
export const betweenParties: readonly PartiesCheck[] = [
  isInOneRegion,
  isNotOwnDataset,
  requesterHasPrincipal,
  requesterIsMember,
  isDecided,
];

const holderOf = (principal: SharePrincipal): string =>
  principal.kind === 'Team' ? principal.team.spec.group : principal.role.spec.owner;
