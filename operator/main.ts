// The operator's process: reads flags and configuration, then runs createOperator until it is told to stop.
//
// AWS credentials of the hub come from the SDK's default chain: IRSA, the environment, or the instance.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { destination, pino, type Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { parse } from 'yaml';
import { everywhere, pace } from './aws/pace.ts';
import { readConfig, type InstallationConfig } from './config.ts';
import { inClusterCredentials, kubeconfigCredentials, runsInCluster, type Credentials } from './kernel/credentials.ts';
import { HttpKubeApi } from './kernel/http-kube-api.ts';
import { LeaseLost } from './kernel/manager.ts';
import { createOperator } from './operator.ts';

// The garbage collector waits for a share of the machine's memory, which is not ours alone: of 1,000 shares 100 MiB live, and more than
// 400 MiB would be resident. Collecting sooner costs processor while a backlog is at work (docs/benchmarks.md).
setFlagsFromString('--optimize-for-size');

const { values: flags } = parseArgs({
  options: {
    /** YAML or JSON, as in config.ts. */
    config: { type: 'string', default: '/etc/dataall/config.yaml' },
    /** Outside a cluster. Never taken from the environment: an ambient cluster is nobody's intention. */
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    /** Port of /healthz, /readyz and /metrics. */
    'probe-port': { type: 'string', default: '8080' },
    /** Where the change records go; default: standard output, marked `"stream":"audit"`. */
    'audit-log': { type: 'string' },
    /** Calls a second to begin with, for every AWS service: for an endpoint of one's own, which needs no courtesy. */
    'aws-pace': { type: 'string' },
    'log-level': { type: 'string', default: 'info' },
  },
});

const log = pino({ level: flags['log-level'], base: { stream: 'log' } });

try {
  await run(readConfig(parse(readFileSync(flags.config, 'utf8'))), await clusterCredentials());
} catch (error) {
  // Leadership is gone for good: a new process must begin anew, with empty hands.
  log.fatal({ err: error }, error instanceof LeaseLost ? 'the lease is lost; ending' : 'cannot go on; ending');
  process.exitCode = 1;
}
// What still runs now (a poll of a queue, an idle connection) has been given its time to end.
log.flush();
process.exit();

async function run(config: InstallationConfig, credentials: Credentials): Promise<void> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const api = new HttpKubeApi({ credentials, userAgent: 'dataall-operator' });
  const callsPerSecond = flags['aws-pace'];
  const operator = createOperator({
    config,
    api,
    log,
    audit: auditLog(),
    registry,
    identity: `${hostname()}_${randomUUID()}`,
    leaderElection: true,
    probePort: Number(flags['probe-port']),
    ...(callsPerSecond !== undefined && { aws: { paces: everywhere(pace(Number(callsPerSecond))) } }),
  });
  log.info({ installation: config.installation, namespace: config.namespace, pid: process.pid }, 'starting');
  await operator.run(endOnSignal());
  await api.close();
  log.info('stopped');
}

async function clusterCredentials(): Promise<Credentials> {
  if (flags.kubeconfig !== undefined) return await kubeconfigCredentials(flags.kubeconfig, flags.context);
  if (runsInCluster()) return inClusterCredentials();
  throw new Error('this is no pod: name a cluster with --kubeconfig');
}

function auditLog(): Logger {
  const base = { stream: 'audit' };
  const file = flags['audit-log'];
  // Synchronous: a change record must not be lost with the process that made the change.
  return pino({ base }, destination({ ...(file !== undefined && { dest: file }), sync: true }));
}

/** Aborts at the first SIGTERM or SIGINT; the second ends the process at once. */
function endOnSignal(): AbortSignal {
  const end = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (end.signal.aborted) process.exit(1);
    log.info({ signal }, 'stopping');
    end.abort();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return end.signal;
}
