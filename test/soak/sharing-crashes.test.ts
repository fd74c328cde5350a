// Killed at every single call of two shares' coming and going. One kind of call each: test/e2e/sharing-crashes.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashesAt, playCrash, siteOf } from '../support/sharing-crashes.ts';
import { SharingWorld } from '../support/sharing-world.ts';

/** Plays go on side by side, for most of their time is waiting. */
const WORLDS = 4;

describe('the operator killed', () => {
  let worlds: readonly SharingWorld[] = [];
  beforeAll(async () => {
    worlds = await Promise.all(Array.from({ length: WORLDS }, async () => SharingWorld.open()));
  });
  afterAll(async () => {
    for (const world of worlds) await world.close();
  });

  it('at any call ends where it would have ended', async () => {
    const [first] = worlds;
    if (first === undefined) throw new Error('there is a world');
    const calls = await playCrash(first, undefined);
    expect(calls.length).toBeGreaterThan(100);
    const points = calls.flatMap((call, at) => crashesAt(at, call));
    const failed: string[] = [];
    const left = points[Symbol.iterator]();
    const playAll = async (world: SharingWorld): Promise<void> => {
      for (const point of left)
        try {
          await playCrash(world, point);
        } catch (error) {
          const call = calls[Number(point.at)];
          failed.push(`${JSON.stringify(point)}, about ${call && siteOf(call)}: ${String(error)}`);
        }
    };
    await Promise.all(worlds.map(playAll));
    expect(failed).toEqual([]);
  });
});
