// Decisions for requests that do not exist: welcome from Git, and no way for one group to take the namespace's room for decisions from all
// others.
import { findCondition } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { environmentKind } from '../../resources/environment.ts';
import { mostWaitingDecisions } from '../../resources/object-quota.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';

/** `namespace/group` of those that have as many as a group may, sorted. */
export const groupsWithManyWaiting = (stores: Stores): readonly string[] => {
  const waiting = stores.get(shareApprovalKind).list().filter(isWaiting);
  const counts = Map.groupBy(waiting, ({ metadata, spec }) => `${metadata.namespace}/${spec.approver}`);
  return [...counts]
    .filter(([group, decisions]) => decisions.length >= mostIn(stores, group.slice(0, group.indexOf('/'))))
    .map(([group]) => group)
    .toSorted();
};

/** Whether nobody asks for what it decides: not yet, or no longer. Who may make requests too could else have each decision bound, and take them back. */
export const isWaiting = ({ status }: Stored<ShareApproval>): boolean =>
  status.boundTo?.requestUid === undefined || findCondition(status.conditions, 'Ready')?.reason === 'RequestNotFound';

const mostIn = (stores: Stores, namespace: string): number =>
  mostWaitingDecisions(stores.get(environmentKind).get(undefined, namespace)?.spec.quota);
