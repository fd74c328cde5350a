// What an approval is tied to: the dataset that is there at first sight, and exactly what was there when the group that decides could.
// Lake Formation keeps grants for a re-created ARN, so names and ARNs are not enough.
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareApproval, ShareApprovalStatus } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { approverRefusal } from './approver.ts';
import { arnMismatch, datasetSeen, differenceOf, isBoundNow, isOwnStackRole, replacedDataset } from './consent.ts';
import { consentEnd, endRefusal } from './expiration.ts';
import { granteeOf, type SharePrincipal } from './parties.ts';

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
        | 'ExpirationNotAllowed';
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

/** The recorded binding while it belongs to the approval's generation, else a new one. */
export const bindApproval = (inputs: BindingInputs): BindingResult => {
  const { approval, request, dataset, consumer, principal, at } = inputs;
  const binding = withDatasetSeen(approval, dataset);
  if (binding !== undefined && isBoundNow(approval)) return { bound: true, binding };
  const waits = (reason: Exclude<BindingResult, { bound: true }>['reason'], message: string): BindingResult => ({
    bound: false,
    reason,
    message,
    binding,
  });
  const { requestRef, datasetRef } = approval.spec;
  const replaced = replacedDataset(approval, dataset);
  if (replaced !== undefined) return waits('ApprovalStale', replaced);
  if (request === undefined || request.metadata.deletionTimestamp !== undefined)
    return waits('RequestNotFound', `there is no ShareRequest ${requestRef.namespace}/${requestRef.name}`);
  // First of all, since one that is about something else can be removed by those whom it stands in the way of.
  const different = differenceOf(request, approval);
  if (different !== undefined) return waits('RequestMismatch', different);
  if (dataset === undefined || dataset.metadata.deletionTimestamp !== undefined)
    return waits('DatasetNotFound', `there is no Dataset ${datasetRef.name} in this namespace`);
  const notAllowed = approverRefusal(approval, dataset, inputs.allowSelfApproval);
  if (notAllowed !== undefined) return waits('ApproverNotAllowed', notAllowed);
  const grantee = principal && granteeOf(request, principal);
  if (principal === undefined || grantee === undefined)
    return waits(
      'PrincipalNotFound',
      `${request.spec.principal.kind} ${request.spec.principal.name} of ${requestRef.namespace} is not there or not ready`,
    );
  const mismatch = arnMismatch(approval, principal);
  if (mismatch !== undefined) return waits('RequestMismatch', mismatch);
  const rule = dataset.spec.sharing?.expiration;
  const now = Date.parse(at);
  const refusal = approval.spec.decision === 'Approved' ? endRefusal(rule, request, approval.spec, now) : undefined;
  if (refusal !== undefined) {
    const until = binding?.expiresAt;
    const meanwhile =
      until !== undefined && Date.parse(until) > now ? `; what was consented to before ends at ${until}` : '';
    return waits('ExpirationNotAllowed', `${refusal}${meanwhile}`);
  }
  const expiresAt = consentEnd(rule, request, approval.spec, now);
  const identity =
    isOwnStackRole(principal) && consumer !== undefined
      ? { environmentUid: consumer.metadata.uid, group: principal.team.spec.group }
      : { principalId: grantee.uniqueId };
  return {
    bound: true,
    binding: {
      datasetUid: dataset.metadata.uid,
      seenGeneration: approval.metadata.generation,
      approvalGeneration: approval.metadata.generation,
      approver: approval.spec.approver,
      requestUid: request.metadata.uid,
      requestGeneration: request.metadata.generation,
      principalArn: grantee.arn,
      ...identity,
      ...(expiresAt !== undefined && { expiresAt }),
      folders: approvedFolders(approval, dataset),
      at,
    },
  };
};

const approvedFolders = (approval: ShareApproval, dataset: Dataset): Record<string, string> =>
  Object.fromEntries(
    (approval.spec.items ?? []).flatMap(({ kind, name }): [string, string][] => {
      const folder = kind === 'Folder' ? dataset.spec.folders?.find((candidate) => candidate.name === name) : undefined;
      return folder === undefined ? [] : [[name, folder.prefix]];
    }),
  );
