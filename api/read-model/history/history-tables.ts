// The tables of the history of consent and access.

import type { ColumnType, Generated } from 'kysely';
import type { ShareApprovalSpec } from '../../../operator/resources/share-approval.ts';
import type { ItemKind, PrincipalKind, SharePermission } from '../../../operator/resources/share-item.ts';
import type { ItemState } from '../../../operator/resources/share-request.ts';

type Recorded = ColumnType<Date, string | undefined, never>;

/** What was decided, generation by generation of a ShareApproval. */
export interface ConsentEventTable {
  id: Generated<string>;
  event: 'Decided' | 'Deleted';
  approval_uid: string;
  generation: string;
  /** Of the approval and the dataset. */
  namespace: string;
  approval: string;
  dataset: string;
  request_namespace: string;
  request: string;
  requester: string;
  principal_kind: PrincipalKind;
  principal: string;
  decision: ShareApprovalSpec['decision'];
  /** The group in whose name it was decided. */
  approver: string;
  /** The user who wrote it, where the API server says (Kubernetes 1.36). */
  decided_by: string | null;
  /** Written by auto-approval. */
  automatic: boolean;
  /** What exactly was consented to. */
  spec: ColumnType<ShareApprovalSpec, string, never>;
  happened: Recorded;
  recorded: Recorded;
}

/** That a principal could read an item, from when to when, by whose consent. */
export interface AccessSpanTable {
  id: Generated<string>;
  request_uid: string;
  request_namespace: string;
  request: string;
  requester: string;
  principal_kind: PrincipalKind;
  principal: string;
  principal_arn: string | null;
  /** AROA... or AIDA... */
  principal_id: string | null;
  dataset_namespace: string;
  dataset: string;
  item_kind: ItemKind;
  item: string;
  /** In effect; empty: all of it. */
  filters: string[];
  permissions: SharePermission[];
  /** Name of the ShareApproval in the dataset's namespace. */
  approval: string | null;
  approval_generation: string | null;
  approver: string | null;
  decided_by: string | null;
  automatic: boolean | null;
  started: Recorded;
  /** Null: it goes on. */
  ended: ColumnType<Date | null, string | null, string>;
  end_reason: ItemState | 'Deleted' | 'Changed' | null;
  recorded: Recorded;
}

/** That a dataset could be read by its owner's own role, from when to when. */
export interface OwnershipSpanTable {
  id: Generated<string>;
  dataset_uid: string;
  dataset_namespace: string;
  dataset: string;
  /** Whose role it is. */
  holder: 'Dataset' | 'Environment' | 'Team';
  holder_name: string;
  /** The group that owns the dataset. */
  owner: string;
  principal_arn: string;
  started: Generated<Date>;
  /** Null: it goes on. */
  ended: Date | null;
}

/** That somebody who sees everything asked about who could read what. */
export interface AccessInquiryTable {
  id: Generated<string>;
  username: string;
  /** What they asked, without the page. */
  question: ColumnType<object, string, never>;
  hour: Generated<Date>;
  asked: Generated<Date>;
}
