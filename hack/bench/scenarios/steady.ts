// Steady state: what verification costs while nothing changes. Hours are not waited for: one pass is measured with a short interval and
// counted for an hour.
import { setTimeout as delay } from 'node:timers/promises';
import { readApiWrites, writesBetween, type ApiWrites } from '../api-tally.ts';
import type { AwsCount } from '../aws-tally.ts';
import type { OperatorChild } from '../operator-child.ts';
import { untilQuiet } from '../quiet.ts';
import { readFloor, touchedByVerifying } from '../read-floor.ts';
import type { Report, Stage } from '../stage.ts';
import { rounded } from '../statistics.ts';
import { countPolicies } from './convergence.ts';

export interface Steady {
  readonly intervalMinutes: number;
  readonly windowMinutes: number;
  readonly aws: AwsCount;
  readonly apiServerWrites: ApiWrites;
  /** Reads an hour with the interval the operator has by default, 60 min, in which a document is looked at once. */
  readonly readsAnHour: number;
  /** Of one look at each document in an interval. */
  readonly readFloor: number;
  readonly readsTimesFloor: number;
  /** CPU seconds of the operator in the window, per hour at the default interval. */
  readonly cpuSecondsAnHour: number;
}

/** Short enough to measure, long enough that one pass is over before the next begins, at the rate AWS allows. */
const INTERVAL_MINUTES = 2;
/** Several intervals, so that the spread of the passes does not matter much. */
const WINDOW_MINUTES = 4;
const DEFAULT_INTERVAL_MINUTES = 60;

/** Leaves an operator with the usual interval running. */
export const holdSteady = async (
  stage: Stage,
  running: OperatorChild,
  report: Report,
): Promise<{ readonly operator: OperatorChild; readonly measured: Steady }> => {
  const { tally, api } = stage;
  await running.stop();
  const operator = await stage.startOperator({ shareVerifyMinutes: INTERVAL_MINUTES });
  await operator.ready();
  // The first pass, which a restart always makes, and the waits it starts are not the steady state.
  await delay(INTERVAL_MINUTES * 60_000);
  const before = await readApiWrites(api);
  const cpuBefore = await operator.cpuSeconds();
  tally.reset();
  report(`steady for ${WINDOW_MINUTES} min`);
  await delay(WINDOW_MINUTES * 60_000);
  const aws = tally.count();
  const cpu = (await operator.cpuSeconds()) - cpuBefore;
  const apiServerWrites = writesBetween(before, await readApiWrites(api));
  await operator.stop();
  const usual = await stage.startOperator();
  await usual.ready();
  await untilQuiet(tally);
  const policies = await countPolicies(stage);
  const floor = readFloor(touchedByVerifying(stage.workload, (principal) => policies.get(principal) ?? 0));
  const anHour = (60 / WINDOW_MINUTES) * (INTERVAL_MINUTES / DEFAULT_INTERVAL_MINUTES);
  return {
    operator: usual,
    measured: {
      intervalMinutes: INTERVAL_MINUTES,
      windowMinutes: WINDOW_MINUTES,
      aws,
      apiServerWrites,
      readsAnHour: Math.round(aws.reads * anHour),
      readFloor: floor,
      readsTimesFloor: rounded((aws.reads * INTERVAL_MINUTES) / WINDOW_MINUTES / floor, 3),
      cpuSecondsAnHour: rounded(cpu * anHour, 1),
    },
  };
};
