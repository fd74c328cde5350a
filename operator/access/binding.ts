// What an approval is tied to: the dataset that is there at first sight, and exactly what was there when the group that decides could.
// Lake Formation keeps grants for a re-created ARN, so names and ARNs are not enough.
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareApproval, ShareApprovalStatus } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { approverRefusal } from './approver.ts';
import { arnMismatch, askedDigest, datasetSeen, differenceOf, isBoundNow, replacedDataset } from './approval-match.ts';
import { firstRefusal, type Check } from './checks.ts';
import type { GrantPrincipal } from './grant.ts';
import { consentEnd, decidedEnding, endRefusal, endText } from './expiration.ts';
import { granteeOf, isOwnStackRole, type SharePrincipal } from './parties.ts';

export type Binding = NonNullable<ShareApprovalStatus['boundTo']>;

export type BindingResult =
  | { readonly bound: true; readonly binding: Binding }
  | {
      readonly bound: false;
      readonly reason:
        | 'ApprovalStale'
        | 'RequestNotFound'
        | 'RequestMismatch'
        | 'DatasetNotFound'
        | 'ApproverNotAllowed'
        | 'PrincipalNotFound'
        | 'ExpirationNotAllowed'
        | 'PendingApproval';
      readonly message: string;
      /** What is recorded all the same: the dataset, and what an earlier generation of the approval was bound to. */
      readonly binding: Binding | undefined;
    };

