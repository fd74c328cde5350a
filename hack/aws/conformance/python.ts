// Python for the tests: a virtual environment with exactly the packages of a lock file, made once in the user's cache folder.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** boto3, moto, cfn-lint, policy-sentry and hadolint with all that they need, by hash: a test that passed yesterday meets the same code today. */
const LOCK_FILE = join(import.meta.dirname, 'requirements.txt');
/** What the lock file was made for. */
const LEAST_MINOR = 10;

export type PythonProblem = 'python-missing' | 'python-too-old' | 'venv-missing' | 'install-failed';

/** What keeps a machine from running the tests that need Python, and what its owner can do about it. */
export class PythonMissing extends Error {
  override readonly name = 'PythonMissing';
  readonly problem: PythonProblem;

  constructor(problem: PythonProblem, message: string, remedy: string, cause?: unknown) {
    super(`${message}\n  What to do: ${remedy}, then run this again.`, { cause });
    this.problem = problem;
  }
}

export interface PythonOptions {
  /** As `pip install --require-hashes` reads it. */
  readonly lockFile?: string;
  /** Read: PATH, XDG_CACHE_HOME. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'dataall-operator');

const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Path of a Python that has the packages of the lock file. Throws {@link PythonMissing}.
 * A finished environment appears by rename, so an interrupted or parallel run never leaves half of one; for the same
 * reason its other programs, which know their old path, are to be run as `python -m`.
 */
export const lockedPython = async (options: PythonOptions = {}): Promise<string> => {
  const { lockFile = LOCK_FILE, env = process.env } = options;
  const lock = await readFile(lockFile);
  const folder = join(cacheFolder(env), `venv-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  if (await exists(python)) return python;
  await checkPython(env);
  const draft = `${folder}.${process.pid}`;
  await mkdir(cacheFolder(env), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', draft], { env });
    // Wheels only: what is built from source takes its build tools from PyPI as they are today.
    const exactly = ['--require-hashes', '--only-binary', ':all:', '--requirement', lockFile];
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...exactly];
    await run(join(draft, 'bin', 'python'), install, { env });
    await rm(folder, { recursive: true, force: true }); // of a Python that is gone
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (await exists(python)) return python;
    throw new PythonMissing(
      'install-failed',
      `The Python packages of the tests could not be installed: ${outputOf(error)}`,
      'check the network and that pip reaches PyPI (`pip config list`)',
      error,
    );
  }
  return python;
};

/** Names what is missing: Python, one that is new enough, or its venv module, which Debian packages apart. */
const checkPython = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const newer = `install Python 3.${LEAST_MINOR} or newer with venv, as python3 on PATH`;
  const { stdout } = await run('python3', ['-c', 'import sys; print(*sys.version_info[:2])'], { env }).catch(
    (error: unknown) => {
      const problem = 'The tests need Python, and there is no python3 on PATH that runs.';
      throw new PythonMissing('python-missing', problem, newer, error);
    },
  );
  const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
  if (major < 3 || (major === 3 && minor < LEAST_MINOR)) {
    const problem = `The tests need Python 3.${LEAST_MINOR} or newer, and python3 on PATH is ${major}.${minor}.`;
    throw new PythonMissing('python-too-old', problem, newer);
  }
  await run('python3', ['-c', 'import ensurepip, venv'], { env }).catch((error: unknown) => {
    const problem = "The tests need Python's venv, and python3 on PATH comes without it.";
    throw new PythonMissing('venv-missing', problem, 'install it (Debian, Ubuntu: apt install python3-venv)', error);
  });
};

const outputOf = (error: unknown): string =>
  error instanceof Error && 'stderr' in error && error.stderr !== '' ? String(error.stderr).trim() : String(error);

/** No configuration of this machine may leak in. */
export const cleanEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  PYTHONDONTWRITEBYTECODE: '1',
});

/** Runs a script of this folder with boto3 and parses the JSON it prints. It reads its argument as JSON from argv. */
export const runScript = async (script: string, argument: unknown): Promise<unknown> => {
  const python = await lockedPython();
  const { stdout } = await run(python, [join(import.meta.dirname, script), JSON.stringify(argument)], {
    maxBuffer: 64 * 1024 * 1024,
    env: cleanEnvironment(),
  });
  return JSON.parse(stdout) as unknown;
};
