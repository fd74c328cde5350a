// `npm run bench`: measures the operator against a real API server and a simulated AWS. One JSON document on standard output.
import { rateLimitsHash } from '../aws/faults/rate-limits.ts';
import { describeMachine } from './machine.ts';
import { readOptions, USAGE, UsageError, type BenchOptions, type ScenarioName } from './options.ts';
import { serveWhileBusy } from './scenarios/backlog.ts';
import { converge } from './scenarios/convergence.ts';
import { measureFloodFloors } from './scenarios/flood-floor.ts';
import { sufferFloods } from './scenarios/flood.ts';
import { measureEventLatency } from './scenarios/latency.ts';
import { followChanges } from './scenarios/live.ts';
import { restart } from './scenarios/restart.ts';
import { measureRevocation } from './scenarios/revocation.ts';
import { holdSteady } from './scenarios/steady.ts';
import { countFrames } from './scenarios/web.ts';
import { openStage, type Report } from './stage.ts';
import { judge, type Measured } from './targets.ts';
import { sampleOf, workloadOf } from './workload.ts';

/** Enough to revoke some during each flood; that many shares are no flood themselves. */
const FLOODED_SHARES = 250;

const startedAt = Date.now();
const report: Report = (what) =>
  void process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${what}\n`);

// Children end by themselves when we are gone; what lies on the disk goes with the event `exit`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(USAGE);
  else process.stdout.write(`${JSON.stringify(await run(options), undefined, 2)}\n`);
} catch (error) {
  process.stderr.write(
    error instanceof UsageError
      ? `${error.message}\n${USAGE}`
      : `${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}

async function run(options: BenchOptions): Promise<object> {
  const machine = describeMachine();
  const measured: Measured = {};
  const failed: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // What was measured before is worth telling, and so is what could not be.
      const message = error instanceof Error ? error.message : String(error);
      failed.push(`${what}: ${message}`);
      report(`${what} failed: ${message}`);
      process.exitCode = 1;
    }
  };
  if (wants(options, 'convergence', 'restart', 'steady', 'latency', 'revocation'))
    await attempt('after convergence', () => onceConverged(options, measured));
  if (wants(options, 'backlog'))
    await attempt('backlog', async () => {
      await using stage = await openStage(options, report);
      measured.backlog = await serveWhileBusy(stage, report);
    });
  if (wants(options, 'live'))
    await attempt('live', async () => {
      measured.live = await followChanges(options.samples, report);
    });
  if (wants(options, 'web'))
    await attempt('web', async () => {
      measured.web = await countFrames(report);
    });
  if (wants(options, 'flood'))
    await attempt('flood', async () => {
      await using stage = await openStage({ ...options, n: FLOODED_SHARES }, report);
      measured.flood = await sufferFloods(stage, options.floods, report);
    });
  if (wants(options, 'flood-floor'))
    await attempt('flood-floor', async () => {
      await using stage = await openStage({ ...options, n: FLOODED_SHARES }, report);
      measured.floodFloor = await measureFloodFloors(stage, options.floods, report);
    });
  return { ...describeRun(options), machine, targets: judge(measured), failed, measured };
}

/** On one stage, the gentle ones first: what each leaves behind does not disturb the next. */
async function onceConverged(options: BenchOptions, measured: Measured): Promise<void> {
  await using stage = await openStage(options, report);
  const cold = await converge(stage, report);
  measured.convergence = cold.measured;
  let { operator } = cold;
  if (wants(options, 'steady')) ({ operator, measured: measured.steady } = await holdSteady(stage, operator, report));
  if (wants(options, 'latency')) measured.latency = await measureEventLatency(stage, operator, options.samples, report);
  const [late] = sampleOf(stage.workload.late, 1);
  if (wants(options, 'restart') && late !== undefined)
    ({ operator, measured: measured.restart } = await restart(stage, operator, late, report));
  if (wants(options, 'revocation')) measured.revocation = await measureRevocation(stage, options.samples, report);
  await operator.stop();
}

function wants({ scenarios }: BenchOptions, ...names: readonly ScenarioName[]): boolean {
  return names.some((name) => scenarios.has(name));
}

function describeRun(options: BenchOptions): object {
  const { shares, datasets, principals, producers, consumers } = workloadOf(options.n);
  return {
    workload: {
      shares: shares.length,
      itemsPerShare: 5,
      datasets: datasets.length,
      principals: principals.length,
      producerAccounts: producers.length,
      consumerAccounts: consumers.length,
      byHand: 'environments are linked and datasets made and registered before: only sharing is measured',
    },
    conditions: {
      awsLatencyMs: options.latency,
      awsLimits: options.limits ? `hack/aws/limits.json ${rateLimitsHash}` : 'off',
      operatorPaces: options.limits ? 'its own' : '1000 calls a second',
    },
  };
}
