import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What one file has loaded, the next need not load again: modules have no state that another file could see. */
const together = { isolate: false };
/** Building blocks of the web UI, in a document without a browser. Cloudscape imports its styles, which Node does not know. */
const components = {
  ...together,
  environment: 'happy-dom',
  setupFiles: ['web/src/testing/document.ts'],
  server: { deps: { inline: [/@cloudscape-design/] } },
};
/** Layers that run parts which could take their thread for ever; modules are loaded by Node itself, as operator and gateway are, in half of the time. */
const real = { ...together, setupFiles: ['test/support/blocked-loop.ts'], experimental: { viteModuleRunner: false } };
/** What takes hours measures, and so has the machine for itself. */
const alone = { ...real, isolate: true, fileParallelism: false };
/** Files at a time: three on two cores, for each waits now and then, for a lease to end or a namespace to go; beyond eight, control planes take more memory than they save time. */
const maxWorkers = Math.min(Math.ceil(availableParallelism() * 1.5), 8);
/** API server, etcd and kubectl, which are written in Go, live for a minute: they collect garbage less often, and save an eighth of their time. */
const env = { GOGC: '400' };

/** One copy of graphql, as Node takes it: Vite would take its other one, whose types those of libraries are not. */
const resolve = {
  alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
};

/**
 * Seven layers: each runs alone (`npm run test:<layer>`); `npm test` runs all but `install`, which needs Go and root, and `soak`, which takes hours.
 */
const layer = (name: string, include: string[], testTimeout: number, options: Record<string, unknown> = {}) => ({
  resolve,
  // A condition that is waited for may take long on a busy machine; one that never comes is told after this.
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: 300_000,
    passWithNoTests: false,
    expect: { poll: { timeout: 20_000 } },
    ...options,
  },
});

export default defineConfig({
  test: {
    maxWorkers,
    env,
    globalSetup: 'test/support/postgres-of-the-run.ts',
    projects: [
      layer(
        'unit',
        ['operator/**/*.test.ts', 'api/**/*.test.ts', 'hack/**/*.test.ts', 'web/**/*.test.ts', 'cdk8s/**/*.test.ts'],
        30_000,
        together,
      ),
      layer('components', ['web/src/**/*.test.tsx'], 30_000, components),
      layer('integration', ['test/integration/**/*.test.ts'], 240_000, real),
      layer('e2e', ['test/e2e/**/*.test.ts'], 240_000, real),
      layer('conformance', ['test/conformance/**/*.test.ts'], 240_000, real),
      layer('install', ['test/install/**/*.test.ts'], 240_000, {
        ...real,
        globalSetup: 'test/support/image-folder-of-the-run.ts',
        // The first that needs the image builds it.
        hookTimeout: 900_000,
      }),
      layer('soak', ['test/soak/**/*.test.ts'], 3_600_000, alone),
    ],
  },
});
