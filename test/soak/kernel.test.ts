// The kernel under many random faults: in memory by the thousand, on a real API server by the dozen.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHistories } from '../../operator/kernel/testing/random-histories.ts';
import { KernelScene } from '../support/kernel-scene.ts';

describe('the kernel, any history', () => {
  it('in memory: whatever happens, the world ends as the specs say', async () => {
    await expect(checkHistories(3_000)).resolves.toBeUndefined();
  });

  describe('on a real API server', () => {
    let scene: KernelScene;

    beforeAll(async () => {
      scene = await KernelScene.start();
    });

    afterAll(() => scene.stop());

    it('converges, whatever is cut, restarted or replaced while people edit', async () => {
      const fault = fc.constantFrom('none', 'none', 'cut', 'cut', 'crash', 'graceful', 'replace');
      await fc.assert(
        fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 12 }), async (faults) => {
          const world = new Map<string, string>();
          let { manager, proxy, stop, ended } = await scene.run({ world });
          await scene.churn(faults.length, async (round) => {
            const now = faults[round];
            if (now === 'cut') proxy.cut();
            if (now === 'crash' || now === 'graceful') await scene.plane.restartApiServer(now);
            if (now === 'replace') {
              stop.abort();
              await ended;
              ({ manager, proxy, stop, ended } = await scene.run({ world }));
            }
          });
          await scene.expectConvergence(manager, world);
          await scene.clear();
        }),
        { numRuns: 25, endOnFailure: true },
      );
    });
  });
});
