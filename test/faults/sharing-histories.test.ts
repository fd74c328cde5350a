// Few by default; SHARING_HISTORIES says how many, SHARING_SEED replays a run.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { checkSharingHistories } from './sharing-histories.ts';
import { SharingWorld } from './sharing-world.ts';

const runs = Number(process.env['SHARING_HISTORIES'] ?? 500);
const seed = process.env['SHARING_SEED'] === undefined ? undefined : Number(process.env['SHARING_SEED']);

describe('sharing', () => {
  let world: SharingWorld;
  beforeAll(async () => {
    world = await SharingWorld.open();
  });
  afterAll(async () => {
    await world.close();
  });

  it(`gives exactly what the specs say after ${runs} random histories`, async () => {
    await checkSharingHistories(world, runs, seed);
  });
});
