/** The operator as a child process, with nothing of this one's environment. */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** Paths; the operator reads nothing else of ours. */
export interface OperatorFiles {
  readonly config: string;
  readonly kubeconfig: string;
  readonly log: string;
  readonly audit: string;
  readonly hub: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const MAIN = join(import.meta.dirname, '..', '..', 'operator', 'main.ts');
const LIFELINE = join(import.meta.dirname, 'lifeline.ts');

/** @param rate calls a second to begin with; undefined = the operator's own rate limits */
export function forkOperator(
  { config, kubeconfig, log, audit, hub }: OperatorFiles,
  port: number,
  rate: number | undefined,
): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  const args = ['--config', config, '--kubeconfig', kubeconfig, '--audit-log', audit, '--probe-port', String(port)];
  try {
    return fork(MAIN, rate === undefined ? args : [...args, '--aws-rate', String(rate)], {
      execArgv: ['--import', LIFELINE],
      stdio: ['ignore', output, output, 'ipc'],
      // A group of its own: Ctrl-C in the terminal is ours to pass on, once.
      detached: true,
      // Nothing of our own AWS configuration may reach it, were it the maintainer's.
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        AWS_ACCESS_KEY_ID: hub.accessKeyId,
        AWS_SECRET_ACCESS_KEY: hub.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
  } finally {
    closeSync(output);
  }
}
