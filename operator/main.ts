// The operator's process: reads its command line and configuration, then runs createOperator until it is told to stop.
//
// AWS credentials of the hub come from the SDK's default chain: IRSA, the environment, or the instance.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { destination, pino, type Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { forAllServices, rateLimit } from './aws/rate-limits.ts';
import { readCommandLine, readConfigFiles, USAGE, type CommandLine } from './command-line.ts';
import type { InstallationConfig } from './config.ts';
import type { Credentials } from './kernel/client/credentials.ts';
import { HttpKubeApi } from './kernel/client/http-kube-api.ts';
import { endOnSignal } from './kernel/process/shut-down.ts';
import { clusterCredentials, StartupError, systemFailure } from './kernel/process/start-up.ts';
import { LeaseLost } from './kernel/runtime/manager.ts';
import { createOperator } from './operator.ts';

// The garbage collector waits for a share of the machine's memory, which is not ours alone: left to itself it lets 1,000 shares, of which
// 150 MiB live, become 680 MiB. Collecting at 1.4 times what lives costs some processor (docs/benchmarks.md); `--optimize-for-size` a third of it.
setFlagsFromString('--heap-growing-percent=40');

try {
  const flags = readCommandLine(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(USAGE);
  else await start(flags);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
// What still runs now (a poll of a queue, an idle connection) has been given its time to end.
process.exit();

/** Returns when it has been told to stop, or, with the exit code set, when it cannot go on. */
async function start(flags: CommandLine): Promise<void> {
  const config = readConfigFiles(flags);
  const credentials = await clusterCredentials(flags);
  const log = pino({ level: flags.logLevel, base: { stream: 'log' } });
  try {
    await run(flags, config, credentials, log);
  } catch (error) {
    const failure = systemFailure(error);
    if (failure !== undefined) throw failure;
    // Leadership is gone for good: a new process must begin anew, with empty hands.
    log.fatal({ err: error }, error instanceof LeaseLost ? 'the lease is lost; ending' : 'cannot go on; ending');
    process.exitCode = 1;
  }
  log.flush();
}

async function run(
  flags: CommandLine,
  config: InstallationConfig,
  credentials: Credentials,
  log: Logger,
): Promise<void> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const api = new HttpKubeApi({ credentials, userAgent: 'dataall-operator' });
  const operator = createOperator({
    config,
    api,
    log,
    audit: auditLog(flags),
    registry,
    identity: `${hostname()}_${randomUUID()}`,
    leaderElection: credentials,
    probePort: flags.probePort,
    ...(flags.awsRate !== undefined && { aws: { rateLimits: forAllServices(rateLimit(flags.awsRate)) } }),
  });
  log.info({ installation: config.installation, namespace: config.namespace, pid: process.pid }, 'starting');
  await operator.run(endOnSignal(log));
  await api.close();
  log.info('stopped');
}

function auditLog({ auditLog: dest }: CommandLine): Logger {
  const base = { stream: 'audit' };
  // Synchronous: a change record must not be lost with the process that made the change.
  return pino({ base }, destination({ ...(dest !== undefined && { dest }), sync: true }));
}
