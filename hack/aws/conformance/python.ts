// Python with boto3 for the tests: a virtual environment, made once per version in the user's cache folder.
import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Exact, so that a test that passed yesterday meets the same client today. */
const BOTO3 = 'boto3==1.44.5';

const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'dataall-operator');

const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Path of a Python that has boto3. Rejects with what to do when Python or its venv module is missing.
 * A finished environment appears by rename, so an interrupted or parallel run never leaves half of one.
 */
export const pythonWithBoto3 = async (): Promise<string> => {
  const folder = join(cacheFolder(), `venv-${BOTO3.replaceAll('=', '-')}`);
  const python = join(folder, 'bin', 'python');
  if (await exists(python)) return python;
  const draft = `${folder}.${process.pid}`;
  await mkdir(cacheFolder(), { recursive: true });
  try {
    // Without symlinks into the draft's own path: packages are found relative to the interpreter, so the folder can be renamed.
    await run('python3', ['-m', 'venv', draft]);
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', BOTO3]);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (await exists(python)) return python;
    throw new Error(`the tests need Python >= 3.10 with venv, and PyPI for ${BOTO3}: ${String(error)}`, {
      cause: error,
    });
  }
  return python;
};

/** Runs a script and parses the JSON it prints. The script reads its arguments as JSON from argv. */
export const runScript = async (script: string, argument: unknown): Promise<unknown> => {
  const python = await pythonWithBoto3();
  const { stdout } = await run(python, [join(import.meta.dirname, script), JSON.stringify(argument)], {
    maxBuffer: 64 * 1024 * 1024,
    // No configuration of this machine may leak in.
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  return JSON.parse(stdout) as unknown;
};
