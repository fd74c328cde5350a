// Forty random histories of sharing; test:soak plays many more. A failure prints its seed; SHARING_SEED replays it.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { checkSharingHistories } from '../support/sharing-histories.ts';
import { SharingWorld } from '../support/sharing-world.ts';

const HISTORIES = 40;
/** Half a minute on an idle machine with two cores. */
const LONGEST_MS = 900_000;

describe('sharing', () => {
  let world: SharingWorld;
  beforeAll(async () => {
    world = await SharingWorld.open();
  });
  afterAll(async () => {
    await world.close();
  });

  it(
    `gives exactly what the specs say after ${HISTORIES} random histories`,
    async () => {
      const seed = process.env['SHARING_SEED'];
      await checkSharingHistories(world, HISTORIES, seed === undefined ? undefined : Number(seed));
    },
    LONGEST_MS,
  );
});
