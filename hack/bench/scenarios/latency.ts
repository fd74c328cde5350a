// From an event to the run it causes, while nothing else is to be done. Measured from outside, so each sample holds more than the
// kernel's share: the API server tells the operator, the operator runs and writes status, the API server tells us.
import { setTimeout as delay } from 'node:timers/promises';
import { annotations } from '../../../operator/resources/annotations.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { requestName } from '../objects.ts';
import type { OperatorChild } from '../operator-child.ts';
import { queueWaits, type Buckets } from '../queue-waits.ts';
import { untilQuiet } from '../quiet.ts';
import type { Report, Stage } from '../stage.ts';
import { distributionOf, type Distribution } from '../statistics.ts';
import { sampleOf } from '../workload.ts';

export interface EventLatency {
  /** From the API server's answer to a change of a ShareRequest until its status that answers it is seen. An upper bound. */
  readonly eventToStatusSeen: Distribution;
  /** Of the ShareRequest controller's queue, from its own metrics: from ready to taken. A lower bound. */
  readonly queueWait: Buckets;
}

const PATIENCE_MS = 60_000;

export const measureEventLatency = async (
  stage: Stage,
  operator: OperatorChild,
  samples: number,
  report: Report,
): Promise<EventLatency> => {
  await untilQuiet(stage.tally);
  const before = queueWaits(await operator.metrics(), 'sharerequest');
  const waits: number[] = [];
  for (const share of sampleOf(stage.workload.shares, samples)) {
    const { namespace, name } = requestName(share);
    const token = `bench-${waits.length}`;
    await stage.api.patch(
      shareRequestKind,
      { namespace, name },
      { type: 'merge', body: { metadata: { annotations: { [annotations.requestedAt]: token } } } },
    );
    const since = performance.now();
    await stage.shares.until(
      () => stage.shares.get(`${namespace}/${name}`)?.status.lastHandledAt === token,
      PATIENCE_MS,
      () => `${name} does not answer ${annotations.requestedAt}`,
    );
    waits.push(performance.now() - since);
    // Idle again: asking for a look also reads the share's documents in AWS.
    await untilQuiet(stage.tally, IDLE_MS);
    await delay(IDLE_MS);
  }
  report(`${waits.length} events answered`);
  const after = queueWaits(await operator.metrics(), 'sharerequest');
  return { eventToStatusSeen: distributionOf(waits), queueWait: after.since(before) };
};

const IDLE_MS = 300;
