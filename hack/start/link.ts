/** Links environments for people who try the tour by hand: runs each one's status.linkCommand in its simulated account. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountShell } from './account-shell.ts';
import type { AccountName } from './cast.ts';
import type { Endpoints } from './endpoints.ts';

const endpoints = JSON.parse(readFileSync(join('.run', 'endpoints.json'), 'utf8')) as Endpoints;
const folder = mkdtempSync(join(tmpdir(), 'dataall-link-'));
try {
  const shell = new AccountShell(endpoints, folder, new AbortController().signal);
  for (const environment of process.argv.slice(2)) {
    const [accountId = '', command = ''] = read(environment);
    const account = Object.entries(endpoints.aws.accounts).find(([, { id }]) => id === accountId)?.[0];
    if (account === undefined) throw new Error(`there is no simulated account ${accountId}`);
    process.stdout.write(`# in account ${account} (${accountId})\n${command}\n`);
    process.stdout.write(`${await shell.run(account as AccountName, command)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Account and link command, once the operator has written it. */
function read(environment: string): string[] {
  const kubectl = (...args: string[]): string =>
    execFileSync(endpoints.kubectl, ['--kubeconfig', endpoints.kubeconfig, ...args], { encoding: 'utf8' });
  kubectl('wait', `environment/${environment}`, '--for=jsonpath={.status.linkCommand}', '--timeout=60s');
  const field = (path: string): string => kubectl('get', 'environment', environment, '-o', `jsonpath={${path}}`);
  return [field('.spec.account.id'), field('.status.linkCommand')];
}
