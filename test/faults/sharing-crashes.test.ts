// Killed at every single call of two shares' coming and going. One kind of call each: test/e2e/sharing-crashes.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playCrash, siteOf } from './sharing-crashes.ts';
import { SharingWorld } from './sharing-world.ts';

describe('the operator killed', () => {
  let world: SharingWorld;
  beforeAll(async () => {
    world = await SharingWorld.open();
  });
  afterAll(async () => {
    await world.close();
  });

  it('at any call ends where it would have ended', async () => {
    const calls = await playCrash(world, undefined);
    expect(calls.length).toBeGreaterThan(100);
    const failed: string[] = [];
    for (const [at, call] of calls.entries())
      for (const crash of [
        { at, phase: 'before' as const },
        { at, phase: 'after' as const },
        // Between a write and the status that tells of it.
        ...(call.write ? [{ at, phase: 'after' as const, withdrawn: true }] : []),
      ])
        try {
          await playCrash(world, crash);
        } catch (error) {
          const withdrawn = 'withdrawn' in crash ? ', withdrawn' : '';
          failed.push(`${crash.phase} call ${at} (${siteOf(call)}${withdrawn}): ${String(error)}`);
        }
    expect(failed).toEqual([]);
  });
});
