// The operator killed once at each kind of call that sharing makes, before and after it: the end is the same as without.
// test:soak does it at every single call.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashesAt, playCrash, siteOf } from '../support/sharing-crashes.ts';
import { SharingWorld } from '../support/sharing-world.ts';

/** A minute on an idle machine with two cores: some hundred plays. */
const LONGEST_MS = 900_000;

describe('the operator killed', () => {
  let world: SharingWorld;
  beforeAll(async () => {
    world = await SharingWorld.open();
  });
  afterAll(async () => {
    await world.close();
  });

  it(
    'at each kind of call ends where it would have ended',
    async () => {
      const calls = await playCrash(world, undefined);
      const sites = [...new Set(calls.map(siteOf))];
      const writes = new Set(calls.filter(({ write }) => write).map(siteOf));
      expect(sites.length).toBeGreaterThan(25);
      const failed: string[] = [];
      for (const at of sites)
        for (const crash of crashesAt(at, { write: writes.has(at) }))
          try {
            await playCrash(world, crash);
          } catch (error) {
            failed.push(`${crash.phase} ${at}${crash.withdrawn === true ? ', withdrawn' : ''}: ${String(error)}`);
          }
      expect(failed).toEqual([]);
    },
    LONGEST_MS,
  );
});
