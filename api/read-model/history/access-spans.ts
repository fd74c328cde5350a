// Access as the operator found it in AWS, item by item: a span begins when an item is Granted and ends when it is so no more.

import { sql } from 'kysely';
import { type ItemState, type ShareRequest } from '../../../operator/resources/share-request.ts';
import type { ItemKind } from '../../../operator/resources/share-item.ts';
import { statusWritten } from '../object-columns.ts';
import { toJson } from '../rows.ts';
import type { Writing } from '../row-writer.ts';

/** Of an item that was Granted it is not known in these whether access has ended: the span goes on. */
const UNDECIDED: readonly ItemState[] = ['Granting', 'Revoking', 'Failed'];

/** What an item gives now, in the columns of access_span. */
export interface ItemAccess {
  readonly item_kind: ItemKind;
  readonly item: string;
  readonly filters: readonly string[];
  /** Granted now, or not known to have ended. */
  readonly holds: 'yes' | 'undecided' | 'no';
  readonly state: ItemState;
}

export const accessOf = ({ status }: ShareRequest): readonly ItemAccess[] =>
  (status.items ?? []).map(({ kind, name, filters, state }) => ({
    item_kind: kind,
    item: name,
    filters: filters ?? [],
    holds: state === 'Granted' ? 'yes' : UNDECIDED.includes(state) ? 'undecided' : 'no',
    state,
  }));

/**
 * Ends spans and begins others, so that the open ones are what the requests give now. Recorded twice it is recorded once. A request whose row
 * shows another version is left alone: what is older would end what has begun since.
 */
export async function recordAccess(writing: Writing, requests: readonly ShareRequest[]): Promise<void> {
  const items = requests.flatMap((request) => {
    const { metadata, spec, status } = request;
    const common = {
      request_uid: metadata.uid,
      resource_version: metadata.resourceVersion,
      request_namespace: metadata.namespace,
      request: metadata.name,
      requester: spec.requester,
      principal_kind: spec.principal.kind,
      principal: spec.principal.name,
      principal_arn: status.principalArn ?? null,
      principal_id: status.principalId ?? null,
      dataset_namespace: spec.datasetRef.namespace,
      dataset: spec.datasetRef.name,
      permissions: status.permissions ?? [],
      approval: status.approval?.name ?? null,
      approval_generation: status.approval?.generation ?? null,
      happened: statusWritten(metadata) ?? null,
    };
    return accessOf(request).map((access) => ({ ...common, ...access }));
  });
  const whole = requests.map(({ metadata }) => ({
    request_uid: metadata.uid,
    resource_version: metadata.resourceVersion,
    happened: statusWritten(metadata) ?? null,
  }));
  await endSpans(writing, whole, items);
  await beginSpans(writing, items);
}

/** When requests are gone, of whatever nothing was said before. */
export const endAccess = async (writing: Writing, uids: readonly string[]): Promise<void> => {
  await sql`
    update access_span set ended = now(), end_reason = 'Deleted'
    where ended is null and request_uid = any(${uids}::text[])`.execute(writing);
};

async function endSpans(writing: Writing, requests: readonly object[], items: readonly object[]): Promise<void> {
  await sql`
    with ${current(requests)}, ${given(items)},
    over as (
      select span.id, request.happened, case when item.holds = 'yes' then 'Changed' else coalesce(item.state, 'Revoked') end as why
      from access_span as span
      join request using (request_uid)
      left join item on item.request_uid = span.request_uid and item.item_kind = span.item_kind and item.item = span.item
      where span.ended is null
        and (item.item is null or item.holds = 'no' or (item.holds = 'yes' and ${differs}))
    )
    update access_span as span
    set ended = greatest(span.started, coalesce(over.happened, now())), end_reason = over.why
    from over where over.id = span.id`.execute(writing);
}

/** The same item by another consent, for another principal, or another part of it. */
const differs = sql`
  (item.filters, item.permissions, item.principal_arn, item.principal_id, item.approval, item.approval_generation)
  is distinct from
  (span.filters, span.permissions, span.principal_arn, span.principal_id, span.approval, span.approval_generation)`;

async function beginSpans(writing: Writing, items: readonly object[]): Promise<void> {
  await sql`
    with ${given(items)}
    insert into access_span (${sql.join(copied.map((name) => sql.ref(name)))}, approver, decided_by, automatic, started)
    select ${sql.join(copied.map((name) => sql.ref(`item.${name}`)))},
      consent.approver, consent.decided_by, consent.automatic, coalesce(item.happened, now())
    from item
    join share_request as shown on shown.uid = item.request_uid and shown.resource_version = item.resource_version
    left join lateral (
      select approver, decided_by, automatic from consent_event
      where namespace = item.dataset_namespace and dataset = item.dataset and approval = item.approval and event = 'Decided'
        and generation <= item.approval_generation
      order by id desc limit 1
    ) as consent on true
    where item.holds = 'yes'
    on conflict do nothing`.execute(writing);
}

const copied = [
  'request_uid', 'request_namespace', 'request', 'requester', 'principal_kind', 'principal', 'principal_arn', 'principal_id',
  'dataset_namespace', 'dataset', 'item_kind', 'item', 'filters', 'permissions', 'approval', 'approval_generation',
]; // prettier-ignore

const current = (requests: readonly object[]) => sql`
  request as (
    select request.* from json_to_recordset(${toJson(requests)}::json)
      as request(request_uid text, resource_version numeric, happened timestamptz)
    join share_request as shown on shown.uid = request.request_uid and shown.resource_version = request.resource_version
  )`;

const given = (items: readonly object[]) => sql`
  item as (
    select * from json_to_recordset(${toJson(items)}::json) as _(
      request_uid text, resource_version numeric, request_namespace text, request text, requester text, principal_kind text,
      principal text, principal_arn text, principal_id text, dataset_namespace text, dataset text, permissions text[], approval text,
      approval_generation bigint, happened timestamptz, item_kind text, item text, filters text[], holds text, state text
    )
  )`;
