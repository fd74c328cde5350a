import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommandLine, readConfigFile } from './command-line.ts';
import { StartupError } from './kernel/process/start-up.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const INSTALL = join(import.meta.dirname, 'resources', 'generate', 'print-manifests.ts');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataall-command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const refusal = (attempt: () => unknown): StartupError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
  throw new Error('not refused');
};

describe('the command line of the operator', () => {
  it('needs nothing in a pod', () => {
    expect(readCommandLine([])).toEqual({ config: '/etc/dataall/config.yaml', probePort: 8080, logLevel: 'info' });
  });

  it('reads every flag', () => {
    const flags = [
      '--config=c',
      '--kubeconfig=k',
      '--context=x',
      '--probe-port=0',
      '--audit-log=a',
      '--log-level=debug',
    ];
    expect(readCommandLine([...flags, '--aws-rate=2.5'])).toEqual({
      config: 'c',
      kubeconfig: 'k',
      context: 'x',
      probePort: 0,
      auditLog: 'a',
      logLevel: 'debug',
      awsRate: 2.5,
    });
    expect(readCommandLine(['-h'])).toBe('help');
  });

  it.each([
    [['--frob'], "Unknown option '--frob'"],
    [['config.yaml'], "Unexpected argument 'config.yaml'"],
    [['--config'], "Option '--config <value>' argument missing"],
    [['--probe-port', 'abc'], '--probe-port abc is no port'],
    [['--probe-port', '70000'], '--probe-port 70000 is no port'],
    [['--log-level', 'loud'], '--log-level loud is none of trace, debug, info'],
    [['--aws-rate', '0'], '--aws-rate 0 is no number'],
    [['--context', 'x'], '--context goes with --kubeconfig'],
  ])('refuses %j in one line', (args, message) => {
    const { message: said, exitCode } = refusal(() => readCommandLine(args));
    expect(said).toContain(message);
    expect(said).toMatch(/^.*; --help says what there is$/);
    expect(exitCode).toBe(2);
  });
});

describe('the file of --config', () => {
  it('may be away, which is said with how to name another', () => {
    const { message, exitCode } = refusal(() => readConfigFile(join(folder, 'nowhere')));
    expect(message).toMatch(/^cannot read the configuration \(ENOENT.*nowhere'\): name it with --config$/);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['broken', 'a: ['],
    ['wrong', 'aws: {hub: {accountId: "1", region: eu-west-1}}'],
  ])('is named when it is %s', (name, text) => {
    const path = written(name, text);
    expect(refusal(() => readConfigFile(path)).message).toMatch(new RegExp(`^${path}: `));
  });
});

describe.each([
  ['main.ts', MAIN],
  ['print-manifests.ts', INSTALL],
])('%s as a process', (_name, program) => {
  const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [program, ...args], (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });

  it('says what there is', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^usage: node operator\/.*--config F/s);
  });

  it('ends with 2 and one line where it is used wrongly, with 1 and one line where a file is away', async () => {
    expect(await run('--frob')).toEqual({
      code: 2,
      stdout: '',
      stderr: "Unknown option '--frob'; --help says what there is\n",
    });
    const { code, stdout, stderr } = await run('--config', join(folder, 'nowhere'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^cannot read the configuration .*\n$/);
  });
});

describe('main.ts without a cluster', () => {
  const config = (): string => written('config.yaml', 'aws: {hub: {accountId: "111111111111", region: eu-west-1}}');
  const refused = (...args: string[]): Promise<string> =>
    new Promise((resolve) => {
      execFile(process.execPath, [MAIN, '--config', config(), ...args], (_error, _stdout, stderr) => resolve(stderr));
    });

  it('says in one line how to name one', async () => {
    expect(await refused()).toBe('this is no pod: name a cluster with --kubeconfig\n');
    expect(await refused('--kubeconfig', join(folder, 'nowhere'))).toMatch(/^.*nowhere cannot be used: .*ENOENT.*\n$/);
  });

  it('keeps what stands in a broken kubeconfig to itself', async () => {
    const broken = written('kubeconfig', 'token: secret\nusers: [');
    expect(await refused('--kubeconfig', broken)).toMatch(/^\S+kubeconfig cannot be used: .*\n$/);
    expect(await refused('--kubeconfig', broken)).not.toContain('secret');
  });
});
