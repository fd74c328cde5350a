// What people without Python are told, and that the environment is what the lock file says. A shell script plays Python.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanEnvironment, lockedPython } from './python.ts';

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-'));
  mkdirSync(join(folder, 'bin'));
  env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Answers what is asked of it before anything is made, then makes an environment whose pip runs `pip`. */
const python3 = (version: string, pip: string, hasVenv = true): void => {
  const path = join(folder, 'bin', 'python3');
  const script = `#!/bin/sh
PATH=/usr/bin:/bin
case "$2" in
  *version_info*) echo ${version} ;;
  *ensurepip*) exit ${hasVenv ? 0 : 1} ;;
  venv) mkdir -p "$3/bin"; printf '#!/bin/sh\\n%s\\n' '${pip}' >"$3/bin/python"; chmod +x "$3/bin/python" ;;
esac`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
};

const cached = (): string[] => {
  const cache = join(folder, 'cache', 'dataall-operator');
  return existsSync(cache) ? readdirSync(cache) : [];
};

describe('Python of the tests', () => {
  it.each([
    ['python-missing', undefined, 'no python3 on PATH', 'install Python 3.10'],
    ['python-too-old', () => python3('3 9', 'exit 0'), 'is 3.9', 'install Python 3.10'],
    ['venv-missing', () => python3('3 12', 'exit 0', false), 'venv', 'apt install python3-venv'],
    ['install-failed', () => python3('3 12', 'echo "no route to PyPI" >&2; exit 1'), 'no route to PyPI', 'PyPI'],
  ])('is refused with %s, naming what is missing, and leaves nothing behind', async (problem, given, what, remedy) => {
    given?.();
    const refusal = await lockedPython({ env }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ problem, message: expect.stringContaining(what) });
    expect(refusal).toMatchObject({ message: expect.stringMatching(`\n  What to do: .*${remedy}`) });
    expect(cached()).toEqual([]);
  });

  it('is made once for a lock file, of wheels with the hashes in it and nothing else, and anew for another one', async () => {
    const lockFile = join(folder, 'lock.txt');
    writeFileSync(lockFile, 'one==1.0 --hash=sha256:0\n');
    python3('3 12', `echo "$*" >>${join(folder, 'installs')}`);
    const made = await lockedPython({ env, lockFile });
    expect(await lockedPython({ env, lockFile })).toBe(made);
    writeFileSync(lockFile, 'one==1.1 --hash=sha256:1\n');
    expect(await lockedPython({ env, lockFile })).not.toBe(made);
    const installs = readFileSync(join(folder, 'installs'), 'utf8').trimEnd().split('\n');
    expect(installs).toHaveLength(2);
    for (const install of installs)
      expect(install).toContain(`--require-hashes --only-binary :all: --requirement ${lockFile}`);
  });

  it('has exactly the versions of the lock file, down to the last package that another one needs', async () => {
    const list =
      'import importlib.metadata as m, json; print(json.dumps([[d.name, d.version] for d in m.distributions()]))';
    const { stdout } = await promisify(execFile)(await lockedPython(), ['-c', list], { env: cleanEnvironment() });
    const lock = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8');
    const locked = new Set(
      [...lock.matchAll(/^([\w.-]+)==([^\s;]+)/gm)].map(([, name = '', version]) => `${normal(name)} ${version}`),
    );
    const installed = (JSON.parse(stdout) as [string, string][]).map(([name, version]) => `${normal(name)} ${version}`);
    // What a virtual environment comes with.
    expect(installed.filter((each) => !locked.has(each) && !/^(pip|setuptools) /.test(each))).toEqual([]);
    expect(installed.length).toBeGreaterThan(50);
  });

  it('is locked in every line: each package has its hashes, and none comes from an address', () => {
    const lock = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8');
    const packages = lock
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => /^[^\s#]/.test(line));
    expect(packages.length).toBeGreaterThan(50);
    for (const line of packages) expect(line).toMatch(/^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
    expect(lock).not.toContain('://');
  });
});

/** As PyPI compares names. */
const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');
