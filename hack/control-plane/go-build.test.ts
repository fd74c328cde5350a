/** The real Go over the real mains; what it downloads and compiles stays in its own caches. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KUBERNETES_VERSION } from './binaries.ts';
import { buildPrograms } from './go-build.ts';
import { silent } from './progress.ts';
import { SetupError } from './setup-error.ts';

const MODULE_FOLDER = join(import.meta.dirname, 'build');
const MAINS = readdirSync(MODULE_FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let output: string;
beforeEach(() => (output = mkdtempSync(join(tmpdir(), 'go-build-'))));
afterEach(() => rmSync(output, { recursive: true }));

describe('each main of the build', () => {
  // Everywhere, also where no Go is: Go refuses an import that is not used, and one that go.mod does not know.
  it.each(MAINS)('%s uses what it imports, from modules that are required', (program) => {
    const [head = '', body = ''] = readFileSync(join(MODULE_FOLDER, program, 'main.go'), 'utf8').split('\nfunc ');
    const imports = [...head.matchAll(/^\t"([^"]+)"$/gm)].map(([, path = '']) => path);
    const required = readFileSync(join(MODULE_FOLDER, 'go.mod'), 'utf8');
    expect(imports).not.toEqual([]);
    for (const path of imports) {
      expect(body, path).toMatch(new RegExp(`\\b${path.split('/').at(-1)}\\.`));
      if (path.includes('.')) expect(required).toMatch(new RegExp(`^\\t${moduleOf(path)} v`, 'm'));
    }
  });
});

/** A minute the first time, for what kubectl has beside the other programs; seconds from Go's cache. */
const FIRST_BUILD_MS = 600_000;

describe('kubectl, which is built only where the machine has none,', () => {
  it('builds and tells the version of the module, where there is Go', { timeout: FIRST_BUILD_MS }, async () => {
    const request = { moduleFolder: MODULE_FOLDER, version: KUBERNETES_VERSION, display: silent, env: process.env };
    try {
      await buildPrograms({ ...request, programs: ['kubectl'], output });
    } catch (error) {
      // Where there is none, what people are told is all there is to test.
      if (!(error instanceof SetupError && error.problem.startsWith('go-'))) throw error;
      return expect(error.message).toContain('kubectl');
    }
    const version = execFileSync(join(output, 'kubectl'), ['version', '--client'], { encoding: 'utf8' });
    expect(version).toContain(`Client Version: ${KUBERNETES_VERSION}`);
  });
});

/** `k8s.io/kubectl/pkg/cmd` is of module `k8s.io/kubectl`; etcd's has its major version in it. */
const moduleOf = (path: string): string => /^(?:k8s\.io\/[^/]+|go\.etcd\.io\/etcd\/server\/v3)/.exec(path)?.[0] ?? path;
