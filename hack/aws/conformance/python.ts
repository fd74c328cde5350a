// Python for the tests: virtual environments with boto3, made once per set of packages in the user's cache folder.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Exact, so that a test that passed yesterday meets the same client today. */
export const BOTO3 = ['boto3==1.44.5'];
/** A simulator that others wrote, whose answers we compare ours with. */
export const BOTO3_AND_MOTO = [...BOTO3, 'moto[server]==5.2.5'];

const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'dataall-operator');

const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Path of a Python that has these packages. Rejects with what to do when Python or its venv module is missing.
 * A finished environment appears by rename, so an interrupted or parallel run never leaves half of one; for the same
 * reason its other programs, which know their old path, are to be run as `python -m`.
 */
export const pythonWith = async (packages: readonly string[]): Promise<string> => {
  const name = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `venv-${name}`);
  const python = join(folder, 'bin', 'python');
  if (await exists(python)) return python;
  const draft = `${folder}.${process.pid}`;
  await mkdir(cacheFolder(), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', draft]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    await run(join(draft, 'bin', 'python'), install);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (await exists(python)) return python;
    const wanted = packages.join(', ');
    throw new Error(`the tests need Python >= 3.10 with venv, and PyPI for ${wanted}: ${String(error)}`, {
      cause: error,
    });
  }
  return python;
};

/** No configuration of this machine may leak in. */
export const cleanEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  PYTHONDONTWRITEBYTECODE: '1',
});

/** Runs a script of this folder with boto3 and parses the JSON it prints. It reads its argument as JSON from argv. */
export const runScript = async (script: string, argument: unknown): Promise<unknown> => {
  const python = await pythonWith(BOTO3);
  const { stdout } = await run(python, [join(import.meta.dirname, script), JSON.stringify(argument)], {
    maxBuffer: 64 * 1024 * 1024,
    env: cleanEnvironment(),
  });
  return JSON.parse(stdout) as unknown;
};
