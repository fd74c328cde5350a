import { defineConfig } from 'vitest/config';

/** Layers that run parts which could take their thread for ever. */
const watched = { fileParallelism: false, setupFiles: ['test/harness/blocked-loop.ts'] };

/** Four layers: each runs alone (`npm run test:<layer>`); `npm test` runs unit, e2e and conformance. */
const layer = (name: string, include: string[], testTimeout: number, options: Record<string, unknown> = {}) => ({
  test: { name, include, testTimeout, hookTimeout: 300_000, passWithNoTests: false, ...options },
});

export default defineConfig({
  test: {
    projects: [
      layer('unit', ['operator/**/*.test.ts', 'hack/**/*.test.ts'], 30_000),
      layer('e2e', ['test/e2e/**/*.test.ts'], 240_000, watched),
      layer('conformance', ['test/conformance/**/*.test.ts'], 240_000, watched),
      layer('faults', ['test/faults/**/*.test.ts'], 3_600_000, watched),
    ],
  },
});
