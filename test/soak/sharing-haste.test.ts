// Somebody edits his own request without a pause, each time so that something has to be taken back, which comes before what others wait for.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { quickClock } from '../support/quick-clock.ts';
import { letEnginesIn, Reader } from '../support/reading.ts';
import { ITEMS, SharingWorld } from '../support/sharing-world.ts';

/** Real milliseconds between two edits: shorter than a run of the catalog takes where AWS takes its time. */
const EDIT_EVERY_MS = 120;
const AWS_MS = 60;
const TABLE = { kind: 'Table', name: 'orders', state: 'Granted', health: 'Healthy' } as const;

let world: SharingWorld;
beforeAll(async () => {
  world = await SharingWorld.open();
  await world.reset();
  await letEnginesIn(world.admin);
  // At the pace of a real operator: what is bounded is how long others wait.
  world.clock = quickClock(1, Math.random);
  world.faults.add({ match: { principal: /dataallPivotRole/ }, fault: { kind: 'latency', milliseconds: AWS_MS } });
});
afterAll(async () => {
  await world.close();
});

it('another team reads what it was granted of a dataset while a consumer strikes and adds an item of it again and again', async () => {
  world.start();
  await world.request('hasty', 'analysts');
  await world.approve('hasty', 'analysts');
  const reader = await Reader.of(world.aws, world.admin, 'analysts');
  await expect.poll(async () => reader.read(TABLE), { timeout: 30_000 }).toEqual({ readable: true });

  const end = new AbortController();
  let edits = 0;
  const haste = (async () => {
    while (!end.signal.aborted) {
      const items = edits % 2 === 0 ? ITEMS.filter(({ name }) => name !== 'customers') : ITEMS;
      await world.edit(shareRequestKind, world.requestName('hasty', 'analysts'), { items: [...items] });
      edits += 1;
      await delay(EDIT_EVERY_MS);
    }
  })();
  try {
    await expect.poll(() => edits, { timeout: 10_000 }).toBeGreaterThan(4);
    await world.request('other', 'inhouse');
    await world.approve('other', 'inhouse');
    const other = await Reader.of(world.aws, world.admin, 'inhouse');
    expect(await other.read(TABLE)).toMatchObject({ readable: false });
    await expect.poll(async () => other.read(TABLE), { timeout: 15_000 }).toEqual({ readable: true });
  } finally {
    end.abort();
    await haste;
  }
}, 90_000);
