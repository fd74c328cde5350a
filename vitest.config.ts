import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Layers that run parts which could take their thread for ever. */
const watched = { setupFiles: ['test/support/blocked-loop.ts'] };
/** Layers that start clusters, of which two at a time would be too much for a small machine. */
const alone = { ...watched, fileParallelism: false };

/** One copy of graphql, as Node takes it: Vite would take its other one, whose types those of libraries are not. */
const resolve = {
  alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
};

/** Five layers: each runs alone (`npm run test:<layer>`); `npm test` runs all but `soak`, which takes hours. */
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
    projects: [
      layer('unit', ['operator/**/*.test.ts', 'api/**/*.test.ts', 'hack/**/*.test.ts', 'web/**/*.test.ts'], 30_000),
      layer('integration', ['test/integration/**/*.test.ts'], 240_000, watched),
      layer('e2e', ['test/e2e/**/*.test.ts'], 240_000, alone),
      layer('conformance', ['test/conformance/**/*.test.ts'], 240_000, alone),
      layer('soak', ['test/soak/**/*.test.ts'], 3_600_000, alone),
    ],
  },
});
