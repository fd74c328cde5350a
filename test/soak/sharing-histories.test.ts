// Many histories: SHARING_HISTORIES says how many. A failure prints its seed; SHARING_SEED plays its world again.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { checkSharingHistories } from '../support/sharing-histories.ts';
import { SharingWorld } from '../support/sharing-world.ts';

const histories = Number(process.env['SHARING_HISTORIES'] ?? 500);
const seed = process.env['SHARING_SEED'];
/** Played side by side, for most of their time is waiting; a replay needs one. */
const worldCount = seed === undefined ? 4 : 1;

describe('sharing', () => {
  let worlds: readonly SharingWorld[] = [];
  beforeAll(async () => {
    worlds = await Promise.all(Array.from({ length: worldCount }, async () => SharingWorld.open()));
  });
  afterAll(async () => {
    for (const world of worlds) await world.close();
  });

  it(`gives exactly what the specs say after ${histories} random histories`, async () => {
    const each = Math.ceil(histories / worldCount);
    await Promise.all(
      worlds.map(async (world) => checkSharingHistories(world, each, seed === undefined ? undefined : Number(seed))),
    );
  });
});
