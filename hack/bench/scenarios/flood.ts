// One tenant floods the operator, and another asks for a share and takes one back: neither may wait, and the lease may not be lost.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { floods, type Flood, type Flooder } from '../floods.ts';
import { requestName, writeShare } from '../objects.ts';
import type { OperatorChild } from '../operator-child.ts';
import { processorTime, usedBetween, type ProcessorTime } from '../processor-time.ts';
import { untilQuiet } from '../quiet.ts';
import { lastOf, revoke, takingWrites } from '../revoke.ts';
import type { Report, Stage } from '../stage.ts';
import type { BenchShare, Workload } from '../workload.ts';

export interface FloodMeasured {
  readonly size: string;
  /** Milliseconds from the API server's answer to the approval until the share of another team was Ready, one by one. */
  readonly freshShareReady: readonly number[];
  /** Milliseconds that the API server took to answer the two creates of each, request and approval: three more writes make it Ready. */
  readonly freshShareWritten: readonly number[];
  /** Milliseconds from the API server's answer to the delete of an approval until AWS had accepted the last write that closes access. */
  readonly revocationAcceptedByAws: readonly number[];
  readonly lostLeases: number;
  /** Milliseconds, by `monitorEventLoopDelay` in the operator's process. */
  readonly eventLoopDelay: { readonly max: number; readonly p99: number };
  /** The same of this process, in which are the people, who watch, and the simulated AWS: what it delays is in the times above. */
  readonly ownDelay: { readonly max: number; readonly p99: number };
  /** From the beginning of the flood until the last sample. */
  readonly processorSeconds: ProcessorTime;
  readonly secondsUntilWritten: number;
}

export type FloodsMeasured = Readonly<Record<string, FloodMeasured>>;

export const SAMPLES = 3;
const PATIENCE_MS = 120_000;
/** Milliseconds. */
export const BETWEEN_MS = 500;
/** How often the delay is read: each reading begins a new one. */
const READ_EVERY_MS = 1_000;

/** On a stage whose operator was never started. @param only names of floods; all when empty */
export const sufferFloods = async (
  stage: Stage,
  only: ReadonlySet<string>,
  report: Report,
): Promise<FloodsMeasured> => {
  const { shares, workload, tally } = stage;
  const flooder = flooded(workload);
  const isOthers = othersOf(flooder);
  const fresh = workload.late.filter(isOthers).values();
  const given = workload.shares.filter(isOthers).values();
  let operator = await stage.startOperator();
  await operator.ready();
  await shares.until(
    () => shares.ready >= workload.shares.length,
    PATIENCE_MS * 5,
    () => JSON.stringify(shares.phases()),
  );
  await untilQuiet(tally);
  report(`${shares.ready} shares ready`);
  const measured: Record<string, FloodMeasured> = {};
  for (const flood of chosen(only)) {
    const found = await suffer(stage, operator, flood, flooder, { fresh, given }, report);
    operator = found.operator;
    measured[flood.name] = found.measured;
    report(`${flood.name}: ${JSON.stringify(found.measured)}`);
    await untilQuiet(tally);
  }
  await operator.stop();
  return measured;
};

/** The team that floods, of which the others know nothing. */
export const flooded = ({ datasets, principals, consumers }: Workload): Flooder => {
  const [, dataset] = datasets;
  const principal = principals.find(({ consumer }) => consumer === consumers.at(-1));
  if (dataset === undefined || principal === undefined) throw new RangeError('floods need --n 150 or more');
  return { dataset, principal };
};

/** Whether a share is in neither of its accounts. */
export const othersOf =
  ({ dataset, principal }: Flooder) =>
  (share: BenchShare): boolean =>
    share.dataset.producer !== dataset.producer && share.principal.consumer !== principal.consumer;

/** @param only names of floods; all when empty */
export const chosen = (only: ReadonlySet<string>): readonly Flood[] =>
  floods.filter(({ name }) => only.size === 0 || only.has(name));

interface Samples {
  readonly fresh: Iterator<BenchShare>;
  readonly given: Iterator<BenchShare>;
}

