// The state of shares in their rows: it follows from the request and from the decision, and is written with whichever of them changes.

import { sql } from 'kysely';
import { approvalName } from '../../operator/resources/names.ts';
import type { ShareApproval } from '../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../operator/resources/share-request.ts';
import type { ProjectedObject } from './object-columns.ts';
import type { Projection } from './projection.ts';
import { toJson } from './rows.ts';
import type { Writing } from './row-writer.ts';
import { shareStatus } from './share-state.ts';

/** A share by the decision about it, whether there is one or not: its namespace, which is the dataset's, and its name. */
interface Share {
  readonly namespace: string;
  readonly approval: string;
}

/** Those that an object of the table is a side of. */
export function sharesOf(table: Projection['table'], objects: readonly ProjectedObject[]): readonly Share[] {
  if (table === 'share_approval')
    return objects.map(({ metadata: { namespace = '', name } }) => ({ namespace, approval: name }));
  if (table !== 'share_request') return [];
  return objects.map(({ metadata: { namespace = '', name }, spec }) => ({
    namespace: (spec as ShareRequest['spec']).datasetRef.namespace,
    approval: approvalName({ namespace, name }),
  }));
}

/** Those whose decision these rows are. */
export async function sharesDecidedBy(writing: Writing, uids: readonly string[]): Promise<readonly Share[]> {
  return writing
    .selectFrom('share_approval')
    .select(['namespace', 'name as approval'])
    .where(sql<boolean>`uid = any(${uids}::text[])`)
    .execute();
}

/** Before a side is written: of two that write one each, the later one reads both. */
export async function lockShares(writing: Writing, shares: readonly Share[]): Promise<void> {
  if (shares.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended('share ' || namespace || '/' || approval, 0) as key
      from json_to_recordset(${toJson(shares)}::json) as _(namespace text, approval text)
      order by key
    ) as keys`.execute(writing);
}

/** After that. */
export async function settleShares(writing: Writing, shares: readonly Share[]): Promise<void> {
  if (shares.length === 0) return;
  const { rows } = await sql<{ uid: string; state: string; request: ShareRequest; approval: ShareApproval | null }>`
    select request.uid, request.state, request.object as request, decision.object as approval
    from json_to_recordset(${toJson(shares)}::json) as share(namespace text, approval text)
    join share_request as request
      on request.namespace = split_part(share.approval, '.', 1)
      and request.name = split_part(share.approval, '.', 2)
      and request.dataset_namespace = share.namespace
    left join share_approval as decision
      on decision.namespace = share.namespace and decision.name = share.approval and decision.dataset = request.dataset`.execute(
    writing,
  );
  const changed = rows.flatMap(({ uid, state, request, approval }) => {
    const now = shareStatus(request, approval ?? undefined);
    return now === state ? [] : [{ uid, state: now }];
  });
  if (changed.length === 0) return;
  await sql`
    update share_request as stored set state = given.state
    from json_to_recordset(${toJson(changed)}::json) as given(uid text, state text)
    where stored.uid = given.uid`.execute(writing);
}
