// `npm run bench`: measures the operator against a real API server and a simulated AWS. One JSON document on standard output.
import { rateLimitsHash } from '../aws/faults/rate-limits.ts';
import { describeMachine } from './machine.ts';
import { readOptions, USAGE, UsageError, type BenchOptions } from './options.ts';
import { converge } from './scenarios/convergence.ts';
import { openStage, type Report } from './stage.ts';

const startedAt = Date.now();
const report: Report = (what) =>
  void process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${what}\n`);

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
  await using stage = await openStage(options, report);
  const { measured } = await converge(stage, report);
  return {
    machine: describeMachine(),
    conditions: { latencyMs: options.latency, limits: options.limits ? rateLimitsHash : 'off' },
    measured,
  };
}
