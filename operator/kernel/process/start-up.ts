// How a process of ours starts: flags that are all known, a configuration that is read or named as missing, a cluster that can be used.

import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { parse, YAMLError } from 'yaml';
import { inClusterCredentials, kubeconfigCredentials, runsInCluster, type Credentials } from '../client/credentials.ts';

/** As shells say of a command that was used wrongly. */
const USAGE_EXIT_CODE = 2;

/** https://getpino.io/#/docs/api?id=level-string */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** What keeps the process from starting, for people to mend: `message` is all there is to say, without a stack. */
export class StartupError extends Error {
  override readonly name = 'CannotStart';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const usageError = (message: string): StartupError =>
  new StartupError(`${message}; --help says what there is`, USAGE_EXIT_CODE);

/** The values of flags, and nothing beside them. Throws {@link StartupError}. */
export function readFlags<Flags extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Flags,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // What follows its first sentence is advice about `--`, which helps nobody here.
    throw usageError(messageOf(error).split(/\.\s/)[0] ?? '');
  }
}

/** What --log-level said. Throws {@link StartupError}. */
export function logLevelOf(text: string): string {
  if (!LOG_LEVELS.includes(text)) throw usageError(`--log-level ${text} is none of ${LOG_LEVELS.join(', ')}`);
  return text;
}

/** What a flag said of a port. Throws {@link StartupError}. */
export function portOf(flag: string, text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw usageError(`${flag} ${text} is no port`);
  return Number(text);
}

/** The file that `flag` names, YAML or JSON, as `read` checks it. Throws {@link StartupError}. */
export function readSettingsFile<Settings>(
  path: string,
  read: (input: unknown) => Settings,
  flag = '--config',
): Settings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartupError(`cannot read the configuration (${messageOf(error)}): name it with ${flag}`);
  }
  const content = parsed(path, text);
  try {
    return read(content);
  } catch (error) {
    throw new StartupError(`${path}: ${messageOf(error)}`);
  }
}

/** Never with what stands in the file: a password may be there. */
function parsed(path: string, text: string): object {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    const { line, col } = (error instanceof YAMLError ? error.linePos?.[0] : undefined) ?? {};
    const place = line === undefined ? '' : `, line ${line}, column ${col}`;
    const what = error instanceof YAMLError ? error.code.toLowerCase().replaceAll('_', ' ') : 'an alias of nothing';
    throw new StartupError(`${path}${place}: cannot be read as YAML or JSON (${what})`);
  }
  if (content === null) throw new StartupError(`${path} is empty: docs/operations.md shows what belongs there`);
  if (typeof content !== 'object' || Array.isArray(content))
    throw new StartupError(`${path} is no list of settings (key: value): docs/operations.md shows one`);
  return content;
}

/** For who started the process, if settings or their system are to blame: a file that cannot be read, an address that is taken. */
export function systemFailure(error: unknown): StartupError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { syscall, code, path, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (syscall === 'listen' || syscall === 'bind')
    return new StartupError(
      `cannot listen on port ${port} of ${address} (${code}): end what listens there, or configure another`,
    );
  if (path !== undefined) return new StartupError(`cannot read ${path} (${code}), which the configuration names`);
  return undefined;
}

/** Of --kubeconfig and --context, else of the pod this runs in. Throws {@link StartupError}. */
export async function clusterCredentials(flags: {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}): Promise<Credentials> {
  const { kubeconfig, context } = flags;
  if (kubeconfig === undefined) {
    if (runsInCluster()) return inClusterCredentials();
    throw new StartupError('this is no pod: name a cluster with --kubeconfig');
  }
  try {
    const credentials = await kubeconfigCredentials(kubeconfig, context);
    await credentials.current();
    return credentials;
  } catch (error) {
    // The first line only: a parser's next ones quote the file, which holds secrets.
    throw new StartupError(`${kubeconfig} cannot be used: ${String(error).split('\n')[0]}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
