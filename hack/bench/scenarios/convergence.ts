// Cold convergence: everything asked for and approved before the operator starts; how long until all is granted, and at what cost.
import { attachedPolicies } from '../accounts.ts';
import { readApiWrites, writesBetween, writesTo, type ApiWrites } from '../api-tally.ts';
import type { AwsCount } from '../aws-tally.ts';
import { floorOf, oneCallAnItem, totalOf, type CallCounts } from '../floor.ts';
import { readFloor, touchedByGranting } from '../read-floor.ts';
import type { Memory, OperatorChild } from '../operator-child.ts';
import { untilQuiet } from '../quiet.ts';
import type { Report, Stage } from '../stage.ts';
import { rounded } from '../statistics.ts';

export interface Convergence {
  readonly seconds: { readonly untilHalfReady: number; readonly untilAllReady: number; readonly untilQuiet: number };
  readonly aws: AwsCount & {
    readonly floor: CallCounts;
    readonly floorTotal: number;
    readonly oneCallAnItemTotal: number;
    readonly timesFloor: number;
    readonly readFloor: number;
    readonly readsTimesFloor: number;
  };
  readonly apiServer: {
    /** To ShareRequests and ShareApprovals, Events and all else apart. */
    readonly writesPerShare: number;
    readonly eventsPerShare: number;
    readonly writes: ApiWrites;
  };
  /** Resident memory of the operator's process. */
  readonly memory: Memory;
  /** Of the operator's process, until quiet. */
  readonly cpuSeconds: number;
}

const PATIENCE_MS = 30 * 60_000;

/** The operator stays up. */
export const converge = async (
  stage: Stage,
  report: Report,
): Promise<{ readonly operator: OperatorChild; readonly measured: Convergence }> => {
  const { tally, shares, workload, api } = stage;
  const total = workload.shares.length;
  const before = await readApiWrites(api);
  tally.reset();
  const operator = await stage.startOperator();
  await operator.ready();
  const progress = setInterval(() => report(`${shares.ready} of ${total} shares ready`), 10_000);
  try {
    await shares.until(
      () => shares.ready >= total,
      PATIENCE_MS,
      () => JSON.stringify(shares.phases()),
    );
  } finally {
    clearInterval(progress);
  }
  const quietAt = await untilQuiet(tally);
  const readyAt = shares.readyTimes().map((at) => at - operator.startedAt);
  const aws = tally.count();
  const writes = writesBetween(before, await readApiWrites(api));
  const policies = await countPolicies(stage);
  const policiesOf = (principal: string): number => policies.get(principal) ?? 0;
  const floor = floorOf(workload.shares, policiesOf);
  const reads = readFloor(touchedByGranting(workload, policiesOf));
  const seconds = (ms: number): number => rounded(ms / 1000, 1);
  return {
    operator,
    measured: {
      seconds: {
        untilHalfReady: seconds(readyAt[Math.floor(total / 2)] ?? 0),
        untilAllReady: seconds(readyAt.at(-1) ?? 0),
        untilQuiet: seconds(quietAt - operator.startedAt),
      },
      aws: {
        ...aws,
        floor,
        floorTotal: totalOf(floor),
        oneCallAnItemTotal: totalOf(oneCallAnItem(workload.shares, policiesOf)),
        timesFloor: rounded(aws.writes / totalOf(floor), 3),
        readFloor: reads,
        readsTimesFloor: rounded(aws.reads / reads, 3),
      },
      apiServer: {
        writesPerShare: rounded(writesTo(writes, 'sharerequests', 'shareapprovals') / total),
        eventsPerShare: rounded(writesTo(writes, 'events') / total),
        writes,
      },
      memory: await operator.memory(),
      cpuSeconds: rounded(await operator.cpuSeconds(), 1),
    },
  };
};

/** How many policies each role has, by its name. */
export const countPolicies = async ({ aws, workload }: Stage): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const principal of workload.principals) counts.set(principal.name, await attachedPolicies(aws, principal));
  return counts;
};
