// Revocation: an approval is deleted while nothing else is to be done; how long until AWS has accepted every write that takes access away.
import type { RequestRecord } from '../../aws/core/world.ts';
import { attachedPolicies } from '../accounts.ts';
import { untilQuiet } from '../quiet.ts';
import { readFloor, touchedByRevoking } from '../read-floor.ts';
import { lastOf, revoke, takingWrites, type Revoked } from '../revoke.ts';
import type { Report, Stage } from '../stage.ts';
import { distributionOf, rounded, type Distribution } from '../statistics.ts';
import { sampleOf } from '../workload.ts';

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

export const measureRevocation = async (stage: Stage, samples: number, report: Report): Promise<Revocation> => {
  const revoked: (Revoked & {
    readonly writes: readonly RequestRecord[];
    readonly reads: number;
    readonly readFloor: number;
  })[] = [];
  for (const share of sampleOf(stage.workload.shares, samples)) {
    await untilQuiet(stage.tally, IDLE_MS);
    const policies = await attachedPolicies(stage.aws, share.principal);
    const times = await revoke(stage, share, PATIENCE_MS);
    await untilQuiet(stage.tally, IDLE_MS);
    const writes = takingWrites(stage.tally);
    const { reads } = stage.tally.count();
    revoked.push({ ...times, writes, reads, readFloor: readFloor(touchedByRevoking(policies)) });
  }
  report(`${revoked.length} shares revoked`);
  const operations = new Set(revoked.flatMap(({ writes }) => writes.map(nameOf)));
  const sumOf = (count: (one: (typeof revoked)[number]) => number): number =>
    revoked.reduce((sum, one) => sum + count(one), 0);
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
