// Killed at every call of two shares' coming and going, and at random while a hundred converge.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playCrash } from './sharing-crashes.ts';
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
      for (const phase of ['before', 'after'] as const)
        for (const withdrawn of [false, true])
          try {
            await playCrash(world, { at, phase, withdrawn });
          } catch (error) {
            failed.push(
              `${phase} call ${at} (${call.service}:${call.operation}${withdrawn ? ', withdrawn' : ''}): ${String(error)}`,
            );
            if (process.env['FIRST'] !== undefined) throw error;
          }
    expect(failed).toEqual([]);
  });
});
