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
  'tsconfig.json',
  'hack',
  'operator',
  'api',
  'web',
  'crds',
  'docs',
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
    // Each says where it is to be seen.
    const seen = story.steps.map(({ detail }) => detail.at(-1));
    expect(seen).toEqual(
      STORY.map(() => ({ note: expect.stringMatching(/^in the browser, as \S+: http:/) as unknown })),
    );
    expect(story.ok).toBe(true);

    terminal.ready(installation.endpoints, run.path);
    const [, command = ''] = /^ +(\S*kubectl --context .*)$/m.exec(shown) ?? [];
    expect(await shell(command, installation.endpoints)).toContain('tenant.dataall.io/default');
  });

  it('leaves nothing running when it is killed', async () => {
    const starter = startBare();
    try {
      await allGoneAfter(() => starter.process.kill('SIGKILL'), await published(starter));
    } finally {
      starter.process.kill('SIGKILL');
    }
  });

  it('leaves nothing running when npm is told to end', async () => {
    await withNpmStart(async (npm) => {
      await allGoneAfter(() => npm.process.kill('SIGTERM'), await published(npm));
    });
  });

  // That each of the three programs is told of, the control plane's own test shows.
  it('begins a killed operator anew; when etcd dies, says so and what to do, ends all the rest, and shows no log', async () => {
    await withNpmStart(async (npm) => {
      const ended = once(npm.process, 'close');
      const first = await published(npm);
      await eventually('all is up', async () => npm.said().includes('Up until Ctrl-C'), npm);
      process.kill(first.operator.pid, 'SIGKILL');
      const second = await published(npm, ({ operator }) => operator.pid !== first.operator.pid);
      await eventually('the new operator serves metrics', async () => (await fetch(second.metrics)).ok, npm);
      const isTold = async (): Promise<boolean> =>
        /operator begun anew \(SIGKILL\): process \d+, metrics http/.test(npm.said().replaceAll(/\s+/g, ' '));
      await eventually('people are told', isTold, npm);

      const before = npm.said();
      await allGoneAfter(() => process.kill(pidOf('etcd'), 'SIGKILL'), second);
      expect(await ended).toEqual([1, null]);
      const log = join(realpathSync(folder), '.run', 'etcd.log');
      expect(npm.said().slice(before.length).trim().split('\n')).toEqual([
        expect.stringMatching(/^etcd ended by itself \(SIGKILL: somebody killed it, or memory ran out\)\..* stopped/),
        expect.stringMatching(`^  What to do: start again; .*${log} is its log`),
      ]);
      expect(existsSync(log)).toBe(true);
    });
  });
});

/** Who brings everything up. */
interface Starter {
  readonly process: ChildProcess;
  /** On both of its streams, until now. */
  readonly said: () => string;
}

function listenTo(child: ChildProcess): Starter {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { process: child, said: () => said };
}

/** `npm start -- --bare` in a copy of the clone. */
async function withNpmStart(work: (npm: Starter) => Promise<void>): Promise<void> {
  for (const part of CLONE) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // A group of its own: whatever npm leaves behind can be ended all the same.
  const npm = spawn('npm', ['start', '--silent', '--', '--bare'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    await work(listenTo(npm));
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
function startBare(): Starter {
  const program = `
    const { RunDirectory } = await import('${START}/run-directory.ts');
    const { startInstallation } = await import('${START}/installation.ts');
    const run = await RunDirectory.claim('${join(folder, '.run')}');
    await startInstallation(run, { port: 0, kubeconfig: undefined }, (what) => console.log(what), new AbortController().signal);
    setInterval(() => undefined, 1_000);`;
  return listenTo(
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

async function shell(command: string, { kubectl, kubeconfig }: Endpoints): Promise<string> {
  const PATH = `${dirname(kubectl)}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, KUBECONFIG: kubeconfig };
  return (await promisify(execFile)('/bin/sh', ['-euc', command], { env })).stdout;
}

async function published(starter: Starter, holds: (endpoints: Endpoints) => boolean = () => true): Promise<Endpoints> {
  const path = join(folder, '.run', 'endpoints.json');
  const read = (): Endpoints | undefined =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Endpoints) : undefined;
  const isWritten = async (): Promise<boolean> => {
    const endpoints = read();
    return endpoints !== undefined && holds(endpoints);
  };
  await eventually('endpoints.json is written', isWritten, starter);
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

/** @param starter who makes it so, and must run meanwhile: what has ended is not waited for */
async function eventually(what: string, holds: () => Promise<boolean>, starter?: Starter): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds().catch(() => false))) {
    const { exitCode = null, signalCode = null } = starter?.process ?? {};
    if (exitCode !== null || signalCode !== null)
      throw new Error(`it ended (${signalCode ?? `exit code ${exitCode}`}) before ${what}:\n${starter?.said()}`);
    if (Date.now() > deadline) throw new Error(`not so after ${PATIENCE_MS / 1000} s: ${what}`);
    await delay(50);
  }
}
