// What is recorded of access, as one list in SQL: what was found given, what was consented to, what is the owner's. Only what who asks may see.

import { sql, type RawBuilder } from 'kysely';
import { KEYS_LAST_MS, type Opener } from '../../../operator/access/who-can-read.ts';
import type { AccessStanding } from '../../graphql/schema-types.ts';
import type { ItemKind, PrincipalKind, SharePermission } from '../../../operator/resources/share-item.ts';
import type { ItemState } from '../../../operator/resources/share-request.ts';
import type { Database } from '../../read-model/database.ts';
import { contains } from '../../read-model/text.ts';
import type { Viewer } from '../../read-model/viewer.ts';
import type { AccessScope } from './question.ts';

/** One thing that is recorded, with what is known of its share and its dataset now. */
export interface RecordedRow {
  readonly id: string;
  readonly evidence: 'Granted' | 'Consented' | 'Owned';
  readonly dataset_namespace: string;
  readonly dataset: string;
  readonly item_kind: ItemKind | null;
  readonly item: string | null;
  readonly filters: string[];
  readonly permissions: SharePermission[];
  readonly principal_kind: PrincipalKind | 'Dataset' | 'Environment';
  /** Name of the environment. */
  readonly environment: string;
  readonly principal: string;
  readonly principal_arn: string | null;
  readonly group_name: string;
  readonly request_namespace: string | null;
  readonly request: string | null;
  readonly started: Date;
  readonly ended: Date | null;
  readonly end_reason: string | null;
  readonly approver: string | null;
  readonly decided_by: string | null;
  readonly automatic: boolean | null;
  readonly decided: Date | null;
  readonly note: string | null;
  readonly consent_until: Date | null;
  /** Of what has the name now, if it is the same. */
  readonly dataset_uid: string | null;
  readonly dataset_uri: string | null;
  readonly dataset_label: string | null;
  /** Whether who asks may see it: what filters showed, and who wrote a decision, is told to them alone. */
  readonly dataset_seen: boolean | null;
  /** Null where the share is gone or may not be seen. */
  readonly share_uri: string | null;
  /** Of the item now; null where the share is gone. */
  readonly state: ItemState | null;
  readonly verified: Date | null;
}

/** Who asks, and what. */
export interface AccessInquiry {
  readonly viewer: Viewer;
  readonly groups: readonly string[];
  readonly scope: AccessScope;
  /** Of the item that is asked about. */
  readonly openers: readonly Opener[] | undefined;
}

/** What answers a question. */
const matching = (database: Database, { viewer, groups, scope, openers }: AccessInquiry) =>
  database
    .selectFrom(sql<RecordedRow & { seen: boolean }>`(${everything(scope, viewer, groups)})`.as('recorded'))
    .where('recorded.seen', '=', true)
    .where(narrowed(scope, openers));

/** In an order that is always the same. */
export function recordedAccess(database: Database, inquiry: AccessInquiry) {
  return matching(database, inquiry)
    .selectAll('recorded')
    .orderBy('dataset_namespace')
    .orderBy('dataset')
    .orderBy(sql`item_kind nulls first`)
    .orderBy('item')
    .orderBy('group_name')
    .orderBy('principal')
    .orderBy('started', 'desc')
    .orderBy('id');
}

/** A row for each role or user and each dataset: how many items, and the best that holds of them. */
export function accessByDataset(database: Database, inquiry: AccessInquiry) {
  const { at } = inquiry.scope;
  const pair = ['principal_arn', 'principal', 'group_name', 'environment', 'dataset_namespace', 'dataset'] as const;
  const rank = sql`case when ended <= ${at} then 3 when evidence = 'Consented' then 2 when evidence = 'Owned' then 1 else 0 end`;
  return matching(database, inquiry)
    .select(pair)
    .select([
      sql<string>`coalesce(max(dataset_label), dataset)`.as('label'),
      sql<string | null>`max(dataset_uri)`.as('uri'),
      sql<number>`count(distinct (item_kind, item))::int`.as('items'),
      sql<AccessStanding>`(array['Granted', 'Owned', 'Consented', 'Ended'])[1 + min(${rank})]`.as('standing'),
    ])
    .groupBy(pair)
    .orderBy('dataset_namespace')
    .orderBy('dataset')
    .orderBy('group_name')
    .orderBy('principal')
    .orderBy('principal_arn');
}

