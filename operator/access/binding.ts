// What an approval is tied to at first sight: exactly what was there when consent was given. Lake Formation keeps grants for a
// re-created ARN, so names and ARNs are not enough.
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareApproval, ShareApprovalStatus } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { consentEnd, endRefusal } from './expiration.ts';
import { arnMismatch, differenceOf, isBoundNow, isOwnStackRole } from './consent.ts';
import { granteeOf, type SharePrincipal } from './sides.ts';

export type Binding = NonNullable<ShareApprovalStatus['boundTo']>;

export type BindingResult =
  | { readonly bound: true; readonly binding: Binding }
  | {
      readonly bound: false;
      readonly reason:
        'RequestNotFound' | 'RequestMismatch' | 'DatasetNotFound' | 'PrincipalNotFound' | 'ExpirationNotAllowed';
      readonly message: string;
    };

export interface BindingInputs {
  readonly approval: ShareApproval;
  readonly request: ShareRequest | undefined;
  readonly dataset: Dataset | undefined;
  readonly consumer: Environment | undefined;
  readonly principal: SharePrincipal | undefined;
  /** RFC 3339. */
  readonly at: string;
}

/** The recorded binding while it belongs to the approval's generation, else a new one. */
export const bindApproval = (inputs: BindingInputs): BindingResult => {
  const { approval, request, dataset, consumer, principal, at } = inputs;
  const recorded = approval.status.boundTo;
  if (recorded !== undefined && isBoundNow(approval)) return { bound: true, binding: recorded };
  const { requestRef } = approval.spec;
  if (request === undefined || request.metadata.deletionTimestamp !== undefined)
    return {
      bound: false,
      reason: 'RequestNotFound',
      message: `there is no ShareRequest ${requestRef.namespace}/${requestRef.name}`,
    };
  // First of all, since one that is about something else can be removed by those whom it stands in the way of.
  const different = differenceOf(request, approval);
  if (different !== undefined) return { bound: false, reason: 'RequestMismatch', message: different };
  if (dataset === undefined || dataset.metadata.deletionTimestamp !== undefined)
    return {
      bound: false,
      reason: 'DatasetNotFound',
      message: `there is no Dataset ${approval.spec.datasetRef.name} in this namespace`,
    };
  const grantee = principal && granteeOf(request, principal);
  if (principal === undefined || grantee === undefined)
    return {
      bound: false,
      reason: 'PrincipalNotFound',
      message: `${request.spec.principal.kind} ${request.spec.principal.name} of ${requestRef.namespace} is not there or not ready`,
    };
  const mismatch = arnMismatch(approval, principal);
  if (mismatch !== undefined) return { bound: false, reason: 'RequestMismatch', message: mismatch };
  const rule = dataset.spec.sharing?.expiration;
  const now = Date.parse(at);
  const refusal = approval.spec.decision === 'Approved' ? endRefusal(rule, request, approval.spec, now) : undefined;
  if (refusal !== undefined) {
    const until = recorded?.expiresAt;
    const meanwhile =
      until !== undefined && Date.parse(until) > now ? `; what was consented to before ends at ${until}` : '';
    return { bound: false, reason: 'ExpirationNotAllowed', message: `${refusal}${meanwhile}` };
  }
  const expiresAt = consentEnd(rule, request, approval.spec, now);
  const identity =
    isOwnStackRole(principal) && consumer !== undefined
      ? { environmentUid: consumer.metadata.uid, group: principal.team.spec.group }
      : { principalId: grantee.uniqueId };
  return {
    bound: true,
    binding: {
      approvalGeneration: approval.metadata.generation,
      requestUid: request.metadata.uid,
      requestGeneration: request.metadata.generation,
      datasetUid: dataset.metadata.uid,
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
