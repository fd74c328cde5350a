// What auto-approval consents to in the name of a dataset's owner: pure, from the request and what the owner decided beforehand.
import { isDeepStrictEqual } from 'node:util';
import type { ShareDecision } from '../../access/consent.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import type { ConsumptionRole } from '../../resources/consumption-role.ts';
import type { Dataset } from '../../resources/dataset.ts';
import { apiVersion } from '../../resources/kind.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import type { ShareRequest } from '../../resources/share-request.ts';

/** Whose data it is, and whose role gets it: undefined for a Team. */
export interface AutomaticParties {
  readonly dataset: Dataset;
  readonly role: ConsumptionRole | undefined;
}

const REASON = 'the dataset approves requests for reading by itself';

/** An edit of an approval gives a later end only by naming it, so one without an end is a far one. */
const FAR_END = '9999-12-31T00:00:00Z';

/** The approval of all that a request asks for. */
export const consentTo = (request: ShareRequest, { dataset, role }: AutomaticParties) => {
  const { namespace, name, uid } = request.metadata;
  const { datasetRef, requester, principal, permissions, expiresAt } = request.spec;
  return {
    apiVersion,
    kind: shareApprovalKind.kind,
    metadata: {
      namespace: datasetRef.namespace,
      name: approvalName(request.metadata),
      labels: { [labels.managedBy]: MANAGED_BY, [labels.autoApproved]: 'true' },
    },
    spec: {
      datasetRef: { name: datasetRef.name },
      requestRef: { namespace, name, uid },
      approver: dataset.spec.owner,
      requester,
      principal: { ...principal, ...(role !== undefined && { arn: role.spec.principalArn }) },
      decision: 'Approved',
      permissions,
      items: itemsOf(request),
      ...(expiresAt !== undefined && { expiresAt }),
      reason: REASON,
    },
  };
};

/** What is to be written into an automatic approval, because more is asked for since; undefined where nothing waits for it. */
export const widerConsent = (
  approval: ShareApproval,
  request: ShareRequest,
  dataset: Dataset,
  { items, extension }: ShareDecision,
  now: number,
): Partial<ShareApproval['spec']> | undefined => {
  const isLater = extension?.state === 'Pending';
  if (!isLater && !items.some(({ decision }) => decision === 'PendingApproval')) return undefined;
  const wider = {
    approver: dataset.spec.owner,
    items: itemsOf(request),
    ...(isLater && { expiresAt: request.spec.expiresAt ?? FAR_END }),
  };
  // What waits for something else is not given by writing the same again.
  if (isDeepStrictEqual({ ...approval.spec, ...wider }, approval.spec)) return undefined;
  if (!isLater || request.spec.extension === undefined) return wider;
  return { ...wider, extension: { decision: 'Approved', reason: REASON, at: new Date(now).toISOString() } };
};

const itemsOf = ({ spec }: ShareRequest): NonNullable<ShareApproval['spec']['items']> =>
  spec.items.map(({ kind, name }) => ({ kind, name }));
