// The command line as a whole: its commands, and how what goes wrong is told and with which code it ends.

import { CommanderError } from '@commander-js/extra-typings';
import tab from '@bomb.sh/tab/commander';
import { isKubeError, type KubeFailureReason } from '../kernel/client/kube-api.ts';
import { createRoot, type End, type Root, type Surroundings } from './command.ts';
import { auditCommand } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import { explainCommand } from './commands/explain.ts';
import { importCommand } from './commands/import.ts';
import { planCommand } from './commands/plan.ts';
import { restoreCommand } from './commands/restore.ts';
import { shareCommands } from './commands/share.ts';
import { traceCommand } from './commands/trace.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { versionCommand } from './commands/version.ts';
import { waitCommand } from './commands/wait.ts';
import { whoCanCommand } from './commands/who-can.ts';
import { CommandError, EXIT_CODES, type ExitName } from './exit-codes.ts';

/** All commands, which work in these surroundings and tell `end` how they ended. */
export function createProgram(surroundings: Surroundings, end: End): Root {
  const root = createRoot()
    .exitOverride()
    .configureOutput({ writeOut: surroundings.write, writeErr: surroundings.writeError })
    .showHelpAfterError('(dataall --help says what there is)');
  explainCommand(root, surroundings, end);
  whoCanCommand(root, surroundings);
  traceCommand(root, surroundings);
  auditCommand(root, surroundings);
  shareCommands(root, surroundings);
  waitCommand(root, surroundings, end);
  checkCommand(root, surroundings, end);
  versionCommand(root, surroundings, end);
  planCommand(root, surroundings);
  importCommand(root, surroundings, end);
  restoreCommand(root, surroundings, end);
  uninstallCommand(root, surroundings, end);
  // The same object: with stricter types than the library's own, by @commander-js/extra-typings.
  tab(root as unknown as Parameters<typeof tab>[0]);
  return root;
}

/** @param args without program and script; answers the exit code, see {@link EXIT_CODES} */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exit: ExitName = 'good';
  const end = (name: ExitName): void => {
    exit = name;
  };
  const root = createProgram(surroundings, end);
  try {
    await root.parseAsync([...args], { from: 'user' });
  } catch (error) {
    exit = failureOf(error, surroundings.writeError);
  }
  return EXIT_CODES[exit].code;
}

const OF_CLUSTER: Partial<Record<KubeFailureReason, ExitName>> = {
  NotFound: 'notFound',
  Forbidden: 'forbidden',
  Unauthorized: 'forbidden',
  Unavailable: 'unreachable',
  Timeout: 'unreachable',
};

function failureOf(error: unknown, writeError: (text: string) => void): ExitName {
  // Commander has told it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'good' : 'usage';
  if (error instanceof CommandError) {
    writeError(`${error.message}\n`);
    return error.exit;
  }
  if (isKubeError(error)) {
    writeError(`${error.message}\n`);
    return OF_CLUSTER[error.reason] ?? 'failed';
  }
  throw error;
}
