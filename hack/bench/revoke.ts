// Takes one share back, as the scenarios that time it do.
import type { RequestRecord } from '../aws/core/world.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import type { AwsTally } from './aws-tally.ts';
import { approvalNameOf, requestName } from './objects.ts';
import type { Stage } from './stage.ts';
import type { BenchShare } from './workload.ts';

/** Makes room for a new version of a policy and takes nothing away. */
const HOUSEKEEPING = new Set(['DeletePolicyVersion']);

export interface Revoked {
  /** When the API server had answered the delete of the approval, milliseconds since the epoch. */
  readonly since: number;
  /** When the status said that it is so. */
  readonly shownAt: number;
}

/** Deletes its approval and waits until every item of the share says that access is gone. The tally counts from there. */
export const revoke = async (
  { writers, shares, tally }: Stage,
  share: BenchShare,
  patienceMs: number,
): Promise<Revoked> => {
  tally.reset();
  await writers.decider.delete(shareApprovalKind, approvalNameOf(share));
  const since = Date.now();
  const { namespace, name } = requestName(share);
  const states = (): readonly string[] =>
    (shares.get(`${namespace}/${name}`)?.status.items ?? []).map(({ state }) => state);
  await shares.until(
    () => states().every((state) => state === 'Revoked' || state === 'PendingApproval'),
    patienceMs,
    () => `${name}: ${states().join(', ')}`,
  );
  return { since, shownAt: Date.now() };
};

/** What AWS was told and took. */
export const takingWrites = (tally: AwsTally): readonly RequestRecord[] =>
  tally
    .records()
    .filter(({ access, outcome, operation }) => access === 'write' && outcome === 'ok' && !HOUSEKEEPING.has(operation));

/** When AWS had accepted the last of them, milliseconds since the epoch. */
export const lastOf = (writes: readonly RequestRecord[]): number => Math.max(0, ...writes.map(({ at }) => at));
