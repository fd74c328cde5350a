// Decisions as they were written, generation by generation.

import { sql } from 'kysely';
import { annotations, labels } from '../../../operator/resources/annotations.ts';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import { specWritten } from '../object-columns.ts';
import { toJson } from '../rows.ts';
import type { Writing } from '../row-writer.ts';

/** Once for each generation, however often it is recorded. What is only being prepared is no decision. */
export async function recordConsent(writing: Writing, approvals: readonly ShareApproval[]): Promise<void> {
  const decided = approvals.filter(({ spec }) => spec.decision !== 'Pending');
  const events = decided.map(({ metadata, spec }) => ({
    event: 'Decided',
    approval_uid: metadata.uid,
    generation: metadata.generation,
    namespace: metadata.namespace,
    approval: metadata.name,
    dataset: spec.datasetRef.name,
    request_namespace: spec.requestRef.namespace,
    request: spec.requestRef.name,
    requester: spec.requester,
    principal_kind: spec.principal.kind,
    principal: spec.principal.name,
    decision: spec.decision,
    approver: spec.approver,
    decided_by: metadata.annotations?.[annotations.changedBy] ?? null,
    automatic: metadata.labels?.[labels.autoApproved] === 'true',
    spec,
    happened: specWritten(metadata),
  }));
  await sql`
    insert into consent_event (${columns}, happened)
    select ${columns}, happened from json_populate_recordset(null::consent_event, ${toJson(events)}::json)
    on conflict do nothing`.execute(writing);
}

/** Of approvals that go: before their rows do. */
export const recordWithdrawal = async (writing: Writing, uids: readonly string[]): Promise<void> => {
  await sql`
    insert into consent_event (${columns}, happened)
    select 'Deleted', uid, generation, namespace, name, dataset, request_namespace, request, requester, principal_kind, principal,
      decision, approver, changed_by, automatic, object -> 'spec', now()
    from share_approval where uid = any(${uids}::text[]) and decision <> 'Pending'
    on conflict do nothing`.execute(writing);
};

const columns = sql.raw(
  'event, approval_uid, generation, namespace, approval, dataset, request_namespace, request, requester, principal_kind, principal, decision, approver, decided_by, automatic, spec',
);
