/** Links environments for people who try the tour by hand: runs each one's status.linkCommand in its simulated account. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { SetupError } from '../control-plane/setup-error.ts';
import { AccountShell } from './account-shell.ts';
import type { AccountName } from './cast.ts';
import type { Endpoints } from './endpoints.ts';
import { notRunning, readEndpoints } from './running-tour.ts';

const USAGE = `usage: node hack/start/link.mjs <environment>...
  runs status.linkCommand of each environment in its simulated account, while npm start is up
`;

interface Environment {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly account: { readonly id: string } };
  readonly status?: { readonly linkCommand?: string };
}

try {
  const environments = readArguments();
  if (environments === 'help') process.stdout.write(USAGE);
  else await link(environments);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readArguments(): readonly string[] | 'help' {
  const wrong = (message: string): SetupError =>
    new SetupError('bad-option', message, `name environments, as in \`node hack/start/link.mjs sales-prod\`.`);
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help === true) return 'help';
    if (positionals.length > 0) return positionals;
  } catch (error) {
    // What follows its first sentence is advice about `--`, which helps nobody here.
    throw wrong(String(error instanceof Error ? error.message : error).split(/(?<=\.)\s/)[0] ?? '');
  }
  throw wrong('No environment is named.');
}

async function link(names: readonly string[]): Promise<void> {
  const endpoints = readEndpoints();
  // All of them first: nothing is linked where one is mistyped.
  for (const name of names) await find(endpoints, name);
  const folder = mkdtempSync(join(tmpdir(), 'dataall-link-'));
  try {
    const shell = new AccountShell(endpoints, folder, new AbortController().signal);
    for (const name of names) {
      const { accountId, command } = await linkCommand(endpoints, name);
      const account = Object.entries(endpoints.aws.accounts).find(([, { id }]) => id === accountId)?.[0];
      if (account === undefined) {
        const known = Object.entries(endpoints.aws.accounts).map(([account, { id }]) => `${id} (${account})`);
        throw new SetupError(
          'cannot-link',
          `There is no simulated account ${accountId}, which environment ${name} is of.`,
          `name one of ${known.join(', ')} in spec.account.id.`,
        );
      }
      process.stdout.write(`# in account ${account} (${accountId})\n${command}\n`);
      process.stdout.write(`${await shell.run(account as AccountName, command).catch(failed)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With what the command said. */
function failed(error: unknown): never {
  const said = error instanceof Error ? error.message : String(error);
  throw new SetupError('cannot-link', `The command failed: ${said}`, 'mend what it names, and link again.');
}

async function environmentsOf(endpoints: Endpoints): Promise<readonly Environment[]> {
  try {
    return (JSON.parse(await kubectl(endpoints, 'get', 'environments', '-o', 'json')) as { items: Environment[] })
      .items;
  } catch (error) {
    throw notRunning((error as { stderr?: string }).stderr?.trim() ?? String(error));
  }
}

async function find(endpoints: Endpoints, name: string): Promise<Environment> {
  const all = await environmentsOf(endpoints);
  const found = all.find(({ metadata }) => metadata.name === name);
  if (found !== undefined) return found;
  const names = all.map(({ metadata }) => metadata.name).join(', ');
  throw new SetupError(
    'cannot-link',
    `There is no environment ${name}.`,
    names === '' ? 'apply one first, as in README "By hand".' : `name one of ${names}.`,
  );
}

/** Account and link command, once the operator has written it. */
async function linkCommand(endpoints: Endpoints, name: string): Promise<{ accountId: string; command: string }> {
  const written = ['wait', `environment/${name}`, '--for=jsonpath={.status.linkCommand}', '--timeout=60s'];
  try {
    await kubectl(endpoints, ...written);
  } catch {
    throw new SetupError(
      'cannot-link',
      `Environment ${name} has no status.linkCommand after a minute.`,
      `read kubectl --context platform-admin describe environment ${name}`,
    );
  }
  const { spec, status } = await find(endpoints, name);
  return { accountId: spec.account.id, command: status?.linkCommand ?? '' };
}

/** As the administrator of the cluster. */
async function kubectl({ kubectl, kubeconfig }: Endpoints, ...args: readonly string[]): Promise<string> {
  const all = ['--kubeconfig', kubeconfig, '--context', 'admin', ...args];
  const { stdout } = await promisify(execFile)(kubectl, all, { maxBuffer: 16_777_216 });
  return stdout;
}