export interface BindingInputs {
  readonly approval: ShareApproval;
  readonly request: ShareRequest | undefined;
  readonly dataset: Dataset | undefined;
  readonly consumer: Environment | undefined;
  readonly principal: SharePrincipal | undefined;
  /** Whether a group may consent to what it asks for itself. */
  readonly allowSelfApproval: boolean;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * What is recorded of the dataset, request or no request. A generation of an approval means one dataset for good: the one that was there
 * when it was first seen beside one, that which is being deleted included. What comes after it under the same name has other owners.
 */
const withDatasetSeen = (approval: ShareApproval, dataset: Dataset | undefined): Binding | undefined => {
  const { boundTo } = approval.status;
  if (dataset === undefined || datasetSeen(approval) !== undefined) return boundTo;
  const datasetUid = dataset.metadata.uid;
  const seenGeneration = approval.metadata.generation;
  return { ...(boundTo?.datasetUid === datasetUid && boundTo), datasetUid, seenGeneration };
};

type Refusal = Pick<Extract<BindingResult, { bound: false }>, 'reason' | 'message'>;

/** Undefined: there is none yet, or it is missing, which one of the checks tells. */
interface Found extends BindingInputs {
  /** Of what an earlier generation of the approval consented to. */
  readonly until: string | undefined;
}

type BindingCheck = Check<Found, Refusal>;

const isForThisDataset: BindingCheck = ({ approval, dataset }) => {
  const message = replacedDataset(approval, dataset);
  return message === undefined ? undefined : { reason: 'ApprovalStale', message };
};

const requestExists: BindingCheck = ({ request, approval: { spec } }) =>
  request === undefined || request.metadata.deletionTimestamp !== undefined
    ? {
        reason: 'RequestNotFound',
        message: `there is no ShareRequest ${spec.requestRef.namespace}/${spec.requestRef.name}: the decision waits until there is; if its name is another, name it in a new ShareApproval`,
      }
    : undefined;

/** Before what is missing, since one that is about something else can be removed by those whom it stands in the way of. */
const speaksOfTheRequest: BindingCheck = ({ request, approval }) => {
  const message = request && differenceOf(request, approval);
  return message === undefined ? undefined : { reason: 'RequestMismatch', message };
};

const datasetExists: BindingCheck = ({ dataset, approval: { spec } }) =>
  dataset === undefined || dataset.metadata.deletionTimestamp !== undefined
    ? {
        reason: 'DatasetNotFound',
        message: `there is no Dataset ${spec.datasetRef.name} in this namespace: the decision waits until there is; if its name is another, name it in a new ShareApproval`,
      }
    : undefined;

const approverMayDecide: BindingCheck = ({ approval, dataset, allowSelfApproval }) => {
  const message = dataset && approverRefusal(approval, dataset, allowSelfApproval);
  return message === undefined ? undefined : { reason: 'ApproverNotAllowed', message };
};

const principalIsReady: BindingCheck = ({ request, principal, approval: { spec } }) =>
  request !== undefined && (principal === undefined || granteeOf(request, principal) === undefined)
    ? {
        reason: 'PrincipalNotFound',
        message: `${request.spec.principal.kind} ${request.spec.principal.name} of ${spec.requestRef.namespace} is not there or not ready: the decision waits until it is`,
      }
    : undefined;

const speaksOfThePrincipal: BindingCheck = ({ approval, principal }) => {
  const message = principal && arnMismatch(approval, principal);
  return message === undefined ? undefined : { reason: 'RequestMismatch', message };
};

const endIsAllowed: BindingCheck = ({ approval, request, dataset, until, at }) => {
  if (!request || !dataset || approval.spec.decision !== 'Approved') return undefined;
  const now = Date.parse(at);
  const refusal = endRefusal(dataset.spec.sharing?.expiration, request, decidedEnding(approval, request, dataset), now);
  if (refusal === undefined) return undefined;
  const meanwhile =
    until !== undefined && Date.parse(until) > now ? `; what was consented to before ends at ${endText(until)}` : '';
  return { reason: 'ExpirationNotAllowed', message: `${refusal}${meanwhile}` };
};

/** Told last: what is wrong with what somebody prepares, they can mend before they decide. */
const isDecided: BindingCheck = ({ approval }) =>
  approval.spec.decision === 'Pending'
    ? { reason: 'PendingApproval', message: 'nothing is given before spec.decision is Approved' }
    : undefined;

/** The first that finds something is told. */
const checks: readonly BindingCheck[] = [
  isForThisDataset,
  requestExists,
  speaksOfTheRequest,
  datasetExists,
  approverMayDecide,
  principalIsReady,
  speaksOfThePrincipal,
  endIsAllowed,
  isDecided,
];

/** The recorded binding while it belongs to the approval's generation, else a new one. */
export const bindApproval = (inputs: BindingInputs): BindingResult => {
  const { approval, request, dataset, principal } = inputs;
  const binding = withDatasetSeen(approval, dataset);
  if (binding !== undefined && isBoundNow(approval)) return { bound: true, binding };
  const refusal = firstRefusal(checks, { ...inputs, until: binding?.expiresAt });
  if (refusal !== undefined) return { bound: false, ...refusal, binding };
  const grantee = request && principal && granteeOf(request, principal);
  // Told above, one by one.
  if (!request || !dataset || !principal || !grantee)
    return { bound: false, reason: 'RequestNotFound', message: '', binding };
  return { bound: true, binding: bindingTo(inputs, { request, dataset, principal, grantee }) };
};

const bindingTo = (
  { approval, consumer, at }: BindingInputs,
  found: {
    readonly request: ShareRequest;
    readonly dataset: Dataset;
    readonly principal: SharePrincipal;
    readonly grantee: GrantPrincipal;
  },
): Binding => {
  const { request, dataset, principal, grantee } = found;
  const expiresAt =
    approval.spec.decision === 'Approved'
      ? consentEnd(dataset.spec.sharing?.expiration, request, decidedEnding(approval, request, dataset), Date.parse(at))
      : undefined;
  const identity =
    isOwnStackRole(principal) && consumer !== undefined
      ? { environmentUid: consumer.metadata.uid, group: principal.team.spec.group }
      : { principalId: grantee.uniqueId };
  return {
    datasetUid: dataset.metadata.uid,
    seenGeneration: approval.metadata.generation,
    approvalGeneration: approval.metadata.generation,
    approver: approval.spec.approver,
    ...lastApproved(approval),
    requestUid: request.metadata.uid,
    requestGeneration: request.metadata.generation,
    asked: askedDigest(request),
    principalArn: grantee.arn,
    ...identity,
    ...(expiresAt !== undefined && { expiresAt }),
    folders: approvedFolders(approval, dataset),
    at,
  };
};

const lastApproved = ({ spec, status }: ShareApproval): Pick<Binding, 'approved'> => {
  if (spec.decision === 'Approved')
    return { approved: { by: spec.approver, ...(spec.reason !== undefined && { reason: spec.reason }) } };
  const { approved } = status.boundTo ?? {};
  return approved === undefined ? {} : { approved };
};

const approvedFolders = (approval: ShareApproval, dataset: Dataset): Record<string, string> =>
  Object.fromEntries(
    (approval.spec.items ?? []).flatMap(({ kind, name }): [string, string][] => {
      const folder = kind === 'Folder' ? dataset.spec.folders?.find((candidate) => candidate.name === name) : undefined;
      return folder === undefined ? [] : [[name, folder.prefix]];
    }),
  );
