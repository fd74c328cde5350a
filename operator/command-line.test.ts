import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommandLine, readConfigFiles } from './command-line.ts';
import { installationOf } from './config.ts';
import { SHIPPED_CONFIG_JSON } from './features/shipped.ts';
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
    expect(readCommandLine([])).toEqual({
      config: '/etc/dataall/config.yaml',
      configJson: join(import.meta.dirname, '..', 'config.json'),
      probePort: 8080,
      logLevel: 'info',
    });
  });

  it('reads every flag', () => {
    const flags = [
      '--config=c',
      '--config-json=j',
      '--kubeconfig=k',
      '--context=x',
      '--probe-port=0',
      '--audit-log=a',
      '--log-level=debug',
    ];
    expect(readCommandLine([...flags, '--aws-rate=2.5'])).toEqual({
      config: 'c',
      configJson: 'j',
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
  const configJson = SHIPPED_CONFIG_JSON;

  it('may be away, which is said with how to name another', () => {
    const { message, exitCode } = refusal(() => readConfigFiles({ config: join(folder, 'nowhere'), configJson }));
    expect(message).toMatch(/^cannot read the configuration \(ENOENT.*nowhere'\): name it with --config$/);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['broken', 'a: ['],
    ['wrong', 'aws: {hub: {accountId: "1", region: eu-west-1}}'],
  ])('is named when it is %s', (name, text) => {
    const path = written(name, text);
    expect(refusal(() => readConfigFiles({ config: path, configJson })).message).toMatch(
      new RegExp(`^${path}(: |, line 1, column 5: )`),
    );
  });
});

describe('the file of --config-json', () => {
  const config = () => written('config.yaml', 'aws: {hub: {accountId: "111111111111", region: eu-west-1}}');

  it('decides what is switched on, and what admission is told', () => {
    const configJson = written('some.json', '{"modules": {"dashboards": {"active": true}}}');
    const read = readConfigFiles({ config: config(), configJson });
    expect(read.features.isActive('s3_datasets')).toBe(false);
    expect(installationOf(read).switchedOff).toContain('modules.s3_datasets');
  });

  it('may be away, which is said with how to name another', () => {
    const nowhere = () => readConfigFiles({ config: config(), configJson: join(folder, 'nowhere') });
    expect(refusal(nowhere).message).toMatch(/ENOENT.*nowhere'\): name it with --config-json$/);
  });

  it('is named when it is wrong, with the nearest key that there is', () => {
    const configJson = written('wrong.json', '{"modules": {"dashbords": {}}}');
    expect(refusal(() => readConfigFiles({ config: config(), configJson })).message).toBe(
      `${configJson}: config.json:\nmodules: unknown key dashbords, did you mean dashboards?`,
    );
  });

  it.each([
    ['sharing: {autoApprovalFor: [Official]}', 'auto_approval_for_confidentiality_level'],
    ['catalog: {confidentialities: [Official]}', 'custom_confidentiality_mapping'],
  ])('is the only place for a fact that %j has said before', (text, key) => {
    const both = written('both.yaml', `aws: {hub: {accountId: "111111111111", region: eu-west-1}}\n${text}`);
    const { message } = refusal(() => readConfigFiles({ config: both, configJson: SHIPPED_CONFIG_JSON }));
    expect(message).toMatch(new RegExp(`is said in config.json: take it out here, and write .*${key} there`));
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
