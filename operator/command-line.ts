// The operator's command line: what its process may be told, and how it refuses anything else.
import { readConfig, type InstallationConfig } from './config.ts';
import { readConfigJsonFile, SHIPPED_CONFIG_JSON } from './features/shipped.ts';
import { LOG_LEVELS, logLevelOf, portOf, readFlags, readSettingsFile, usageError } from './kernel/process/start-up.ts';

export { readFlags, StartupError } from './kernel/process/start-up.ts';

export interface CommandLine {
  /** A file, YAML or JSON, as in config.ts. */
  readonly config: string;
  /** Modules and features, JSON. */
  readonly configJson: string;
  /** Outside a cluster. Never taken from the environment: an ambient cluster is nobody's intention. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Of /healthz, /readyz, /metrics and /debug/queues; 0 is any free one. */
  readonly probePort: number;
  /** A file for the change records; without it standard output, marked `"stream":"audit"`. */
  readonly auditLog: string | undefined;
  readonly logLevel: string;
  /** Calls a second to begin with, for every AWS service: for an endpoint of one's own, which needs no courtesy. */
  readonly awsRate: number | undefined;
}

export const DEFAULT_CONFIG = '/etc/dataall/config.yaml';

export const USAGE = `usage: node operator/main.ts [flags]      (Node 24 or newer)
  --config F        configuration, YAML or JSON (default: ${DEFAULT_CONFIG})
  --config-json F   modules and features, docs/configuration.md (default: config.json of this repository)
  --kubeconfig F    cluster to work in (default: the one this pod runs in)
  --context C       with --kubeconfig: a context of it (default: its current one)
  --probe-port N    port of /healthz, /readyz, /metrics and /debug/queues (default: 8080; 0: any free one)
  --audit-log F     file for change records (default: standard output)
  --log-level L     ${LOG_LEVELS.join(', ')} (default: info)
  --aws-rate N      calls a second to begin with, for an AWS endpoint of your own
`;

/** Throws {@link StartupError}. */
export function readCommandLine(args: readonly string[]): CommandLine | 'help' {
  const flags = readFlags(args, {
    config: { type: 'string', default: DEFAULT_CONFIG },
    'config-json': { type: 'string', default: SHIPPED_CONFIG_JSON },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    'probe-port': { type: 'string', default: '8080' },
    'audit-log': { type: 'string' },
    'log-level': { type: 'string', default: 'info' },
    'aws-rate': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (flags.help === true) return 'help';
  const { config, kubeconfig, context } = flags;
  if (context !== undefined && kubeconfig === undefined) throw usageError('--context goes with --kubeconfig');
  return {
    config,
    configJson: flags['config-json'],
    kubeconfig,
    context,
    probePort: portOf('--probe-port', flags['probe-port']),
    auditLog: flags['audit-log'],
    logLevel: logLevelOf(flags['log-level']),
    awsRate: rateOf(flags['aws-rate']),
  };
}

/** Reads and checks the files of --config and --config-json. Throws {@link StartupError}. */
export function readConfigFiles({
  config,
  configJson,
}: Pick<CommandLine, 'config' | 'configJson'>): InstallationConfig {
  const features = readConfigJsonFile(configJson);
  return readSettingsFile(config, (input) => readConfig(input, features));
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (text.trim() === '' || !Number.isFinite(rate) || rate <= 0)
    throw usageError(`--aws-rate ${text} is no number of calls a second`);
  return rate;
}