const suffer = async (
  stage: Stage,
  first: OperatorChild,
  flood: Flood,
  flooder: Flooder,
  samples: Samples,
  report: Report,
): Promise<{ readonly operator: OperatorChild; readonly measured: FloodMeasured }> => {
  let operator = first;
  let lostLeases = 0;
  const over = new AbortController();
  const lag = { max: 0, p99: 0 };
  await operator.eventLoopDelay();
  const own = monitorEventLoopDelay();
  own.enable();
  const before = processorTime();
  const watching = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      await delay(READ_EVERY_MS);
      if (operator.hasEnded) {
        lostLeases += 1;
        report(`the operator ended during ${flood.name}; starting another`);
        operator = await stage.startOperator();
        await operator.ready();
      }
      const found = await operator.eventLoopDelay().catch(() => lag);
      lag.max = Math.max(lag.max, found.max);
      lag.p99 = Math.max(lag.p99, found.p99);
    }
  })();
  const since = Date.now();
  const writing = flood.begin(stage, flooder).then(() => (Date.now() - since) / 1000);
  // Awaited below; what goes wrong before that is the thing to be told.
  for (const later of [writing, watching]) later.catch(() => undefined);
  const freshShareReady: number[] = [];
  const freshShareWritten: number[] = [];
  const sampleFresh = async (): Promise<void> => {
    const { written, ready } = await timeFresh(stage, samples.fresh.next().value as BenchShare | undefined, report);
    freshShareWritten.push(written);
    freshShareReady.push(ready);
  };
  const revocationAcceptedByAws: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await delay(BETWEEN_MS);
    await sampleFresh();
    revocationAcceptedByAws.push(
      await timeRevocation(stage, samples.given.next().value as BenchShare | undefined, report),
    );
    report(
      `${flood.name}: fresh ${freshShareReady.at(-1)} ms after ${freshShareWritten.at(-1)} ms, revocation ${revocationAcceptedByAws.at(-1)} ms`,
    );
  }
  const secondsUntilWritten = Math.round(await writing);
  // What the flood made goes on for a while.
  await sampleFresh();
  revocationAcceptedByAws.push(
    await timeRevocation(stage, samples.given.next().value as BenchShare | undefined, report),
  );
  over.abort();
  await watching;
  own.disable();
  const ownDelay = { max: Math.round(own.max / 1e6), p99: Math.round(own.percentile(99) / 1e6) };
  const processorSeconds = usedBetween(before, processorTime());
  const eventLoopDelay = { max: Math.round(lag.max), p99: Math.round(lag.p99) };
  const measured = {
    freshShareReady,
    freshShareWritten,
    revocationAcceptedByAws,
    lostLeases,
    eventLoopDelay,
    ownDelay,
    processorSeconds,
    secondsUntilWritten,
  };
  return { operator, measured: { size: flood.size, ...measured } };
};

const timeFresh = async (
  { writers, shares }: Stage,
  share: BenchShare | undefined,
  report: Report,
): Promise<{ readonly written: number; readonly ready: number }> => {
  if (share === undefined) throw new RangeError('too few shares for so many floods: a larger --n');
  const { namespace, name } = requestName(share);
  const key = `${namespace}/${name}`;
  const begun = Date.now();
  await writeShare(writers, share);
  const since = Date.now();
  const written = since - begun;
  const isReady = (): boolean => shares.readyAt(key) !== undefined;
  const inTime = await isSoon(
    shares.until(isReady, PATIENCE_MS, () => JSON.stringify(shares.get(key)?.status)),
    report,
  );
  return { written, ready: inTime ? (shares.readyAt(key) ?? 0) - since : PATIENCE_MS };
};

/** What does not come in time is a finding like others, and no reason to lose the rest of them. */
const isSoon = async (patient: Promise<unknown>, report: Report): Promise<boolean> =>
  patient.then(
    () => true,
    (error: unknown) => {
      report(String(error));
      return false;
    },
  );

const timeRevocation = async (stage: Stage, share: BenchShare | undefined, report: Report): Promise<number> => {
  if (share === undefined) throw new RangeError('too few shares for so many floods: a larger --n');
  const revoking = revoke(stage, share, PATIENCE_MS);
  if (!(await isSoon(revoking, report))) return PATIENCE_MS;
  const { since } = await revoking;
  // Nothing else is under way in these two accounts.
  const accounts = [share.dataset.producer.account, share.principal.consumer.account];
  return lastOf(takingWrites(stage.tally).filter(({ account }) => accounts.includes(account))) - since;
};
