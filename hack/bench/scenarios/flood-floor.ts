// One tenant floods an API server that has no operator, and somebody makes the writes that a fresh share takes: no operator can be faster
// on the same machine.
import { setTimeout as delay } from 'node:timers/promises';
import { apiVersion, type Kind } from '../../../operator/kernel/kind.ts';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { approvalNameOf, requestName, writeShare } from '../objects.ts';
import { usedBetween, processorTime, type ProcessorTime } from '../processor-time.ts';
import type { Report, Stage } from '../stage.ts';
import type { BenchShare } from '../workload.ts';
import { BETWEEN_MS, chosen, flooded, othersOf, SAMPLES } from './flood.ts';

export interface FloodFloor {
  readonly size: string;
  /** Milliseconds that the API server took to answer the two creates of each share, one by one. */
  readonly freshShareWritten: readonly number[];
  /** Milliseconds from that answer until a watch showed the share Ready, after two writes of status that do not wait for AWS. */
  readonly freshShareShown: readonly number[];
  readonly processorSeconds: ProcessorTime;
  readonly secondsUntilWritten: number;
}

const PATIENCE_MS = 120_000;

/** On a stage whose operator is never started. @param only names of floods; all when empty */
export const measureFloodFloors = async (
  stage: Stage,
  only: ReadonlySet<string>,
  report: Report,
): Promise<Readonly<Record<string, FloodFloor>>> => {
  const flooder = flooded(stage.workload);
  const fresh = stage.workload.late.filter(othersOf(flooder)).values();
  const floors: Record<string, FloodFloor> = {};
  for (const { name, size, begin } of chosen(only)) {
    const before = processorTime();
    const since = Date.now();
    const writing = begin(stage, flooder).then(() => Math.round((Date.now() - since) / 1000));
    // Awaited below; what goes wrong before that is the thing to be told.
    writing.catch(() => undefined);
    const written: number[] = [];
    const shown: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      await delay(BETWEEN_MS);
      const { value: share } = fresh.next();
      if (share === undefined) throw new RangeError('too few shares for so many floods: a larger --n');
      const took = await timeWrites(stage, share);
      written.push(took.written);
      shown.push(took.shown);
      report(`${name} without an operator: fresh ${took.shown} ms after ${took.written} ms`);
    }
    const secondsUntilWritten = await writing;
    const processorSeconds = usedBetween(before, processorTime());
    floors[name] = { size, freshShareWritten: written, freshShareShown: shown, processorSeconds, secondsUntilWritten };
  }
  return floors;
};

const timeWrites = async (
  stage: Stage,
  share: BenchShare,
): Promise<{ readonly written: number; readonly shown: number }> => {
  const begun = Date.now();
  await writeShare(stage.writers, share);
  const since = Date.now();
  await writeStatus(stage, shareApprovalKind, approvalNameOf(share));
  await writeStatus(stage, shareRequestKind, requestName(share));
  const key = `${requestName(share).namespace}/${share.name}`;
  await stage.shares.until(
    () => stage.shares.readyAt(key) !== undefined,
    PATIENCE_MS,
    () => `${key} is not shown`,
  );
  return { written: since - begun, shown: (stage.shares.readyAt(key) ?? 0) - since };
};

/** By the same kind of write as the operator's, in its name. */
const writeStatus = async ({ writers }: Stage, kind: Kind, metadata: ReturnType<typeof requestName>): Promise<void> => {
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Granted',
    message: 'as the bench says',
    observedGeneration: 1,
    lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
  };
  await writers.operator.apply(
    kind,
    { apiVersion: apiVersion(kind), kind: kind.kind, metadata, status: { observedGeneration: 1, conditions: [ready] } },
    { fieldManager: 'dataall-operator', force: true, subresource: 'status' },
  );
};
