/** A program of ours as a child process that cannot outlive us, with nothing of this one's environment. */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const LIFELINE = join(import.meta.dirname, 'lifeline.ts');

/** @param log the file that its output is appended to */
export function forkWithLog(
  main: string,
  args: readonly string[],
  log: string,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const output = openSync(log, 'a', 0o600);
  try {
    return fork(main, [...args], {
      execArgv: ['--import', LIFELINE],
      stdio: ['ignore', output, output, 'ipc'],
      // A group of its own: Ctrl-C in the terminal is ours to pass on, once.
      detached: true,
      // Nothing of our own AWS configuration may reach it, were it the maintainer's.
      env: { PATH, HOME, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...env },
    });
  } finally {
    closeSync(output);
  }
}
