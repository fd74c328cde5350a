// The gateway's command line: what its process may be told, and how it refuses anything else.

import { SHIPPED_CONFIG_JSON } from '../operator/features/shipped.ts';
import { LOG_LEVELS, logLevelOf, portOf, readFlags, usageError } from '../operator/kernel/process/start-up.ts';

/** What a process does: answer people, or keep the read model, or both. */
const ROLES = ['gateway', 'indexer', 'all'] as const;
export type Role = (typeof ROLES)[number];

/** Or it asks for a rebuild of the read model and follows it to its end. */
const COMMANDS = [...ROLES, 'rebuild'] as const;

export interface CommandLine {
  readonly command: (typeof COMMANDS)[number];
  /** A file, YAML or JSON, as in settings.ts. */
  readonly config: string;
  /** Modules and features, JSON: the file that the operator has. */
  readonly configJson: string;
  /** Outside a cluster. Never taken from the environment: an ambient cluster is nobody's intention. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** In place of `server.port` of the configuration. */
  readonly port: number | undefined;
  /** Of /healthz, /readyz and /metrics; 0 is any free one. */
  readonly probePort: number;
  readonly logLevel: string;
}

const DEFAULT_CONFIG = '/etc/dataall/gateway.yaml';

export const USAGE = `usage: node api/main.ts [gateway|indexer|all|rebuild] [flags]      (Node 24 or newer; all, when nothing is said)
  rebuild           has the read model made anew by the indexer that leads, and says how far it is; needs --config alone
  --config F        configuration, YAML or JSON (default: ${DEFAULT_CONFIG})
  --config-json F   modules and features, docs/configuration.md: the operator's file (default: config.json of this repository)
  --kubeconfig F    cluster to work in (default: the one this pod runs in)
  --context C       with --kubeconfig: a context of it (default: its current one)
  --port N          in place of server.port of the configuration; 0: any free one
  --probe-port N    port of /healthz, /readyz and /metrics, not for people (default: 8080; 0: any free one)
  --log-level L     ${LOG_LEVELS.join(', ')} (default: info)
`;

/** Throws {@link StartupError}. */
export function readCommandLine(args: readonly string[]): CommandLine | 'help' {
  const [first = 'all'] = args;
  const named = !first.startsWith('-');
  const command = named ? COMMANDS.find((known) => known === first) : 'all';
  if (command === undefined) throw usageError(`${first} is none of ${COMMANDS.join(', ')}`);
  const flags = readFlags(named ? args.slice(1) : args, {
    config: { type: 'string', default: DEFAULT_CONFIG },
    'config-json': { type: 'string', default: SHIPPED_CONFIG_JSON },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    port: { type: 'string' },
    'probe-port': { type: 'string', default: '8080' },
    'log-level': { type: 'string', default: 'info' },
    help: { type: 'boolean', short: 'h' },
  });
  if (flags.help === true) return 'help';
  const { config, kubeconfig, context } = flags;
  if (context !== undefined && kubeconfig === undefined) throw usageError('--context goes with --kubeconfig');
  return {
    command,
    config,
    configJson: flags['config-json'],
    kubeconfig,
    context,
    port: flags.port === undefined ? undefined : portOf('--port', flags.port),
    probePort: portOf('--probe-port', flags['probe-port']),
    logLevel: logLevelOf(flags['log-level']),
  };
}
