// Restart with everything in place: nothing may be written, everything is read once, and what is new does not wait for that.
import { readApiWrites, writesBetween, type ApiWrites } from '../api-tally.ts';
import type { AwsCount } from '../aws-tally.ts';
import { approvalNameOf, requestName, writeShare } from '../objects.ts';
import type { Memory, OperatorChild } from '../operator-child.ts';
import { untilQuiet } from '../quiet.ts';
import type { Report, Stage } from '../stage.ts';
import { rounded } from '../statistics.ts';
import type { BenchShare } from '../workload.ts';

export interface Restart {
  readonly seconds: {
    /** From the start of the process until its caches are filled. */
    readonly untilCachesFilled: number;
    /** Until the last of the documents was read. */
    readonly untilAllVerified: number;
    /** From the start of another process until a share is Ready that was asked for and approved right then. */
    readonly untilFreshShareReady: number;
  };
  readonly aws: AwsCount;
  readonly apiServerWrites: ApiWrites;
  readonly memory: Memory;
}

const PATIENCE_MS = 2 * 60_000;

/** Two restarts: one that finds everything as it left it, one that is given something new at once. The operator stays up. */
export const restart = async (
  stage: Stage,
  running: OperatorChild,
  late: BenchShare,
  report: Report,
): Promise<{ readonly operator: OperatorChild; readonly measured: Restart }> => {
  const { tally, api } = stage;
  await running.stop();
  const before = await readApiWrites(api);
  tally.reset();
  const second = await stage.startOperator();
  await second.ready();
  const filledAt = Date.now();
  const verifiedAt = await untilQuiet(tally);
  const aws = tally.count();
  const apiServerWrites = writesBetween(before, await readApiWrites(api));
  const memory = await second.memory();
  report('restarted with everything in place');

  await second.stop();
  const third = await stage.startOperator();
  await third.ready();
  await writeShare(stage.writers, late);
  const freshAt = await readyTime(stage, late);
  await untilQuiet(tally);
  report(`restarted with ${approvalNameOf(late).name} new`);
  const seconds = (from: OperatorChild, at: number): number => rounded((at - from.startedAt) / 1000, 1);
  return {
    operator: third,
    measured: {
      seconds: {
        untilCachesFilled: seconds(second, filledAt),
        untilAllVerified: seconds(second, verifiedAt),
        untilFreshShareReady: seconds(third, freshAt),
      },
      aws,
      apiServerWrites,
      memory,
    },
  };
};

/** When a share became Ready, milliseconds since the epoch. */
export const readyTime = async ({ shares }: Stage, share: BenchShare): Promise<number> => {
  const { namespace, name } = requestName(share);
  const key = `${namespace}/${name}`;
  await shares.until(
    () => shares.readyAt(key) !== undefined,
    PATIENCE_MS,
    () => JSON.stringify(shares.get(key)?.status),
  );
  return shares.readyAt(key) ?? 0;
};
