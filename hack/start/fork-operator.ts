/** The operator as a child process, with nothing of this one's environment. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { forkWithLog } from './fork-with-log.ts';

/** Paths; the operator reads nothing else of ours. */
export interface OperatorFiles {
  readonly config: string;
  readonly kubeconfig: string;
  readonly log: string;
  readonly audit: string;
  readonly hub: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const MAIN = join(import.meta.dirname, '..', '..', 'operator', 'main.ts');

/** @param rate calls a second to begin with; undefined = the operator's own rate limits */
export function forkOperator(
  { config, kubeconfig, log, audit, hub }: OperatorFiles,
  port: number,
  rate: number | undefined,
): ChildProcess {
  const args = ['--config', config, '--kubeconfig', kubeconfig, '--audit-log', audit, '--probe-port', String(port)];
  return forkWithLog(MAIN, rate === undefined ? args : [...args, '--aws-rate', String(rate)], log, {
    AWS_ACCESS_KEY_ID: hub.accessKeyId,
    AWS_SECRET_ACCESS_KEY: hub.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
