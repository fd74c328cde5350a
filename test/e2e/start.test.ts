// `npm start` from its parts: the story holds, whoever kills us leaves nothing running, and a killed operator is begun anew.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../../hack/control-plane/run-folder.ts';
import type { Endpoints } from '../../hack/start/endpoints.ts';
import { startInstallation } from '../../hack/start/installation.ts';
import { RunDirectory } from '../../hack/start/run-directory.ts';
import { Stage } from '../../hack/start/story/stage.ts';
import { STORY } from '../../hack/start/story/story.ts';
import { tell } from '../../hack/start/story/tell.ts';
import { Terminal } from '../../hack/start/terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START = join(ROOT, 'hack', 'start');
/** What `npm start` reads; a copy, so that a tour that runs in the clone is not disturbed. */
const CLONE = [
  'package.json',
  'package-lock.json',
  'hack',
  'operator',
  'api',
  'web',
  'crds',
  'examples',
  'config.json',
];
/** All is up after 15 s on two free cores; others may keep them busy. */
const PATIENCE_MS = 180_000;
vi.setConfig({ testTimeout: 4 * PATIENCE_MS });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataall-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start', () => {
  it('tells a story of which every step holds', async () => {
    const { signal } = new AbortController();
    await using run = await RunDirectory.claim(join(folder, '.run'));
    await using installation = await startInstallation(
      run,
      { port: 0, kubeconfig: undefined },
      () => undefined,
      signal,
    );
    let shown = '';
    const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
      shown += chunk.toString();
      done();
    };
    const terminal = new Terminal(new Writable({ write }) as NodeJS.WriteStream);
    const story = await tell(STORY, new Stage(installation, run.file('story'), signal), terminal);
    expect(story.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(story.steps).toHaveLength(STORY.length);
    expect(story.ok).toBe(true);

    terminal.ready(installation.endpoints, run.path);
    const [, command = ''] = /^ +(\S*kubectl --context .*)$/m.exec(shown) ?? [];
    expect(await shell(command, installation.endpoints)).toContain('tenant.dataall.io/default');
  });

  it('leaves nothing running when it is killed', async () => {
    const starter = startBare();
    try {
      await allGoneAfter(() => starter.kill('SIGKILL'), await published(() => true));
    } finally {
      starter.kill('SIGKILL');
    }
  });

  it('leaves nothing running when npm is told to end', async () => {
    await withNpmStart(async (npm) => {
      await allGoneAfter(() => npm.kill('SIGTERM'), await published(() => true));
    });
  });

  // That each of the three programs is told of, the control plane's own test shows.
  it('begins a killed operator anew; when etcd dies, says so and what to do, ends all the rest, and shows no log', async () => {
    await withNpmStart(async (npm) => {
      let said = '';
      for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = once(npm, 'close');
      const first = await published(() => true);
      await eventually('all is up', async () => said.includes('Up until Ctrl-C'));
      process.kill(first.operator.pid, 'SIGKILL');
      const second = await published(({ operator }) => operator.pid !== first.operator.pid);
      await eventually('the new operator serves metrics', async () => (await fetch(second.metrics)).ok);
      await eventually('people are told', async () =>
        /operator begun anew \(SIGKILL\): process \d+, metrics http/.test(said.replaceAll(/\s+/g, ' ')),
      );

      const before = said;
      await allGoneAfter(() => process.kill(pidOf('etcd'), 'SIGKILL'), second);
      expect(await ended).toEqual([1, null]);
      const log = join(realpathSync(folder), '.run', 'etcd.log');
      expect(said.slice(before.length).trim().split('\n')).toEqual([
        expect.stringMatching(/^etcd ended by itself \(SIGKILL: somebody killed it, or memory ran out\)\..* stopped/),
        expect.stringMatching(`^  What to do: start again; .*${log} is its log`),
      ]);
      expect(existsSync(log)).toBe(true);
    });
  });
});

/** `npm start -- --bare` in a copy of the clone. */
async function withNpmStart(work: (npm: ChildProcess) => Promise<void>): Promise<void> {
  for (const part of CLONE) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // A group of its own: whatever npm leaves behind can be ended all the same.
  const npm = spawn('npm', ['start', '--silent', '--', '--bare'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [npm.stdout, npm.stderr]) stream.resume();
  try {
    await work(npm);
  } finally {
    if (npm.pid !== undefined && isAlive(-npm.pid)) process.kill(-npm.pid, 'SIGKILL');
  }
}

/** Of the program itself, whose supervisor names it, too. */
function pidOf(program: string): number {
  const listing = execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const line = listing.find((each) => /^ *\d+ (\S+)/.exec(each)?.[1]?.endsWith(`/${program}`) && each.includes(folder));
  return Number.parseInt(line ?? '', 10);
}

async function allGoneAfter(end: () => void, { operator, kubeconfig, aws }: Endpoints): Promise<void> {
  const apiServer = new URL(/server: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '');
  end();
  await eventually('the operator is gone', async () => !isAlive(operator.pid));
  for (const url of [`http://${apiServer.host}`, aws.endpoint])
    await eventually(`nothing listens on ${url}`, async () => isRefused(url));
}

/** A process that brings everything up in our folder and stays. */
function startBare(): ChildProcess {
  const program = `
    const { RunDirectory } = await import('${START}/run-directory.ts');
    const { startInstallation } = await import('${START}/installation.ts');
    const run = await RunDirectory.claim('${join(folder, '.run')}');
    await startInstallation(run, { port: 0, kubeconfig: undefined }, (what) => console.log(what), new AbortController().signal);
    setInterval(() => undefined, 1_000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function shell(command: string, { kubectl, kubeconfig }: Endpoints): Promise<string> {
  const PATH = `${dirname(kubectl)}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, KUBECONFIG: kubeconfig };
  return (await promisify(execFile)('/bin/sh', ['-euc', command], { env })).stdout;
}

async function published(holds: (endpoints: Endpoints) => boolean): Promise<Endpoints> {
  const path = join(folder, '.run', 'endpoints.json');
  const read = (): Endpoints | undefined =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Endpoints) : undefined;
  await eventually('endpoints.json is written', async () => {
    const endpoints = read();
    return endpoints !== undefined && holds(endpoints);
  });
  return read() as Endpoints;
}

async function isRefused(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return false;
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
  }
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`not so after ${PATIENCE_MS / 1000} s: ${what}`);
    await delay(50);
  }
}
