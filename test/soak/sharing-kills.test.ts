// A hundred shares come and go while the operator is killed fifty times, at moments drawn from a seed (SHARING_SEED replays).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { probeAccess } from '../support/access-probe.ts';
import { leftovers } from '../support/leftovers.ts';
import { consult, judgeAccess } from '../support/oracle.ts';
import { roleNames, type RoleName } from '../support/sharing-data.ts';
import { ITEMS, SharingWorld, type Item } from '../support/sharing-world.ts';

const SHARES = 100;
const KILLS = 50;
/** Real milliseconds between two kills: from before the caches are filled to well into the work. */
const LONGEST_LIFE_MS = 400;

/** Linear congruential (Numerical Recipes): good enough to spread kills, and the same everywhere. */
const chanceOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

describe('the operator killed fifty times', () => {
  let world: SharingWorld;
  beforeAll(async () => {
    world = await SharingWorld.open();
  });
  afterAll(async () => {
    await world.close();
  });

  const seed = Number(process.env['SHARING_SEED'] ?? Date.now() % 1_000_000);
  it(`gives and takes a hundred shares as the specs say (seed ${seed})`, async () => {
    const chance = chanceOf(seed);
    const dieOften = async (times: number): Promise<void> => {
      for (let kill = 0; kill < times; kill += 1) {
        world.start();
        await new Promise((resolve) => setTimeout(resolve, chance() * LONGEST_LIFE_MS));
        world.operator?.kill();
      }
    };
    await world.reset();
    const shares = Array.from({ length: SHARES }, (_, n) => ({
      name: `share-${n}`,
      role: roleNames[n % roleNames.length] as RoleName,
      items: someItems(chance),
    }));
    for (const { name, role, items } of shares) {
      await world.request(name, role, { items });
      await world.approve(name, role, { items });
    }
    await dieOften(KILLS / 2);
    world.start();
    await world.until(async () => {
      const found = await probeAccess(world.aws, world.admin);
      expect(judgeAccess(found, await consult(world.api, world.admin, world.clock.now()))).toEqual([]);
      for (const { status } of (await world.api.list(shareRequestKind)).items) expect(status.phase).toBe('Granted');
    });

    for (const [n, { name, role }] of shares.entries())
      if (n % 2 === 0) await world.api.delete(shareRequestKind, world.requestName(name, role));
      else await world.api.delete(shareApprovalKind, world.approvalName(name, role));
    await dieOften(KILLS / 2);
    world.start();
    await world.until(async () => {
      expect(await leftovers(world.admin)).toEqual([]);
      expect((await world.api.list(shareRequestKind)).items).toHaveLength(SHARES / 2);
      expect((await world.api.list(shareApprovalKind)).items).toHaveLength(SHARES / 2);
    });
  });
});

/** At least one, in any combination, some of them filtered. */
const someItems = (chance: () => number): Item[] => {
  const items = ITEMS.filter(() => chance() < 0.5).map((item) =>
    item.kind === 'Table' && item.name === 'orders' && chance() < 0.5 ? { ...item, filters: ['eu'] } : item,
  );
  return items.length > 0 ? items : ITEMS.slice(-1);
};
