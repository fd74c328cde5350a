/** The gateway and its indexer as one child process. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { forkWithLog } from './fork-with-log.ts';

/** Paths; the gateway reads nothing else of ours. */
export interface GatewayFiles {
  readonly config: string;
  readonly kubeconfig: string;
  readonly log: string;
}

const MAIN = join(import.meta.dirname, '..', '..', 'api', 'main.ts');

export const forkGateway = ({ config, kubeconfig, log }: GatewayFiles, port: number): ChildProcess =>
  forkWithLog(
    MAIN,
    ['all', '--config', config, '--kubeconfig', kubeconfig, '--port', String(port), '--probe-port', '0'],
    log,
    {},
  );