/**
 * A decision is seen by the group that it names where that asks for the dataset: whoever owns some dataset may write one for any group, about a
 * request that is for another.
 */
function everything(scope: AccessScope, viewer: Viewer, groups: readonly string[]): RawBuilder<unknown> {
  return sql`
    select fact.*, dataset.uid as dataset_uid, dataset.uri as dataset_uri, dataset.label as dataset_label,
      ${viewer.seesEverything} or dataset.viewers && ${sql.val(viewer.groupIds)}::int[] as dataset_seen,
      item.state, share.verified,
      coalesce(consent.happened, fact.happened) as decided,
      coalesce(consent.spec, fact.spec)->>'reason' as note,
      (coalesce(consent.spec, fact.spec)->>'expiresAt')::timestamptz as consent_until,
      case when ${viewer.seesEverything} or share.viewers && ${sql.val(viewer.groupIds)}::int[] then share.uri end as share_uri,
      ${viewer.seesEverything} or fact.group_name = any(${groups}::text[]) and (fact.evidence <> 'Consented' or share.uid is not null)
        or case when fact.evidence = 'Owned' then dataset.viewers && ${sql.val(viewer.groupIds)}::int[]
          else share.viewers && ${sql.val(viewer.groupIds)}::int[]
            or dataset.owner = any(${groups}::text[]) or dataset.stewards && ${sql.val(groups)}::text[] end as seen
    from (${granted(scope)} union all ${consented(scope)} union all ${owned(scope)}) as fact
    left join dataset on dataset.namespace = fact.dataset_namespace and dataset.name = fact.dataset
      and case when fact.of_dataset is null then dataset.created <= fact.started else dataset.uid = fact.of_dataset end
    left join share_request as share on share.namespace = fact.request_namespace and share.name = fact.request
      and (fact.request_uid is null or share.uid = fact.request_uid)
      and share.dataset_namespace = fact.dataset_namespace and share.dataset = fact.dataset and share.requester = fact.group_name
    left join share_item as item on item.parent_uid = share.uid and item.kind = fact.item_kind and item.name = fact.item
    left join lateral (
      select happened, spec from consent_event
      where namespace = fact.dataset_namespace and dataset = fact.dataset and approval = fact.approval and event = 'Decided' and generation <= fact.approval_generation
        -- What was decided anew under the same names after it had ended gave none of it.
        and (fact.ended is null or happened <= fact.ended)
      order by id desc limit 1
    ) as consent on fact.evidence = 'Granted'
    where fact.evidence <> 'Consented' or not ${scope.isNow} or item.state is null
      or item.state not in ('Expired', 'Revoked', 'Rejected')`;
}

/** What is narrowed here is read by an index. */
const ofDataset = ({ dataset }: AccessScope, namespace: string): RawBuilder<boolean> =>
  dataset === undefined
    ? sql<boolean>`true`
    : sql<boolean>`${sql.ref(namespace)} = ${dataset.namespace} and dataset = ${dataset.name}`;

const granted = (scope: AccessScope) => sql`
  select 'g' || id as id, 'Granted' as evidence, dataset_namespace, dataset, null as of_dataset, item_kind, item, filters, permissions,
    principal_kind, request_namespace as environment, principal, principal_arn, requester as group_name,
    request_namespace, request, request_uid, started, ended, end_reason, approval, approval_generation,
    approver, decided_by, automatic, null::timestamptz as happened, null::jsonb as spec
  from access_span
  where ${ofDataset(scope, 'dataset_namespace')} and started <= ${scope.at}
    and (ended is null or ended > ${scope.since ?? scope.at}
      or item_kind = 'Table' and ended > ${new Date(scope.at.getTime() - KEYS_LAST_MS)})`;

