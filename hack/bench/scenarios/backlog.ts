// A fresh request while the backlog converges: it must not wait for the others.
import { setTimeout as delay } from 'node:timers/promises';
import { writeShare } from '../objects.ts';
import { untilQuiet } from '../quiet.ts';
import type { Report, Stage } from '../stage.ts';
import { distributionOf, rounded, type Distribution } from '../statistics.ts';
import { sampleOf } from '../workload.ts';
import { readyTime } from './restart.ts';

export interface Backlog {
  /** From the API server's answer to the approval until the share is Ready, while the backlog is at work. */
  readonly freshShareReady: Distribution;
  /** How many of the backlog were Ready when the first fresh request came, and when the last was served. */
  readonly backlog: { readonly total: number; readonly readyAtFirst: number; readonly readyAtLast: number };
  readonly secondsUntilAllReady: number;
}

const PATIENCE_MS = 30 * 60_000;
/** From the start of the operator: its caches are full and all workers are busy. */
const BUSY_MS = 5_000;
const BETWEEN_MS = 500;
const SAMPLES = 20;

/** On a stage whose operator was never started. */
export const serveWhileBusy = async (stage: Stage, report: Report): Promise<Backlog> => {
  const { shares, workload, tally } = stage;
  const total = workload.shares.length;
  const operator = await stage.startOperator();
  await operator.ready();
  await delay(BUSY_MS);
  const readyAtFirst = shares.ready;
  const waits: number[] = [];
  for (const share of sampleOf(workload.late, SAMPLES)) {
    await writeShare(stage.writers, share);
    const since = Date.now();
    waits.push((await readyTime(stage, share)) - since);
    report(`fresh share ready after ${waits.at(-1)} ms, ${shares.ready} shares ready`);
    if (shares.ready >= total) break;
    await delay(BETWEEN_MS);
  }
  const readyAtLast = shares.ready - waits.length;
  await shares.until(
    () => shares.ready >= total + waits.length,
    PATIENCE_MS,
    () => JSON.stringify(shares.phases()),
  );
  await untilQuiet(tally);
  return {
    freshShareReady: distributionOf(waits),
    backlog: { total, readyAtFirst, readyAtLast },
    secondsUntilAllReady: rounded(((shares.readyTimes().at(-1) ?? 0) - operator.startedAt) / 1000, 1),
  };
};
