/** What people without the right Go, disk or assets are told. A shell script plays Go; the real build is the control plane's test. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, ensureBinaries, ensureKubectl } from './binaries.ts';
import { programFolder, writeProgram, type ProgramFolder } from './program-folder.ts';
import type { ProgressDisplay } from './progress.ts';

let programs: ProgramFolder;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  programs = programFolder({ DATAALL_BINARIES_URL: '' });
  folder = programs.path;
  env = { ...programs.env, BUILDS: join(folder, 'builds') };
});

afterEach(() => programs.remove());

const go = (script: string): void => programs.program('go', script);

/** Builds whatever is asked for; each build leaves a line in $BUILDS. */
const WORKING_GO = `
case "$1" in
  list) echo k8s.io/one; echo k8s.io/two ;;
  build)
    echo build >>"$BUILDS"
    echo 'go: downloading k8s.io/one v1.2.3' >&2
    echo k8s.io/one >&2; echo k8s.io/two >&2
    while [ "$1" != -o ]; do shift; done
    out=$2; shift 2
    for package; do echo '#!/bin/sh' >"$out$(basename "$package")"; chmod +x "$out$(basename "$package")"; done ;;
esac`;

describe('ensureBinaries', () => {
  it('builds what is missing, once, and reports the packages', async () => {
    go(WORKING_GO);
    const seen: string[] = [];
    const display: ProgressDisplay = {
      message: (text) => void seen.push(text),
      update: ({ compiled, expected }) => void seen.push(`${compiled}/${expected}`),
      end: () => undefined,
    };
    const binaries = await ensureBinaries({ env, display });
    expect(Object.values(binaries).every((path) => existsSync(path))).toBe(true);
    expect(seen).toContain('2/2');
    rmSync(join(folder, 'bin', 'go'));
    expect(await ensureBinaries({ env })).toEqual(binaries);
  });

  it('builds once for two callers at once', async () => {
    go(WORKING_GO);
    const [one, other] = await Promise.all([ensureBinaries({ env }), ensureBinaries({ env })]);
    expect(one).toEqual(other);
    expect(readFileSync(join(folder, 'builds'), 'utf8')).toBe('build\n');
    expect(readdirSync(cacheFolder(env)).toSorted()).toEqual(['etcd', 'kube-apiserver', 'kube-controller-manager']);
  });

  it('takes over the lock of a process that is gone', async () => {
    go(WORKING_GO);
    mkdirSync(cacheFolder(env), { recursive: true });
    writeFileSync(join(cacheFolder(env), 'build.lock'), '4194305\n'); // above Linux's largest process id
    await expect(ensureBinaries({ env })).resolves.toBeDefined();
  });

  it('leaves nothing behind when the build fails, and says what Go said', async () => {
    go('case "$1" in build) echo "main.go:3: undefined: app" >&2; exit 1 ;; esac');
    await expect(ensureBinaries({ env })).rejects.toMatchObject({
      problem: 'build-failed',
      message: expect.stringContaining('main.go:3: undefined: app'),
    });
    expect(readdirSync(cacheFolder(env))).toEqual([]);
  });

  it.each([
    ['go-missing', undefined, 'install Go 1.26'],
    [
      'go-too-old',
      'echo "go: go.mod requires go >= 1.26.0 (running go 1.24.4; GOTOOLCHAIN=local)" >&2; exit 1',
      'install Go 1.26',
    ],
    [
      'disk-full',
      'case "$1" in build) echo "write /x: no space left on device" >&2; exit 1 ;; esac',
      'go clean -cache',
    ],
    ['disk-full', 'case "$1" in list) yes k8s.io/one | head -n 9999999 ;; esac', 'go clean -cache'],
  ])('refuses with %s', async (problem, script, remedy) => {
    if (script !== undefined) go(script);
    await expect(ensureBinaries({ env })).rejects.toMatchObject({ problem, remedy: expect.stringContaining(remedy) });
  });
});

describe('what is missing', () => {
  const CONTROL_PLANE = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
  const cached = (...names: readonly string[]): void => {
    mkdirSync(cacheFolder(env), { recursive: true });
    for (const name of names) writeProgram(join(cacheFolder(env), name), 'exit 0');
  };

  it.each(CONTROL_PLANE)('%s alone is named, and Go is what has to be installed for it', async (missing) => {
    cached(...CONTROL_PLANE.filter((name) => name !== missing));
    await expect(ensureBinaries({ env })).rejects.toMatchObject({
      problem: 'go-missing',
      message: expect.stringMatching(`^There is no ${missing} here, and no Go on PATH`),
      remedy: expect.stringMatching(/^install Go/),
    });
  });

  it('kubectl alone is named, and it does to install kubectl', async () => {
    cached(...CONTROL_PLANE);
    await ensureBinaries({ env });
    await expect(ensureKubectl({ env })).rejects.toMatchObject({
      problem: 'go-missing',
      message: expect.stringMatching(/^There is no kubectl here, and no Go on PATH/),
      remedy: expect.stringMatching(/^install kubectl .* or Go/),
    });
  });

  it('is named when its build fails', async () => {
    go('case "$1" in build) echo "kubectl/main.go:5:2: imported and not used" >&2; exit 1 ;; esac');
    await expect(ensureKubectl({ env })).rejects.toThrow(/^Go could not build kubectl:\n.*imported and not used/);
  });
});

describe('KUBEBUILDER_ASSETS', () => {
  const assets = (version: string): string => {
    const path = join(folder, 'assets');
    mkdirSync(path);
    writeProgram(join(path, 'etcd'), 'exit 0');
    writeProgram(join(path, 'kube-apiserver'), `echo Kubernetes ${version}`);
    return path;
  };

  it('provides etcd and kube-apiserver; only the controller manager is built', async () => {
    go(WORKING_GO);
    env['KUBEBUILDER_ASSETS'] = assets('v1.36.0');
    const binaries = await ensureBinaries({ env });
    expect(binaries.etcd).toBe(join(folder, 'assets', 'etcd'));
    expect(readdirSync(cacheFolder(env))).toEqual(['kube-controller-manager']);
  });

  it('is refused when too old for our admission policies', async () => {
    env['KUBEBUILDER_ASSETS'] = assets('v1.35.2');
    await expect(ensureBinaries({ env })).rejects.toMatchObject({ problem: 'assets-too-old' });
  });

  it('is refused when empty', async () => {
    env['KUBEBUILDER_ASSETS'] = join(folder, 'nowhere');
    await expect(ensureBinaries({ env })).rejects.toMatchObject({ problem: 'assets-incomplete' });
  });
});

describe('ensureKubectl', () => {
  it("prefers the machine's own, else builds one", async () => {
    go(WORKING_GO);
    expect(await ensureKubectl({ env })).toBe(join(cacheFolder(env), 'kubectl'));
    writeProgram(join(folder, 'bin', 'kubectl'), 'exit 0');
    expect(await ensureKubectl({ env })).toBe(join(folder, 'bin', 'kubectl'));
  });
});