/** What held of each decision at that time; what was found given then is told with that. */
const consented = (scope: AccessScope) => sql`
  select 'c' || decision.id || '.' || item.kind || '.' || item.name, 'Consented', decision.namespace, decision.dataset, null, item.kind, item.name,
    coalesce(item.filters, '{}'), array(select jsonb_array_elements_text(decision.spec->'permissions')),
    decision.principal_kind, decision.request_namespace, decision.principal, decision.spec->'principal'->>'arn', decision.requester,
    decision.request_namespace, decision.request, null, decision.happened, (decision.spec->>'expiresAt')::timestamptz, null, decision.approval,
    decision.generation, decision.approver, decision.decided_by, decision.automatic, decision.happened, decision.spec
  from (
    select distinct on (approval_uid) * from consent_event
    where ${ofDataset(scope, 'namespace')} and happened <= ${scope.at}
    order by approval_uid, id desc
  ) as decision
  cross join jsonb_to_recordset(decision.spec->'items') as item(kind text, name text, filters text[])
  where decision.event = 'Decided' and decision.decision = 'Approved'
    and (decision.spec->>'expiresAt' is null or (decision.spec->>'expiresAt')::timestamptz > ${scope.at})
    and not exists (
      select from jsonb_to_recordset(coalesce(decision.spec->'withdrawn', '[]') || coalesce(decision.spec->'rejected', '[]')) as denied(kind text, name text)
      where denied.kind = item.kind and denied.name = item.name
    )
    and not exists (
      select from access_span as span
      where span.dataset_namespace = decision.namespace and span.dataset = decision.dataset
        and span.item_kind = item.kind and span.item = item.name
        and span.request_namespace = decision.request_namespace and span.request = decision.request
        and span.started <= ${scope.at} and (span.ended is null or span.ended > ${scope.at})
    )`;

const owned = (scope: AccessScope) => sql`
  select 'o' || id, 'Owned', dataset_namespace, dataset, dataset_uid, null, null, '{}', '{}', holder, dataset_namespace, holder_name,
    principal_arn, owner, null, null, null, started, ended, null, null, null, null, null, null, null, null
  from ownership_span
  where ${ofDataset(scope, 'dataset_namespace')} and started <= ${scope.at} and (ended is null or ended > ${scope.since ?? scope.at})`;

function narrowed(scope: AccessScope, openers: readonly Opener[] | undefined): RawBuilder<boolean> {
  const { dataset, environment, principalArn, groups, account, term, standings, at } = scope;
  const conditions: RawBuilder<boolean>[] = [];
  // Of a dataset that had the name before, its decider is told nothing; an auditor asks without naming one.
  if (dataset !== undefined) conditions.push(sql`dataset_uid = ${dataset.uid}`);
  if (openers !== undefined) {
    const named = openers.map(({ item: { kind, name } }) => `${kind} ${name}`);
    conditions.push(sql`(item_kind is null or item_kind || ' ' || item = any(${named}::text[]))`);
  }
  if (environment !== undefined) conditions.push(sql`environment = ${environment}`);
  if (principalArn !== undefined) conditions.push(sql`principal_arn = ${principalArn}`);
  if (groups !== undefined) conditions.push(sql`group_name = any(${groups}::text[])`);
  if (account !== undefined) conditions.push(sql`split_part(principal_arn, ':', 5) = ${account}`);
  if (standings !== undefined) {
    const standing = sql`case when ended <= ${at} then 'Ended' else evidence end`;
    conditions.push(sql`${standing} = any(${standings}::text[])`);
  }
  if (term !== undefined) {
    const words = sql`concat_ws(' ', dataset_namespace, dataset, dataset_label, item, principal, principal_arn, group_name)`;
    conditions.push(contains(words, term));
  }
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` and `)}`;
}
