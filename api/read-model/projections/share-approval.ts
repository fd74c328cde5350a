// Decisions as rows. What exactly is consented to, item by item, is in the object.

import { labels } from '../../../operator/resources/annotations.ts';
import { shareApprovalKind, type ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { PrincipalKind, SharePermission } from '../../../operator/resources/share-item.ts';
import { commonColumns, type ObjectColumns, type Timestamp } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface ShareApprovalTable extends ObjectColumns<ShareApproval> {
  /** Name of the Dataset, in the same namespace. */
  dataset: string;
  request_namespace: string;
  /** Name of the ShareRequest in that namespace. */
  request: string;
  /** Of the ShareRequest that it is bound to; null until there is one. */
  request_uid: string | null;
  /** The group that decides; of one that is bound, that decided. */
  approver: string;
  /** As in the request, as the rest of these. */
  requester: string;
  principal_kind: PrincipalKind;
  principal: string;
  principal_arn: string | null;
  decision: ShareApproval['spec']['decision'];
  /** What the requester is told. */
  decision_reason: string | null;
  permissions: SharePermission[];
  /** When access ends at the latest; null: as the request says. */
  until: Timestamp | null;
  /** Written by auto-approval. */
  automatic: boolean;
  /** When it was bound to the request. */
  bound: Timestamp | null;
}

export const shareApprovalProjection = defineProjection({
  kind: shareApprovalKind,
  table: 'share_approval',
  row: (approval) => {
    const { metadata, spec, status } = approval;
    return {
      ...commonColumns(approval),
      dataset: spec.datasetRef.name,
      request_namespace: spec.requestRef.namespace,
      request: spec.requestRef.name,
      request_uid: status.boundTo?.requestUid ?? spec.requestRef.uid ?? null,
      approver: status.boundTo?.approver ?? spec.approver,
      requester: spec.requester,
      principal_kind: spec.principal.kind,
      principal: spec.principal.name,
      principal_arn: status.boundTo?.principalArn ?? spec.principal.arn ?? null,
      decision: spec.decision,
      decision_reason: spec.reason ?? null,
      permissions: spec.permissions ?? [],
      until: status.boundTo?.expiresAt ?? spec.expiresAt ?? null,
      automatic: metadata.labels?.[labels.autoApproved] === 'true',
      bound: status.boundTo?.at ?? null,
    };
  },
});
