// Requests as rows, and each of their items. The environment of who asks is the one of the namespace's name.

import {
  type ItemHealth,
  type ItemState,
  type SharePhase,
  shareRequestKind,
  type ShareRequest,
} from '../../../operator/resources/share-request.ts';
import type { ItemKind, PrincipalKind, SharePermission } from '../../../operator/resources/share-item.ts';
import type { ShareObjectStatus } from '../../graphql/schema-types.ts';
import { itemId } from '../item-id.ts';
import { commonColumns, type ObjectColumns, type Timestamp, uriOf } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';
import { shareStatus } from '../share-state.ts';

export interface ShareRequestTable extends ObjectColumns<ShareRequest> {
  dataset_namespace: string;
  /** Name of the Dataset in that namespace. */
  dataset: string;
  /** The group that asks. */
  requester: string;
  principal_kind: PrincipalKind;
  /** Name of the Team or ConsumptionRole, in the same namespace. */
  principal: string;
  principal_arn: string | null;
  consumer_account: string | null;
  permissions: SharePermission[];
  purpose: string | null;
  /** Nobody is asked yet: those who decide do not see it. */
  draft: boolean;
  /** Where it stands. Before the operator says so: Draft or Submitted. */
  phase: SharePhase;
  /** Where it stands in data.all's words. As projected without a decision; what there is of one is added when rows are written (share-states.ts). */
  state: ShareObjectStatus;
  /** How many items are asked for. */
  requested: number;
  granted: number;
  /** Until when they ask for it; null: without an end. */
  wanted_until: Timestamp | null;
  /** When access ends: the earlier of request and approval. */
  ends: Timestamp | null;
  /** When AWS was last read and found as granted. */
  verified: Timestamp | null;
  /** Name of the ShareApproval that counts, in the dataset's namespace. */
  approval: string | null;
  approval_generation: number | null;
}

/** One item of a request: what is asked for, and what became of it. */
export interface ShareItemTable {
  /** {@link itemId} of the request's uri. */
  id: string;
  /** uid of the ShareRequest. */
  parent_uid: string;
  /** From 0: those that are asked for in the order of the request, then the others. */
  position: number;
  kind: ItemKind;
  name: string;
  /** Whether the request asks for it; otherwise it is being put together, is being revoked or was given back. */
  requested: boolean;
  /** As asked for; empty: the whole table. */
  filters: string[];
  /** Null until the operator says. */
  state: ItemState | null;
  health: ItemHealth | null;
  reason: string | null;
  message: string | null;
  filters_in_effect: string[];
  /** Database and table in the consumer account to read a table from. */
  database_name: string | null;
  link: string | null;
  access_point_arn: string | null;
  access_point_alias: string | null;
}

export const shareRequestProjection = defineProjection({
  kind: shareRequestKind,
  table: 'share_request',
  row: (request) => {
    const { spec, status } = request;
    return {
      ...commonColumns(request),
      dataset_namespace: spec.datasetRef.namespace,
      dataset: spec.datasetRef.name,
      requester: spec.requester,
      principal_kind: spec.principal.kind,
      principal: spec.principal.name,
      principal_arn: status.principalArn ?? null,
      consumer_account: status.consumerAccount ?? null,
      permissions: spec.permissions,
      purpose: spec.purpose ?? null,
      draft: spec.draft,
      phase: phaseOf(request),
      state: shareStatus(request, undefined),
      requested: spec.items.length,
      granted: status.granted ?? 0,
      wanted_until: spec.expiresAt ?? null,
      ends: status.expiresAt ?? null,
      verified: status.verifiedAt ?? null,
      approval: status.approval?.name ?? null,
      approval_generation: status.approval?.generation ?? null,
    };
  },
  children: (request) => [{ table: 'share_item', rows: itemsOf(request) }],
});

/** What was submitted is not told to be a draft until the operator has seen it: people read this right after they wrote it. */
const phaseOf = ({ spec, status }: ShareRequest): SharePhase => {
  if (spec.draft) return 'Draft';
  return status.phase === undefined || status.phase === 'Draft' ? 'Submitted' : status.phase;
};

function itemsOf(request: ShareRequest): readonly ShareItemTable[] {
  const { metadata, spec, status } = request;
  const parent = uriOf(request);
  const keyOf = (item: { kind: ItemKind; name: string }): string => `${item.kind} ${item.name}`;
  const asked = new Map(spec.items.map((item) => [keyOf(item), item]));
  const known = new Map((status.items ?? []).map((item) => [keyOf(item), item]));
  const { items, draftItems = [], withdrawn = [] } = spec;
  // Each once, where it is named first.
  const all = Map.groupBy([...items, ...draftItems, ...(status.items ?? []), ...withdrawn], keyOf);
  return [...all.values()]
    .flatMap(([item]) => item ?? [])
    .map(({ kind, name }, position) => {
      const wanted = asked.get(keyOf({ kind, name }));
      const now = known.get(keyOf({ kind, name }));
      return {
        id: itemId(parent, kind, name),
        parent_uid: metadata.uid,
        position,
        kind,
        name,
        requested: wanted !== undefined,
        filters: wanted?.filters ?? [],
        state: now?.state ?? null,
        health: now?.health ?? null,
        reason: now?.reason ?? null,
        message: now?.message ?? null,
        filters_in_effect: now?.filters ?? [],
        database_name: now?.database ?? null,
        link: now?.link ?? null,
        access_point_arn: now?.accessPointArn ?? null,
        access_point_alias: now?.accessPointAlias ?? null,
      };
    });
}
