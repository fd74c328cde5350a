// Revocation: an approval is deleted while nothing else is to be done; how long until AWS has accepted every write that takes access away.
import type { RequestRecord } from '../../aws/core/world.ts';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { attachedPolicies } from '../accounts.ts';
import { approvalNameOf, requestName } from '../objects.ts';
import { untilQuiet } from '../quiet.ts';
import { readFloor, touchedByRevoking } from '../read-floor.ts';
import type { Report, Stage } from '../stage.ts';
import { distributionOf, rounded, type Distribution } from '../statistics.ts';
import { sampleOf, type BenchShare } from '../workload.ts';

export interface Revocation {
  /** From the API server's answer to the delete until AWS accepted the last revoking write; all five items are closed then. */
  readonly acceptedByAws: Distribution;
  /** Until the first of the two sides of each mechanism is closed, which is when access ends, by the write that closes it. */
  readonly byOperation: Readonly<Record<string, Distribution>>;
  /** Until the status says so and the approval is gone. */
  readonly shownInStatus: Distribution;
  readonly writesPerRevocation: number;
  readonly readsPerRevocation: number;
  readonly readsTimesFloor: number;
}

const PATIENCE_MS = 60_000;
/** Makes room for a new version of a policy and takes nothing away. */
const HOUSEKEEPING = new Set(['DeletePolicyVersion']);

export const measureRevocation = async (stage: Stage, samples: number, report: Report): Promise<Revocation> => {
  const revoked: {
    readonly since: number;
    readonly shownAt: number;
    readonly writes: readonly RequestRecord[];
    readonly reads: number;
    readonly readFloor: number;
  }[] = [];
  for (const share of sampleOf(stage.workload.shares, samples)) {
    await untilQuiet(stage.tally, IDLE_MS);
    const policies = await attachedPolicies(stage.aws, share.principal);
    stage.tally.reset();
    await stage.api.delete(shareApprovalKind, approvalNameOf(share));
    const since = Date.now();
    await untilRevoked(stage, share);
    const shownAt = Date.now();
    await untilQuiet(stage.tally, IDLE_MS);
    const writes = stage.tally
      .records()
      .filter(
        ({ access, outcome, operation }) => access === 'write' && outcome === 'ok' && !HOUSEKEEPING.has(operation),
      );
    const { reads } = stage.tally.count();
    revoked.push({ since, shownAt, writes, reads, readFloor: readFloor(touchedByRevoking(policies)) });
  }
  report(`${revoked.length} shares revoked`);
  const operations = new Set(revoked.flatMap(({ writes }) => writes.map(nameOf)));
  const sumOf = (count: (one: (typeof revoked)[number]) => number): number =>
    revoked.reduce((sum, one) => sum + count(one), 0);
  const lastOf = (writes: readonly RequestRecord[]): number => Math.max(0, ...writes.map(({ at }) => at));
  return {
    acceptedByAws: distributionOf(revoked.map(({ since, writes }) => lastOf(writes) - since)),
    byOperation: Object.fromEntries(
      [...operations].map((operation) => [
        operation,
        distributionOf(
          revoked.flatMap(({ since, writes }) => {
            const own = writes.filter((write) => nameOf(write) === operation);
            return own.length === 0 ? [] : [lastOf(own) - since];
          }),
        ),
      ]),
    ),
    shownInStatus: distributionOf(revoked.map(({ since, shownAt }) => shownAt - since)),
    writesPerRevocation: sumOf(({ writes }) => writes.length) / Math.max(1, revoked.length),
    readsPerRevocation: sumOf(({ reads }) => reads) / Math.max(1, revoked.length),
    readsTimesFloor: rounded(
      sumOf(({ reads }) => reads) /
        Math.max(
          1,
          sumOf((one) => one.readFloor),
        ),
      3,
    ),
  };
};

/** Longer than the pause between two calls that belong together. */
const IDLE_MS = 1_000;

/** In which account: the consumer's and the producer's Lake Formation are closed by the same operation. */
const nameOf = ({ service, operation, account }: RequestRecord): string =>
  `${service}:${operation} ${account.startsWith('2') ? '(producer)' : '(consumer)'}`;

const untilRevoked = async ({ shares }: Stage, share: BenchShare): Promise<void> => {
  const { namespace, name } = requestName(share);
  const states = (): readonly string[] =>
    (shares.get(`${namespace}/${name}`)?.status.items ?? []).map(({ state }) => state);
  await shares.until(
    () => states().every((state) => state === 'Revoked' || state === 'PendingApproval'),
    PATIENCE_MS,
    () => `${name}: ${states().join(', ')}`,
  );
};
