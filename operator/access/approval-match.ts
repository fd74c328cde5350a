// Whether an approval speaks of this request, dataset and principal, and of the very ones it was given for.
import { createHash } from 'node:crypto';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { GrantPrincipal } from './grant.ts';
import { isOwnStackRole, type SharePrincipal } from './parties.ts';

/** As far as the two of them tell. */
export const differenceOf = (request: ShareRequest, { metadata, spec }: ShareApproval): string | undefined => {
  if (spec.datasetRef.name !== request.spec.datasetRef.name || metadata.namespace !== request.spec.datasetRef.namespace)
    return `the approval is for dataset ${spec.datasetRef.name}, the request for ${request.spec.datasetRef.name}: delete the approval, and approve in the namespace of that dataset`;
  if (spec.requester !== request.spec.requester)
    return `the approval names requester ${spec.requester}, the request ${request.spec.requester}: correct spec.requester of the approval`;
  if (spec.principal.kind !== request.spec.principal.kind || spec.principal.name !== request.spec.principal.name)
    return `the approval names ${spec.principal.kind} ${spec.principal.name}, the request ${request.spec.principal.kind} ${request.spec.principal.name}: correct spec.principal of the approval`;
  if (spec.requestRef.uid !== undefined && spec.requestRef.uid !== request.metadata.uid)
    return `the approval is for another request of the same name (uid ${spec.requestRef.uid}): approve this one, uid ${request.metadata.uid}`;
  return undefined;
};

/** How the approval speaks of another role than the request's principal is. */
export const arnMismatch = ({ spec }: ShareApproval, principal: SharePrincipal): string | undefined =>
  principal.kind === 'ConsumptionRole' && spec.principal.arn !== principal.role.spec.principalArn
    ? `the approval names ${spec.principal.arn ?? 'no role'}, the ConsumptionRole is ${principal.role.spec.principalArn}: correct spec.principal.arn of the approval`
    : undefined;

/** Whether the recorded binding belongs to the approval as it is now. */
export const isBoundNow = ({ metadata, status }: ShareApproval): boolean =>
  status.boundTo?.requestUid !== undefined && status.boundTo.approvalGeneration === metadata.generation;

/** Of all that somebody decides about; what else is edited of a request asks nobody again. */
export const askedDigest = ({ spec }: ShareRequest): string => {
  const { draft, permissions, items, purpose, expiresAt, extension } = spec;
  const asked = { draft, permissions, items, purpose, expiresAt, extension };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16);
};

/** Whether the request asks for the same as when the approval was bound to it. */
export const asksTheSame = (request: ShareRequest, { status: { boundTo } }: ShareApproval): boolean =>
  boundTo?.requestGeneration === request.metadata.generation || boundTo?.asked === askedDigest(request);

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

/** What differs between now and the recorded binding; undefined when nothing does. */
export const staleness = (
  approval: ShareApproval,
  now: {
    readonly request: ShareRequest;
    readonly dataset: Dataset;
    readonly consumer: Environment | undefined;
    readonly principal: SharePrincipal;
    readonly grantee: GrantPrincipal;
  },
): string | undefined => {
  const { request, dataset, consumer, principal, grantee } = now;
  const bound = approval.status.boundTo;
  if (bound?.requestUid === undefined) return 'the approval is being bound to the request';
  if (bound.requestUid !== request.metadata.uid)
    return 'the request was deleted and created again after it was approved: edit the approval, e.g. its spec.reason, to consent again';
  if (bound.datasetUid !== dataset.metadata.uid)
    return 'the dataset was deleted and created again after the approval: edit the approval, e.g. its spec.reason, to consent again';
  if (bound.principalArn !== grantee.arn)
    return `the principal was ${bound.principalArn} when it was approved and is ${grantee.arn} now: edit the approval, e.g. its spec.reason, to consent again`;
  if (isOwnStackRole(principal)) {
    if (bound.environmentUid !== consumer?.metadata.uid || bound.group !== principal.team.spec.group)
      return 'the environment or the group of the team is another than when it was approved: edit the approval, e.g. its spec.reason, to consent again';
  } else if (bound.principalId !== grantee.uniqueId)
    return `the role ${grantee.arn} was deleted and created again after the approval (id ${bound.principalId ?? 'unknown'}, now ${grantee.uniqueId}): edit the approval, e.g. its spec.reason, to consent again`;
  return undefined;
};
